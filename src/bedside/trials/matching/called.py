"""What a concept is called in the user's language, from the names of the tables; itself where they have none."""

from __future__ import annotations

from functools import cache

from bedside.cleaning.language import HAN
from bedside.lang import current
from bedside.phenotypes.tables import (
    Analyte,
    Concept,
    Medicine,
    Scale,
    analytes,
    concepts,
    medicine_classes,
    medicines,
    scales,
)
from bedside.trials.criteria.lexicon import read_table


def called(concept: str) -> str:
    """The name in the language in force.

    >>> from bedside.lang import speaking
    >>> with speaking("zh"):
    ...     called("myocardial infarction"), called("metformin")
    ('心肌梗死', '二甲双胍')
    >>> called("心肌梗死")
    'myocardial infarction'
    """
    chinese = current() == "zh"
    if bool(HAN.search(concept)) == chinese:
        return concept
    english, other = _names().get(concept.strip().lower(), ("", ""))
    return (other if chinese else english) or concept


@cache
def _names() -> dict[str, tuple[str, str]]:
    """Each name in lower case, with the English and the Chinese one of what it means; the first table that has it."""
    found: dict[str, tuple[str, str]] = {}
    borrowed = [
        row for table in ("diagnoses", "procedures", "medicines", "measurements", "scales") for row in read_table(table)
    ]
    rows: list[Concept | Analyte | Medicine | Scale] = [*concepts(), *analytes(), *medicine_classes(), *medicines()]
    rows += scales()
    every = [(one.name, one.names) for one in rows]
    for name, names in [*every, *((name, names) for name, _, names in borrowed)]:
        chinese = next((one for one in names if HAN.search(one)), "")
        for one in (name, *names):
            found.setdefault(one.lower(), (name, chinese))
    return found
