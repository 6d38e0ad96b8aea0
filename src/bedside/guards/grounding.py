"""Sentences that the texts a proposal rests on contradict or do not support; silent where no such texts were given."""

from __future__ import annotations

from collections.abc import Sequence

from bedside.grounding import Ground, Grounded, reader, sentences_of
from bedside.lang import tr
from bedside.types import Finding, Proposal, Span


class Grounding:
    """Each sentence of the proposal beside its evidence: one text that supports it is enough.

    >>> said = Proposal(text="She takes warfarin.", evidence=["Meds: metformin 500 mg BID."])
    >>> [found] = GUARD.check(said)
    >>> found.rule, found.severity, GUARD.check(Proposal(text="She takes warfarin."))
    ('grounding.unsupported', 'warning', [])
    """

    name = "grounding"
    order = 60

    def check(self, proposal: Proposal) -> Sequence[Finding]:
        """A critical finding for each sentence that is contradicted, a warning for each that is unsupported."""
        places = sentences_of(proposal.text)
        if not proposal.evidence or not places:
            return []
        said = [proposal.text[one.start : one.end] for one in places]
        beside = reader.default_reader()
        charts = [Ground(text, proposal.lang, beside).ground_all(said) for text in proposal.evidence]
        verdicts = [min(of_one, key=lambda one: one.doubt) for of_one in zip(*charts, strict=True)]
        return [_finding(one, place) for one, place in zip(verdicts, places, strict=True) if not one.supported]


def _finding(one: Grounded, place: Span) -> Finding:
    against = one.verdict == "contradicted"
    return Finding(
        rule=f"grounding.{one.verdict}",
        severity="critical" if against else "warning",
        reason=tr("The record says otherwise.", "与病历记载矛盾。")
        if against
        else tr("Nothing in the record says this.", "病历中没有依据。"),
        source=tr("the texts given as evidence", "所提供的依据文本"),
        spans=(place,),
    )


GUARD = Grounding()
