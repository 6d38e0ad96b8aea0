"""A person as the guards read one: plain facts, without the entries that say so."""

from __future__ import annotations

from typing import get_args

from bedside.facts.person import Known, Person
from bedside.types import Allergy, Facts, Sex


def as_facts(*told: Person) -> Facts:
    """The facts of one person told of in several places, such as a chart and a question; the first says age and sex.

    >>> as_facts(Person(sex="female"), Person(age_years=30, medicines=(Known("warfarin"),)))
    Facts(age_years=30, sex='female', pregnant=None, breastfeeding=None, weight_kg=None, height_cm=None)
    """
    sex: list[Sex] = [one for one in get_args(Sex) for person in told if person.sex == one != "unknown"]
    return Facts(
        age_years=next((one.age_years for one in told if one.age_years is not None), None),
        sex=sex[0] if sex else "unknown",
        pregnant=True if any(one.pregnant for one in told) else None,
        breastfeeding=True if any(one.breastfeeding for one in told) else None,
        allergies=tuple(Allergy(name) for name in _names(*(one.allergies for one in told))),
        conditions=_names(*(one.conditions for one in told)),
        medications=_names(*(one.medicines for one in told)),
    )


def _names(*several: tuple[Known, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(known.name for some in several for known in some))
