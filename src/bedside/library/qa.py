"""Questions with answers, in MedQuAD's XML or as a table with columns question and answer: a pair is a document"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bedside.formats._base import Problem
from bedside.library import table
from bedside.library._base import Item, Reader, ReadingOptions
from bedside.library._reading.rows import cell, has, header, needed, rows_of
from bedside.library._reading.xml import child, children, elements, lines, root_name, said


def sniff(head: bytes, path: Path) -> bool:
    """MedQuAD's root element with its pairs, or the two columns."""
    if root_name(head) == "Document":
        return b"<QAPair" in head
    return table.sniff(head, path) and has(header(path), "question", "answer")


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """The question is the title, the answer the text; a pair of MedQuAD without an answer is left out."""
    if path.suffix.lower() in (".xml", ".gz") and not table.sniff(b"", path):
        yield from _xml(path)
        return
    for one in rows_of(path, options):
        if isinstance(one, Problem):
            yield one
            continue
        _, row = one
        yield Item(
            id=cell(row, "id", options),
            title=needed(row, "question", options, path),
            text=needed(row, "answer", options, path),
            url=cell(row, "url", options),
            date=cell(row, "date", options),
            version=cell(row, "version", options),
        )


def _xml(path: Path) -> Iterator[Item]:
    for document in elements(path, "Document"):
        for number, pair in enumerate(children(child(document, "QAPairs"), "QAPair"), 1):
            question, answer = child(pair, "Question"), child(pair, "Answer")
            if question is None or answer is None or not said(answer):
                continue
            own = question.get("qid") or f"{document.get('id', path.stem)}-{number}"
            yield Item(id=own, title=said(question), text=lines(answer), url=str(document.get("url", "")))


READER = Reader(name="qa", sniff=sniff, read=read)
