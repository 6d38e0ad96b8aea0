"""One page in the language of the browser: the frame, who is logged in, where they may go; and refusals as pages."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

import bedside.graph
from bedside import registry
from bedside.clinic.permissions import may
from bedside.clinic.principal import Principal
from bedside.lang import Lang, current, disclaimer, speaking, tr
from bedside.server.clinic.access import Caller
from bedside.server.errors import Refusal
from bedside.server.predict import language

if TYPE_CHECKING:
    from jinja2 import Environment

    from bedside.server.workbench.pages._base import Page

HERE = Path(__file__).parent
STATIC = {name: HERE / "static" / name for name in ("workbench.css", "workbench.js", "plots.js")} | {
    "graph.js": Path(bedside.graph.__file__).parent / "data" / "page.js"
}
LANG_COOKIE = "bedside_lang"
TOUR_COOKIE = "bedside_tour"
"""Set by the script when the tour was closed."""


def page(template: str, caller: Caller, **values: Any) -> Response:
    """The template filled, with what every page shows; patient text is escaped and never cached.

    A template that extends `of_patient.html` is given `about`, and has the tabs of that patient.
    """
    with speaking(lang_of(caller.request)):
        who, about = caller.principal, values.get("about")
        shown = {
            "who": who,
            "path": caller.request.url.path,
            "places": [(one.address, tr(one.english, one.chinese)) for one in places_of(who)],
            "tabs": [(one.address.format(patient_id=about.id), tr(one.english, one.chinese)) for one in tabs_of(who)]
            if about
            else [],
        }
        return HTMLResponse(_fill(template, **{**shown, **values}))


def first_place(who: Principal) -> str:
    """Where somebody who has come in starts; the patients, with a refusal, for a role that has no page."""
    return next((one.address for one in places_of(who)), places()[0].address)


def places_of(who: Principal) -> list[Page]:
    """The places that somebody's role may go, in their order."""
    return [one for one in places() if may(who.role, one.action) and not one.of_patient]


def tabs_of(who: Principal) -> list[Page]:
    """The tabs of a patient's page that somebody's role may open, in their order."""
    return [one for one in places() if may(who.role, one.action) and one.of_patient]


@cache
def places() -> list[Page]:
    """Every place of the workbench, in their order."""
    return sorted((registry.load("pages", name) for name in registry.names("pages")), key=lambda one: one.order)


def lang_of(request: Request) -> Lang:
    """The language that was chosen in this browser, else the one that it asks for."""
    return language(request.headers.get("accept-language", ""), request.cookies.get(LANG_COOKIE))


def as_page(refusal: Refusal, request_id: str) -> Response:
    """A refusal for people: to the login where one is needed, else a page that says what is wrong."""
    if refusal.status == 401:
        return RedirectResponse("/login", 303)
    return HTMLResponse(_fill("refused.html", refusal=refusal, id=request_id, who=None, places=[]), refusal.status)


def _fill(template: str, **values: Any) -> str:
    return _pages().get_template(template).render(tr=tr, lang=current(), disclaimer=disclaimer(), **values)


@cache
def _pages() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = FileSystemLoader(HERE / "templates")
    pages = Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    pages.filters |= {"minute": minute, "iso": lambda seconds: _time(seconds).isoformat(timespec="seconds")}
    return pages


def minute(seconds: float) -> str:
    """A time as a page shows it, in the server's own zone.

    >>> minute(0.0)[:2] in ("19", "20")
    True
    """
    return _time(seconds).strftime("%Y-%m-%d %H:%M")


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone()
