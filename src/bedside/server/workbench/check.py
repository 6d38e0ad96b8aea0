"""A proposal in a clinician's own words, weighed for one patient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from bedside.cleaning.language import language_of
from bedside.deid import Policy, scrub_text
from bedside.facts.of_chart import facts_of_raw
from bedside.types import Proposal, RawChart, Verdict


def checked(chart: RawChart, text: str, guard: Callable[[Proposal], Verdict]) -> Verdict:
    """The guard's verdict; identity is taken off chart and text first, and IdentityError raised where that fails."""
    plain, _ = scrub_text(text, policy=Policy(action="tag"), known=chart.identifiers)
    lang: Literal["en", "zh"] = "zh" if language_of(plain) == "zh" else "en"
    return guard(Proposal(text=plain, lang=lang, facts=facts_of_raw(chart)))
