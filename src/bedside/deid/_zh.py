"""Finds identity in Chinese text: every Chinese recogniser run over one folded copy of the note."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid._zh_ages import recognise_ages
from bedside.deid._zh_beds import recognise_beds
from bedside.deid._zh_contacts import recognise_contacts
from bedside.deid._zh_dates import recognise_dates
from bedside.deid._zh_forms import recognise_form_names
from bedside.deid._zh_hospitals import recognise_hospitals
from bedside.deid._zh_ids import recognise_ids
from bedside.deid._zh_minority import recognise_minority_names
from bedside.deid._zh_name_model import recognise_modelled
from bedside.deid._zh_organisations import recognise_organisations
from bedside.deid._zh_people import recognise_people
from bedside.deid._zh_places import recognise_places
from bedside.deid._zh_staff import recognise_staff
from bedside.deid._zh_text import fold

_RECOGNISERS = (
    recognise_form_names,
    recognise_people,
    recognise_staff,
    recognise_modelled,
    recognise_minority_names,
    recognise_hospitals,
    recognise_organisations,
    recognise_places,
    recognise_dates,
    recognise_ages,
    recognise_contacts,
    recognise_ids,
    recognise_beds,
)


def recognise_zh(text: str) -> list[Candidate]:
    """Candidates for identity in Chinese text, any order, overlaps allowed; offsets into `text` as given.

    >>> [(c.type, "患者张伟诉头痛"[c.start : c.end]) for c in recognise_zh("患者张伟诉头痛")][:1]
    [('NAME', '张伟')]
    """
    if not re.search(r"[\d\u3400-\u9fff]", text):
        return []
    folded = fold(text)
    return [candidate for recognise in _RECOGNISERS for candidate in recognise(folded)]
