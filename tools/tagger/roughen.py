"""Makes notes rougher: cut short, without titles or marks, as scanned; the marks of identity stay where they belong."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from _marked import Note

from bedside.types import Span

ROUGH = 0.4
"""Share of notes that are made rougher, each in one way."""

MISREAD = 0.02
"""Share of characters that a scanner takes for another."""

_PEOPLE = ("NAME", "STAFF")
_TITLE_BEFORE = re.compile(r"\b(?:dr|mr|mrs|ms|miss|prof|nurse|sr|sister|professor|doctor)\b\.? +\Z", re.IGNORECASE)
_TITLE_BEHIND = re.compile(
    r"(?:副?主任医师|主治医师|住院医师|副?主任|医生|医师|大夫|护士长|护士|先生|女士|教授|老师)(?![\u4e00-\u9fff])"
)
_STOPS = re.compile(r"[，。；：、！？]|[,.;:!?](?=\s|\Z)")
_ALIKE = str.maketrans("0O1lI5S8B己已末未土士人入曰日", "O01I1S5B8已己未末士土入人日曰")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a note; `kind` is what identity it is, empty when it is none."""

    text: str
    kind: str = ""


def rough(note: Note, drawn: random.Random) -> Note:
    """The note, or one of its rougher forms."""
    if drawn.random() > ROUGH:
        return note
    way = drawn.choice(_WAYS)
    made = [piece for piece in way(pieces_of(note), drawn) if piece.text]
    return joined(note.title, made) if any(piece.text.strip() for piece in made) else note


def pieces_of(note: Note) -> list[Piece]:
    """The stretches of a note, with identity and without, in order."""
    found, last = [], 0
    for span in note.spans:
        found += [Piece(note.text[last : span.start]), Piece(note.text[span.start : span.end], span.type)]
        last = span.end
    return [*found, Piece(note.text[last:])]


def joined(title: str, made: Sequence[Piece]) -> Note:
    """The note that stretches make."""
    spans, at = [], 0
    for piece in made:
        if piece.kind:
            spans.append(Span(at, at + len(piece.text), piece.kind))
        at += len(piece.text)
    return Note(title, "".join(piece.text for piece in made), tuple(spans))


def some_lines(made: Sequence[Piece], drawn: random.Random) -> list[Piece]:
    """A run of neighbouring lines, so that not all is known from the head of a letter."""
    lines: list[list[Piece]] = [[]]
    for piece in made:
        first, *others = [piece.text] if piece.kind else piece.text.split("\n")
        lines[-1].append(replace(piece, text=first))
        for other in others:
            lines[-1].append(Piece("\n"))
            lines.append([Piece(other)])
    count = drawn.randint(1, len(lines))
    start = drawn.randrange(len(lines) - count + 1)
    return [piece for line in lines[start : start + count] for piece in line]


def without_titles(made: Sequence[Piece], _: random.Random) -> list[Piece]:
    """Persons without what stands before or behind them and tells that they are."""
    bare = list(made)
    for number, piece in enumerate(made):
        if piece.kind not in _PEOPLE:
            continue
        if number:
            bare[number - 1] = _cut(bare[number - 1], _TITLE_BEFORE.search(bare[number - 1].text))
        if number + 1 < len(bare):
            bare[number + 1] = _cut(bare[number + 1], _TITLE_BEHIND.match(bare[number + 1].text))
    return bare


def _cut(piece: Piece, found: re.Match[str] | None) -> Piece:
    if piece.kind or found is None:
        return piece
    return Piece(piece.text[: found.start()] + piece.text[found.end() :])


def without_stops(made: Sequence[Piece], drawn: random.Random) -> list[Piece]:
    """As dictated: no stops, and a blank in their place half the time."""
    gap = drawn.choice(("", " "))
    return [piece if piece.kind else Piece(_STOPS.sub(gap, piece.text)) for piece in made]


def scanned(made: Sequence[Piece], drawn: random.Random) -> list[Piece]:
    """Some characters taken for others that look alike, some lost outside identity."""

    def read(character: str) -> str:
        if drawn.random() > MISREAD * (8 if ord(character) in _ALIKE else 0.5):
            return character
        return character.translate(_ALIKE)

    return [replace(piece, text="".join(map(read, piece.text))) for piece in made]


_Way = Callable[[Sequence[Piece], random.Random], list[Piece]]
_WAYS: tuple[_Way, ...] = (some_lines, some_lines, without_titles, without_stops, scanned)
