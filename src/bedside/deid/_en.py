"""All English recognisers in one call."""

from __future__ import annotations

from functools import cache

from bedside.deid import (
    _en_affiliations,
    _en_ages,
    _en_beds,
    _en_contacts,
    _en_dates,
    _en_dates_rare,
    _en_ids,
    _en_ids_shaped,
    _en_messages,
    _en_names,
    _en_organisations,
    _en_places,
)
from bedside.deid._readers import Readers
from bedside.deid._recogniser import Candidate, Recogniser

PARTS = (
    _en_names,
    _en_organisations,
    _en_affiliations,
    _en_places,
    _en_dates,
    _en_dates_rare,
    _en_ages,
    _en_ids,
    _en_ids_shaped,
    _en_contacts,
    _en_beds,
    _en_messages,
)


@cache
def readers() -> Readers[Recogniser]:
    """The parts, each with its patterns."""
    return Readers((part.recognise, part.patterns()) for part in PARTS)


def recognise_en(text: str) -> list[Candidate]:
    """Every stretch of English text that may be identity, in any order, overlaps included.

    >>> sorted({one.type for one in recognise_en("Mr. Brown, MRN 0048291, seen 03/14/2024")})
    ['DATE', 'ID', 'NAME']
    """
    return [one for recognise in readers().of(text) for one in recognise(text)]
