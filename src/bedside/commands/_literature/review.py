"""A review opened from its files, put in order, and written out as page, diagram and export."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import progress, say
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.literature.screening.review import Review


def open_review(
    records: list[Path],
    labels: Path,
    question: str,
    retractions: Path | None,
    *,
    merge: bool,
    encoder: str | None,
    seed: int,
) -> Review:
    """The review of these records with the decisions so far; what could not be read is told."""
    from bedside.literature._record import records_of
    from bedside.literature.notices import read_watch
    from bedside.literature.screening.labels import read_labels
    from bedside.literature.screening.review import Review

    encode = None
    if encoder:
        from bedside.model.embedder import open_encoder

        encode = open_encoder(encoder).passages
    watch = read_watch(retractions) if retractions else None
    known = read_labels(labels)
    found, problems = records_of(records)
    with progress(tr("comparing the records", "比较题录"), len(found)) as advance:
        how: dict[str, Any] = {"question": question, "watch": watch, "merge": merge, "encode": encode, "seed": seed}
        review = Review(found, known, **how, on_record=advance)
    for problem in problems[:5]:
        say(f"{problem.place}: {problem.what}", quiet=True)
    if len(problems) > 5:
        say(tr(f"... and {len(problems) - 5} more", f"…… 另有 {len(problems) - 5} 条"), quiet=True)
    if review.unknown:
        en = f"{counted(review.unknown, 'decision')} on papers that are not among these records; not counted"
        say(tr(en, f"{review.unknown} 条决定对应的文献不在这些题录中，未计入"), quiet=True)
    return review


def in_order(review: Review, who: str) -> None:
    """Put the papers in their first order, which takes seconds where they are many thousands."""
    with progress(tr("putting the papers in order", "文献排序")):
        review.next(1, who)


def write_pages(review: Review, pages: Mapping[str, Path | None], target: float, confidence: float) -> None:
    """The files that are named: report, flow, export."""
    from bedside.commands._literature.export import export
    from bedside.files import whole_file
    from bedside.literature.screening.prisma import flow_of, svg
    from bedside.literature.screening.report import page

    for name, path in pages.items():
        if path is None:
            continue
        if name == "export":
            export(review, path)
        else:
            with whole_file(path) as file:
                file.write(page(review, target, confidence) if name == "report" else svg(flow_of(review)))
        say(tr(f"written: {path}", f"已写出：{path}"), quiet=True)


def words_of(question: str | None) -> str:
    """The question, or the text of the file that is named."""
    if not question:
        return ""
    try:
        there = Path(question).is_file()
    except (OSError, ValueError):  # too long a name: a question
        there = False
    return Path(question).read_text(encoding="utf-8") if there else question
