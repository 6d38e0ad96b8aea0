"""ClinicalTrials.gov studies (API v2 JSON: one, a list, a page of `studies`, or a line each), by their NCT number"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bedside.formats._base import Problem
from bedside.lang import tr
from bedside.library._base import Body, Item, Reader, ReadingOptions
from bedside.library._reading.rows import rows_of


def sniff(head: bytes, path: Path) -> bool:
    """The module every study has."""
    return head.lstrip()[:1] in (b"{", b"[") and b'"protocolSection"' in head


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """Sections: summary, description, conditions, arms, eligibility, outcomes."""
    for one in rows_of(path, options):
        if isinstance(one, Problem):
            yield one
            continue
        place, row = one
        for study in row.get("studies") or [row]:
            section = study.get("protocolSection") if isinstance(study, dict) else None
            item = _item(section) if isinstance(section, dict) else None
            yield item or Problem(place, tr("a study without its NCT number; left out", "研究缺少 NCT 编号；未使用"))


def _item(section: dict[str, Any]) -> Item | None:
    about, status = part(section, "identificationModule"), part(section, "statusModule")
    id = str(about.get("nctId") or "")
    if not id:
        return None
    body = Body()
    description, who = part(section, "descriptionModule"), part(section, "eligibilityModule")
    body.add("Brief summary", str(description.get("briefSummary") or ""))
    body.add("Detailed description", str(description.get("detailedDescription") or ""))
    body.add("Conditions", "; ".join(map(str, part(section, "conditionsModule").get("conditions") or [])))
    body.add("Interventions", _named(part(section, "armsInterventionsModule").get("interventions")))
    body.add("Arms", _named(part(section, "armsInterventionsModule").get("armGroups")))
    limits = {"Sex": who.get("sex"), "Minimum age": who.get("minimumAge"), "Maximum age": who.get("maximumAge")}
    body.add("Eligibility", "\n".join(f"{name}: {said}" for name, said in limits.items() if said))
    body.add("Eligibility criteria", str(who.get("eligibilityCriteria") or ""))
    outcomes = part(section, "outcomesModule")
    body.add("Primary outcomes", _named(outcomes.get("primaryOutcomes")))
    body.add("Secondary outcomes", _named(outcomes.get("secondaryOutcomes")))
    title = str(about.get("briefTitle") or about.get("officialTitle") or id)
    revised = str(part(status, "lastUpdatePostDateStruct").get("date") or status.get("lastUpdateSubmitDate") or "")
    return Item(
        id=id,
        title=title,
        text=body.text or title,
        blocks=body.blocks,
        url=f"https://clinicaltrials.gov/study/{id}",
        date=revised,
        version=revised,
        citation=f"{title}. ClinicalTrials.gov {id}" + (f", updated {revised}" if revised else ""),
    )


def part(holder: Any, name: str) -> dict[str, Any]:
    """A part of a study's record; an empty one where there is none."""
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, dict) else {}


def _named(things: Any) -> str:
    """A line a thing: what it is called, and what is said of it."""
    parts = []
    for one in things if isinstance(things, list) else []:
        if isinstance(one, dict):
            said = (one.get(name) for name in ("type", "name", "label", "measure", "timeFrame", "description"))
            parts.append(": ".join(" ".join(str(part).split()) for part in said if part))
    return "\n".join(parts)


READER = Reader(name="trial", sniff=sniff, read=read)
