"""A measured value in the unit that it is compared in: mass and amount, counts, activities, and the few special ones.

HbA1c between NGSP % and IFCC mmol/mol: NGSP = 0.09148 x IFCC + 2.152 (Hoelzel W et al. Clin Chem 2004;50:166-74).
Albumin to creatinine from mg/mmol to mg/g: 1 mg/mmol is 8.84 mg/g, by creatinine's molar mass of 113.12 g/mol.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SAME = (
    (re.compile(r"\{[^}]*\}"), ""),
    (re.compile(r"10\*"), "10^"),
    (re.compile(r"[µμ]|mc(?=g|mol)"), "u"),
    (re.compile(r"[×*·✕]"), "x"),
    (re.compile(r"\[iu\]|\biu\b|i\.u\.|units?"), "u_"),
    (re.compile(r"mm\[hg\]|mm\s*hg|毫米汞柱"), "mmhg"),
    (re.compile(r"deci?litre|分升"), "dl"),
    (re.compile(r"litre|liter|升"), "l"),
    (re.compile(r"毫摩尔"), "mmol"),
    (re.compile(r"微摩尔"), "umol"),
    (re.compile(r"毫克"), "mg"),
    (re.compile(r"公斤|千克|kgs"), "kg"),
    (re.compile(r"厘米|公分"), "cm"),
    (re.compile(r"克"), "g"),
    (re.compile(r"²"), "2"),
    (re.compile(r"³"), "3"),
    (re.compile(r"⁹"), "9"),
    (re.compile(r"⁶"), "6"),
    (re.compile(r"per"), "/"),
    (re.compile(r"％"), "%"),
    (re.compile(r"[\s()]"), ""),
)
_PREFIX = {"": 1.0, "k": 1e3, "d": 0.1, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12, "f": 1e-15}
_VOLUME = {"l": 1.0, "dl": 0.1, "ml": 1e-3, "ul": 1e-6, "mm3": 1e-6, "cumm": 1e-6, "cmm": 1e-6, "fl": 1e-15}
_PER_VOLUME = re.compile(r"([kmunpf]?)(g|mol|eq)/(d?l|ml|ul)")
_COUNT = re.compile(r"(?:x?10\^?(\d{1,2})|([km万])|(\d{3,4})?)(?:cells?|个)?/(l|ul|mm3|mm\^3|cumm|cmm|ml|dl|fl)")
_ACTIVITY = re.compile(r"([mku]?)(?:u_|u|iu)/(l|ml|dl)")
_OTHER: dict[str, tuple[str, float]] = {
    "%": ("share", 1.0),
    "mmol/mol": ("ifcc", 1.0),
    "kg": ("weight", 1.0),
    "g": ("weight", 1e-3),
    "lb": ("weight", 0.45359237),
    "lbs": ("weight", 0.45359237),
    "[lb_av]": ("weight", 0.45359237),
    "pounds": ("weight", 0.45359237),
    "cm": ("length", 1.0),
    "mm": ("length", 0.1),
    "m": ("length", 100.0),
    "in": ("length", 2.54),
    "inches": ("length", 2.54),
    "[in_i]": ("length", 2.54),
    "ms": ("time", 1.0),
    "msec": ("time", 1.0),
    "毫秒": ("time", 1.0),
    "s": ("time", 1000.0),
    "sec": ("time", 1000.0),
    "秒": ("time", 1000.0),
    "mmhg": ("pressure", 1.0),
    "kpa": ("pressure", 7.50062),
    "mg/g": ("ratio", 1.0),
    "ug/mg": ("ratio", 1.0),
    "mg/mmol": ("ratio", 8.84),
    "g/24h": ("daily", 1.0),
    "g/d": ("daily", 1.0),
    "g/day": ("daily", 1.0),
    "mg/24h": ("daily", 1e-3),
    "mg/d": ("daily", 1e-3),
    "mg/day": ("daily", 1e-3),
    "c": ("celsius", 1.0),
    "cel": ("celsius", 1.0),
    "°c": ("celsius", 1.0),
    "℃": ("celsius", 1.0),
    "度": ("celsius", 1.0),
    "f": ("fahrenheit", 1.0),
    "°f": ("fahrenheit", 1.0),
    "[degf]": ("fahrenheit", 1.0),
    "kg/m2": ("bmi", 1.0),
    "kg/m^2": ("bmi", 1.0),
    "mm/h": ("rate", 1.0),
    "mm/hr": ("rate", 1.0),
}
_CLEARANCE = re.compile(r"ml/min(?:ute)?(?:/|/1\.?73(?:m\^?2)?|/m2)?|ml/分钟?(?:/1\.73m2)?|ml·min-1.*")
_PULSE = re.compile(r"(?:beats?|breaths?|bpm|次)?/?(?:min(?:ute)?|分钟?)|bpm|次")


@lru_cache(maxsize=4096)
def measure(unit: str) -> tuple[str, float] | None:
    """What kind of unit it is and how many of that kind's own unit it makes; None for a unit that is not known.

    >>> measure("g/dL"), measure("x10^9/L"), measure("10*3/uL"), measure("万/μL")
    (('mass', 10.0), ('count', 1000000000.0), ('count', 1000000000.0), ('count', 10000000000.0))
    """
    said = unit.lower().strip()
    for pattern, written in _SAME:
        said = pattern.sub(written, said)
    said = said.rstrip(".")
    if said in _OTHER:
        return _OTHER[said]
    if match := _PER_VOLUME.fullmatch(said):
        prefix, of, volume = match.groups()
        kind = "mass" if of == "g" else "amount"
        return kind, float(f"{_PREFIX[prefix] / _VOLUME[volume]:.12g}")
    if match := _COUNT.fullmatch(said):
        power, letter, plain, volume = match.groups()
        times = 10.0 ** int(power) if power else {"k": 1e3, "m": 1e6, "万": 1e4}.get(letter or "", float(plain or 1))
        return "count", float(f"{times / _VOLUME[volume.replace('^', '')]:.12g}")
    if match := _ACTIVITY.fullmatch(said):
        return "activity", float(f"{_PREFIX[match[1]] / _VOLUME[match[2]]:.12g}")
    if _CLEARANCE.fullmatch(said):
        return "clearance", 1.0
    return ("pulse", 1.0) if _PULSE.fullmatch(said) else None


def in_unit(value: float, unit: str, wanted: str, molar_mass: float | None = None) -> float | None:
    """A value in another unit, None where the one cannot be said in the other.

    >>> round(in_unit(1.2, "mg/dL", "umol/L", 113.12), 1), in_unit(13.2, "g/dL", "g/L")
    (106.1, 132.0)
    >>> round(in_unit(53, "mmol/mol", "%"), 1), in_unit(5, "mmHg", "kg")
    (7.0, None)
    """
    one, other = measure(unit), measure(wanted)
    if one is None or other is None:
        return None
    (kind, factor), (target, scale) = one, other
    if kind == target:
        return float(f"{value * factor / scale:.10g}")
    if (kind, target) == ("ifcc", "share"):
        return 0.09148 * value + 2.152
    if (kind, target) == ("share", "ifcc"):
        return (value - 2.152) / 0.09148
    if (kind, target) == ("fahrenheit", "celsius"):
        return (value - 32) / 1.8
    if molar_mass and (kind, target) == ("mass", "amount"):
        return value * factor / molar_mass / scale
    if molar_mass and (kind, target) == ("amount", "mass"):
        return value * factor * molar_mass / scale
    return None
