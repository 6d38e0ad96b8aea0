"""The careful half of an answer: who it is for, what to search for besides, and what this person has to mind.

Warnings rest on the table of cautions (data/cautions.toml, each row with its source), on the rules about two medicines
(together.py) and on the label sections among the passages found. Each names the fact it rests on, in the chart or in
the question, and its citation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bedside.consult._base import Warning
from bedside.consult._cautions import AGE, Caution, cautions
from bedside.consult._labels import AGES, meetings, pattern_of
from bedside.consult.together import together
from bedside.emergency.asking import readable
from bedside.facts.in_question import asked
from bedside.facts.names import kinds_in, things
from bedside.facts.person import Known, Person
from bedside.lang import tr
from bedside.types import Passage

MOST = 12
"""Warnings of one answer."""
_PREGNANCY = re.compile(r"pregnan|teratogen|fetal|foetal|fetus|孕|胎儿|致畸", re.IGNORECASE)
_NURSING = re.compile(r"lactat|breast.?feed|nursing|human milk|哺乳|乳汁", re.IGNORECASE)


def expanded(question: str, person: Person) -> tuple[str, ...]:
    """Further search terms: each medicine asked about with the person's facts that a caution is known for.

    >>> expanded("Can I take ibuprofen?", Person(conditions=(Known("CKD stage 3", ("c1",), ("ckd",)),)))
    ('ibuprofen kidney disease',)
    """
    told = asked(question)
    words = {id: known.name for known in told.person.medicines for id in known.things}
    terms = []
    for row, because in _meeting(told.medicines, _both(person, told.person)):
        medicine = words.get(row.of)
        if medicine:
            terms.append(f"{medicine} {_named(row.with_, because)}")
        elif row.with_ in words:
            terms.append(f"{words[row.with_]} {tr(*things()[row.of].name)}")
    if told.medicines and not terms:
        facts = [*person.conditions[:3], *person.allergies[:1]]
        terms = [f"{known.name} {one.name}" for known in told.person.medicines[:1] for one in facts]
    return tuple(dict.fromkeys(terms))[:8]


def warnings(question: str, passages: Sequence[Passage], person: Person) -> tuple[Warning, ...]:
    """What this person has to mind, what to avoid first: from the table, the rules, the labels among the passages.

    A medicine counts when the question names it; one that only the passages name, when the table says to avoid it.
    """
    told = asked(question)
    whole = _both(person, told.person)
    found = [_warning(row, because) for row, because in _meeting(told.medicines, whole)]
    if not told.medicines:
        texts = readable("\n".join(passage.text for passage in passages[:3]))
        more = _meeting(kinds_in(texts, "medicine"), person, pairs=False)
        found += [_warning(row, because) for row, because in more if row.level == "avoid"]
    found += together(question, person, _is_told)
    found += _from_labels(question, passages, told.medicines, whole)
    found.sort(key=lambda one: one.level != "avoid")
    return tuple({(one.id, one.text): one for one in found}.values())[:MOST]


def _both(person: Person, said: Person) -> Person:
    """The chart's person with what the question says beside it; the question's age is the one asked about."""
    return Person(
        age_years=said.age_years if said.age_years is not None else person.age_years,
        sex=person.sex if person.sex in ("male", "female") else said.sex,
        conditions=(*person.conditions, *said.conditions),
        medicines=(*person.medicines, *said.medicines),
        allergies=(*person.allergies, *said.allergies),
        pregnant=person.pregnant or said.pregnant,
        breastfeeding=person.breastfeeding or said.breastfeeding,
    )


def _meeting(medicines: Sequence[str], person: Person, *, pairs: bool = True) -> Iterator[tuple[Caution, Known]]:
    """The rows that a medicine asked about and a fact of the person meet in, with the fact."""
    for row in cautions():
        if row.of in medicines:
            if because := _fact(row, person):
                yield row, because
        elif pairs and row.with_ in medicines and (because := _held(person.medicines, row.of)):
            yield row, because


def _is_told(one: str, other: str) -> bool:
    """Whether the table of cautions knows two medicines together."""
    both = asked(f"{one}, {other}")
    return any(True for _ in _meeting(both.medicines, both.person))


def _fact(row: Caution, person: Person) -> Known | None:
    if row.with_ == "pregnancy":
        return person.pregnant
    if row.with_ == "breastfeeding":
        return person.breastfeeding
    if AGE.fullmatch(row.with_):
        return Known(_aged(person.age_years)) if row.age_meets(person.age_years) else None
    if row.with_.startswith("allergy:"):
        return _held(person.allergies, row.with_.removeprefix("allergy:"))
    medicine = things()[row.with_].kind == "medicine"
    return _held(person.medicines, row.with_, but=row.of) if medicine else _held(person.conditions, row.with_)


def _held(facts: Sequence[Known], id: str, but: str = "") -> Known | None:
    """The fact of that kind, the chart's own first; not one that is itself the medicine meant."""
    fits = [one for one in facts if id in one.things and (not but or but not in one.things)]
    return min(fits, key=lambda one: not one.entries, default=None)


def _warning(row: Caution, because: Known) -> Warning:
    return Warning(tr(*row.text), _because(because), row.source, because.entries, row.id, row.level)


def _because(known: Known) -> str:
    where = tr("in the chart", "病历记载") if known.entries else tr("in the question", "问题所述")
    return tr(f"{known.name} ({where})", f"{known.name}（{where}）")


def _aged(age_years: float | None) -> str:
    return tr(f"age {age_years:g} years", f"{age_years:g} 岁")


def _named(with_: str, because: Known) -> str:
    return tr(*things()[with_].name) if with_ in things() else because.name


def _from_labels(
    question: str, passages: Sequence[Passage], medicines: Sequence[str], person: Person
) -> Iterator[Warning]:
    facts = [(one, pattern_of(one.name, one.things)) for one in (*person.conditions, *person.allergies)]
    facts += [
        (one, pattern_of(one.name, one.things)) for one in person.medicines if not set(one.things) & set(medicines)
    ]
    facts += [
        (one, pattern) for one, pattern in ((person.pregnant, _PREGNANCY), (person.breastfeeding, _NURSING)) if one
    ]
    for pattern, low, high in AGES.values():
        if person.age_years is not None and low <= person.age_years < high:
            facts.append((Known(_aged(person.age_years)), pattern))
    by_name = {one.name: one for one, _ in facts}
    for said in meetings(passages, medicines, question, [(one.name, pattern) for one, pattern in facts]):
        known = by_name[said.fact]
        yield Warning(said.sentence, _because(known), said.passage.citation, known.entries, said.passage.id)
