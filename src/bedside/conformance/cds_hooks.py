"""CDS Hooks 2.0 (cds-hooks.hl7.org/2.0), as a client meets it: discovery, calls, cards, refusals, feedback."""

from __future__ import annotations

import re
import uuid
from typing import Any
from urllib.parse import urlsplit

from bedside.conformance._base import Answer, Check, Client, NotTried, expect
from bedside.conformance._cds_hooks_calls import request, services
from bedside.lang import tr

INDICATORS = ("info", "warning", "critical")
LINKS = ("absolute", "smart")
SUMMARY = 140
KINDS = ("AllergyIntolerance", "Condition", "MedicationRequest", "MedicationStatement", "Observation", "Patient")


def _call(client: Client, service: dict[str, Any], body: Any) -> Answer:
    return client("POST", f"/cds-services/{service['id']}", body)


def _any(client: Client) -> dict[str, Any]:
    """A service to try; NotTried where there is none."""
    found = services(client)
    if not found:
        raise NotTried(tr("no service", "没有服务"))
    return found[0]


def _discovery(client: Client) -> None:
    answer = client("GET", "/cds-services")
    services(client)
    kind = answer.headers.get("content-type", "")
    expect(kind.startswith("application/json"), "Content-Type: application/json", kind)


def _described(client: Client) -> None:
    found = services(client)
    for one in found:
        for name in ("hook", "id", "description"):
            expect(isinstance(one.get(name), str) and bool(one[name].strip()), f"services[].{name}: a text")
        prefetch = one.get("prefetch", {})
        expect(isinstance(prefetch, dict), "services[].prefetch: an object")
        expect(all(isinstance(template, str) for template in prefetch.values()), "services[].prefetch: texts")
    ids = [one["id"] for one in found]
    expect(len(set(ids)) == len(ids), "services[].id: each its own")
    expect(all(re.fullmatch(r"[\w.~-]+", id) for id in ids), "services[].id: fit for an address")


def _templates(client: Client) -> None:
    tokens = [
        token
        for one in services(client)
        for template in one.get("prefetch", {}).values()
        for token in re.findall(r"\{\{(.*?)\}\}", template)
    ]
    if not tokens:
        raise NotTried(tr("no prefetch tokens", "没有预取标记"))
    known = re.compile(r"context\.\w+(\.\w+)*|user(Practitioner|PractitionerRole|Patient|RelatedPerson)Id")
    expect(all(known.fullmatch(token) for token in tokens), "{{context.X}} or {{userXId}}")


def _answers(client: Client) -> None:
    for service in services(client):
        answer = _call(client, service, request(service))
        expect(answer.status in (200, 412), f"{service['id']}: 200 or 412", answer.status)
        if answer.status == 200:
            told = answer.json()
            expect(isinstance(told, dict) and isinstance(told.get("cards"), list), f'{service["id"]}: "cards": []')


def _cards(client: Client) -> None:
    cards = [card for service in services(client) for card in _cards_of(client, service)]
    if not cards:
        raise NotTried(tr("no card came", "未返回卡片"))
    for one in cards:
        summary = one.get("summary")
        expect(isinstance(summary, str) and 0 < len(summary) <= SUMMARY, "summary: at most 140 characters", summary)
        expect(one.get("indicator") in INDICATORS, f"indicator: {', '.join(INDICATORS)}", one.get("indicator"))
        source = one.get("source")
        expect(isinstance(source, dict) and bool(source.get("label")), "source.label")
        expect(isinstance(one.get("detail", ""), str), "detail: a text")


def _suggestions(client: Client) -> None:
    holding = [card for service in services(client) for card in _cards_of(client, service) if card.get("suggestions")]
    if not holding:
        raise NotTried(tr("no card with suggestions came", "未返回带建议的卡片"))
    for one in holding:
        behaviour = one.get("selectionBehavior")
        expect(behaviour in ("at-most-one", "any"), "selectionBehavior beside suggestions", behaviour)
        for suggestion in one["suggestions"]:
            expect(bool(suggestion.get("label")), "suggestions[].label")
            for action in suggestion.get("actions", ()):
                expect(action.get("type") in ("create", "update", "delete"), "actions[].type", action.get("type"))
                expect(bool(action.get("description")), "actions[].description")
                if action["type"] == "delete":
                    expect(isinstance(action.get("resourceId"), str), "actions[].resourceId of a delete")
                else:
                    expect(isinstance(action.get("resource"), dict), "actions[].resource")


