"""A critical card that a clinician set aside, for the people who check: the rule and the reason, nothing of a patient.

Accepting says that the card was right, rejecting that its rule needs mending.
"""

from __future__ import annotations

from bedside.lang import current, tr
from bedside.review import Item, Said
from bedside.server.cds_hooks.cards import OVERRIDE
from bedside.server.cds_hooks.feedback import Feedback
from bedside.server.cds_hooks.shown import ShownCard

UNLISTED = "unlisted"
"""Stands for a code that is none of the card's: what a client writes there could be anything."""
_SAID = {code: (english, chinese) for code, english, chinese in OVERRIDE}


def for_review(told: Feedback, card: ShownCard | None) -> Item | None:
    """The item for the queue; None where nobody has to look: it was followed, it was no critical card, or none of ours.

    >>> shown = ShownCard("c1", "bedside-order-sign", "renal.metformin", "critical")
    >>> for_review(Feedback("c1", "overridden", "2026-01-01T10:00:00Z", reason="tolerated"), shown).findings[0].rule
    'renal.metformin'
    """
    if told.outcome != "overridden" or card is None or card.indicator != "critical":
        return None
    why = reason_said(told.reason)
    return Item(
        why="reported",
        head="card",
        text=tr("A clinician set a critical card aside: ", "医生未采纳一张严重级别的卡片：") + why,
        output={"rule": card.rule, "service": card.service},
        reason=reason_code(told.reason),
        findings=(Said(rule=card.rule, severity="critical", reason=tr("The card's rule", "卡片所依据的规则")),),
        lang=current(),
        model="cds-hooks",
        group=card.id,  # no two cards are one item, and the same feedback sent again is
    )


def reason_code(code: str) -> str:
    """The code of a reason that cards offer; empty where none was given.

    >>> reason_code("tolerated"), reason_code("Mrs Miller"), reason_code("")
    ('tolerated', 'unlisted', '')
    """
    return code if code in _SAID or not code else UNLISTED


def reason_said(code: str) -> str:
    """The same in words."""
    if code in _SAID:
        return tr(*_SAID[code])
    return tr("a reason that cards do not offer", "卡片未列出的理由") if code else tr("no reason given", "未说明理由")
