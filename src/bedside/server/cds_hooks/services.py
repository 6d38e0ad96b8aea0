"""The services that a client of CDS Hooks 2.0 discovers, each with its hook and the FHIR data that it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bedside.lang import tr

PATIENT = {"patient": "Patient/{{context.patientId}}"}
HISTORY = {
    "conditions": "Condition?patient={{context.patientId}}",
    "allergies": "AllergyIntolerance?patient={{context.patientId}}",
    "medications": "MedicationRequest?patient={{context.patientId}}&status=active,on-hold",
    "labs": "Observation?patient={{context.patientId}}&category=laboratory&_sort=-date&_count=100",
}
BODY = {"body": "Observation?patient={{context.patientId}}&category=vital-signs&_sort=-date&_count=50"}
NEEDED = (*PATIENT, *HISTORY)
"""The keys without which no order is judged: an allergy that was not sent would be one that is not there."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service: `title` and `description` are (English, Chinese); `proposes` is what its hook itself proposes."""

    id: str
    hook: str
    title: tuple[str, str]
    description: tuple[str, str]
    proposes: tuple[str, str] = ("", "")

    def told(self) -> dict[str, Any]:
        """The service as discovery tells it, in the language in force."""
        return {
            "hook": self.hook,
            "id": self.id,
            "title": tr(*self.title),
            "description": tr(*self.description),
            "prefetch": {**PATIENT, **HISTORY, **BODY},
            "usageRequirements": tr(
                "Needs the prefetch, or a FHIR server that the administrator has listed, to judge an order.",
                "需要提供预取数据，或管理员允许访问的 FHIR 服务器。",
            ),
        }


SERVICES = (
    Service(
        "bedside-order-select",
        "order-select",
        ("Safety of the orders being chosen", "开立中医嘱的安全检查"),
        (
            "Weighs the selected orders against allergies, conditions, medicines and laboratory values.",
            "将所选医嘱与过敏、诊断、用药及检验结果核对。",
        ),
    ),
    Service(
        "bedside-order-sign",
        "order-sign",
        ("Safety of the orders before signature", "签署前医嘱的安全检查"),
        (
            "Weighs every draft order, and the drafts among one another, before they are signed.",
            "签署前将每条草稿医嘱与病历及其他草稿医嘱核对。",
        ),
    ),
    Service(
        "bedside-patient-view",
        "patient-view",
        ("What the chart warns of", "病历警示"),
        ("Tells of critical values and of medicines that do not go together.", "提示危急值及不宜合用的药物。"),
    ),
    Service(
        "bedside-encounter-start",
        "encounter-start",
        ("What the chart warns of at the start", "就诊开始时的警示"),
        ("Tells of critical values and of medicines that do not go together.", "提示危急值及不宜合用的药物。"),
    ),
    Service(
        "bedside-encounter-discharge",
        "encounter-discharge",
        ("What stands against going home", "出院前检查"),
        (
            "Tells of what should be settled before the patient goes home, such as critical values.",
            "提示出院前应处理的问题，例如危急值。",
        ),
        ("Discharge home.", "准予出院回家。"),
    ),
)
