"""The last door of an answer: a sentence goes out only if each passage it cites says it, character for character.

White space may differ. A sentence must begin where a sentence of the passage begins and end where one ends, since words
cut out of a sentence can say its contrary. What cannot be resolved, is no longer current or does not say the sentence
is taken off; a sentence without a citation left is dropped. Nothing here trusts the composer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from bedside.consult._base import Cited
from bedside.consult.sentences import squash, units
from bedside.errors import BedsideError
from bedside.types import Passage

Resolve = Callable[[str], Passage]
"""The passage of a citation; a BedsideError for an unknown one."""


def checked(answer: Iterable[Cited], resolve: Resolve) -> tuple[list[Cited], int]:
    """The sentences that their citations hold, in order, and how many were dropped."""
    kept, dropped = list[Cited](), 0
    for one in answer:
        citations = tuple(dict.fromkeys(id for id in one.citations if _holds(one.sentence, id, resolve)))
        if citations:
            kept.append(Cited(one.sentence, citations))
        else:
            dropped += 1
    return kept, dropped


def contains(passage: str, sentence: str) -> bool:
    """Whether a passage says a sentence as a whole.

    >>> text = "Aspirin is not recommended in gout. Rest  helps."
    >>> contains(text, "Rest helps."), contains(text, "recommended in gout."), contains(text, "Aspirin is recommended.")
    (True, False, False)
    """
    said = squash(sentence)
    if not any(letter.isalnum() for letter in said):
        return False
    whole, starts, ends = _bounds(passage)
    at = whole.find(said)
    while at >= 0:
        if at in starts and at + len(said) in ends:
            return True
        at = whole.find(said, at + 1)
    return False


def _holds(sentence: str, id: str, resolve: Resolve) -> bool:
    try:
        passage = resolve(id)
    except BedsideError:
        return False
    return passage.status == "current" and contains(passage.text, sentence)


@lru_cache(maxsize=512)
def _bounds(text: str) -> tuple[str, frozenset[int], frozenset[int]]:
    """A text with single spaces, and where its sentences start and end in that."""
    places, length, blank = list[int](), 0, True
    for letter in text:
        if letter.isspace():
            places.append(length)
            blank = True
            continue
        length += blank and length > 0
        places.append(length)
        length, blank = length + 1, False
    found = units(text)
    starts = frozenset(places[one.start] for one in found)
    ends = frozenset(places[end - 1] + 1 for one in found for end in one.ends)
    return squash(text), starts, ends
