"""What an Observation measured: its name alone, by which its values belong together and rules know it."""

from __future__ import annotations

import re

from bedside.facts.in_chart import words_of
from bedside.phenotypes._specimen import NOT_BLOOD
from bedside.types import Code, Entry

_BEHIND = re.compile(r"\s*\((?:reference|interpretation|flag|value string)\b.*", re.DOTALL)
_SAID = re.compile(r"[\s:：]+[<>≤≥]?=?\s*(?P<number>[-+]?\d[\d.,]*(?:[eE][-+]?\d+)?)$")


def measured_name(entry: Entry) -> str:
    """The name of what was measured, without the value, unit and range that readers of formats put behind it.

    A coding that says another specimen than blood is the name: "Potassium" of the urine is no potassium of the blood.

    >>> measured_name(Entry(id="1", kind="Observation", text="Potassium 6.20 mmol/L", value=6.2, unit="mmol/L"))
    'Potassium'
    >>> measured_name(Entry(id="2", kind="Observation", text="CA 19-9", value=35.0, unit="U/mL"))
    'CA 19-9'
    """
    if elsewhere := next((one.display for one in entry.codes if _is_elsewhere(one)), ""):
        return elsewhere
    words = _BEHIND.sub("", words_of(entry).split("\n", 1)[0]).strip()  # comments stand on lines of their own
    return _without_value(words, entry) or words or next((one.display for one in entry.codes if one.display), "")


def loinc_of(entry: Entry) -> str:
    """The LOINC code of what was measured; empty where no coding says one.

    >>> loinc_of(Entry(id="1", kind="Observation", codes=(Code("http://loinc.org", "2823-3"),)))
    '2823-3'
    """
    return next((one.code for one in entry.codes if "loinc" in one.system.casefold()), "")


def _is_elsewhere(code: Code) -> bool:
    return code.display.isascii() and NOT_BLOOD.search(code.display) is not None


def _without_value(words: str, entry: Entry) -> str:
    if isinstance(entry.value, str) and words.endswith(entry.value):
        return words.removesuffix(entry.value).rstrip(" :：")
    if entry.value is None:
        return words
    bare = words.removesuffix(entry.unit).rstrip() if entry.unit else words
    said = _SAID.search(bare)
    return bare[: said.start()] if said and _is(said["number"], entry.value) else words


def _is(written: str, value: float | str) -> bool:
    try:
        return float(written.replace(",", "")) == float(value.strip("<>≤≥= ") if isinstance(value, str) else value)
    except ValueError:
        return False
