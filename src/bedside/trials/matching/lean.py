"""A chart as far as matching reads it, so that removing identity does not spend its time on what nobody will look at.

What is left out is never passed on. A coded value keeps its number, unit and reference range under our own name of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bedside.phenotypes.status import REFERENCE
from bedside.trials.matching.fact import DATES, KINDS
from bedside.trials.matching.vocabulary import Vocabulary
from bedside.types import Code, Entry

_NUMBERS = re.compile(r"[\d.\s<>=≤≥~–—-]+")
_PLAIN_PLACE = re.compile(r"(?:(?:line|row|page|segment) \d+(?:: )?)?(?:Bundle\.entry\[\d+\])?")


def lean(entries: tuple[Entry, ...], words: Vocabulary) -> Iterator[Entry]:
    """The entries that matching reads, without names of codes; of a visit only its time."""
    for entry in entries:
        if entry.kind in DATES:
            yield replace(entry, text="", codes=(), value=None)
        elif entry.kind in KINDS:
            codes = tuple(Code(code.system, code.code) for code in entry.codes)
            if isinstance(entry.value, (int, float)) and any("loinc" in code.system.lower() for code in codes):
                number = next(
                    (n for code in codes for n in words.exact.get(code.code, ()) if _measured(n, words)), None
                )
                if number is None:
                    continue
                yield replace(entry, text=words.things[number].name + _reference(entry.text), codes=codes)
            else:
                yield replace(entry, codes=codes)


def is_plain(place: str) -> bool:
    """Whether a place is a number of ours alone ("line 1: Bundle.entry[3]"), with no word of a file in it.

    >>> is_plain("line 1: Bundle.entry[3]"), is_plain("Sheet1!row 7")
    (True, False)
    """
    return _PLAIN_PLACE.fullmatch(place) is not None


def _measured(number: int, words: Vocabulary) -> bool:
    return number in words.analytes or number in words.scales


def _reference(text: str) -> str:
    """The numbers of a reference range; nothing where words stand among them."""
    found = REFERENCE.search(text)
    numbers = _NUMBERS.match(found[1]) if found else None
    said = numbers[0].strip() if numbers else ""
    return f" (reference {said})" if any(char.isdigit() for char in said) else ""
