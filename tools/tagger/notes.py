"""The notes a tagger learns from: invented notes with identity marked, published text without any, and variations."""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "deid"))

from _marked import Note, read_notes  # noqa: E402

from bedside.deid._find import find_by_rules  # noqa: E402
from bedside.deid.lexicon.chinese import HAN  # noqa: E402
from bedside.deid.lexicon.english import lexicon  # noqa: E402
from bedside.deid.recognisers.names.zh_model import listed_odds  # noqa: E402
from bedside.deid.recognisers.names.zh_shapes import surnames  # noqa: E402
from bedside.types import Span  # noqa: E402

NOTES = Path(__file__).parent / "notes"
PUBLISHED = ROOT.parent / "shared" / "data"
PEOPLE = ("NAME", "STAFF")
PLACES = ("HOSPITAL", "ORG", "ADDRESS")
NUMBERS = ("ID", "PHONE", "ACCOUNT")
_HAN = re.compile(f"[{HAN}]")
_LATIN_PART = re.compile(r"[A-Za-z\u00c0-\u024f]{2,}")
_TITLE = re.compile(
    r"(?:dr|mr|mrs|ms|miss|prof|nurse|sr|fr|rev|sgt|coach|officer|sister|professor|doctor)\b\.? +", re.IGNORECASE
)


def learning_notes(language: str, *, only: Sequence[str] | None = None, but: Sequence[str] = ()) -> list[Note]:
    """Every note of `notes/<language>_*.txt`; titles that a hand left inside a mark are taken out of it.

    `only` and `but` name files (`en_26`).
    """
    paths = [path for path in sorted(NOTES.glob(f"{language}_*.txt")) if path.stem not in but]
    wanted = paths if only is None else [path for path in paths if path.stem in only]
    return [_untitled(note) for path in wanted for note in read_notes(path)]


def _untitled(note: Note) -> Note:
    spans = []
    for span in note.spans:
        title = _TITLE.match(note.text, span.start, span.end) if span.type in PEOPLE else None
        cut = title.end() if title and title.end() < span.end else span.start
        spans.append(Span(cut, span.end, span.type))
    return Note(note.title, note.text, tuple(spans))


def published_passages(language: str, wanted: int) -> Iterator[Note]:
    """Medical text in which nobody is named, so that medical words are not taken for names; empty without the data."""
    drawn = random.Random(0)
    texts = (
        list(_english_passages(drawn) if language == "en" else _chinese_passages(drawn)) if PUBLISHED.is_dir() else []
    )
    drawn.shuffle(texts)
    left = wanted
    for text in texts:
        if len(text) > 800:
            at = text.find(" ", drawn.randrange(len(text) - 600))
            text = text[at + 1 : at + 601]
        if left and not find_by_rules(text):
            left -= 1
            yield Note("published", text, ())


def _english_passages(drawn: random.Random) -> Iterator[str]:
    yield from (" ".join(row["contexts"]) for row in _rows("pubmedqa"))
    yield from (row["answer"] for row in drawn.sample(_rows("medquad"), 1200))


def _chinese_passages(drawn: random.Random) -> Iterator[str]:
    yield from (row["text"] for row in drawn.sample(_rows("cmedtc_trial_criteria_zh"), 900))
    yield from (
        f"{row['title']}\n{row['question']}{row['answer']}" for row in drawn.sample(_rows("toyhom_im_dialogue_zh"), 900)
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (PUBLISHED / name / "train.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


class Variations:
    """Other names, places and numbers in the frames of the notes, so that the frame is learnt and not the name."""

    def __init__(self, notes: Iterable[Note], seed: int) -> None:
        self.drawn = random.Random(seed)
        known = lexicon()
        self.given = sorted(word for word in known.given if len(word) > 2)
        self.surnames = sorted(word for word in known.surnames if len(word) > 2)
        self.words = sorted(word for word in known.words if 3 <= len(word) <= 8)
        self.han_surnames = sorted(surnames())
        self.han_common = sorted(name for name, kind in surnames().items() if kind == "common")
        characters = [chr(code) for code in range(0x4E00, 0x9FA6)]
        self.han_given = [char for char in characters if 1 <= listed_odds(char, 9) <= 6]
        self.han_rarely_given = [char for char in characters if -2 <= listed_odds(char, 9) <= 6]
        self.places: dict[tuple[str, bool], list[str]] = {}
        self.met: list[str] = []
        for note in notes:
            for span in note.spans:
                shown = note.text[span.start : span.end]
                if span.type in PLACES:
                    self.places.setdefault((span.type, bool(_HAN.search(shown))), []).append(shown)
                elif span.type in PEOPLE:
                    self.met += _LATIN_PART.findall(shown)

    def of(self, note: Note) -> Note:
        """One variation; a name that comes twice is replaced twice by the same one."""
        memory: dict[str, str] = {}
        pieces: list[str] = []
        spans: list[Span] = []
        length = last = 0
        replace = self.drawn.random() < 0.85
        for span in note.spans:
            shown = note.text[span.start : span.end]
            new = self._other(shown, span.type, memory) if replace else shown
            start = length + span.start - last
            pieces += [note.text[last : span.start], new]
            length, last = start + len(new), span.end
            spans.append(Span(start, length, span.type))
        text = "".join([*pieces, note.text[last:]])
        return Note(note.title, self._cased(text), tuple(spans))

    def _other(self, shown: str, kind: str, memory: dict[str, str]) -> str:
        if kind in PEOPLE and self.drawn.random() < 0.8:
            if _HAN.search(shown):
                return self._han_name(shown, memory)
            return _LATIN_PART.sub(lambda part: memory.setdefault(part[0], self._latin_name(part[0])), shown)
        if kind in PLACES and self.drawn.random() < 0.5:
            return memory.setdefault(shown, self.drawn.choice(self.places[kind, bool(_HAN.search(shown))]))
        if kind in NUMBERS:
            return re.sub(r"\d", lambda _: str(self.drawn.randrange(10)), shown)
        return shown

    def _latin_name(self, part: str) -> str:
        chance = self.drawn.random()
        if chance < 0.35:
            pool: Sequence[str] = self.given if self.drawn.random() < 0.5 else self.surnames
        else:
            pool = self.words if chance < 0.5 else self.met
        name = self.drawn.choice(pool)
        if part.isupper() or part.islower():
            return name.upper() if part.isupper() else name.lower()
        return name.capitalize() if name.islower() or name.isupper() else name

    def _han_name(self, shown: str, memory: dict[str, str]) -> str:
        if len(shown) > 4 or not _HAN.match(shown) or "·" in shown:
            return shown
        if shown[0] in "小老阿":
            other = self._han_character if shown[0] == "阿" else lambda _: self.drawn.choice(self.han_common)
            return memory.setdefault(shown, shown[0] + other("")) if len(shown) == 2 else shown
        cut = 2 if len(shown) > 2 and shown[:2] in surnames() else 1
        pool = self.han_common if self.drawn.random() < 0.6 else self.han_surnames
        surname = memory.setdefault(shown[:cut], self.drawn.choice(pool))
        return surname + memory.setdefault(f"given {shown[cut:]}", "".join(map(self._han_character, shown[cut:])))

    def _han_character(self, _: str) -> str:
        return self.drawn.choice(self.han_given if self.drawn.random() < 0.75 else self.han_rarely_given)

    def _cased(self, text: str) -> str:
        """Now and then all in capitals or all in small letters, when that changes no offset."""
        chance = self.drawn.random()
        if _HAN.search(text) or chance > 0.2:
            return text
        cased = text.lower() if chance < 0.1 else text.upper()
        return cased if len(cased) == len(text) else text
