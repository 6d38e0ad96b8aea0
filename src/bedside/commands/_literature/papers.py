"""Papers of a file as rows, a line of analysis each: what `analyse`, `extract` and `summarise` share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._lines import Answer, Line, write_lines
from bedside.errors import BedsideError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.library._base import ReadingOptions
    from bedside.literature._base import Paper
    from bedside.literature.analysis import Analyser, Wanted

BATCH = 16
"""Papers that models see together."""
KEPT = 200
"""Problems of reading that are kept to be told; all are counted."""

Kind = Annotated[
    str | None, typer.Option(help=tr("Reader of the file, if it is not told by itself", "文件读取方式（默认自动识别）"))
]
IdColumn = Annotated[str | None, typer.Option("--id", help=tr("Column of the id", "编号列"))]
TitleColumn = Annotated[str | None, typer.Option("--title", help=tr("Column of the title", "标题列"))]
TextColumn = Annotated[str | None, typer.Option("--text", help=tr("Column of the abstract or text", "摘要或正文列"))]
PhenotypesFlag = Annotated[
    bool,
    typer.Option("--phenotypes/--no-phenotypes", help=tr("Findings as HPO terms", "识别表型（HPO 术语）")),
]


@dataclass
class Papers:
    """The papers of a file or folder, read as they are asked for; `problems` are those met so far."""

    path: Path
    columns: dict[str, str] = field(default_factory=dict)
    kind: str | None = None
    problems: list[dict[str, str]] = field(default_factory=list)
    count: int = 0

    def __iter__(self) -> Iterator[Paper]:
        from bedside.formats._base import Problem
        from bedside.literature._base import papers_of

        for one in papers_of(self.path, self._options(), self.kind):
            if not isinstance(one, Problem):
                yield one
                continue
            self.count += 1
            if len(self.problems) < KEPT:
                self.problems.append({"place": one.place, "what": one.what})

    def _options(self) -> ReadingOptions:
        from bedside.library._base import ReadingOptions

        return ReadingOptions(columns=self.columns)


def columns_of(id: str | None, title: str | None, text: str | None) -> dict[str, str]:
    """What the user calls the columns."""
    return {role: name for role, name in (("id", id), ("title", title), ("text", text)) if name}


@dataclass(frozen=True)
class Reading:
    """How papers are read, as another process can be sent it."""

    wanted: Wanted

    def opened(self) -> Answer[Paper]:
        """What answers a batch, here or in another process."""
        from bedside.advise import advise

        return partial(answers, self.wanted.open(advise))


def answers(analyser: Analyser, papers: Sequence[Paper]) -> Iterator[Line]:
    """A line a paper; where a batch fails, its papers are read one by one, and one that fails says why."""
    try:
        yield from list(analyser.lines(papers))
    except Exception as fault:
        if len(papers) > 1:
            for paper in papers:
                yield from answers(analyser, [paper])
            return
        what = (
            str(fault)
            if isinstance(fault, BedsideError)
            else f"{tr('could not be read', '无法分析')} ({type(fault).__name__})"
        )
        yield {"id": papers[0].id, "error": what, "title": papers[0].title}


def analysed(out: Path, papers: Papers, wanted: Wanted, *, resume: bool, jobs: int = 1) -> dict[str, int]:
    """Write a line a paper to `out`, in bounded memory; a stopped run goes on with `resume`."""
    reading = Reading(wanted)
    first = reading.opened() if jobs == 1 else None  # what cannot be opened is refused before anything is made
    out.parent.mkdir(parents=True, exist_ok=True)

    def answer(batch: list[Paper]) -> Iterator[Line]:
        nonlocal first
        first = first or reading.opened()
        return iter(first(batch))

    title = tr("reading papers", "分析文献")
    return write_lines(out, papers, answer, title=title, batch=BATCH, resume=resume, opens=reading.opened, jobs=jobs)


def whole(papers: Papers, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """The lines of papers one after the other, nothing written."""
    from bedside.advise import advise
    from bedside.commands._io import progress

    analyser = wanted.open(advise)
    with progress(tr("reading papers", "分析文献")) as advance:
        for paper in papers:
            for line in answers(analyser, [paper]):
                if "error" not in line:
                    yield line
            advance()
