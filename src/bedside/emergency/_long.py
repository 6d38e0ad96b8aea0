"""A long message may tell of an emergency in its middle, where other talk outweighs it: its parts that are new."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from bedside.emergency.asking import sentences_in

Span = tuple[int, int]
LONG = 40
"""Words, or pairs of Chinese characters, of a message whose fresh parts are weighed by themselves too."""
SURER = 1.5
"""How much more than a sentence by itself such a part must weigh."""
_UNIT = re.compile(r"[a-z']+|[\u4e00-\u9fff]{1,2}", re.IGNORECASE)
_NEW = re.compile(
    r"\b(?:today|tonight|tonite|this (?:morning|afternoon|evening)|"
    r"since (?:this|last night|lunch|breakfast|about|\d|an?)|"
    r"just (?:now|texted|rang|told|came|found|started|went|had|got)|right now|suddenly|all of a sudden|an hour ago|"
    r"minutes ago|hours ago)\b|今[天早晚日晨]|昨[晚夜天]|刚[才刚]|突然|忽然|现在|这会儿|到现在|分钟前|小时前",
    re.IGNORECASE,
)
"""What tells that a trouble is new: "came in on the ninth and could hardly speak" is over."""


def units(text: str) -> int:
    """How many words, or pairs of Chinese characters, a text has.

    >>> units("Her lips went blue."), units("她嘴唇发紫。")
    (4, 3)
    """
    return len(_UNIT.findall(text))


def fresh_parts(text: str, told: Collection[Span]) -> list[str]:
    """One sentence, or two on end, that tell of somebody's trouble (`told`) and that something is new.

    >>> text = "He had a stent in May. Today his lips went blue. Is tea good?"
    >>> fresh_parts(text, [(22, 48)])[0], len(fresh_parts(text, [(22, 48)])), fresh_parts(text, [(0, 22)])
    ('Today his lips went blue.', 3, ['He had a stent in May. Today his lips went blue.'])
    """
    every = list(sentences_in(text))
    runs = [*every, *((first[0], second[1]) for first, second in pairwise(every))]
    heard = [(start, end) for start, end in runs if any(start <= one[0] and one[1] <= end for one in told)]
    return [part for start, end in heard if _NEW.search(part := text[start:end].strip())]
