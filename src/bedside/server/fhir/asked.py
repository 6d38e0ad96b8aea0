"""What a FHIR client asks for beside an address: the format, the parameters of a search, the types of $everything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.requests import Request

from bedside.lang import tr
from bedside.server.errors import Refusal
from bedside.server.fhir.resources import KINDS

WORDS = ("name", "family", "given", "birthdate")
SEARCH = ("_id", "identifier", *WORDS)
"""What patients are found by; all that is named must fit."""
CONTROL = ("_count", "_summary", "_format", "_pretty", "_after")
"""`_pretty` is a wish about line breaks, which changes nothing here."""
MOST = 50


@dataclass(frozen=True, slots=True)
class Search:
    """A search of patients; empty fields ask for nothing. `words` is what name and date of birth must begin with.

    `most` on a page; none where only their number is asked for.
    """

    id: str
    number: str
    words: str
    most: int
    after: str


def json_only(request: Request) -> None:
    """Refuse (406) who can read nothing but what is not spoken here, such as XML."""
    asked = request.query_params.get("_format", "") or request.headers.get("accept", "")
    kinds = [one.split(";")[0].strip().casefold() for one in asked.split(",") if one.strip()]
    if kinds and not any("json" in kind or "*" in kind or "html" in kind for kind in kinds):
        what = tr("only JSON is spoken here", "仅支持 JSON 格式")
        raise Refusal(406, "not_acceptable", what, allowed="application/fhir+json")


def read_search(request: Request) -> Search:
    """The parameters of a search of patients, read strictly: one that is passed over would find other patients.

    Refusal (400) names what is not supported; `Prefer: handling=lenient` lets it be passed over, as FHIR has it.
    """
    query = request.query_params
    strange = [name for name in query if name not in (*SEARCH, *CONTROL)]
    if strange and "handling=lenient" not in request.headers.get("prefer", "").replace(" ", ""):
        raise _unknown(strange[0][:40], (*SEARCH, *CONTROL))
    count = query.get("_count", str(MOST))
    if not count.isdecimal():
        raise _unknown("_count", (f"0 - {MOST}",))
    if (summary := query.get("_summary", "false")) not in ("count", "false"):
        raise _unknown("_summary", ("count", "false"))
    most = 0 if summary == "count" else min(int(count), MOST)
    words = " ".join(query.get(name, "") for name in WORDS)[:200]
    number = query.get("identifier", "").split("|")[-1]
    return Search(query.get("_id", ""), number, words, most, query.get("_after", ""))


def read_types(request: Request) -> frozenset[str]:
    """The types that `_type` names, all where it names none; Refusal (400) for one that no chart holds."""
    named = {one for told in request.query_params.getlist("_type") for one in told.split(",") if one}
    if named - set(KINDS):
        raise _unknown("_type", KINDS)
    return frozenset(named or KINDS)


def _unknown(where: str, allowed: Iterable[str]) -> Refusal:
    what = tr("a parameter is not supported, or has a value that it cannot have", "参数不受支持，或取值无效")
    return Refusal(400, "invalid", what, where=where, allowed=", ".join(allowed))
