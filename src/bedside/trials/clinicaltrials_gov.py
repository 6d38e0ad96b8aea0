"""A ClinicalTrials.gov study (API v2 JSON) as a trial."""

from __future__ import annotations

import re
from typing import Any

from bedside.library.trial import part
from bedside.trials.trial import Trial

_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*(year|month|week|day|hour)s?", re.IGNORECASE)
_YEARS = {"year": 1.0, "month": 1 / 12, "week": 7 / 365.25, "day": 1 / 365.25, "hour": 1 / 8766}
_SEXES = {"MALE": "male", "FEMALE": "female"}


def of_study(study: Any) -> Trial | None:
    """The trial of one study, None for what is no study with an NCT number."""
    section = study.get("protocolSection") if isinstance(study, dict) else None
    if not isinstance(section, dict):
        return None
    about, status = part(section, "identificationModule"), part(section, "statusModule")
    who, design = part(section, "eligibilityModule"), part(section, "designModule")
    id = str(about.get("nctId") or "")
    if not id:
        return None
    healthy = who.get("healthyVolunteers")
    updated = part(status, "lastUpdatePostDateStruct").get("date") or status.get("lastUpdateSubmitDate") or ""
    return Trial(
        id=id,
        title=str(about.get("briefTitle") or about.get("officialTitle") or ""),
        status=str(status.get("overallStatus") or "").lower().replace("_", " "),
        phase=", ".join(_texts(design.get("phases"))).lower().replace("_", " "),
        conditions=tuple(_texts(part(section, "conditionsModule").get("conditions"))),
        sex=_SEXES.get(str(who.get("sex") or "").upper(), "any"),
        min_age=years(who.get("minimumAge")),
        max_age=years(who.get("maximumAge")),
        healthy=healthy if isinstance(healthy, bool) else None,
        eligibility=str(who.get("eligibilityCriteria") or ""),
        version=str(updated),
        url=f"https://clinicaltrials.gov/study/{id}",
        source="ClinicalTrials.gov",
    )


def years(said: Any) -> float | None:
    """An age as registries write it, in years.

    >>> years("18 Years"), years("6 Months"), years("N/A"), years(65)
    (18.0, 0.5, None, 65.0)
    """
    if isinstance(said, (int, float)) and not isinstance(said, bool):
        return float(said)
    text = str(said or "")
    if match := _AGE.search(text):
        return float(match[1]) * _YEARS[match[2].lower()]
    match = re.search(r"(\d+(?:\.\d+)?)\s*(?:周?岁|$)", text.strip())
    if match:
        return float(match[1])
    match = re.search(r"(\d+(?:\.\d+)?)\s*(?:个月|月龄)", text)
    return float(match[1]) / 12 if match else None


def _texts(things: Any) -> list[str]:
    return [str(one) for one in things] if isinstance(things, list) else []
