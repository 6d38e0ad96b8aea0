"""English names of people: those told by a word beside them, and those the dictionaries know."""

from __future__ import annotations

from bedside.deid._en_lexicon import lexicon
from bedside.deid._en_names_known import in_runs
from bedside.deid._en_names_placed import placed
from bedside.deid._en_names_roles import in_roles
from bedside.deid._en_names_told import babies, cued, labelled, titled
from bedside.deid._recogniser import Candidate


def recognise(text: str) -> list[Candidate]:
    """Names of patients, relatives and staff; eponyms, products and ordinary words stay.

    >>> [(text[c.start:c.end]) for text in ["Mr. Brown has Crohn disease"] for c in recognise(text)]
    ['Brown']
    """
    lex = lexicon()
    found = [
        *titled(text, lex),
        *labelled(text, lex),
        *cued(text, lex),
        *babies(text, lex),
        *in_runs(text, lex),
        *placed(text, lex),
        *in_roles(text, lex),
    ]
    return [one for one in found if one.end > one.start]
