"""How far a review is, on the screen and as JSON: counts, recall with its bound, whether it may stop, conflicts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bedside.commands._io import emit_json, say, table
from bedside.lang import disclaimer, tr

if TYPE_CHECKING:
    from bedside.literature.screening.agreement import Agreement
    from bedside.literature.screening.review import Review


def tell_status(review: Review, who: str | None, target: float, confidence: float, *, json: bool) -> None:
    """Counts by the PRISMA words, then what the rule says."""
    from bedside.literature.screening.agreement import agreements
    from bedside.literature.screening.prisma import boxes, flow_of
    from bedside.literature.screening.words import certificate_lines, stop_lines

    flow, stop = flow_of(review), review.stop(who, target, confidence)
    certificate, pairs = review.certificate(who, target, confidence), agreements(review.labels, review.seed)
    if json:
        emit_json(
            {
                "flow": asdict(flow),
                "stop": asdict(stop),
                "certificate": asdict(certificate) if certificate else None,
                "agreement": [_pair(one) for one in pairs],
                "duplicates": [asdict(one) for one in review.matches],
                "flags": {key: [asdict(flag) for flag in flags] for key, flags in review.flags.items()},
                "note": disclaimer(),
            }
        )
        return
    rows = [(side[0], "; ".join(side[1:])) for row in boxes(flow) for side in row if side]
    table(tr("Screening", "筛选"), (tr("count", "计数"), ""), rows)
    for line in (*stop_lines(stop), *certificate_lines(certificate)):
        say(line)
    for one in pairs:
        left = len(one.conflicts)
        en = f"{one.one} and {one.other}: {one.same} of {one.both} the same, kappa {one.kappa}; open: {left}"
        zh = f"{one.one} 与 {one.other}：{one.both} 篇中 {one.same} 篇一致，kappa {one.kappa}；待协商 {left}"
        say(tr(en, zh))
    if flow.conflicts:
        say(tr("settle them with --who consensus", "用 --who consensus 协商"))
    if flow.retracted:
        say(tr(f"retracted or withdrawn, to be looked at: {flow.retracted}", f"已撤稿或撤回，请留意：{flow.retracted}"))


def _pair(one: Agreement) -> dict[str, Any]:
    differ = [{"id": first.id, one.one: first.decision, one.other: second.decision} for first, second in one.conflicts]
    return {**{name: getattr(one, name) for name in ("one", "other", "both", "same", "kappa")}, "conflicts": differ}
