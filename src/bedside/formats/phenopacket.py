"""GA4GH Phenopackets v2, JSON or YAML: a patient, a family, a cohort, one a line | GA4GH Phenopackets v2 表型数据包"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bedside.errors import FormatError
from bedside.formats._base import Format, Problem, ReadOptions
from bedside.formats._charts.draft import Reading
from bedside.formats._files.bytes import decode, encoding_of, opened, read_all
from bedside.formats._files.names import plain_name
from bedside.formats._phenopacket.entries import draft_of, pick, relative_entry
from bedside.formats._phenopacket.flat import MARK, packet_of
from bedside.formats._syntax.json import loads, objects
from bedside.formats._syntax.yaml import NoYaml, yaml_documents
from bedside.lang import tr
from bedside.types import RawChart

MAX_BYTES = 256 * 2**20
MAX_YAML_BYTES = 16 * 2**20
"""YAML takes hundreds of times its size in time and memory."""

_MARKS = re.compile(
    r'"(phenotypicFeatures|phenotypic_features|phenopacketSchemaVersion|phenopacket_schema_version)"\s*:'
)
YAML = (".yaml", ".yml")
_YAML_MARKS = re.compile(r"^\W*(phenotypic_?features|phenopacket_?schema_?version)\W*:", re.IGNORECASE | re.MULTILINE)
_META = re.compile(r'"(phenopacketSchemaVersion|phenopacket_schema_version)"\s*:')
_SUBJECT = re.compile(r'"(subject|proband|members)"\s*:')


def sniff(head: bytes, name: str) -> bool:
    """JSON with a subject and phenotypic features (or rows of present HPO terms), no FHIR `resourceType`; or YAML."""
    text = head.decode(encoding_of(head), "replace").lstrip("\ufeff \t\r\n")
    if name.lower().endswith(YAML):
        return bool(_YAML_MARKS.search(text))
    if not text.startswith("{") or '"resourceType"' in text:
        return False
    if bool(_META.search(text)):
        return True
    return bool(_MARKS.search(text) and _SUBJECT.search(text)) or bool(MARK.search(text))


def read(path: Path, options: ReadOptions) -> Iterator[RawChart | Problem]:
    """One chart for each subject: features seen and excluded, diseases, measurements, treatments, interpretations."""
    reading, useful = Reading(plain_name(path.name), options), False
    for place, value in _values(path, reading):
        for chart in _charts(place, value, reading):
            useful = True
            yield chart
        yield from reading.drain()
    if not useful:
        faults = "; ".join(f"{problem.place}: {problem.what}" for problem in reading.problems[:3])
        what = tr("no phenopacket with a subject", "没有带受试者的 phenopacket")
        raise FormatError(
            f"{what} ({faults})" if faults else what, where=path.name, allowed="Phenopackets v2 JSON, YAML"
        )
    yield from reading.drain()


def _values(path: Path, reading: Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    """The JSON objects of the file with their places: a line each when the first line is whole, else all as one."""
    if path.name.lower().endswith(YAML):
        yield from _from_yaml(path, reading)
        return
    with opened(path) as stream:
        first = stream.readline(MAX_BYTES)
        if first.strip().startswith(b"{") and first.rstrip().endswith(b"}"):
            number, line = 1, first
            while line:
                if line.strip():
                    yield from _parsed(line, f"line {number}", reading)
                number, line = number + 1, stream.readline(MAX_BYTES)
            return
    yield from _parsed(read_all(path, MAX_BYTES), "file", reading)


def _from_yaml(path: Path, reading: Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        values, doubts = yaml_documents(decode(read_all(path, MAX_YAML_BYTES)))
    except NoYaml:
        what = tr(
            "YAML cannot be read here; save the phenopacket as JSON", "此处无法读取 YAML；请将 phenopacket 存为 JSON"
        )
        raise FormatError(what, where=path.name, next="pip install pyyaml") from None
    except ValueError as fault:
        reading.doubt("file", str(fault))
        return
    for doubt in doubts:
        reading.doubt("file", doubt)
    for number, value in enumerate(values, 1):
        for one in objects(value):
            yield f"document {number}" if len(values) > 1 else "file", packet_of(one)


def _parsed(data: bytes, place: str, reading: Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        value, doubts = loads(decode(data))
    except ValueError as fault:
        reading.doubt(place, str(fault))
        return
    for doubt in doubts:
        reading.doubt(place, doubt)
    for one in objects(value):
        yield place, packet_of(one)


def _charts(place: str, value: dict[str, Any], reading: Reading) -> Iterator[RawChart]:
    """One chart a packet; a family gives the proband's, with the relatives' findings as family history, and theirs."""
    proband, name = pick(value, "proband"), "members" if pick(value, "members") else "relatives"
    spots = [(f"{place}: {name}[{i}]", one) for i, one in enumerate(objects(pick(value, name)))]
    if isinstance(proband, dict):
        draft = draft_of(proband, reading, f"{place}: proband")
        draft.entries += [entry for spot, one in spots if (entry := relative_entry(one, reading, spot))]
        yield draft.chart()
    elif not spots:
        draft = draft_of(value, reading, place)
        if not isinstance(pick(value, "subject"), dict):  # the schema lets it be left out
            reading.doubt(place, tr("no subject; the packet's id stands for one", "没有受试者；以数据包编号代替"))
        if draft.entries or isinstance(pick(value, "subject"), dict):
            yield draft.chart()
    for spot, one in spots:
        yield draft_of(one, reading, spot).chart()


FORMAT = Format(
    name="phenopacket", suffixes=(".json", ".jsonl", ".phenopacket", *YAML), sniff=sniff, read=read, sure=True
)
