"""FHIR R4: bundles, single resources and Bulk Data NDJSON, as JSON or XML, gzip too | FHIR R4 资源、Bundle 与 NDJSON"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from bedside.errors import FormatError
from bedside.formats._base import Format, Problem, ReadOptions
from bedside.formats._charts.draft import Reading
from bedside.formats._fhir.charts import Resource, charts_of
from bedside.formats._fhir.history import past_entries
from bedside.formats._files.bytes import decode, encoding_of, opened, read_all
from bedside.formats._files.encoding import Encoding, line_encoding
from bedside.formats._files.names import plain_name
from bedside.formats._syntax.json import loads, objects, objects_after, words
from bedside.lang import tr
from bedside.types import RawChart

MAX_BYTES = 512 * 2**20
"""A file read in one piece (a bundle, not NDJSON), and a line of NDJSON, may be this large."""
BATCH = 500
"""Lines of NDJSON gathered before charts are handed on: what keeps memory flat."""

_XML = re.compile(r"xmlns=.http://hl7\.org/fhir\b")
_TYPE = re.compile(r'"resourceType"\s*:\s*"[A-Z]')


def sniff(head: bytes, name: str) -> bool:
    """JSON with a `resourceType`, or XML in FHIR's namespace."""
    text = head.decode(encoding_of(head), "replace").lstrip("\ufeff \t\r\n")
    return (text[:1] in "{[" and bool(_TYPE.search(text))) or (text[:1] == "<" and bool(_XML.search(text[:4000])))


def read(path: Path, options: ReadOptions) -> Iterator[RawChart | Problem]:
    """Charts by patient; NDJSON a batch of lines at a time, everything else in one piece."""
    reading, useful, skipped = Reading(plain_name(path.name), options), False, Counter[str]()
    for batch in _batches(path, reading):
        for chart in charts_of(batch, reading, skipped):
            useful = True
            yield chart
        yield from reading.drain()
    if not useful:
        kinds = ", ".join(sorted(skipped))
        what = tr("nothing about a patient in this file", "文件中没有患者数据")
        raise FormatError(what + (f" ({kinds})" if kinds else ""), where=path.name, next="bedside import --help")
    yield from reading.drain()


def read_resource(value: dict[str, Any], name: str) -> Iterator[RawChart | Problem]:
    """Charts out of a bundle or resource that is parsed already; `name` stands where a file's name would."""
    reading = Reading(name, ReadOptions())
    yield from charts_of(_unpacked(value, "", reading), reading, Counter())
    yield from reading.drain()


def _batches(path: Path, reading: Reading) -> Iterator[list[Resource]]:
    with opened(path) as stream:
        first = stream.readline(MAX_BYTES)
        while first and not first.strip():
            first = stream.readline(MAX_BYTES)
        whole = encoding_of(first, default="") not in ("", "utf-8-sig") or not _is_line(first)
        if not whole:
            yield from _lines(first, stream, reading)
    if whole:
        yield _document(decode(read_all(path, MAX_BYTES)), reading, path)


def _is_line(first: bytes) -> bool:
    return first.rstrip().endswith(b"}") and b'"resourceType"' in first


def _lines(first: bytes, stream: IO[bytes], reading: Reading) -> Iterator[list[Resource]]:
    batch: list[Resource] = []
    line, number = first, 1
    while line:
        if len(line) >= MAX_BYTES and not line.endswith(b"\n"):
            what = tr("line too long; the rest of the file is not read", "该行过长；文件其余部分未读取")
            reading.doubt(f"line {number}", what)
            break
        if line.strip():
            batch += _parsed_line(line, f"line {number}", reading)
        if len(batch) >= BATCH:
            yield batch
            batch = []
        number += 1
        try:
            line = stream.readline(MAX_BYTES)
        except (EOFError, OSError, zlib.error):
            what = tr("the file is cut off or damaged from here on", "文件自此处起不完整或已损坏")
            reading.doubt(f"line {number}", what)
            break
    yield batch


def _parsed_line(line: bytes, place: str, reading: Reading) -> list[Resource]:
    """JSON is UTF-8; a line that is not is read as GB18030 if it is that, or left out, and told either way."""
    name = line_encoding(line, Encoding("utf-8"))
    if name is None:
        reading.doubt(place, tr("the encoding of this line cannot be told; left out", "无法判断此行的编码；未读取"))
        return []
    text = line.decode(name, "replace").lstrip("\ufeff")
    if name != "utf-8":
        reading.doubt(place, tr(f"not UTF-8; read as {name}", f"不是 UTF-8；按 {name} 读取"))
    elif "\ufffd" in text:
        reading.doubt(place, tr("unreadable characters, shown as \ufffd", "有无法识别的字符，以 \ufffd 代替"))
    return _parsed(text, place, reading)


def _document(text: str, reading: Reading, path: Path) -> list[Resource]:
    if text.lstrip()[:1] == "<":
        from bedside.formats._fhir.xml import resource_of
        from bedside.formats._syntax.xml import parse

        return _unpacked(resource_of(parse(text.encode(), path.name)), "", reading)
    return _parsed(text, "", reading)


def _parsed(text: str, place: str, reading: Reading) -> list[Resource]:
    """The resources of one JSON text; of a broken one, the whole entries or lines before and after the break."""
    try:
        value, doubts = loads(text)
        resources = [found for one in objects(value) for found in _unpacked(one, place, reading)]
        if not resources:
            reading.doubt(place or "file", tr("not a FHIR resource", "不是 FHIR 资源"))
    except ValueError as fault:
        doubts = [str(fault)]
        found, more = objects_after(text, "entry")
        kept = objects([one.get("resource") for one in objects(found)])
        resources = [(f"{place}Bundle.entry[{i}]", one) for i, one in enumerate(kept) if words(one.get("resourceType"))]
        doubts += more
        lines = text.split("\n")
        if not resources and len(lines) > 1 and sum('"resourceType"' in line for line in lines) > 1:
            return [r for i, line in enumerate(lines, 1) if line.strip() for r in _parsed(line, f"line {i}", reading)]
    for doubt in doubts:
        reading.doubt(place or "file", doubt)
    return resources


def _unpacked(value: dict[str, Any], place: str, reading: Reading) -> list[Resource]:
    """A resource, or the resources inside a Bundle or a Parameters, each with its place."""
    kind = words(value.get("resourceType"))
    if kind not in ("Bundle", "Parameters"):
        return [(place or kind, {**value, "resourceType": kind})] if kind else []
    found = []
    stack = [(f"{place}: {kind}" if place else kind, value)]
    while stack:
        spot, holder = stack.pop()
        listed = holder.get("entry") or holder.get("parameter") or []
        past = past_entries(holder)
        for i, entry in enumerate(listed if isinstance(listed, list) else [listed]):
            below = f"{spot}.entry[{i}]"
            if not isinstance(entry, dict):
                reading.doubt(below, tr("not an object; left out", "不是对象；未读取"))
                continue
            inner = entry.get("resource")
            if i in past:
                reading.doubt(below, past[i])
                continue
            if not isinstance(inner, dict):
                if inner is not None:
                    reading.doubt(below, tr("no resource; left out", "不是资源；未读取"))
                continue
            if inner.get("resourceType") == "Bundle":
                stack.append((below, inner))
            elif named_kind := words(inner.get("resourceType")):
                url = words(entry.get("fullUrl"))
                told = {**inner, "resourceType": named_kind}
                found.append((below, {**told, "_fullUrl": url} if url else told))
    return found


FORMAT = Format(name="fhir", suffixes=(".json", ".ndjson", ".jsonl", ".xml"), sniff=sniff, read=read, sure=True)
