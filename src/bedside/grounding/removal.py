"""A text without what its chart does not support, and the line that says what was left out: never served silently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bedside.grounding.ground import Grounded, sentences_of
from bedside.lang import counted, tr

_ITEM = re.compile(r"[ \t]*(?:[-*•·]|\d{1,2}[.)、]|[（(]\d{1,2}[）)])[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class Removed:
    """What is left of a text, the sentences that were left out, and what its reader is told; "" where all stays."""

    text: str = field(repr=False)
    left_out: tuple[str, ...] = field(repr=False)
    notice: str = ""


def removed(text: str, verdicts: Sequence[Grounded]) -> Removed:
    """The text with only its supported sentences; `verdicts` are those of `sentences_of(text)`, in order.

    The mark of a list goes with its sentence. Raises ValueError where the verdicts are not one a sentence.

    >>> from bedside.grounding import ground, sentences_of
    >>> said = "She denies chest pain. She takes warfarin."
    >>> places = sentences_of(said)
    >>> done = removed(said, ground("No chest pain.", [said[one.start : one.end] for one in places]))
    >>> done.text, done.left_out
    ('She denies chest pain.', ('She takes warfarin.',))
    """
    places = sentences_of(text)
    if len(places) != len(verdicts):
        raise ValueError(f"{len(verdicts)} verdicts for {len(places)} sentences")
    kept, at, left_out = "", 0, []
    for place, verdict in zip(places, verdicts, strict=True):
        between, at = text[at : place.start], place.end
        said = text[place.start : place.end]
        if verdict.supported:
            kept += between + said
        else:
            left_out.append(said)
            kept += _ITEM.sub("", between) if between.strip() else between[:0]
    return Removed((kept + text[at:]).strip(), tuple(left_out), left_out_notice(verdicts))


def left_out_notice(verdicts: Sequence[Grounded]) -> str:
    """How many sentences were left out, and why; "" where none is."""
    against = sum(one.verdict == "contradicted" for one in verdicts)
    silent = sum(one.verdict == "unsupported" for one in verdicts)
    if not against + silent:
        return ""
    return tr(
        f"Left out {counted(against + silent, 'sentence')}: {against} that the record contradicts, "
        f"{silent} that it does not support.",
        f"已略去 {against + silent} 句：{against} 句与病历矛盾，{silent} 句病历中无依据。",
    )
