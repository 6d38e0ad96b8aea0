"""Every pair of role and address is decided: who may, does not meet the door; who may not, does; nobody is let in."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import APIRouter

from bedside.clinic.permissions import ACTIONS, ROLES, TABLE, may
from bedside.errors import ServeError
from bedside.server.clinic.parts import actions, load_parts, routers


def test_the_table_names_only_roles_that_there_are_and_every_action() -> None:
    assert set(TABLE) == set(ACTIONS)
    assert {role for roles in TABLE.values() for role in roles.split()} == set(ROLES)


def test_an_unknown_role_or_action_may_nothing() -> None:
    assert not any(may("janitor", action) for action in ACTIONS)
    assert not may("admin", "patient.everything")


@pytest.mark.parametrize(
    ("action", "who"),
    [
        ("patient.read", {"clinician", "reviewer", "service"}),
        ("patient.search", {"clinician", "reviewer", "service"}),
        ("patient.break_glass", {"clinician"}),
        ("patient.erase", {"admin"}),
        ("audit.read", {"auditor"}),
        ("users.write", {"admin"}),
    ],
)
def test_who_runs_the_system_sees_no_chart_and_who_treats_runs_nothing(action: str, who: set[str]) -> None:
    assert {role for role in ROLES if may(role, action)} == who


def test_at_every_address_each_role_is_let_in_or_refused_as_the_table_says(ward: Any) -> None:
    wrong = []
    sent = {"reason": "checking the door", "restricted": False}
    for method, path, action in actions(routers(load_parts(), ward.context)):
        for role in (*ROLES, "") if action != "public" else ():
            at = re.sub(r"\{[^}]*\}", "p0", path)
            answer = ward.as_(role).request(method, at, json=sent, follow_redirects=False)
            status = 401 if answer.headers.get("location") == "/login" else answer.status_code  # as a page says it
            refused = 401 if not role else 403 if not may(role, action) else None
            if (status != refused) if refused else status in (401, 403, 500):
                wrong.append((method, path, role, status))
    assert wrong == []


def test_an_address_that_asks_for_no_action_stops_the_server_before_it_starts(ward: Any) -> None:
    open_door = APIRouter()
    open_door.add_api_route("/v1/everything", lambda: {}, methods=["GET"])
    careless = SimpleNamespace(routers=lambda context: [open_door])
    with pytest.raises(ServeError, match="without a required action"):
        routers([careless], ward.context)  # type: ignore[list-item]


def test_every_action_with_an_address_is_in_its_description(ward: Any) -> None:
    paths = ward.client.get("/openapi.json").json()["paths"]
    described = [router for router in routers(load_parts(), ward.context) if router.include_in_schema]  # not pages
    for method, path, action in actions(described):
        operation = paths[path][method.lower()]
        assert operation["x-action"] == action
        assert bool(operation["security"]) == (action != "public")
        assert operation["summary"]
        assert {"401", "403", "422"} <= operation["responses"].keys()
