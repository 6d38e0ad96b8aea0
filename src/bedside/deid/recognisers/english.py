"""All English recognisers in one call."""

from __future__ import annotations

from functools import cache

from bedside.deid._recogniser import Candidate, Recogniser
from bedside.deid.patterns.readers import Readers
from bedside.deid.recognisers import messages
from bedside.deid.recognisers.contacts import english as contacts
from bedside.deid.recognisers.dates import en_ages as ages
from bedside.deid.recognisers.dates import en_rare as rare_dates
from bedside.deid.recognisers.dates import english as dates
from bedside.deid.recognisers.identifiers import en_shaped as shaped_identifiers
from bedside.deid.recognisers.identifiers import english as identifiers
from bedside.deid.recognisers.names import english as names
from bedside.deid.recognisers.organisations import en_affiliations as affiliations
from bedside.deid.recognisers.organisations import english as organisations
from bedside.deid.recognisers.places import en_beds as beds
from bedside.deid.recognisers.places import english as places

PARTS = (
    names,
    organisations,
    affiliations,
    places,
    dates,
    rare_dates,
    ages,
    identifiers,
    shaped_identifiers,
    contacts,
    beds,
    messages,
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
