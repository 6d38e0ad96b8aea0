"""What entries of a chart say of its findings, and what holds where they differ: the latest wins, both are kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from bedside.knowledge.hpo import Hpo


@dataclass(frozen=True, slots=True)
class Statement:
    """What one entry says of one finding; `how` is coded, measured or text, `said` the words, empty for a code.

    `days_before` counts from the chart's last dated entry; None where the entry is not dated.
    """

    id: str
    label: str
    present: bool
    how: str
    kind: str
    place: str = ""
    days_before: int | None = None
    past: bool = False
    said: str = field(default="", repr=False)


def settle(
    statements: list[Statement], hpo: Hpo
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[Statement, Statement], ...]]:
    """Findings present, findings denied, and the pairs that differ; statements come in the order of time.

    A denial overrules what was said earlier of the finding and of its kinds, and is overruled by what is said later. In
    one entry presence stands, as in a story. A normal value overrules only an abnormal value: it does not undo a
    diagnosis. An undated statement is taken for older than any dated one.
    """
    seen: dict[str, int] = {}
    refused: dict[str, int] = {}
    for number, one in enumerate(statements):
        (seen if one.present else refused)[one.id] = number
    above = {id: {hpo.ids[term] for term in hpo.ancestors(hpo.number[id]).tolist()} for id in seen}
    conflicts: list[tuple[Statement, Statement]] = []
    present = []
    for id, number in seen.items():
        against = [refused[other] for other in above[id] & refused.keys() if _meet(statements, number, refused[other])]
        against = [n for n in against if not _same_entry(statements[n], statements[number])]
        later = [n for n in against if n > number]
        conflicts += [(statements[n], statements[number]) for n in later]
        conflicts += [(statements[number], statements[n]) for n in against if n not in later]
        if not later:
            present.append(id)
    held = set().union(*(above[id] for id in present)) if present else set()
    denied = [id for id in refused if id not in held]
    return tuple(present), tuple(denied), tuple(conflicts)


def _meet(statements: list[Statement], seen: int, refused: int) -> bool:
    """Whether a denial speaks of what was seen."""
    one, other = statements[seen], statements[refused]
    return other.how != "measured" or (one.how == "measured" and one.id == other.id)


def _same_entry(one: Statement, other: Statement) -> bool:
    return one.place == other.place and one.days_before == other.days_before and one.kind == other.kind
