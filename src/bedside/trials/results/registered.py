"""Results that a trial registered (ClinicalTrials.gov API v2 JSON): outcomes by arm, effects stated and worked out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bedside.errors import DataError
from bedside.library.trial import part
from bedside.trials.results.effects import Effect, Measure, means, two_by_two

_CONTROL = re.compile(r"placebo|control|usual|standard of care|sham|no (?:treatment|intervention)", re.IGNORECASE)
_RATIOS: dict[str, Measure] = {
    "hazard": "HR",
    "odds": "OR",
    "risk ratio": "RR",
    "relative risk": "RR",
    "risk difference": "RD",
    "mean difference": "MD",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """What one group of patients came to: a count among `n`, or a mean with its spread."""

    name: str
    n: float | None
    value: float | None
    spread: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """An analysis as the registry states it."""

    method: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    p: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One outcome, or one category of it: its arms, what the registry states, and what the arms come to.

    `worked_out` compares each arm with the control; `disagree` says that a stated interval and ours do not meet.
    """

    trial: str
    title: str
    type: str
    time_frame: str
    unit: str
    measured: str
    arms: tuple[Arm, ...]
    stated: tuple[Stated, ...] = ()
    control: str = ""
    worked_out: tuple[tuple[str, Effect], ...] = ()
    disagree: bool = False


def outcomes(study: Mapping[str, Any]) -> Iterator[Outcome]:
    """The outcomes of one study record in the order of the registry, then its adverse events; none has none."""
    section = part(study, "protocolSection")
    id = str(part(section, "identificationModule").get("nctId") or "")
    results = part(study, "resultsSection")
    for one in _list(part(results, "outcomeMeasuresModule").get("outcomeMeasures")):
        yield from _outcomes(id, one)
    yield from _adverse(id, part(results, "adverseEventsModule"))


def _outcomes(trial: str, one: Mapping[str, Any]) -> Iterator[Outcome]:
    names = {str(group.get("id")): str(group.get("title") or group.get("id")) for group in _list(one.get("groups"))}
    sizes = _sizes(one)
    for row in _list(one.get("classes")):
        own = _sizes(row) or sizes
        for category in _list(row.get("categories")):
            title = ": ".join(filter(None, (str(part.get("title") or "") for part in (one, row, category))))
            arms = tuple(
                Arm(
                    name=names.get(str(said.get("groupId")), str(said.get("groupId"))),
                    n=own.get(str(said.get("groupId"))),
                    value=_number(said.get("value")),
                    spread=_number(said.get("spread")),
                    low=_number(said.get("lowerLimit")),
                    high=_number(said.get("upperLimit")),
                )
                for said in _list(category.get("measurements"))
            )
            measured = " ".join(str(one.get(key) or "") for key in ("paramType", "dispersionType")).strip()
            yield _with_effects(
                Outcome(
                    trial=trial,
                    title=title,
                    type=str(one.get("type") or ""),
                    time_frame=str(one.get("timeFrame") or ""),
                    unit=str(one.get("unitOfMeasure") or ""),
                    measured=measured,
                    arms=arms,
                    stated=tuple(_stated(said) for said in _list(one.get("analyses"))),
                )
            )


def _adverse(trial: str, module: Mapping[str, Any]) -> Iterator[Outcome]:
    names = {str(one.get("id")): str(one.get("title") or "") for one in _list(module.get("eventGroups"))}
    for kind, key in (("SERIOUS", "seriousEvents"), ("OTHER", "otherEvents")):
        for event in _list(module.get(key)):
            arms = tuple(
                Arm(
                    name=names.get(str(said.get("groupId")), ""),
                    n=_number(said.get("numAtRisk")),
                    value=_number(said.get("numAffected")),
                )
                for said in _list(event.get("stats"))
            )
            yield _with_effects(
                Outcome(
                    trial=trial,
                    title=str(event.get("term") or ""),
                    type=f"{kind} ADVERSE EVENT",
                    time_frame=str(module.get("timeFrame") or ""),
                    unit="Participants",
                    measured="COUNT_OF_PARTICIPANTS",
                    arms=arms,
                )
            )


def _with_effects(one: Outcome) -> Outcome:
    """With each arm compared to the control: by counts, or by means with standard deviations or errors."""
    control = next((arm for arm in one.arms if _CONTROL.search(arm.name)), None)
    if control is None and len(one.arms) == 2:
        control = one.arms[1]
    if control is None:
        return one
    found = []
    for arm in one.arms:
        effect = _effect(one.measured, arm, control) if arm is not control else None
        if effect is not None:
            found.append((arm.name, effect))
    made = replace(one, control=control.name, worked_out=tuple(found))
    return replace(made, disagree=_disagrees(made))


def _effect(measured: str, arm: Arm, control: Arm) -> Effect | None:
    sides = []
    for one in (arm, control):
        if one.value is None or not one.n:
            return None
        sides.append((one.value, one.spread, one.n))
    try:
        if "COUNT_OF_PARTICIPANTS" in measured:
            return two_by_two((sides[0][0], sides[0][2]), (sides[1][0], sides[1][2]))
        if measured.startswith(("MEAN", "LEAST_SQUARES_MEAN")):
            (m1, s1, n1), (m2, s2, n2) = ((value, _deviation(measured, spread, n), n) for value, spread, n in sides)
            if s1 is not None and s2 is not None:
                return means((m1, s1, n1), (m2, s2, n2))
    except DataError:
        return None
    return None


def _deviation(measured: str, spread: float | None, n: float) -> float | None:
    """A standard deviation from one or from a standard error; other spreads say no such thing."""
    if spread is None:
        return None
    kind = measured.lower().replace("_", " ")
    if "standard deviation" in kind:
        return spread
    return spread * math.sqrt(n) if "standard error" in kind else None


def _disagrees(one: Outcome) -> bool:
    """Whether a stated interval of the same measure lies wholly apart from ours."""
    for said in one.stated:
        name = next((to for words, to in _RATIOS.items() if words in said.measure.lower()), None)
        if name is None or said.low is None or said.high is None:
            continue
        same = [effect for _, effect in one.worked_out if effect.measure == name]
        if same and all(said.high < effect.low or effect.high < said.low for effect in same):
            return True
    return False


def _stated(said: Mapping[str, Any]) -> Stated:
    return Stated(
        method=str(said.get("statisticalMethod") or ""),
        measure=str(said.get("paramType") or ""),
        value=_number(said.get("paramValue")),
        low=_number(said.get("ciLowerLimit")),
        high=_number(said.get("ciUpperLimit")),
        p=str(said.get("pValue") or ""),
    )


def _sizes(holder: Mapping[str, Any]) -> dict[str, float]:
    """Participants of each group; other units (eyes, lesions) are not patients."""
    for denom in _list(holder.get("denoms")):
        if "participant" in str(denom.get("units") or "").lower():
            counts = ((str(one.get("groupId")), _number(one.get("value"))) for one in _list(denom.get("counts")))
            return {group: value for group, value in counts if value}
    return {}


def _number(said: Any) -> float | None:
    try:
        value = float(str(said).replace(",", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _list(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
