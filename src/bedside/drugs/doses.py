"""The dose that the words of an order say, in mg a dose and mg a day where that can be computed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bedside.drugs._amounts import amount, milligrams
from bedside.drugs._frequency import divided, per_day
from bedside.drugs._routes import route
from bedside.drugs._written import NUMBER, number

_MAX = re.compile(
    r"(?P<cue>max(?:imum)?(?:\s+(?:daily\s+)?dose)?(?:\s+of)?|not (?:to )?exceed(?:ing)?|no more than|up to|"
    r"不(?:得)?超过|最大(?:剂)?量?|极量|最多)[\s:：为]*(?P<words>[^;；。,，]{0,24})",
    re.IGNORECASE,
)
_A_DAY = re.compile(
    r"/\s*(?:day|d(?![a-z])|24\s*h|日|天)|per day|a day|daily|24 hours|每[日天]|一[日天]|日", re.IGNORECASE
)
_DAYS = re.compile(
    rf"(?:for|x|×|共|疗程|连用|连服|服用?|用药?)\s*(?P<n>{NUMBER})\s*-?(?P<unit>days?|d(?![a-z])|weeks?|wks?|months?|天|日|周|个?月)|"
    rf"(?P<n2>\d+)-(?P<unit2>day|week)(?:\s+course)?",
    re.IGNORECASE,
)
_LENGTH = {"d": 1.0, "天": 1.0, "日": 1.0, "w": 7.0, "周": 7.0, "m": 30.0, "月": 30.0, "个": 30.0}


@dataclass(frozen=True, slots=True)
class Dose:
    """How much (the upper end of a range), how often, by which way and for how long; None where nothing is said.

    `unit` is mg, g, mcg, iu, meq, mmol, ml or tablet; `each_mg` the mg in a tablet or ml; `daily` and `weekly` tell
    that `amount` is that of a whole day or week; `rate` that it is one of an infusion; `per_day` is 1/7 for weekly;
    `max_per_day_mg` is the limit that the order sets itself.
    """

    amount: float | None = None
    unit: str = ""
    low: float | None = None
    per_kg: bool = False
    daily: bool = False
    weekly: bool = False
    rate: bool = False
    each_mg: float | None = None
    per_day: float | None = None
    route: str | None = None
    days: float | None = None
    as_needed: bool = False
    max_per_day_mg: float | None = None

    @property
    def mg_per_dose(self) -> float | None:
        """mg at a time; None for units that are no mass, for mg/kg and for infusions.

        >>> dose("two tablets of 500 mg tid").mg_per_dose
        1000.0
        """
        whole = self._mg()
        if whole is None:
            return None
        if self.weekly:
            return whole
        return whole / (self.per_day or 1.0) if self.daily else whole

    @property
    def mg_per_day(self) -> float | None:
        """mg a day, at most what the order itself allows; of a weekly dose the mean.

        >>> dose("1 g q6h").mg_per_day, dose("500 mg q4h prn, max 2 g/day").mg_per_day, dose("10 mg").mg_per_day
        (4000.0, 2000.0, None)
        """
        whole = self._mg()
        if whole is None:
            return self.max_per_day_mg
        times = 1.0 if self.daily else 1 / 7 if self.weekly else self.per_day
        total = whole * times if times else None
        stated = [one for one in (total, self.max_per_day_mg) if one is not None]
        return min(stated) if stated else None

    def of_weight(self, kg: float) -> Dose:
        """The dose for a patient of this weight; one that is not by weight stays as it is.

        >>> dose("15 mg/kg q6h").of_weight(20).mg_per_day
        1200.0
        """
        if not self.per_kg or self.amount is None:
            return self
        return replace(self, amount=self.amount * kg, low=self.low and self.low * kg, per_kg=False)

    def _mg(self) -> float | None:
        if self.amount is None or self.per_kg or self.rate:
            return None
        if self.each_mg is not None:
            return self.amount * self.each_mg
        return milligrams(self.amount, self.unit)


def dose(text: str) -> Dose:
    """The dose in the words that stand with one medicine; an empty one where they say none.

    >>> told = dose("每次 0.5 g，一日 3 次，口服，共 7 天")
    >>> told.mg_per_dose, told.per_day, told.route, told.days
    (500.0, 3.0, 'oral', 7.0)
    """
    limit, rest = _limit(text)
    found = amount(rest)
    shared = divided(rest)
    often = shared or per_day(rest)
    told = Dose(per_day=often, route=route(text), days=_days(rest), as_needed=_as_needed(text), max_per_day_mg=limit)
    if found is None:
        return told
    daily = found.daily or (shared is not None and not found.weekly)
    weekly = found.weekly
    if daily and not shared:
        often = per_day(_without_day(rest)) or 1.0
    return replace(
        told, amount=found.amount, unit=found.unit, low=found.low, per_kg=found.per_kg, daily=daily, weekly=weekly,
        rate=found.rate, each_mg=found.each_mg, per_day=1 / 7 if weekly else often,
    )  # fmt: skip


def _limit(text: str) -> tuple[float | None, str]:
    """The most in a day that the order allows in mg, and the words without it."""
    match = _MAX.search(text)
    if match is None or not _A_DAY.search(match[0] + text[match.end() : match.end() + 2]):
        return None, text
    found = amount(match["words"])
    mass = found and (found.amount * found.each_mg if found.each_mg else milligrams(found.amount, found.unit))
    if not mass or found is None or found.per_kg:
        return None, text
    rest = text[: match.start()] + " ; " + text[match.end() :]
    return mass, rest if amount(rest) else text


def _without_day(text: str) -> str:
    return re.sub(r"/\s*(?:day|d(?![a-z])|日|天)|per day", " ", text, flags=re.IGNORECASE)


def _days(text: str) -> float | None:
    match = _DAYS.search(text)
    if match is None:
        return None
    return number(match["n"] or match["n2"]) * _LENGTH[(match["unit"] or match["unit2"])[0].casefold()]


def _as_needed(text: str) -> bool:
    return (
        re.search(r"\bprn\b|p\.r\.n|as needed|when required|sos\b|必要时|需要时|按需", text, re.IGNORECASE) is not None
    )
