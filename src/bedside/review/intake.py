"""What goes to a person: answers withheld, verdicts of a guard, users' reports, and some of the rest by chance."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bedside.errors import IdentityError
from bedside.lang import speaking, tr
from bedside.model.folder import Model
from bedside.model.given import Given
from bedside.review._clean import clean, pseudonym
from bedside.review._item import PRIORITY, Item, Quote, Said, Why
from bedside.review._queue import Queue
from bedside.types import Abstained, Advice, Decision, Facts, Finding, Outcome, Proposal, Verdict

WHY: dict[Outcome, Why] = {
    "emergency": "emergency",
    "block": "blocked",
    "out_of_scope": "blocked",
    "warn": "warned",
    "allow": "sampled",
}
"""Why a proposal comes to a person, by its verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which share of what nobody asks about is read all the same (`rate`), and which share of all by two (`double`)."""

    rate: float = 0.0
    double: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Enqueued:
    """What became of items: ids of the new ones, how many were here, not drawn, or could not be freed of identity."""

    new: list[str]
    known: int
    not_drawn: int
    refused: int


def enqueue(queue: Queue, items: Iterable[Item], *, plan: Plan | None = None, by: str = "bedside") -> Enqueued:
    """Take items into the queue without identity; `group` is the patient's own name until here, and a pseudonym then.

    What is sent again, after a kill, is there once. Chance is drawn from the seed and the item alone.
    """
    plan, salt = plan or Plan(), queue.salt()
    fit: list[Item] = []
    not_drawn = refused = 0
    for item in items:
        if item.why == "sampled" and not drawn(item.id, plan.rate, plan.seed):
            not_drawn += 1
            continue
        try:
            cleaned = clean(replace(item, group=pseudonym(salt, item.group)))
        except IdentityError:
            refused += 1
            continue
        readers = 2 if drawn(f"double {cleaned.id}", plan.double, plan.seed) else cleaned.readers
        fit.append(replace(cleaned, readers=readers, priority=cleaned.priority or PRIORITY[cleaned.why]))
    new = queue.add(fit, by=by)
    return Enqueued(new=new, known=len(fit) - len(new), not_drawn=not_drawn, refused=refused)


def drawn(key: str, rate: float, seed: int) -> bool:
    """Whether chance chooses this key: the same for the same seed, whatever came before it.

    >>> drawn("a", 1.0, 0), drawn("a", 0.0, 0)
    (True, False)
    """
    number = int.from_bytes(hashlib.sha256(f"{seed} {key}".encode()).digest()[:8], "big")
    return number < rate * 2**64


def item_of_decision(
    model: Model, text: str, given: Given, decision: Decision, *, patient: str = "", name: str = ""
) -> Item | None:
    """A model's answer, or the text it gave none to; None where it failed: that is not a question for a reader.

    `name` is what the model is called; its version is the hash of its receipt.
    """
    item = Item(
        why="sampled",
        head=model.head,
        text=text,
        second=given.second,
        labels=model.labels,
        model=name,
        version=hashlib.sha256(json.dumps(model.receipt, sort_keys=True).encode()).hexdigest()[:12],
        group=patient,
    )
    if isinstance(decision, Abstained):
        return replace(item, why="abstained", reason=decision.reason)
    if not isinstance(decision, Advice):
        return None
    told = model.form.told(text, replace(given, tokens=()), decision.prediction)
    return replace(item, output=told, reason="; ".join(decision.limits))


def item_of_verdict(
    proposal: Proposal, verdict: Verdict, *, patient: str = "", name: str = "", version: str = ""
) -> Item:
    """A proposal that a guard judged; one that it let pass comes by chance."""
    with speaking(proposal.lang):
        asked = "\n".join(filter(None, (proposal.question, facts_in_words(proposal.facts))))
        nothing = tr("(nothing is known of the patient)", "（无患者资料）")
    return Item(
        why=WHY[verdict.outcome],
        head="generate",
        text=asked or nothing,
        output={"text": proposal.text},
        evidence=tuple(Quote(text=one) for one in proposal.evidence),
        outcome=verdict.outcome,
        findings=tuple(_said(one) for one in verdict.findings),
        lang=proposal.lang,
        model=name,
        version=version,
        group=patient,
    )


def facts_in_words(facts: Facts) -> str:
    """What is known of a patient, a line a kind; what was not said is left out.

    >>> print(facts_in_words(Facts(age_years=71, sex="female", conditions=["atrial fibrillation"])))
    age 71, female
    conditions: atrial fibrillation
    """
    age = tr(f"age {facts.age_years:g}", f"{facts.age_years:g} 岁") if facts.age_years is not None else ""
    sex = {"male": tr("male", "男"), "female": tr("female", "女")}.get(facts.sex, "")
    pregnant = tr("pregnant", "妊娠") if facts.pregnant else ""
    nursing = tr("breastfeeding", "哺乳") if facts.breastfeeding else ""
    comma = tr(", ", "，")
    allergies = [f"{one.substance} ({one.reaction})" if one.reaction else one.substance for one in facts.allergies]
    labs = [f"{one.name} {one.value} {one.unit}".strip() for one in facts.labs]
    parts = (
        ("", comma.join(filter(None, (age, sex, pregnant, nursing)))),
        (tr("conditions: ", "诊断："), comma.join(facts.conditions)),
        (tr("medications: ", "用药："), comma.join(facts.medications)),
        (tr("allergies: ", "过敏："), comma.join(allergies)),
        (tr("laboratory: ", "检验："), comma.join(labs)),
    )
    return "\n".join(f"{title}{words}" for title, words in parts if words)


def _said(one: Finding) -> Said:
    start, end = (one.spans[0].start, one.spans[0].end) if one.spans else (None, None)
    return Said(rule=one.rule, severity=one.severity, reason=one.reason, source=one.source, start=start, end=end)
