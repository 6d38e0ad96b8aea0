"""The page of a review: PRISMA counts and flow, what the rule says, how reading went, agreement, what was included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bedside.evaluate.pages import fill
from bedside.evaluate.pages.plots import curve
from bedside.lang import tr
from bedside.literature.notices import word
from bedside.literature.screening.agreement import agreements
from bedside.literature.screening.labels import EXCLUDE
from bedside.literature.screening.prisma import boxes, flow_of
from bedside.literature.screening.review import Review
from bedside.literature.screening.words import certificate_lines, stop_lines


def page(review: Review, target: float, confidence: float) -> str:
    """HTML of the review as it stands, in the language in force."""
    from markupsafe import Markup

    from bedside import __version__

    stop = review.stop(None, target, confidence)
    flow = flow_of(review)
    return fill(
        "report.html",
        folder_of_template=Path(__file__).parent,
        question=review.question,
        flow=flow,
        boxes=boxes(flow),
        stop=stop,
        said=[*stop_lines(stop), *certificate_lines(review.certificate(None, target, confidence))],
        curve=Markup(_curve(review)),
        pairs=agreements(review.labels, review.seed),
        conflicts=[(review.pool[id], _each(review, id)) for id in review.conflicts()],
        included=_included(review),
        matches=[(one, review.pool.get(one.kept)) for one in review.matches],
        flagged=[(review.pool[key], flags) for key, flags in review.flags.items() if key in review.pool],
        word=word,
        version=__version__,
    )


def _curve(review: Review) -> str:
    """Found against read, both as shares: of the papers, and of what was found so far."""
    said = [one is None or one.relevant for one in review.decided().values()]
    total, found = len(review.pool), sum(said)
    if not found:
        return ""
    points, so_far = [(0.0, 0.0)], 0
    for at, one in enumerate(said, 1):
        so_far += one
        points.append((at / total, so_far / found))
    name = tr(f"{found} found in {len(said)} of {total}", f"{total} 篇中读 {len(said)} 篇，找到 {found} 篇")
    across, up = tr("share of papers read", "已读文献比例"), tr("share of what was found", "已找到的比例")
    return curve({name: _thinned(points)}, across=across, up=up, diagonal=True)


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    step = max(1, len(points) // 400)
    return [*points[::step], points[-1]]


def _included(review: Review) -> list[dict[str, Any]]:
    """What goes on to full text, flagged papers with their flags."""
    return [
        {"record": review.pool[id], "label": said, "flags": review.flags.get(id, ())}
        for id, said in review.decided().items()
        if said is not None and said.decision != EXCLUDE
    ]


def _each(review: Review, id: str) -> list[str]:
    last = {one.who: one for one in review.labels if one.id == id}
    return [f"{one.who}: {one.decision}{f' ({one.reason})' if one.reason else ''}" for one in last.values()]
