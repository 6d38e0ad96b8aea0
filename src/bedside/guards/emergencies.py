"""An emergency told in the question or the proposal: whatever is proposed, its reader is told what to do now."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from bedside.emergency import Emergency, emergencies
from bedside.emergency.alarm import ENCODER, listened_to
from bedside.emergency.asking import readable
from bedside.emergency.recognise import in_other_words
from bedside.lang import current
from bedside.recent import Recent
from bedside.types import Finding, Proposal

if TYPE_CHECKING:
    from bedside.model.embedder import TextEncoder


_IN_HOSPITAL = re.compile(
    r"\b(?:iv|(?-i:IM)|intravenous\w*|intramuscular\w*|infusions?|bolus|admit|icu|intensive care|resuscitat\w+|"
    r"(?:adrenaline|epinephrine) (?:0?\.\d+|\d+) ?(?:mg|mcg|micrograms?)|cath lab|theatre|within the hour|"
    r"calcium gluconate|nebuli[sz]ed|transfus\w+|call (?:the )?(?:urology|surg\w+|cardiology|neurology|stroke team)|"
    r"(?:get|do|repeat) (?:an? |the )?(?:\w+ ){0,3}(?:urgently|ecg))\b"
    r"|静脉|静滴|静注|静推|肌注|肌肉注射|肾上腺素\s?[\d.]+\s?(?:mg|毫克)|泵入|快速输注|液体复苏|集束化|收入|急诊手术|抢救|溶栓|介入治疗|重症监护|气管插管|输血",
    re.IGNORECASE,
)
_PUT_OFF = re.compile(
    r"\b(?:home|discharge\w*|tomorrow|next|later|wait\w*|sleep|rest|monday|weekend|leave|outpatient|routine|no need|"
    r"not (?:urgent|needed|necessary)|instead|enough|only)\b"
    r"|回家|出院|明天|明日|下周|观察|休息|再说|门诊|不必|无需|不用|即可|就行",
    re.IGNORECASE,
)
_LATELY = Recent[tuple[Emergency, ...]](most=4_000, seconds=3600)
"""What the encoder heard: reading one sentence costs it more than all other guards together."""


class Emergencies:
    """The red flags of emergency/, asked of question and proposal, and the ear for other words.

    What a clinician's order treats already ("dextrose IV now") is told and asks for nothing, unless it puts it off.

    >>> [found] = GUARD.check(Proposal(text="Worst headache of her life: take ibuprofen and rest."))
    >>> found.rule, found.asks
    ('emergency.thunderclap-headache', 'emergency')
    """

    name = "emergencies"
    order = 10

    def check(self, proposal: Proposal) -> list[Finding]:
        """A finding for each emergency, the most pressing first, each once."""
        texts = [text for text in (proposal.question, proposal.text) if text]
        told = {one.id: one for text in texts for one in emergencies(text, proposal.lang)}
        if not told:
            asked, said = _otherwise(proposal.question, message=True), _otherwise(proposal.text)
            told = {one.id: one for one in (*asked, *said)}
        treated = not proposal.question and _is_treated(proposal.text)
        return [_finding(one, treated) for one in told.values()]


def _is_treated(text: str) -> bool:
    """Whether a proposal is a clinician's order that treats an emergency where it can be treated."""
    return bool(_IN_HOSPITAL.search(text)) and not _PUT_OFF.search(text)


def _otherwise(text: str, *, message: bool = False) -> tuple[Emergency, ...]:
    """What the ear hears, by words alone where no encoder is installed; loaded only if there is something to hear."""
    if not listened_to(readable(text)):
        return ()
    return _LATELY.of(f"{current()} {message} {text}", lambda: in_other_words(text, ear(), message=message))


@cache
def ear() -> TextEncoder | None:
    """The encoder that the ear was fitted for, where it is installed."""
    from bedside import registry
    from bedside.model.embedder import shared_encoder

    return shared_encoder(ENCODER) if registry.load("backbones", ENCODER).installed() else None


def _finding(one: Emergency, treated: bool) -> Finding:
    return Finding(
        rule=f"emergency.{one.id}",
        severity="info" if treated else "critical",
        reason=f"{one.name}: {one.what_to_do}",
        source=one.source,
        outcome="allow" if treated else "emergency",
    )


GUARD = Emergencies()
