"""A medicine that the rules do not know is told: of it nothing was checked, and silence would look like consent."""

from __future__ import annotations

from collections.abc import Iterable

from bedside.drugs import concepts
from bedside.drugs.unknown import unknown
from bedside.lang import tr
from bedside.types import Finding, Proposal, Span
from bedside.types.verdict import Severity

_SOURCE = ("vocabulary of this program (docs/medicines.md)", "本系统的药物词表（docs/medicines.md）")


class Medicines:
    """Warns of a medicine that a proposal gives and the vocabulary lacks; one that only the chart lists is mentioned.

    >>> [(one.rule, one.severity) for one in GUARD.check(Proposal(text="Start zorbatinib 40 mg daily."))]
    [('medicines.unknown', 'warning')]
    >>> GUARD.check(Proposal(text="Start imatinib 400 mg daily."))
    []
    """

    name = "medicines"
    order = 35

    def check(self, proposal: Proposal) -> list[Finding]:
        """At most one finding for the proposal's medicines and one for the chart's."""
        found = []
        if given := unknown(proposal.text):
            said = tr(
                "Not known to the rules, so its dose, allergies and interactions were not checked",
                "规则未收录该药，其剂量、过敏和相互作用均未核查",
            )
            places = tuple(Span(one.start, one.end, "drug") for one in given)
            names = dict.fromkeys(proposal.text[one.start : one.end] for one in given)
            found.append(_finding("medicines.unknown", "warning", f"{said}: {_list(names)}", places))
        if missing := [one for one in proposal.facts.medications if not concepts(one)]:
            said = tr(
                f"{len(missing)} of the patient's medicines unknown to the rules: interactions not checked",
                f"患者用药中有 {len(missing)} 项规则未收录：与其相互作用未核查",
            )
            found.append(_finding("medicines.unknown-taken", "info", said))
        return found


def _finding(rule: str, severity: Severity, reason: str, spans: tuple[Span, ...] = ()) -> Finding:
    return Finding(rule=rule, severity=severity, reason=reason, source=tr(*_SOURCE), spans=spans)


def _list(names: Iterable[str]) -> str:
    return tr(", ", "、").join(names)


GUARD = Medicines()
"""The guard as the pipeline asks for it."""
