"""The counts of a PRISMA 2020 flow diagram, and the diagram as SVG.

Source: Page et al. 2021, "The PRISMA 2020 statement", BMJ 372:n71. Here it ends where titles and abstracts do: with the
reports to be sought and read in full.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from bedside.lang import tr
from bedside.literature.screening.labels import EXCLUDE, INCLUDE, UNSURE
from bedside.literature.screening.review import Review

WIDE, BOX, GAP, LINE = 640, 290, 60, 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Counts: `identified` by file; `excluded` by reason, "" where none was given."""

    identified: tuple[tuple[str, int], ...]
    duplicates: int
    screened: int
    unread: int
    excluded: tuple[tuple[str, int], ...]
    included: int
    unsure: int
    conflicts: int
    retracted: int

    @property
    def all_identified(self) -> int:
        """All records that were read."""
        return sum(count for _, count in self.identified)

    @property
    def all_excluded(self) -> int:
        """All that were excluded."""
        return sum(count for _, count in self.excluded)


def flow_of(review: Review) -> Flow:
    """The counts of a review as it stands; each record is in one place, so that they add up."""
    decided = review.decided()
    said = [one for one in decided.values() if one is not None]
    reasons = Counter(one.reason for one in said if one.decision == EXCLUDE)
    return Flow(
        identified=tuple(Counter(one.file for one in review.records).items()),
        duplicates=len(review.records) - len(review.pool),
        screened=len(decided),
        unread=len(review.pool) - len(decided),
        excluded=tuple(reasons.most_common()),
        included=sum(one.decision == INCLUDE for one in said),
        unsure=sum(one.decision == UNSURE for one in said),
        conflicts=len(decided) - len(said),
        retracted=sum(any(flag.grave for flag in review.flags.get(key, ())) for key in review.pool),
    )


def boxes(flow: Flow) -> list[tuple[list[str], list[str]]]:
    """The rows of the diagram: what goes on, and what leaves there."""
    reasons = [f"{reason or tr('no reason given', '未注明理由')}: {count}" for reason, count in flow.excluded]
    left = [tr(f"Duplicate records removed: {flow.duplicates}", f"去除重复记录：{flow.duplicates}")]
    unread = [tr(f"Not screened: {flow.unread}", f"未筛选：{flow.unread}")] if flow.unread else []
    files = [f"{name}: {count}" for name, count in flow.identified] if len(flow.identified) > 1 else []
    ends = [
        tr(
            f"Reports sought for full text: {flow.included + flow.unsure}",
            f"进入全文阶段：{flow.included + flow.unsure}",
        )
    ]
    ends += [tr(f"of these unsure: {flow.unsure}", f"其中不确定：{flow.unsure}")] if flow.unsure else []
    open_ = [tr(f"Conflicts to settle: {flow.conflicts}", f"待协商的分歧：{flow.conflicts}")] if flow.conflicts else []
    return [
        (
            [tr(f"Records identified: {flow.all_identified}", f"检索到的记录：{flow.all_identified}"), *files],
            left + unread,
        ),
        (
            [tr(f"Records screened: {flow.screened}", f"筛选的记录：{flow.screened}")],
            [tr(f"Records excluded: {flow.all_excluded}", f"排除的记录：{flow.all_excluded}"), *reasons],
        ),
        (ends, open_),
    ]


def svg(flow: Flow) -> str:
    """The diagram, for a manuscript: black on white, whatever the page."""
    parts, top = [], 10
    rows = boxes(flow)
    for number, (goes_on, leaves) in enumerate(rows):
        tall = 24 + LINE * max(len(goes_on), len(leaves), 1)
        parts.append(_box(10, top, goes_on, tall))
        if leaves:
            parts.append(_box(10 + BOX + GAP, top, leaves, tall))
            parts.append(_arrow(10 + BOX, top + tall / 2, 10 + BOX + GAP, top + tall / 2))
        if number < len(rows) - 1:
            parts.append(_arrow(10 + BOX / 2, top + tall, 10 + BOX / 2, top + tall + 36))
        top += tall + 36
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE + 20} {top - 26}" width="{WIDE + 20}" '
        f'role="img" aria-label="{tr("PRISMA flow diagram", "PRISMA 流程图")}" font-family="sans-serif" font-size="13">'
    )
    tip = '<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
    tip += '<path d="M0,0 L8,4 L0,8 z"/></marker></defs>'
    return f'{head}{tip}<rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>\n'


def _box(left: float, top: float, lines: Sequence[str], tall: float) -> str:
    said = "".join(
        f'<text x="{left + 12}" y="{top + 24 + LINE * number:g}">{escape(_cut(line))}</text>'
        for number, line in enumerate(lines)
    )
    return f'<rect x="{left}" y="{top:g}" width="{BOX}" height="{tall:g}" fill="none" stroke="#000"/>{said}'


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="#000" marker-end="url(#tip)"/>'


def _cut(line: str) -> str:
    """As much as a box holds; Chinese characters are twice as wide."""
    used = 0
    for at, one in enumerate(line):
        used += 2 if ord(one) > 0x2E7F else 1
        if used > 40:
            return line[:at] + "…"
    return line
