"""The guard that advice passes through; where none is installed, nothing passes."""

from __future__ import annotations

from bedside import registry
from bedside.lang import tr
from bedside.server.clinic.context import Guard
from bedside.types import Finding, Proposal, Verdict, verdict


def installed_guard() -> Guard:
    """The checks of this installation in one verdict."""
    if not registry.names("guards"):
        return nothing_passes
    from bedside.guards import guard

    return guard


def nothing_passes(proposal: Proposal) -> Verdict:
    """Blocks everything: what nobody checked is not shown.

    >>> nothing_passes(Proposal(text="Rest and drink.")).outcome
    'block'
    """
    reason = tr("no check is installed, so nothing is shown", "未安装任何检查，因此不予显示")
    return verdict([Finding(rule="guard.missing", severity="critical", reason=reason, source="bedside")])
