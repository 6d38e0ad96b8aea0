"""FHIR R4's RESTful API (hl7.org/fhir/R4/http.html), as far as a client of decision support meets it."""

from __future__ import annotations

import uuid
from typing import Any

from bedside.conformance._base import Check, Client, NotTried, expect
from bedside.lang import tr

JSON = "application/fhir+json"
BASE = "/fhir"
METHOD_NOT_ALLOWED = 405


def capability(client: Client) -> dict[str, Any]:
    """The CapabilityStatement."""
    answer = client("GET", f"{BASE}/metadata", headers={"Accept": JSON})
    expect(answer.status == 200, "GET /metadata: 200", answer.status)
    told = answer.json()
    kind = told.get("resourceType") if isinstance(told, dict) else None
    expect(kind == "CapabilityStatement", "a CapabilityStatement", kind)
    return dict(told)


def _capability(client: Client) -> None:
    told = capability(client)
    for name in ("status", "date", "kind", "fhirVersion", "format"):
        expect(bool(told.get(name)), f"CapabilityStatement.{name}")
    expect(str(told["fhirVersion"]).startswith("4.0"), "fhirVersion: 4.0.x", told["fhirVersion"])
    expect(any("json" in str(one) for one in told["format"]), "format: json")
    expect(any(one.get("mode") == "server" for one in told.get("rest", ())), "rest[].mode: server")


def _media_type(client: Client) -> None:
    kind = client("GET", f"{BASE}/metadata", headers={"Accept": JSON}).headers.get("content-type", "")
    expect(kind.startswith(JSON), f"Content-Type: {JSON}", kind)


def _outcome(client: Client) -> None:
    answer = client("GET", f"{BASE}/Patient/{uuid.uuid4()}")
    if answer.status in (401, 403):
        raise NotTried(f"{answer.status}")
    expect(answer.status in (404, 410), "404 or 410", answer.status)
    told = answer.json()
    expect(isinstance(told, dict) and told.get("resourceType") == "OperationOutcome", "an OperationOutcome")
    expect(all(one.get("severity") and one.get("code") for one in told["issue"]), "issue[].severity and .code")


def _search(client: Client) -> None:
    types = [one for rest in capability(client).get("rest", ()) for one in rest.get("resource", ())]
    searched = {act.get("code") for one in types if one["type"] == "Patient" for act in one.get("interaction", ())}
    if "search-type" not in searched:
        raise NotTried(tr("no search of patients is told", "未声明患者检索"))
    answer = client("GET", f"{BASE}/Patient?identifier={uuid.uuid4()}")
    if answer.status in (401, 403):
        raise NotTried(f"{answer.status}")
    told = answer.json()
    expect(answer.status == 200 and isinstance(told, dict), "200", answer.status)
    expect((told.get("resourceType"), told.get("type")) == ("Bundle", "searchset"), "a Bundle of type searchset")
    counted = client("GET", f"{BASE}/Patient?_summary=count").json()
    expect(isinstance(counted.get("total"), int) and "entry" not in counted, "_summary=count: total, and no entry")
    found = client("GET", f"{BASE}/Patient?_count=1").json().get("entry", ())
    whole = all(str(one.get("fullUrl")).endswith(f"Patient/{one['resource']['id']}") for one in found)
    expect(whole, "entry[].fullUrl: the address of the resource")


def _definitions(client: Client) -> None:
    every = [one for rest in capability(client).get("rest", ()) for one in rest.get("operation", ())]
    here = [str(one["definition"]) for one in every if f"{BASE}/OperationDefinition/" in str(one.get("definition"))]
    if not here:
        raise NotTried(tr("no operation is defined here", "没有本服务器自定义的操作"))
    for url in here:
        answer = client("GET", url[url.index(f"{BASE}/OperationDefinition/") :])
        expect(answer.status == 200, f"GET {url}: 200", answer.status)
        expect(answer.json().get("resourceType") == "OperationDefinition", "an OperationDefinition")


def _made(client: Client, operation: str, path: str) -> dict[str, Any]:
    """What an operation answers of a patient with nothing on record."""
    names = {one["name"] for rest in capability(client).get("rest", ()) for one in rest.get("operation", ())}
    if operation not in names:
        raise NotTried(f"${operation} is not told")
    patient = {"resourceType": "Patient", "id": "conformance-1", "gender": "female", "birthDate": "1958-02-11"}
    sent = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": patient}]}
    answer = client("POST", f"{BASE}/{path}", sent, {"Content-Type": JSON})
    if answer.status in (401, 403):
        raise NotTried(f"{answer.status}")
    told = answer.json()
    expect(answer.status == 200 and isinstance(told, dict), "200", answer.status)
    return dict(told)


def _analyze(client: Client) -> None:
    made = {one["resource"]["resourceType"] for one in _made(client, "analyze", "$analyze").get("entry", ())}
    expect("Provenance" in made, "a Provenance of what was concluded", made)


def _summary(client: Client) -> None:
    told = _made(client, "summary", "Patient/$summary")
    expect(told.get("type") == "document" and bool(told.get("identifier")), "a Bundle of type document with its number")
    kinds = [one["resource"]["resourceType"] for one in told.get("entry", ())]
    expect(kinds[:1] == ["Composition"], "entry[0]: a Composition", kinds[:1])


def _broken(client: Client) -> None:
    answer = client("POST", f"{BASE}/$analyze", b"{", {"Content-Type": JSON})
    if answer.status in (401, 403):
        raise NotTried(f"{answer.status}")
    expect(400 <= answer.status < 500, "4xx", answer.status)
    told = answer.json()
    expect(isinstance(told, dict) and told.get("resourceType") == "OperationOutcome", "an OperationOutcome")


def _method(client: Client) -> None:
    answer = client("DELETE", f"{BASE}/metadata")
    if answer.status != METHOD_NOT_ALLOWED:
        raise NotTried(f"{answer.status}")
    expect("GET" in answer.headers.get("allow", ""), "405: Allow names GET", answer.headers.get("allow"))


CHECKS = (
    Check(
        "capability", ("the CapabilityStatement is complete", "CapabilityStatement 完整"), "capabilities", _capability
    ),
    Check("media-type", ("resources carry FHIR's media type", "使用 FHIR 媒体类型"), "mime-type", _media_type),
    Check("outcome", ("what is not there is an OperationOutcome", "不存在时返回 OperationOutcome"), "read", _outcome),
    Check("search", ("a search gives a searchset", "检索得到 searchset"), "search", _search),
    Check("definitions", ("operations are defined", "操作均有定义"), "operationdefinition", _definitions),
    Check("analyze", ("$analyze tells where its findings are from", "$analyze 附 Provenance"), "operations", _analyze),
    Check("summary", ("$summary begins with its Composition", "$summary 以 Composition 开头"), "documents", _summary),
    Check("no-json", ("a broken body is refused as FHIR says", "损坏的请求体按 FHIR 拒绝"), "Status Codes", _broken),
    Check("method", ("a wrong method is told the right ones", "方法不符时告知可用方法"), "RFC 9110 15.5.6", _method),
)
