"""Bias and disrespect in what is proposed: words that stigmatise, and judgements of a group, with words to use instead.

What a person says of themselves, or is quoted as having said or been called, is not the proposal's own word.
"""

from __future__ import annotations

import re

from bedside.emergency.asking import readable, sentence_of
from bedside.emergency.wording import Span as Place
from bedside.guards._phrases import Phrase, phrases
from bedside.lang import tr
from bedside.types import Finding, Proposal, Span

_QUOTED = re.compile(r"\"[^\"\n]{1,200}\"|“[^”\n]{1,200}”|「[^」\n]{1,200}」|(?<!\w)'[^'\n]{3,200}'(?!\w)")
_ABOUT_WORDS = re.compile(
    r"\b(?:the (?:word|term|label)|instead of|rather than|avoid (?:saying|writing|the)|do not (?:say|write|call)|"
    r"called (?:him|her|me|them|myself|himself|herself)|calls? (?:himself|herself|me|him|her)|labell?ed as|stigma\w*)\b"
    r"|称呼|(?:不要|避免|别)(?:使用|说|写|称)|一词|而不是|歧视|污名|被(?:人|别人)?(?:叫|骂|称|说)|自称|骂(?:他|她|我)",
    re.IGNORECASE,
)


class Respect:
    """A warning for each kind of word, with what to say instead.

    >>> [one.rule for one in GUARD.check(Proposal(text="This drug abuser is non-compliant."))]
    ['respect.substance-use', 'respect.blame']
    >>> GUARD.check(Proposal(text='He said, "they call me a drug abuser", and wept.'))
    []
    """

    name = "respect"
    order = 70

    def check(self, proposal: Proposal) -> list[Finding]:
        """A finding for each row of data/respect.toml that the proposal has, with its places."""
        text = readable(proposal.text)
        quotes = [match.span() for match in _QUOTED.finditer(text)]
        found = []
        for one in phrases("respect"):
            places = [place for place in one.places(text) if not _is_reported(text, place, quotes)]
            if places:
                found.append(_finding(one, places))
        return found


def _is_reported(text: str, place: Place, quotes: list[Place]) -> bool:
    """Whether words are quoted, or spoken of as words."""
    quoted = any(start <= place[0] and place[1] <= end for start, end in quotes)
    return quoted or bool(_ABOUT_WORDS.search(text[slice(*sentence_of(text, place))]))


def _finding(one: Phrase, places: list[Place]) -> Finding:
    said, instead = tr(*one.name), tr(*one.instead)
    spans = tuple(Span(start, end, "DISRESPECT") for start, end in places)
    return Finding(
        rule=f"respect.{one.id}",
        severity="warning",
        reason=tr(f"{said}; better: {instead}", f"{said}；建议改为：{instead}"),
        source=one.source,
        spans=spans,
    )


GUARD = Respect()
