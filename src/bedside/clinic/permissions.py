"""Who may do what: one table of roles and actions. What is not in it is refused."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["clinician", "reviewer", "data_engineer", "auditor", "admin", "service", "exporter"]
"""`service` is a program of the hospital's own: the record system that asks for cards, an interface engine; `exporter`
one that takes whole copies out: a data warehouse, the next record system."""

Action = Literal[
    "self",
    "advise",
    "feedback.write",
    "patient.search",
    "patient.read",
    "patient.write",
    "patient.erase",
    "patient.export",
    "patient.break_glass",
    "dialogue.own",
    "dialogue.read",
    "consent.read",
    "consent.write",
    "review.read",
    "review.write",
    "knowledge.read",
    "models.read",
    "models.write",
    "jobs.read",
    "jobs.write",
    "metrics.read",
    "alerts.write",
    "audit.read",
    "users.read",
    "users.write",
]
"""What an endpoint does: its kind of thing, and how. `self`: one's own account; `advise`: decision support."""

ROLES: tuple[Role, ...] = get_args(Role)
ACTIONS: tuple[Action, ...] = get_args(Action)

TABLE: dict[Action, str] = {
    "self": "clinician reviewer data_engineer auditor admin service exporter",
    "advise": "clinician reviewer service",
    "feedback.write": "clinician reviewer service",
    "patient.search": "clinician reviewer service",
    "patient.read": "clinician reviewer service",
    "patient.write": "clinician data_engineer service",
    "patient.erase": "admin",
    "patient.export": "exporter",
    "patient.break_glass": "clinician",
    "dialogue.own": "clinician reviewer service",
    "dialogue.read": "clinician reviewer",
    "consent.read": "clinician auditor admin",
    "consent.write": "clinician admin",
    "review.read": "clinician reviewer data_engineer",
    "review.write": "clinician reviewer",
    "knowledge.read": "clinician reviewer data_engineer service",
    "models.read": "clinician reviewer data_engineer auditor admin service",
    "models.write": "data_engineer",
    "jobs.read": "data_engineer auditor admin",
    "jobs.write": "data_engineer",
    "metrics.read": "data_engineer auditor admin service",
    "alerts.write": "data_engineer admin",
    "audit.read": "auditor",
    "users.read": "auditor admin",
    "users.write": "admin",
}
"""An administrator sees no chart and a data engineer reads none back: who runs the system is not who treats. To take
every chart out is a program's act and nobody's besides; the keys that ask for cards every day cannot do it."""


def may(role: str, action: str) -> bool:
    """Whether a role may do it; an unknown role or action may not.

    >>> may("clinician", "patient.read"), may("admin", "patient.read"), may("clinician", "anything")
    (True, False, False)
    """
    return role in TABLE.get(action, "").split()  # type: ignore[call-overload]