def _links(client: Client) -> None:
    links = [
        link for service in services(client) for card in _cards_of(client, service) for link in card.get("links") or ()
    ]
    if not links:
        raise NotTried(tr("no card with links came", "未返回带链接的卡片"))
    for one in links:
        expect(bool(one.get("label")) and one.get("type") in LINKS, "links[]: label, and type absolute or smart")
        expect(bool(urlsplit(str(one.get("url"))).scheme), "links[].url: absolute")


def _cards_of(client: Client, service: dict[str, Any]) -> list[dict[str, Any]]:
    answer = _call(client, service, request(service))
    told = answer.json() if answer.status == 200 else {}
    return [one for one in told.get("cards", ()) if isinstance(one, dict)] if isinstance(told, dict) else []


def _unknown(client: Client) -> None:
    answer = client("POST", "/cds-services/no-such-service-here", request(_any(client)))
    expect(answer.status == 404, "404", answer.status)


def _wrong_hook(client: Client) -> None:
    service = _any(client)
    answer = _call(client, service, {**request(service), "hook": "no-such-hook"})
    expect(400 <= answer.status < 500, "4xx", answer.status)


def _without(name: str) -> Any:
    def run(client: Client) -> None:
        service = _any(client)
        told = request(service)
        del told[name]
        answer = _call(client, service, told)
        expect(400 <= answer.status < 500, "4xx", answer.status)

    return run


def _no_json(client: Client) -> None:
    service = _any(client)
    for body in (b"{", b"[]", b"\x00\xff"):
        answer = _call(client, service, body)
        expect(400 <= answer.status < 500, "4xx", answer.status)


def _no_data(client: Client) -> None:
    service = next((one for one in services(client) if one.get("prefetch")), None)
    if service is None:
        raise NotTried(tr("no service asks for data", "没有服务要求数据"))
    told = request(service)
    del told["prefetch"]
    told["context"]["patientId"] = f"nobody-{uuid.uuid4()}"
    answer = _call(client, service, told)
    expect(answer.status in (200, 412), "412, or 200 where the service can do without", answer.status)


def _feedback(client: Client) -> None:
    service = _any(client)
    outcome = {"card": str(uuid.uuid4()), "outcome": "accepted", "acceptedSuggestions": [{"id": str(uuid.uuid4())}]}
    told = {"feedback": [{**outcome, "outcomeTimestamp": "2026-01-01T10:00:00Z"}]}
    answer = client("POST", f"/cds-services/{service['id']}/feedback", told)
    if answer.status == 404:
        raise NotTried(tr("the service takes no feedback", "该服务不接收反馈"))
    expect(answer.status == 200, "200", answer.status)


_FOUND, _CALLED, _REFUSED = "Discovery", "HTTP Response", "HTTP Request"
CHECKS = (
    Check("discovery", ("services are discovered at the fixed path", "在规定路径可发现服务"), _FOUND, _discovery),
    Check("services", ("each service has hook, id, description", "每个服务含 hook、id 与说明"), _FOUND, _described),
    Check("prefetch", ("templates hold known tokens only", "预取模板仅含已知标记"), "Prefetch tokens", _templates),
    Check("calls", ("a whole call is answered with cards, or 412", "完整请求得到卡片或 412"), _CALLED, _answers),
    Check("cards", ("cards are complete", "卡片字段完整"), "Card Attributes", _cards),
    Check("suggestions", ("suggestions and actions are complete", "建议与操作完整"), "Suggestion", _suggestions),
    Check("links", ("links are absolute and typed", "链接为绝对地址且有类型"), "Link", _links),
    Check("unknown", ("an unknown service is 404", "未知服务返回 404"), "HTTP Status Codes", _unknown),
    Check("wrong-hook", ("a call with another hook is refused", "hook 不符的请求被拒"), _REFUSED, _wrong_hook),
    Check("context", ("a call without context is refused", "缺少 context 被拒"), _REFUSED, _without("context")),
    Check("instance", ("a call without an id is refused", "缺少编号被拒"), _REFUSED, _without("hookInstance")),
    Check("no-json", ("what is no JSON object is refused", "非 JSON 对象被拒"), _REFUSED, _no_json),
    Check("no-data", ("missing data is 412, never a failure", "缺数据返回 412 而非故障"), _CALLED, _no_data),
    Check("feedback", ("feedback is taken", "接受反馈"), "Feedback", _feedback),
)
