"""Who a proposal is about: as the chart says; age and sex as its words say where the chart does not."""

from __future__ import annotations

import math
import re
from typing import Any

from bedside.phenotypes._patient import Patient, patient_of
from bedside.types.verdict import Proposal

_ENGLISH = (
    r"\b\d{1,3}[- ]?(?:year|yr|month|week|day)s?[- ]old\b(?:[- ]\w+){0,3}?[- ]"
    r"(?:man|woman|male|female|boy|girl|gentleman|lady)\b",
    r"\bthis (?:\w+ ){0,2}(?:man|woman|boy|girl|gentleman|lady)\b",
    r"\bthe patient(?:, | is )(?:an? )?(?:\w+ )?(?:man|woman|male|female)\b",
)
_CHINESE = (
    r"患[者儿][，,、：:\s为是系]{0,2}[男女](?!儿|婿|友)(?:性)?(?:[，,]?\s*\d+\s*岁)?",
    r"[男女](?:性)?[，,]\s*\d+\s*岁",
    r"\d+\s*岁[男女](?!儿|婿|友)",
)
_THE_PATIENT = re.compile("|".join((*_ENGLISH, *_CHINESE)), re.IGNORECASE)
"""Words that say who the patient is; a man or an infant of a general text is nobody's patient."""


def person(proposal: Proposal) -> dict[str, Any]:
    """Age, sex, pregnancy and size; None for what nobody said.

    >>> one = person(Proposal(text="The patient, a 45-year-old man, should have a Pap smear."))
    >>> one["age"], one["sex"], one["weight"]
    (45.0, 'male', None)
    >>> person(Proposal(text="A vasectomy keeps a man from fathering a child."))["sex"]
    """
    facts = proposal.facts
    words = _THE_PATIENT.search(f"{proposal.question} {proposal.text}")
    told = patient_of(words[0]) if words else Patient()
    age, height, weight = map(_finite, (facts.age_years, facts.height_cm, facts.weight_kg))
    return {
        "age": age if age is not None else told.age_years,
        "sex": facts.sex if facts.sex in ("male", "female") else told.sex,
        "pregnant": facts.pregnant,
        "breastfeeding": facts.breastfeeding,
        "weight": weight,
        "height": height,
        "bmi": weight / (height / 100) ** 2 if weight and height else None,
    }


def _finite(value: float | None) -> float | None:
    """A number that is one."""
    return value if value is not None and math.isfinite(value) else None
