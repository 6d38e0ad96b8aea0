"""FHIR Bulk Data Access 2.0 (hl7.org/fhir/uv/bulkdata/export.html), as a client meets it: exports of one type.

An export of a group is tried where the server lists one to whom asks; none is made.
"""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlsplit

from bedside.conformance._base import Answer, Check, Client, NotTried, expect
from bedside.lang import tr

KICK_OFF = "/fhir/Patient/$export?_type=Patient"
ASYNC = {"Accept": "application/fhir+json", "Prefer": "respond-async"}
POLLS, PAUSE_S = 60, 1.0


def _below(address: str) -> str:
    """An address that the server told, as a path below it; a key is sent nowhere else."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _begun(client: Client, kick_off: str = KICK_OFF) -> str:
    answer = client("GET", kick_off, headers=ASYNC)
    if answer.status in (401, 403, 404, 429, 501):
        raise NotTried(f"{answer.status}")
    expect(answer.status == 202, "202", answer.status)
    where = answer.headers.get("content-location", "")
    expect(bool(urlsplit(where).scheme), "Content-Location: an absolute address", where)
    return _below(where)


def _polled(client: Client, at: str) -> Answer:
    for _ in range(POLLS):
        answer = client("GET", at, headers={"Accept": "application/json"})
        if answer.status not in (202, 429):
            return answer
        time.sleep(PAUSE_S)
    raise NotTried(tr("not ready within a minute", "一分钟内未就绪"))


def _manifest(client: Client, kick_off: str = KICK_OFF) -> tuple[str, dict[str, Any]]:
    at = _begun(client, kick_off)
    answer = _polled(client, at)
    expect(answer.status == 200, "200", answer.status)
    told = answer.json()
    expect(isinstance(told, dict), "a JSON object")
    return at, dict(told)


def _kick_off(client: Client) -> None:
    client("DELETE", _begun(client))


def _needs_async(client: Client) -> None:
    answer = client("GET", KICK_OFF, headers={"Accept": "application/fhir+json"})
    if answer.status in (401, 403, 404, 501):
        raise NotTried(f"{answer.status}")
    expect(answer.status in (202, 400), "400, or 202 where it is taken as asked for", answer.status)


def _complete(client: Client, kick_off: str = KICK_OFF) -> None:
    at, told = _manifest(client, kick_off)
    for name in ("transactionTime", "request", "requiresAccessToken", "output", "error"):
        expect(name in told, f"manifest.{name}")
    expect(isinstance(told["output"], list) and isinstance(told["error"], list), "output, error: lists")
    expect(all(one.get("type") and one.get("url") for one in told["output"]), "output[]: type and url")
    expect({one["type"] for one in told["output"]} <= {"Patient"}, "output[].type: only what _type asked for")
    client("DELETE", at)


def _lines(client: Client) -> None:
    at, told = _manifest(client)
    if not told["output"]:
        client("DELETE", at)
        raise NotTried(tr("nothing to export", "没有可导出的内容"))
    answer = client("GET", _below(told["output"][0]["url"]), headers={"Accept": "application/fhir+ndjson"})
    expect(answer.status == 200, "200", answer.status)
    kind = answer.headers.get("content-type", "")
    expect(kind.startswith("application/fhir+ndjson"), "Content-Type: application/fhir+ndjson", kind)
    whole = answer.body[: answer.body.rfind(b"\n") + 1].splitlines()
    read = [json.loads(line) for line in whole if line.strip()]
    expect(all(one.get("resourceType") == "Patient" for one in read), "each line a Patient")
    client("DELETE", at)


def _group(client: Client) -> None:
    answer = client("GET", "/fhir/Group", headers={"Accept": "application/fhir+json"})
    told = answer.json() if answer.status == 200 else {}
    held = [entry.get("resource", {}).get("id") for entry in told.get("entry", ())]
    if not held:
        raise NotTried(f"no group ({answer.status})")
    kick_off = f"/fhir/Group/{held[0]}/$export?_type=Patient"
    _complete(client, kick_off)
    at, manifest = _manifest(client, kick_off)
    client("DELETE", at)
    expect(f"/Group/{held[0]}/$export" in manifest["request"], "manifest.request: the address of the kick-off")


def _unknown_group(client: Client) -> None:
    _refused(client, "/fhir/Group/no-such-group/$export", untried=(401, 403, 429, 501))


def _cancelled(client: Client) -> None:
    at = _begun(client)
    answer = client("DELETE", at)
    expect(answer.status == 202, "202", answer.status)
    after = client("GET", at).status
    expect(after == 404, "404 once it is cancelled", after)


def _unknown_type(client: Client) -> None:
    _refused(client, "/fhir/Patient/$export?_type=Spaceship", untried=(401, 403, 404, 429, 501))


def _refused(client: Client, kick_off: str, *, untried: tuple[int, ...]) -> None:
    answer = client("GET", kick_off, headers=ASYNC)
    if answer.status in untried:
        raise NotTried(f"{answer.status}")
    expect(400 <= answer.status < 500, "4xx", answer.status)
    told = answer.json()
    expect(isinstance(told, dict) and told.get("resourceType") == "OperationOutcome", "an OperationOutcome")


CHECKS = (
    Check("kick-off", ("an export begins and tells where it is", "导出开始并给出状态地址"), "kick-off", _kick_off),
    Check("async", ("Prefer: respond-async is asked for", "要求 Prefer: respond-async"), "kick-off", _needs_async),
    Check("manifest", ("the manifest is complete", "导出清单完整"), "complete-status", _complete),
    Check("ndjson", ("a file is NDJSON of its type", "文件为对应类型的 NDJSON"), "output-file", _lines),
    Check("cancel", ("a cancelled export is gone", "取消后不再可取"), "delete-request", _cancelled),
    Check("group", ("the patients of a group are exported", "可导出某组患者"), "kick-off", _group),
    Check("unknown-group", ("an unknown group is refused", "未知的组被拒"), "kick-off", _unknown_group),
    Check("unknown-type", ("an unknown type is refused", "未知类型被拒"), "kick-off", _unknown_type),
)
