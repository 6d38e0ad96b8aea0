"""Finds identity in Chinese text: every Chinese recogniser run over one folded copy of the note."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import STRONG, Candidate
from bedside.deid.lexicon.chinese import HAN, fold, is_word
from bedside.deid.recognisers.contacts.chinese import recognise_contacts
from bedside.deid.recognisers.dates.chinese import recognise_dates
from bedside.deid.recognisers.dates.zh_ages import recognise_ages
from bedside.deid.recognisers.dates.zh_local import recognise_dates_in_context
from bedside.deid.recognisers.identifiers.chinese import recognise_ids
from bedside.deid.recognisers.messages import recognise as recognise_messages
from bedside.deid.recognisers.names.zh_cues import cue_after, cue_before
from bedside.deid.recognisers.names.zh_forms import recognise_form_names
from bedside.deid.recognisers.names.zh_minority import recognise_minority_names
from bedside.deid.recognisers.names.zh_model import recognise_modelled
from bedside.deid.recognisers.names.zh_not_names import without_false_names
from bedside.deid.recognisers.names.zh_people import recognise_people
from bedside.deid.recognisers.names.zh_shapes import surname_at
from bedside.deid.recognisers.names.zh_slots import recognise_slots
from bedside.deid.recognisers.names.zh_staff import recognise_staff
from bedside.deid.recognisers.names.zh_told import recognise_told_names
from bedside.deid.recognisers.organisations.chinese import recognise_organisations
from bedside.deid.recognisers.organisations.zh_cued import recognise_named_organisations
from bedside.deid.recognisers.organisations.zh_hospitals import recognise_hospitals
from bedside.deid.recognisers.places.chinese import recognise_places
from bedside.deid.recognisers.places.zh_beds import recognise_beds
from bedside.deid.recognisers.places.zh_cued import recognise_places_in_context
from bedside.deid.recognisers.zh_columns import recognise_columns

_RECOGNISERS = (
    recognise_form_names,
    recognise_people,
    recognise_staff,
    recognise_slots,
    recognise_told_names,
    recognise_modelled,
    recognise_minority_names,
    recognise_hospitals,
    recognise_organisations,
    recognise_named_organisations,
    recognise_places,
    recognise_places_in_context,
    recognise_dates,
    recognise_dates_in_context,
    recognise_ages,
    recognise_contacts,
    recognise_ids,
    recognise_beds,
    recognise_messages,
)

_PEOPLE = ("NAME", "STAFF")
_FORM_SCORE = 0.85
_HAN_NAME = re.compile(f"[{HAN}]{{2,4}}")


def recognise_zh(text: str) -> list[Candidate]:
    """Candidates for identity in Chinese text, any order, overlaps allowed; offsets into `text` as given.

    >>> [(c.type, "患者张伟诉头痛"[c.start : c.end]) for c in recognise_zh("患者张伟诉头痛")][:1]
    [('NAME', '张伟')]
    """
    if not re.search(r"[\d\u3400-\u9fff]", text):
        return []
    folded = fold(text)
    found = [candidate for recognise in _RECOGNISERS for candidate in recognise(folded)]
    found = without_false_names(folded, found) + list(recognise_columns(text))
    return found + list(_repeats(folded, found))


def _repeats(text: str, found: list[Candidate]) -> Iterator[Candidate]:
    """Every other place where a name that was found for sure stands: in full, by its surname of two, by its given name.

    One that is an everyday word too (`高峰`), and a given name, only where a person is spoken of.
    """
    names = {text[c.start : c.end]: (c.type, c.score) for c in found if c.type in _PEOPLE and c.score >= STRONG}
    taken = {(c.start, c.end) for c in found}
    for name, (kind, score) in names.items():
        if not _HAN_NAME.fullmatch(name):
            continue
        for form, sure in _forms(name, score):
            for at in _places_of(form, text):
                end = at + len(form)
                if (at, end) not in taken and (sure or _is_spoken_of(text, at, end)):
                    yield Candidate(at, end, kind, 0.75, "name seen elsewhere in the note")


def _places_of(form: str, text: str) -> Iterator[int]:
    at = text.find(form)
    while at >= 0:
        yield at
        at = text.find(form, at + len(form))


def _forms(name: str, score: float) -> Iterator[tuple[str, bool]]:
    """What a name may be repeated as, and whether that can be nothing else."""
    if not is_word(name):
        yield name, True
    elif score >= _FORM_SCORE:
        yield name, False
    surname = surname_at(name, 0)
    given = name[len(surname) :]
    if len(surname) == 2 and given:
        yield surname, True
    if surname and len(given) == 2 and (score >= _FORM_SCORE or not is_word(given)):
        yield given, False


def _is_spoken_of(text: str, at: int, end: int) -> bool:
    """Whether a stretch stands where a person would: after a cue or a break, before an act, a title or a break."""
    before, after = cue_before(text, at), cue_after(text, end)
    return before in ("person", "verb", "bed") or (before == "break" and after in ("act", "title", "sex"))
