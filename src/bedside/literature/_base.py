"""What the literature tools read: `Paper`, and `papers_of` a file or folder, by the library's readers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from bedside.errors import FormatError, UsageError
from bedside.formats._base import Problem
from bedside.lang import tr
from bedside.library._base import Block, Item, ReadingOptions
from bedside.library._reading.articles import Article
from bedside.library._reading.choose import reader_for
from bedside.literature._headings import headed
from bedside.literature._paper import Paper, Section
from bedside.literature._tables import papers_of_table, year_of

__all__ = ["Paper", "Section", "papers_of"]

_TABLES = ("table", "qa", "codes")


def papers_of(path: Path, options: ReadingOptions | None = None, kind: str | None = None) -> Iterator[Paper | Problem]:
    """The papers of a file, or of the files of a folder by name; what cannot be read is a problem with its place.

    PubMed XML, PMC XML, MEDLINE, RIS, PDF, HTML, Markdown and text are read as `bedside knowledge add` reads them, any
    table row by row. `kind` names a reader. In bounded memory.
    Raises FormatError or UsageError when nothing of it can be read.
    """
    options = options or ReadingOptions()
    if not path.is_dir():
        return _papers(path, options, kind)
    inside = sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
    if not inside:
        raise UsageError(tr("no file in the folder", "文件夹中没有文件"), value=path)
    return chain.from_iterable(_tried(one, options, kind) for one in inside)


def _tried(path: Path, options: ReadingOptions, kind: str | None) -> Iterator[Paper | Problem]:
    """The papers of one of several files; one that cannot be read is a problem."""
    try:
        yield from _papers(path, options, kind)
    except (FormatError, UsageError) as fault:
        yield Problem(path.name, str(fault))


def _papers(path: Path, options: ReadingOptions, kind: str | None) -> Iterator[Paper | Problem]:
    reader = reader_for(path, options, kind)
    if reader.name in _TABLES and not (reader.name == "qa" and kind):
        given = papers_of_table(path, options)
    else:
        read = reader.articles or reader.read
        given = (_paper(one, path, number) for number, one in enumerate(read(path, options), 1))
    there = False
    try:
        for one in given:
            there = there or isinstance(one, Paper)
            yield one
    except FormatError as fault:
        if not there:
            raise
        yield Problem(path.name, tr("the rest was not read: ", "其余未读取：") + str(fault))
    if not there:
        raise FormatError(tr("no paper to read in it", "没有可读取的文献"), where=path.name)


def _paper(one: Article | Item | Problem, path: Path, number: int) -> Paper | Problem:
    if isinstance(one, Problem):
        return one
    article = one if isinstance(one, Article) else None
    item = one.item() if isinstance(one, Article) else one
    doi, pmid = (article.doi, article.pmid) if article else ("", "")
    return Paper(
        id=item.id.strip() or pmid or doi or f"{path.stem}:{number}",
        title=item.title,
        text=item.text,
        sections=_sections(item.text, item.blocks),
        year=year_of(item.date),
        journal=article.journal if article else "",
        types=article.types if article else (),
        keywords=article.keywords if article else (),
        doi=doi,
        pmid=pmid,
        url=item.url,
        citation=item.citation,
        retracted=item.retracted,
    )


def _sections(text: str, blocks: tuple[Block, ...]) -> tuple[Section, ...]:
    """The parts as the source has them; where it has none, or only pages, those of the headings in the text."""
    real = [one for one in blocks if one.heading and not one.heading.startswith("p. ")]
    if real:
        return blocks
    return headed(text) or tuple(one for one in blocks if one.heading)
