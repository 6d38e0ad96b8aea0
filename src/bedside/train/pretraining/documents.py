"""The documents of a corpus, one at a time: files and folders of texts and tables, and what in them cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bedside.config import PretrainRecipe
from bedside.errors import BedsideError, DataError
from bedside.formats._base import Problem
from bedside.formats._files.lines import place, text_lines
from bedside.formats._tables import column_text, read_rows
from bedside.lang import tr

TEXTS = (".txt", ".text", ".md")
TABLES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".xlsx", ".xls", ".parquet")


@dataclass(frozen=True)
class Source:
    """A file of the corpus; `whole` says that a text file is one document."""

    path: Path
    name: str
    whole: bool


@dataclass(frozen=True)
class Document:
    """One document and where it stands."""

    file: str
    place: str
    text: str = field(repr=False)


def corpus_files(paths: Iterable[Path], documents: str) -> tuple[list[Source], list[dict[str, str]]]:
    """The files to read, each once and in a fixed order, and those in folders that are neither text nor table."""
    found: dict[Path, Source] = {}
    strange = []
    for path in paths:
        if path.is_dir():
            for inner in sorted(part for part in path.rglob("*") if part.is_file() and not part.name.startswith(".")):
                name = inner.relative_to(path).as_posix()
                if _suffix(inner) in TEXTS + TABLES:
                    found.setdefault(inner.resolve(), Source(inner, name, documents != "blank"))
                else:
                    strange.append(told(name, Problem("", tr("neither text nor a table", "既非文本也非表格"))))
        elif path.is_file():
            found.setdefault(path.resolve(), Source(path, path.name, documents == "file"))
        else:
            raise DataError(tr("no such file or folder", "文件或目录不存在"), value=str(path))
    if not found:
        raise DataError(
            tr("no text and no table there", "该处没有文本或表格"),
            value=", ".join(map(str, paths)),
            allowed=[*TEXTS, *TABLES, ".gz"],
        )
    return list(found.values()), strange


def documents_of(sources: list[Source], recipe: PretrainRecipe, refused: list[dict[str, str]]) -> Iterator[Document]:
    """Every document with text; a file that cannot be read is left out, unless it is the only one."""
    for source in sources:
        problems: dict[str, str] = {}
        try:
            for where, text in _texts(source, recipe.text, _into(problems)):
                problems.pop(where, None)  # what could be read of it is used
                if text.strip():
                    yield Document(source.name, where, text)
                else:
                    problems[where] = tr("no text", "没有文本")
        except BedsideError as fault:
            if len(sources) == 1:
                raise
            problems[""] = str(fault)
        refused += [told(source.name, Problem(where, what)) for where, what in problems.items()]


def _into(problems: dict[str, str]) -> Callable[[Problem], None]:
    def tell(problem: Problem) -> None:
        problems[problem.place] = problem.what

    return tell


def _texts(source: Source, column: str, tell: Callable[[Problem], None]) -> Iterator[tuple[str, str]]:
    if _suffix(source.path) in TEXTS:
        yield from _plain_texts(source)
        return
    for where, row in read_rows(source.path, on_problem=tell):
        yield where, column_text(row, column)


def _plain_texts(source: Source) -> Iterator[tuple[str, str]]:
    """Stretches of lines between blank ones, or the whole file; a document with a damaged character is still used."""
    lines: list[str] = []
    number = 0
    for number, line in text_lines(source.path, None, lambda _: None):
        if line.strip() or source.whole:
            lines.append(line)
        elif lines:
            yield place(number - len(lines)), "".join(lines).strip()
            lines = []
    if lines:
        yield place(1 if source.whole else number - len(lines) + 1), "".join(lines).strip()


def _suffix(path: Path) -> str:
    return Path(path.name.lower().removesuffix(".gz")).suffix


def told(file: str, problem: Problem) -> dict[str, str]:
    """A problem as it is kept: its file, its place, what it is."""
    return {"file": file, "place": problem.place, "what": problem.what}
