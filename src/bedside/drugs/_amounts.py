"""How much at a time: masses, units, volumes with a concentration, tablets with a strength."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bedside.drugs._written import DIGITS, NUMBER, RANGE, number

_MG = {
    "kg": 1e6,
    "g": 1e3,
    "克": 1e3,
    "gram": 1e3,
    "mg": 1.0,
    "毫克": 1.0,
    "mcg": 1e-3,
    "ug": 1e-3,
    "微克": 1e-3,
    "ng": 1e-6,
}
_UNIT = (
    r"(?P<unit>mg|milligrams?|mcg|micrograms?|[µμu]g|ng|grams?|gm?|kIU|IU|units?|iu|U|mEq|mmol|m[lL]|cc|毫克|微克|克|毫升|"
    r"万国际单位|国际单位|万单位|万u|单位)(?![A-Za-z])(?!\s*/\s*(?:d[lL]|[lL]|100|m[lL]/min))"
)
_MASS = re.compile(
    rf"(?<![\d.])(?P<low>{RANGE})(?P<amount>{NUMBER})\s*-?{_UNIT}"
    r"(?P<kg>\s*(?:/|per|每)\s*(?:kg|公斤|千克))?"
    r"(?P<per>\s*(?:/|per|every(?!\s*h)|·)\s*(?P<each>day|d|24\s*h(?:ours?|rs?)?|日|天|dose|次|h(?:r|our)?|min(?:ute)?|week|wk|周|片|粒|袋|支|"
    rf"tab(?:let)?|cap(?:sule)?|puff|(?P<per_ml>{DIGITS})?\s*m[lL]|毫升)(?![A-Za-z]))?",
    re.IGNORECASE,
)
_PIECES = (
    r"tab(?:let)?s?|cap(?:sule|let)?s?|pills?|puffs?|sprays?|drops?|sachets?|patch(?:es)?|supp(?:ositor(?:y|ies))?|"
    r"ampoules?|amps?|vials?|片|粒|袋|支|丸|滴|喷|吸|包|颗|枚|贴|瓶"
)
_COUNT = re.compile(
    rf"(?<![\d.A-Za-z/])(?P<low>{RANGE})(?P<n>{NUMBER})(?![\d.])(?:(?:\s+|\s*[x×]\s*)(?P<each>{DIGITS})(?P<each_unit>\s*-?(?:mg|g|mcg)))?\s*"
    rf"(?:extra[- ]strength\s+)?(?P<piece>{_PIECES})(?![A-Za-z])",
    re.IGNORECASE,
)
_TIMES = re.compile(
    rf"(?<![\d.])(?P<n>[1-9])\s*[x×]\s*(?P<amount>{DIGITS})\s*(?P<unit>mg|g|mcg)(?![A-Za-z])", re.IGNORECASE
)
_EACH_DOSE = re.compile(r"(?:每次|一次|each time|a time|at a time|每回|单次)[^\d]{0,6}\Z", re.IGNORECASE)
_OF_EACH = re.compile(r"\A\s*(?:each|apiece|per tab)|(?:每片|每粒|每袋|规格)[^\d]{0,4}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """What is taken at a time, the upper end where a range is given; `each_mg` is the strength of a tablet or a ml."""

    amount: float
    unit: str
    low: float | None = None
    per_kg: bool = False
    daily: bool = False
    rate: bool = False
    weekly: bool = False
    each_mg: float | None = None


def milligrams(amount: float, unit: str) -> float | None:
    """A mass in mg; None for what is not a mass.

    >>> milligrams(0.5, "g"), milligrams(125, "mcg"), milligrams(10, "IU")
    (500.0, 0.125, None)
    """
    factor = _MG.get(unit)
    return None if factor is None else amount * factor


def amount(text: str) -> Amount | None:
    """The first amount in the words of an order.

    >>> amount("two tablets of 500 mg") == Amount(2, "tablet", each_mg=500)
    True
    >>> amount("5 mg/kg/day") == Amount(5, "mg", per_kg=True, daily=True)
    True
    """
    masses = [match for match in _MASS.finditer(text) if not _concentration(match) or match["per_ml"]]
    taken = [match for match in masses if not _strength(text, match)]
    strengths = [match for match in masses if match not in taken]
    if times := _TIMES.search(text):
        return Amount(number(times["n"]), "tablet", each_mg=_mg(times["amount"], times["unit"]))
    count = _COUNT.search(text)
    if count and not _numberless(count):
        return _counted(text, count, taken, strengths)
    return _weighed(taken, strengths)


def _counted(text: str, count: re.Match[str], taken: list[re.Match[str]], strengths: list[re.Match[str]]) -> Amount:
    """So many tablets: a mass before them is a strength, unless it is said to be what is taken each time."""
    if count["each"] and count["each_unit"]:
        return Amount(number(count["n"]), "tablet", each_mg=_mg(count["each"], count["each_unit"]))
    said = next((one for one in taken if _EACH_DOSE.search(text[: one.start()])), None)
    if said is not None:
        return _plain(said)
    if total := next((one for one in taken if one.start() >= count.end() and _bracketed(text, count, one)), None):
        return _plain(total)
    each = next((_mass_mg(one) for one in [*strengths, *taken] if _mass_mg(one) is not None), None)
    low = re.match(NUMBER, count["low"]) if count["low"] else None
    return Amount(number(count["n"]), "tablet", low=number(low[0]) if low else None, each_mg=each)


def _weighed(taken: list[re.Match[str]], strengths: list[re.Match[str]]) -> Amount | None:
    """A mass, or a volume whose concentration says the mass."""
    chosen = next(iter(taken or strengths), None)
    if chosen is None:
        return None
    plain = _plain(chosen)
    strong = next((one for one in strengths if _concentration(one)), None)
    if plain.unit == "ml" and strong is not None:
        mass = _mass_mg(strong)
        each = mass / number(strong["per_ml"] or "1") if mass is not None else None
        return Amount(plain.amount, "ml", plain.low, plain.per_kg, plain.daily, plain.rate, plain.weekly, each)
    return plain


def _plain(match: re.Match[str]) -> Amount:
    each = re.sub(r"[\s\d.]", "", (match["each"] or "")).casefold()
    low = re.match(NUMBER, match["low"], re.IGNORECASE) if match["low"] else None
    unit, factor = _unit(match["unit"])
    return Amount(
        number(match["amount"]) * factor,
        unit,
        low=number(low[0]) * factor if low else None,
        per_kg=bool(match["kg"]),
        daily=each in ("day", "d", "日", "天") or (each.startswith("h") and "24" in (match["each"] or "")),
        rate=each.startswith(("h", "min")) and "24" not in (match["each"] or ""),
        weekly=each in ("week", "wk", "周"),
    )


def _unit(said: str) -> tuple[str, float]:
    """The unit as it is kept, and by what the number is multiplied for it."""
    unit = said.casefold().replace("µ", "u").replace("μ", "u")
    if unit.startswith("万"):
        return "iu", 1e4
    names = {
        "units": "iu",
        "unit": "iu",
        "u": "iu",
        "单位": "iu",
        "国际单位": "iu",
        "gm": "g",
        "grams": "g",
        "gram": "g",
    }
    names |= {"cc": "ml", "毫升": "ml", "毫克": "mg", "克": "g", "微克": "mcg", "ug": "mcg", "milligram": "mg"}
    names |= {"milligrams": "mg", "microgram": "mcg", "micrograms": "mcg"}
    return names.get(unit, unit), 1.0


def _concentration(match: re.Match[str]) -> bool:
    return bool(match["each"]) and re.search(r"m[lL]\Z|毫升", match["each"]) is not None


def _strength(text: str, match: re.Match[str]) -> bool:
    """Whether a mass is that of one tablet or so many ml, not of a dose."""
    each = (match["each"] or "").casefold()
    if _concentration(match) or each in ("片", "粒", "袋", "支", "tab", "tablet", "cap", "capsule", "puff"):
        return True
    behind, before = text[match.end() : match.end() + 12], text[: match.start()]
    return bool(
        _OF_EACH.match(behind) if _OF_EACH.match(behind) else re.search(_OF_EACH.pattern, before, re.IGNORECASE)
    )


def _bracketed(text: str, count: re.Match[str], mass: re.Match[str]) -> bool:
    return text[count.end() : mass.start()].strip() in ("(", "（", "=", "＝", "即")


def _numberless(count: re.Match[str]) -> bool:
    """A strength before the form ("500 mg tablet", "5片装") is no count."""
    return not count["n"] or (count["n"].casefold() == "a" and count["piece"] == "pills")


def _mg(amount: str, unit: str) -> float | None:
    return milligrams(number(amount), _unit(unit.strip(" -"))[0])


def _mass_mg(match: re.Match[str]) -> float | None:
    return _mg(match["amount"], match["unit"])
