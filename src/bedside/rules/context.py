"""What a condition may ask about: a proposal and its patient as plain data, in ids and the units of data/labs.toml.

age sex pregnant breastfeeding weight height bmi    null where nobody said
egfr crcl                                           as measured, else by CKD-EPI 2021 and Cockcroft-Gault; null else
labs.potassium ...                                  null where it is not measured, or its unit cannot be
trend.creatinine.rise_48h ...                       how it changed, where it was measured twice at known times (`TREND`)
has                                                 conditions (data/conditions.tsv)
takes proposed systemic stopped avoided all         medicines and classes: taken and not stopped; given by the
                                                    proposal, and not on the skin, eye, ear or nose alone;
                                                    stopped by it; advised against; taken or given
twice                                               what a given medicine shares with another, given or taken
allergic allergic_severe allergic_named intolerant  what is not borne, with its classes; gravely so; as it is named;
                                                    what only disagrees (nausea)
dose.ID.mg_per_day ...                              of each given medicine (`DOSE`)
procedures says                                     what it would do, what it states (data/*.toml)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bedside.rules import conditions, kidney, labs
from bedside.rules._allergies import Allergies, allergies
from bedside.rules._expression import LISTS, NUMBERS, TABLES, TEXTS, TRUTHS, Key
from bedside.rules._medicines import Medicines, medicines
from bedside.rules._person import person
from bedside.rules.statements import Said, said
from bedside.rules.trends import trends
from bedside.types import Span
from bedside.types.verdict import Proposal

ADULT = 18


@dataclass(frozen=True, slots=True)
class Context:
    """`values` are what conditions ask about, `keys` what is there of them, `spans` where the proposal names an id."""

    values: dict[str, Any] = field(repr=False)
    keys: frozenset[Key] = field(repr=False)
    spans: dict[str, tuple[Span, ...]] = field(repr=False)


def context_of(proposal: Proposal) -> Context:
    """The context of a proposal.

    >>> from bedside.types.verdict import Facts
    >>> facts = Facts(age_years=70, sex="female", conditions=["AF"], medications=["Apixaban 5 mg bid"])
    >>> one = context_of(Proposal(text="Start ibuprofen 400 mg three times daily.", facts=facts)).values
    >>> "nsaid" in one["proposed"], "anticoagulant" in one["takes"], one["dose"]["ibuprofen"]["mg_per_day"], one["egfr"]
    (True, True, 1200.0, None)
    """
    facts = proposal.facts
    given = medicines(proposal.text, facts)
    procedures = said(proposal.text, "procedures")
    stated = said(proposal.text, "statements", proposal.question)
    values: dict[str, Any] = {
        **person(proposal),
        "lang": proposal.lang,
        "labs": _labs(proposal),
        "trend": trends(facts.labs),
        "dose": given.dose,
        "procedures": [one.id for one in procedures],
        "says": [one.id for one in stated],
        **_lists(given, allergies(facts)),
    }
    values["has"] = _conditions(proposal, values)
    values.update(_kidneys(values))
    return Context(values, frozenset(_keys(values)), _spans(given, [*procedures, *stated]))


def _lists(given: Medicines, not_borne: Allergies) -> dict[str, list[str]]:
    lists = {name: getattr(given, name) for name in ("takes", "proposed", "systemic", "stopped", "avoided", "twice")}
    lists |= {name: getattr(not_borne, name) for name in Allergies.__slots__}
    lists["all"] = given.takes | given.proposed
    return {name: sorted(ids) for name, ids in lists.items()}


def _labs(proposal: Proposal) -> dict[str, float]:
    """What is measured; what only the words of the question or of the proposal say counts where no table says it."""
    facts = proposal.facts
    words = " \n".join((*facts.conditions, proposal.question, proposal.text))
    return labs.told(words) | labs.values(facts.labs)


def _conditions(proposal: Proposal, values: dict[str, Any]) -> list[str]:
    """The conditions of chart and question; a pregnancy that the chart denies is none, one they tell is `pregnant`."""
    facts = proposal.facts
    has = set(conditions.named((*facts.conditions, *([proposal.question] if proposal.question else []))))
    if values["pregnant"] is False:
        has -= {"pregnancy", "trimester_1", "trimester_2", "trimester_3"}
    if values["pregnant"] is None and "pregnancy" in has:
        values["pregnant"] = True
    if values["breastfeeding"] is None and "breastfeeding" in has:
        values["breastfeeding"] = True
    has |= {name for name in ("pregnant", "breastfeeding") if values[name]}
    return sorted({"pregnancy" if name == "pregnant" else name for name in has})


def _kidneys(values: dict[str, Any]) -> dict[str, float | None]:
    measured, age, sex = values["labs"], values["age"], values["sex"]
    creatinine, weight = measured.get("creatinine"), values["weight"]
    known = creatinine is not None and age is not None and age >= ADULT and sex is not None
    female = sex == "female"
    egfr, crcl = measured.get("egfr"), measured.get("crcl")
    if egfr is None and known:
        egfr = kidney.egfr(creatinine, age, female=female)
    if crcl is None and known and weight:
        crcl = kidney.clearance(creatinine, age, weight, female=female)
    return {"egfr": egfr, "crcl": crcl}


def _keys(values: dict[str, Any]) -> list[Key]:
    """All that is there, as conditions ask for it."""
    keys: list[Key] = [(name, id) for name in LISTS for id in values[name]]
    keys += [(name, "") for name in NUMBERS if values[name] is not None]
    keys += [(name, id) for name in TABLES for id in values[name]]
    keys += [(name, str(values[name]).lower()) for name in TEXTS | TRUTHS if values[name] is not None]
    return keys


def _spans(given: Medicines, stated: list[Said]) -> dict[str, tuple[Span, ...]]:
    """Where the proposal names each id."""
    from bedside.drugs import kinds

    places: dict[str, list[Span]] = {}
    for order in given.orders:
        for id in kinds(order.id):
            places.setdefault(id, []).append(Span(order.start, order.end, "drug"))
    for one in stated:
        places.setdefault(one.id, []).append(Span(one.start, one.end, "statement"))
    return {id: tuple(found) for id, found in places.items()}
