"""What a kick-off of an export asks for, read strictly: what is not supported is refused, not passed over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request

from bedside.lang import tr
from bedside.server.errors import Refusal
from bedside.server.fhir.resources import KINDS

NDJSON = "application/fhir+ndjson"
FORMATS = (NDJSON, "application/ndjson", "ndjson")
KNOWN = ("_outputFormat", "_since", "_type")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[ +-]\d{2}:\d{2})")


@dataclass(frozen=True, slots=True)
class Asked:
    """Types in our order; `named` where the client chose them; `since` in seconds since 1970."""

    kinds: tuple[str, ...]
    named: bool
    since: float | None


def read_asked(request: Request) -> Asked:
    """The parameters and headers of a kick-off; Refusal (400) names the first that is not as it must be."""
    prefer = {one.strip() for one in request.headers.get("prefer", "").split(",")}
    query = request.query_params
    if "respond-async" not in prefer:
        raise _wrong("Prefer", "respond-async")
    strange = [name for name in query if name not in KNOWN]
    if strange and "handling=lenient" not in prefer:
        raise _wrong(strange[0][:40], ", ".join(KNOWN))
    if query.get("_outputFormat", NDJSON).replace(" ", "+") not in FORMATS:
        raise _wrong("_outputFormat", ", ".join(FORMATS))
    wanted = {one for told in query.getlist("_type") for one in told.split(",") if one}
    if wanted - set(KINDS):
        raise _wrong("_type", ", ".join(KINDS))
    kinds = tuple(kind for kind in KINDS if not wanted or kind in wanted)
    return Asked(kinds, bool(wanted), _since(query.get("_since")))


def _since(written: str | None) -> float | None:
    if written is None:
        return None
    try:
        if not _INSTANT.fullmatch(written):
            raise ValueError
        return datetime.fromisoformat(written.replace(" ", "+")).astimezone(UTC).timestamp()
    except (ValueError, OverflowError):
        raise _wrong("_since", "2026-11-23T08:00:00Z") from None


def _wrong(where: str, allowed: str) -> Refusal:
    what = tr("a parameter or header is missing, wrong or not supported", "参数或请求头缺失、有误或不受支持")
    return Refusal(400, "bad_request", what, where=where, allowed=allowed)
