"""English names of people: those told by a word beside them, and those the dictionaries know."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import Lexicon, lexicon
from bedside.deid.patterns.anchors import Anchored
from bedside.deid.patterns.readers import Readers
from bedside.deid.recognisers.names.en_cued import cued
from bedside.deid.recognisers.names.en_cues import AGE_BEFORE, BY, KINSHIP, LABEL, RUN, TITLE
from bedside.deid.recognisers.names.en_known import in_runs
from bedside.deid.recognisers.names.en_labelled import BABY, babies, labelled
from bedside.deid.recognisers.names.en_logged import LOGGED
from bedside.deid.recognisers.names.en_placed import PLACED
from bedside.deid.recognisers.names.en_quoted import QUOTED
from bedside.deid.recognisers.names.en_roles import BESIDE_ROLES
from bedside.deid.recognisers.names.en_services import OF_SERVICES
from bedside.deid.recognisers.names.en_titled import titled


def recognise(text: str) -> list[Candidate]:
    """Names of patients, relatives and staff; eponyms, products and ordinary words stay.

    >>> [(text[c.start:c.end]) for text in ["Mr. Brown has Crohn disease"] for c in recognise(text)]
    ['Brown']
    """
    lex = lexicon()
    return [one for read in READERS.of(text) for one in read(text, lex) if one.end > one.start]


def patterns() -> tuple[Anchored, ...]:
    """None without which there would be no names: the readers have their own."""
    return ()


READERS: Readers[Callable[[str, Lexicon], Iterable[Candidate]]] = Readers(
    (
        (titled, [TITLE]),
        (labelled, [LABEL]),
        (cued, [BY, KINSHIP, AGE_BEFORE]),
        (babies, [BABY]),
        (in_runs, [RUN]),
        *PLACED,
        *BESIDE_ROLES,
        *QUOTED,
        *LOGGED,
        *OF_SERVICES,
    )
)
