"""Claims that no advice may make, which no disclaimer mends: certainty, a sure cure, that no doctor is needed.

The disclaimer itself is added by the roads (`advise`, every command): a text need not carry it.
"""

from __future__ import annotations

import re

from bedside.emergency.asking import readable, sentence_of
from bedside.emergency.wording import Span as Place
from bedside.guards._phrases import Phrase, phrases
from bedside.lang import tr
from bedside.types import Finding, Proposal, Span

_DENIAL = re.compile(
    r"\b(?:no|not|never|none|nothing|cannot|nobody|hardly)\b|n't\b|没有|不(?:能|是|会|可)|并非|无法|谁也", re.IGNORECASE
)


class Claims:
    """A warning for each kind of claim, with what to say instead; a claim that is denied is none.

    >>> [one.rule for one in GUARD.check(Proposal(text="This is 100 % safe; there is no need to see a doctor."))]
    ['claims.certain', 'claims.no-doctor']
    >>> GUARD.check(Proposal(text="No treatment is 100 % safe."))
    []
    """

    name = "claims"
    order = 75

    def check(self, proposal: Proposal) -> list[Finding]:
        """A finding for each row of data/claims.toml that the proposal has, with its places."""
        text = readable(proposal.text)
        found = []
        for one in phrases("claims"):
            if spans := [Span(*place, "CLAIM") for place in one.places(text) if not _is_denied(text, place)]:
                found.append(_finding(one, tuple(spans)))
        return found


def _is_denied(text: str, place: Place) -> bool:
    start, _ = sentence_of(text, place)
    return bool(_DENIAL.search(text[start : place[0]]))


def _finding(one: Phrase, spans: tuple[Span, ...]) -> Finding:
    what, instead = tr(*one.name), tr(*one.instead)
    reason = tr(f"{what}; better: {instead}", f"{what}；建议：{instead}")
    return Finding(rule=f"claims.{one.id}", severity="warning", reason=reason, source=one.source, spans=spans)


GUARD = Claims()
