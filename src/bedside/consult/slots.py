"""Which questions to ask back before answering, the weightiest first, and a question with an answer put in.

A question about a symptom is asked for signs of danger, duration, severity, age and, where it can apply, pregnancy; one
about a medicine for what the table of cautions knows of that medicine; a general question is answered as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bedside.cleaning.language import HAN
from bedside.consult import _slot_words as words
from bedside.consult._cautions import AGE, cautions
from bedside.consult._symptoms import Symptom, symptoms_in
from bedside.emergency.asking import is_general, readable
from bedside.facts.in_question import Asked, asked
from bedside.facts.names import things
from bedside.facts.person import Person
from bedside.lang import tr

LISTED = 5
"""Conditions or medicines that one question names."""
FERTILE_YEARS = (11, 56)
_MAY_USE = re.compile(
    r"\b(?:can|could|should|may|must) (?:i|we|he|she|my|our|you)\b|\b(?:safe|ok|okay|all right|alright)\b"
    r"|(?:能|可以|可不可以|能不能|要不要|该不该|应该)[^。？\n]{0,8}(?:吃|用|服|喝|打|停)|(?:吃|用|服|"
    r"喝)[^。？\n]{0,10}(?:可以|行|安全)",
    re.IGNORECASE,
)
"""Asks whether somebody may use a thing, without saying who."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Something that is not known and matters: what to ask, in the user's language, and why.

    `signs` are the signs of danger that a slot of that kind lists.
    """

    id: str
    question: str
    why: str
    signs: str = ""


def missing(question: str, person: Person | None) -> tuple[Slot, ...]:
    """What to ask before answering, the weightiest first; nothing for a general question.

    >>> [slot.id for slot in missing("Can I take ibuprofen?", None)]
    ['pregnancy', 'conditions', 'medicines', 'allergies', 'age']
    >>> missing("What is diabetes?", None)
    ()
    """
    text = readable(question)
    told = asked(question)
    complaints = symptoms_in(question)
    if not complaints and (not told.medicines or (is_general(text) and not _MAY_USE.search(text))):
        return ()
    known = person or Person()
    asks = _of_medicine if told.medicines else _of_symptom
    return tuple(slot for slot in asks(text, told, known, complaints) if not words.is_told(slot.id, text))


def with_answer(question: str, slot: Slot, answer: str) -> str:
    """The question with the answer to a slot put in words that the recognisers read; an empty answer changes nothing.

    >>> with_answer("Can I take ibuprofen?", Slot("pregnancy", "", ""), "no")
    'Can I take ibuprofen? I am not pregnant.'
    >>> with_answer("能吃布洛芬吗？", Slot("pregnancy", "", ""), "孕20周")
    '能吃布洛芬吗？ 我怀孕了：孕20周。'
    """
    said = answer.strip().strip(".。")
    if not said:
        return question
    kind = "no" if words.NO.fullmatch(said) else "yes" if words.YES.fullmatch(said) else "told"
    forms = words.ANSWERS[slot.id][1 if HAN.search(question) else 0]
    form = forms.get(kind) or forms["told"]
    signs = slot.signs or said
    return f"{question.rstrip()} {form.format(said=said, signs=signs)}"


def _of_symptom(text: str, told: Asked, person: Person, complaints: list[Symptom]) -> Iterator[Slot]:
    signs = tr(*complaints[0].signs)
    why = tr("these would make it an emergency", "出现这些即为急症")
    yield Slot("companions", tr(f"Is there any of these: {signs}?", f"是否有以下情况：{signs}？"), why, signs)
    yield _duration()
    yield Slot(
        "severity",
        tr("How bad is it: mild, moderate or severe? Is it getting worse?", "程度如何：轻、中还是重？是否在加重？"),
        tr("how soon it must be seen depends on it", "决定需要多快就诊"),
    )
    if person.age_years is None and told.person.age_years is None:
        yield _age(tr("the likely causes differ by age", "不同年龄的常见原因不同"))
    if any(one.pregnancy for one in complaints) and _may_be_pregnant(text, told, person):
        yield _pregnancy(tr("it changes the likely causes and the urgency", "影响可能的原因和紧急程度"))
    if not person.medicines and not told.person.medicines:
        yield Slot(
            "medicines",
            tr(
                "Which medicines are taken, over-the-counter and herbal ones too?",
                "正在用哪些药（包括非处方药和中药）？",
            ),
            tr("a medicine may be the cause", "药物本身可能是原因"),
        )


def _of_medicine(text: str, told: Asked, person: Person, complaints: list[Symptom]) -> Iterator[Slot]:
    rows = [row for row in cautions() if row.of in told.medicines]
    facts = {row.with_ for row in rows} | {row.of for row in cautions() if row.with_ in told.medicines}
    name = told.person.medicines[0].name
    if _may_be_pregnant(text, told, person):
        yield _pregnancy(tr(f"{name} may not be safe for the baby", f"{name}可能影响胎儿"))
    listed = _list([id for row in rows for id in (row.with_,)], "condition")
    if listed and not person.conditions and not told.person.conditions:
        ask = tr(f"Are there any of these: {listed}? Anything else?", f"是否有：{listed}？还有其他疾病吗？")
        yield Slot("conditions", ask, tr(f"{name} can be harmful with them", f"有这些疾病时用{name}可能有害"))
    listed = _list(sorted(facts), "medicine")
    if not person.medicines and len(told.person.medicines) < 2:
        more = tr(f", for example {listed}", f"，例如{listed}") if listed else ""
        ask = tr(f"Which other medicines are taken{more}?", f"还在用哪些药{more}？")
        yield Slot("medicines", ask, tr("medicines can harm each other's effect", "药物之间可能相互影响"))
    if not person.allergies and not told.person.allergies:
        ask = tr("Has any medicine ever caused an allergic reaction?", "是否对药物过敏？")
        yield Slot("allergies", ask, tr("an allergy can be life-threatening", "过敏可危及生命"))
    if person.age_years is None and told.person.age_years is None:
        aged = any(AGE.fullmatch(row.with_) for row in rows)
        why = (
            tr(f"{name} is not for every age", f"{name}并非各年龄均可用")
            if aged
            else tr("doses depend on age", "剂量与年龄有关")
        )
        yield _age(why)
    if complaints:
        yield _duration()


def _list(ids: list[str], kind: str) -> str:
    """Names of things of a kind, the first few, as a list in words."""
    named = dict.fromkeys(tr(*things()[id].name) for id in ids if id in things() and things()[id].kind == kind)
    return tr(", ", "、").join(list(named)[:LISTED])


def _may_be_pregnant(text: str, told: Asked, person: Person) -> bool:
    """Whether it is unknown and possible: not for men, children and women past the age, nor where it is told."""
    if person.pregnant or told.person.pregnant:
        return False
    sex = person.sex if person.sex in ("male", "female") else told.person.sex
    age = told.person.age_years if told.person.age_years is not None else person.age_years
    low, high = FERTILE_YEARS
    return (
        sex != "male"
        and not words.NOT_FERTILE.search(text)
        and (age is None or low <= age <= high)
        and not words.CHILD.search(text)
    )


def _duration() -> Slot:
    ask = tr("Since when, and is it constant or does it come and go?", "从什么时候开始？是持续还是时有时无？")
    return Slot(
        "duration", ask, tr("what began today is handled otherwise than what lasts for months", "急性与慢性的处理不同")
    )


def _age(why: str) -> Slot:
    return Slot("age", tr("How old is the person?", "患者多大年龄？"), why)


def _pregnancy(why: str) -> Slot:
    return Slot("pregnancy", tr("Is the person pregnant, or could she be?", "是否怀孕或可能怀孕？"), why)
