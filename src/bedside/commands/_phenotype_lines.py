"""A table of notes, each to a line of its findings, as it is read here or in another process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import progress
from bedside.commands._lines import Answer, Row, TableRow, answer_each, lang_of, text_of

if TYPE_CHECKING:
    from bedside.phenotypes.reader import Finding, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How texts are read, as another process can be sent it."""

    hpo: Path | None
    names: Path | None
    link: bool
    unlinked: bool
    language: Any

    def open(self) -> Reader:
        """What reads the texts."""
        from bedside.knowledge.hpo import open_hpo
        from bedside.phenotypes.names import open_names
        from bedside.phenotypes.reader import Reader

        opened = open_hpo(self.hpo)
        lists = open_names(opened, self.names)
        if not self.link:
            return Reader(opened, lists)
        from bedside.phenotypes.linking import Linker

        return Reader(opened, lists, Linker(opened, bar=progress))

    def opened(self) -> Answer[TableRow]:
        """The same answers in another process."""
        return self.answers(self.open())

    def answers(self, reader: Reader) -> Answer[TableRow]:
        """What reads a batch of rows."""
        return partial(answer_each, partial(self._answer, reader))

    def _answer(self, reader: Reader, given: TableRow) -> Row:
        found, near = reader.read_all(text_of(given.row), lang=lang_of(given.row) or self.language)
        return {**told(found), **({"unlinked": told_near(near)} if self.unlinked else {})}


def told_near(findings: list[Finding]) -> list[Row]:
    """Phrases near a finding as the part of a line."""
    return [
        {"near": one.id, "label": one.label, "start": one.start, "end": one.end, "likeness": _round(one.likeness)}
        for one in findings
    ]


def _round(likeness: float | None) -> float | None:
    return None if likeness is None else round(likeness, 3)


def told(findings: list[Finding]) -> Row:
    """Findings as the parts of a line."""
    parts: Row = {"present": [], "excluded": [], "other": []}
    for one in findings:
        place: Row = {"id": one.id, "label": one.label, "start": one.start, "end": one.end}
        if one.likeness is not None:
            place["likeness"] = _round(one.likeness)
        if one.present or one.excluded:
            parts["present" if one.present else "excluded"].append(place)
        else:
            parts["other"].append({**place, "context": one.context.names()})
    return parts
