"""Charts as JSON and as JSON Lines: one chart a line, written whole or not at all, readable by their owner only."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

from bedside.errors import FormatError, IdentityError
from bedside.files import whole_file
from bedside.lang import tr
from bedside.types import Chart, Code, DeidReport, Entry, Identifier, Origin, RawChart, Sex

AnyChart = TypeVar("AnyChart", RawChart, Chart)


def chart_to_json(chart: RawChart | Chart) -> dict[str, Any]:
    """A chart as plain JSON values; what is empty is left out of the entries.

    >>> chart_to_json(RawChart(patient="7", entries=(Entry(id="1", kind="Condition", text="Gout"),)))["entries"]
    [{'id': '1', 'kind': 'Condition', 'text': 'Gout'}]
    """
    shared = {"patient": chart.patient, "sex": chart.sex, "entries": [_entry_to_json(entry) for entry in chart.entries]}
    if isinstance(chart, RawChart):
        identifiers = [{"type": known.type, "value": known.value} for known in chart.identifiers]
        return {**shared, "birth_date": chart.birth_date, "identifiers": identifiers}
    deid = {"policy": chart.deid.policy, "version": chart.deid.version, "removed": dict(chart.deid.removed)}
    return {**shared, "age_years": chart.age_years, "deid": deid}


def raw_from_json(values: dict[str, Any]) -> RawChart:
    """The chart that `chart_to_json` wrote from a `RawChart`; anything else is a `FormatError`."""
    if isinstance(values, dict) and "deid" in values:
        raise FormatError(tr("this chart is already without identity", "该病历已去标识"))
    known = (Identifier(_text(part, "type"), _text(part, "value")) for part in _objects(values, "identifiers"))
    return RawChart(
        patient=_text(values, "patient"),
        sex=_sex(values),
        birth_date=_maybe(values, "birth_date"),
        entries=tuple(_entry_from_json(part) for part in _objects(values, "entries")),
        identifiers=tuple(known),
    )


def chart_from_json(values: dict[str, Any]) -> Chart:
    """The chart that `chart_to_json` wrote from a scrubbed `Chart`; one without `deid` is an `IdentityError`."""
    deid = values.get("deid") if isinstance(values, dict) else None
    if not isinstance(deid, dict):
        what = tr("this chart still holds identity", "该病历尚未去标识")
        raise IdentityError(what, next="bedside deidentify --help")
    age, removed = values.get("age_years"), deid.get("removed")
    return Chart(
        patient=_text(values, "patient"),
        sex=_sex(values),
        age_years=float(age) if isinstance(age, (int, float)) and math.isfinite(age) else None,
        entries=tuple(_entry_from_json(part) for part in _objects(values, "entries")),
        deid=DeidReport(_text(deid, "policy"), _text(deid, "version"), removed if isinstance(removed, dict) else {}),
    )


def write_charts(path: Path, charts: Iterable[RawChart | Chart]) -> int:
    """Write one chart a line and return how many; the file appears only when all are written, with mode 0600.

    The temporary file beside it is created 0600 too and removed when anything goes wrong.
    """
    count = 0
    with whole_file(path) as out:
        for chart in charts:
            out.write(_line(chart))
            count += 1
    return count


def read_charts(path: Path, make: Callable[[dict[str, Any]], AnyChart]) -> Iterator[AnyChart]:
    """The charts of a file, one at a time: `read_charts(path, raw_from_json)`; a bad line is refused by number."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            place = f"{path.name}: line {number}"
            try:
                values = json.loads(line, parse_constant=_no_constant)
            except (ValueError, RecursionError):
                raise FormatError(tr("not a line of JSON", "不是一行 JSON"), where=place) from None
            try:
                yield make(values)
            except FormatError as fault:
                raise FormatError(fault.what, where=place, value=fault.value) from None


def _line(chart: RawChart | Chart) -> str:
    values = chart_to_json(chart)
    line = json.dumps(values, ensure_ascii=False, allow_nan=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        line = json.dumps(values, allow_nan=False)
    return line + "\n"


def _entry_to_json(entry: Entry) -> dict[str, Any]:
    parts = {
        "text": entry.text,
        "time": entry.time,
        "codes": [{"system": code.system, "code": code.code, "display": code.display} for code in entry.codes],
        "value": entry.value,
        "unit": entry.unit,
        "origin": {"file": entry.origin.file, "place": entry.origin.place} if entry.origin.file else None,
    }
    said = {key: part for key, part in parts.items() if part not in (None, "", [])}
    return {"id": entry.id, "kind": entry.kind, **said}


def _entry_from_json(values: dict[str, Any]) -> Entry:
    value = values.get("value")
    if not isinstance(value, (int, float, str, type(None))) or isinstance(value, bool):
        raise _misshapen("entries.value")
    origin = values.get("origin") or {}
    return Entry(
        id=_text(values, "id"),
        kind=_text(values, "kind"),
        text=_maybe(values, "text") or "",
        time=_maybe(values, "time"),
        codes=tuple(_code(part) for part in _objects(values, "codes")),
        value=value,
        unit=_maybe(values, "unit"),
        origin=Origin(_maybe(origin, "file") or "", _maybe(origin, "place") or ""),
    )


def _code(values: dict[str, Any]) -> Code:
    return Code(_text(values, "system"), _text(values, "code"), _maybe(values, "display") or "")


def _objects(values: Any, key: str) -> list[dict[str, Any]]:
    parts = values.get(key, []) if isinstance(values, dict) else None
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise _misshapen(key)
    return parts


def _maybe(values: Any, key: str) -> str | None:
    part = values.get(key) if isinstance(values, dict) else 0
    if part is not None and not isinstance(part, str):
        raise _misshapen(key)
    return part


def _text(values: Any, key: str) -> str:
    part = _maybe(values, key)
    if part is None:
        raise _misshapen(key)
    return part


def _sex(values: dict[str, Any]) -> Sex:
    sex = values.get("sex", "unknown")
    if sex not in get_args(Sex):
        raise _misshapen("sex")
    return cast(Sex, sex)


def _misshapen(key: str) -> FormatError:
    return FormatError(
        tr("not a chart: this part is missing or of the wrong kind", "不是病历：缺少此项或类型不符"), value=key
    )


def _no_constant(name: str) -> float:
    raise ValueError(name)
