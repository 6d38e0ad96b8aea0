"""English names of people: those told by a word beside them, and those the dictionaries know."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bedside.deid._anchors import Anchored
from bedside.deid._en_cues import AGE_BEFORE, BY, KINSHIP, LABEL, RUN, TITLE
from bedside.deid._en_lexicon import Lexicon, lexicon
from bedside.deid._en_names_cued import cued
from bedside.deid._en_names_known import in_runs
from bedside.deid._en_names_labelled import BABY, babies, labelled
from bedside.deid._en_names_logged import LOGGED
from bedside.deid._en_names_placed import PLACED
from bedside.deid._en_names_quoted import QUOTED
from bedside.deid._en_names_roles import BESIDE_ROLES
from bedside.deid._en_names_services import OF_SERVICES
from bedside.deid._en_names_titled import titled
from bedside.deid._readers import Readers
from bedside.deid._recogniser import Candidate


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
