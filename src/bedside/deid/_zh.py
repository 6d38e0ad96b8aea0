"""Finds identity in Chinese text: every Chinese recogniser run over one folded copy of the note."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import STRONG, Candidate
from bedside.deid._zh_ages import recognise_ages
from bedside.deid._zh_beds import recognise_beds
from bedside.deid._zh_contacts import recognise_contacts
from bedside.deid._zh_dates import recognise_dates
from bedside.deid._zh_dates_more import recognise_dates_in_context
from bedside.deid._zh_forms import recognise_form_names
from bedside.deid._zh_hospitals import recognise_hospitals
from bedside.deid._zh_ids import recognise_ids
from bedside.deid._zh_minority import recognise_minority_names
from bedside.deid._zh_name_model import recognise_modelled
from bedside.deid._zh_not_names import without_false_names
from bedside.deid._zh_organisations import recognise_organisations
from bedside.deid._zh_organisations_cued import recognise_named_organisations
from bedside.deid._zh_people import recognise_people
from bedside.deid._zh_places import recognise_places
from bedside.deid._zh_places_cued import recognise_places_in_context
from bedside.deid._zh_slots import recognise_slots
from bedside.deid._zh_staff import recognise_staff
from bedside.deid._zh_text import HAN, fold, is_word

_RECOGNISERS = (
    recognise_form_names,
    recognise_people,
    recognise_staff,
    recognise_slots,
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
)

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
    found = without_false_names(folded, found)
    return found + list(_repeats(folded, found))


def _repeats(text: str, found: list[Candidate]) -> Iterator[Candidate]:
    """Every other place where a full name that was found for sure stands, unless it is an everyday word."""
    names = {text[c.start : c.end]: c.type for c in found if c.type in ("NAME", "STAFF") and c.score >= STRONG}
    taken = {(c.start, c.end) for c in found}
    for name, kind in names.items():
        if not _HAN_NAME.fullmatch(name) or is_word(name):
            continue
        for match in re.finditer(re.escape(name), text):
            if match.span() not in taken:
                yield Candidate(match.start(), match.end(), kind, 0.75, "name seen elsewhere in the note")
