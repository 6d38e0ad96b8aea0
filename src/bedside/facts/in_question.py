"""What a question itself says of the person: medicines and conditions named, pregnancy, age, allergies."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bedside.emergency.asking import readable
from bedside.facts.in_chart import is_allergy
from bedside.facts.names import find
from bedside.facts.person import Known, Person
from bedside.lang import tr
from bedside.phenotypes._patient import patient_of
from bedside.phenotypes.context import contexts

_PREGNANT = re.compile(
    r"\b(?:pregnan(?:t|cy)(?! (?:test|prevention))|expecting a baby|trying to conceive|trimester|\d+ weeks along)\b"
    r"|怀孕|孕妇|孕期|妊娠(?!纹)|备孕|孕\d|孕[早中晚]期",
    re.IGNORECASE,
)
_NURSING = re.compile(
    r"\b(?:breast[ -]?feeding|breast[ -]?feed|nursing (?:my|a)|lactating)\b|哺乳|喂奶|母乳", re.IGNORECASE
)
_AGE = re.compile(
    r"\b(?:i'm|i am|he's|he is|she's|she is|age:) (\d{1,3})\b(?! ?(?:weeks?|months?|days?|hours?|kg|lbs?|cm|mg|%|/))"
    r"|\b(\d{1,3}) ?(?:yo|y/o|[mf])\b|年龄[:：]\s*(\d{1,3})(?!\s*(?:月|天|周))",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\b(?:history|died|had)\b|去世|病史|遗传", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about: ids of medicines and of their kinds, and what it says of the person."""

    medicines: tuple[str, ...]
    person: Person


def asked(question: str) -> Asked:
    """What a question names and says.

    >>> asked("I'm 20 weeks pregnant with asthma. Can I take Advil?").medicines
    ('nsaid',)
    """
    text = readable(question)
    found = list(find(text))
    said = contexts(text, [(one.start, one.end) for one in found])
    medicines: dict[str, Known] = {}
    conditions: dict[str, Known] = {}
    allergies: dict[str, Known] = {}
    for one, context in zip(found, said, strict=True):
        words = text[one.start : one.end]
        if one.thing.kind == "medicine" and is_allergy(text[: one.start][-60:], text[one.end :][:24]):
            if not context.negated:
                allergies.setdefault(one.thing.id, Known(words, (), one.thing.kinds))
        elif one.thing.kind == "medicine":
            medicines.setdefault(one.thing.id, Known(words, (), one.thing.kinds))
        elif not context.negated and not (context.family and _OTHER.search(text)):
            conditions.setdefault(one.thing.id, Known(words, (), one.thing.kinds))
    told = patient_of(text)
    person = Person(
        age_years=told.age_years if told.age_years is not None else _age(text),
        sex=told.sex or "unknown",
        conditions=tuple(conditions.values()),
        medicines=tuple(medicines.values()),
        allergies=tuple(allergies.values()),
        pregnant=_state(_PREGNANT, text, tr("pregnancy", "妊娠")),
        breastfeeding=_state(_NURSING, text, tr("breastfeeding", "哺乳")),
    )
    kinds = dict.fromkeys(id for one in medicines.values() for id in one.things)
    return Asked(tuple(kinds), person)


def _age(text: str) -> float | None:
    """An age as people say it in a question: "I'm 70", 64M."""
    said = _AGE.search(text)
    years = float(next(part for part in said.groups() if part)) if said else None
    return years if years is None or years <= 120 else None


def _state(pattern: re.Pattern[str], text: str, name: str) -> Known | None:
    spans = [match.span() for match in pattern.finditer(text)]
    return Known(name) if any(not one.negated for one in contexts(text, spans)) else None
