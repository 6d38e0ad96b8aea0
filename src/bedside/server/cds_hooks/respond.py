"""From a call to its cards: each proposed order weighed by the guard beside the chart and the other drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from bedside.lang import current, tr
from bedside.recent import Recent
from bedside.server.cds_hooks.cards import card, in_order
from bedside.server.cds_hooks.chart import Fetch, Stored, facts_for
from bedside.server.cds_hooks.orders import Draft, drafts_in
from bedside.server.cds_hooks.request import HookRequest
from bedside.server.cds_hooks.services import Service
from bedside.server.clinic.context import Guard
from bedside.server.clinic.weigh import weighed
from bedside.types import Facts, Finding, Proposal


def respond(
    service: Service, call: HookRequest, *, guard: Guard, fetch: Fetch, stored: Stored, recent: Recent[Facts]
) -> dict[str, Any]:
    """The answer to a call: `{"cards": [...]}`, empty only where everything was weighed and nothing is to be said.

    Refusal 412 for missing data; 500 where a guard could not be asked: that is never an empty list.
    """
    facts = facts_for(call, fetch=fetch, stored=stored, recent=recent)
    drafts = drafts_in(call.drafts)
    shown: list[dict[str, Any]] = []
    for draft in _judged(drafts, call.selections):
        beside = [other.name for other in drafts if other is not draft and other.is_medicine]
        found = _findings(Proposal(text=draft.sentence, lang=draft.lang, facts=_with(facts, beside)), guard)
        found += [_unnamed()] if draft.is_medicine and not draft.is_named else []
        shown += [card(finding, draft) for finding in found]
    if not call.drafts:
        lang: Literal["en", "zh"] = current()
        proposal = Proposal(text=tr(*service.proposes), lang=lang, facts=facts)
        shown += [card(finding, None) for finding in _findings(proposal, guard)]
    return {"cards": in_order(shown)}


def _judged(drafts: Sequence[Draft], selections: tuple[str, ...] | None) -> list[Draft]:
    """The drafts that are asked about: all at signature, those selected before."""
    if selections is None:
        return list(drafts)
    return [one for one in drafts if one.reference in selections or one.reference.split("/")[-1] in selections]


def _with(facts: Facts, medicines: Sequence[str]) -> Facts:
    """The facts as they will be once the other drafts are signed."""
    return replace(facts, medications=(*facts.medications, *medicines)) if medicines else facts


def _unnamed() -> Finding:
    """Of a medicine that is a code without words nothing could be checked; an empty list would look like consent."""
    reason = tr(
        "The medicine of this order is not named in words, so its dose, allergies and interactions were not checked.",
        "该医嘱未以文字写明药名，其剂量、过敏和相互作用均未核查。",
    )
    return Finding(rule="medicines.unnamed", severity="warning", reason=reason, source="bedside")


def _findings(proposal: Proposal, guard: Guard) -> list[Finding]:
    """What the guard has to say that changes something."""
    found = weighed(proposal, guard).findings
    return [one for one in found if one.severity != "info" or one.asks != "allow"]
