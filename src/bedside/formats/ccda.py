"""C-CDA and CDA R2: whole documents, and fragments of them (a section, an entry, a header part) | C-CDA 文档与片段"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.errors import FormatError
from bedside.formats._base import Format, Problem, ReadOptions
from bedside.formats._charts.draft import Draft, Reading
from bedside.formats._files.bytes import encoding_of, read_all
from bedside.formats._files.names import plain_name
from bedside.formats._syntax.json import names
from bedside.lang import tr
from bedside.types import Entry, Origin, RawChart

if TYPE_CHECKING:
    from lxml import etree

    from bedside.formats._ccda.entries import Walk

PREFIXES = {
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "sdtc": "urn:hl7-org:sdtc",
    "voc": "urn:hl7-org:v3/voc",
    "cda": "urn:hl7-org:v3",
    "mif": "urn:hl7-org:v3/mif",
}
"""Prefixes that fragments use without declaring them."""

_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z]\w*)")
_NAMES = frozenset(
    names(
        "ClinicalDocument section component act entry participant author documentationOf observation performer addr "
        "recordTarget informant participantRole substanceAdministration componentOf informationRecipient specimen "
        "inFulfillmentOf authenticator dataEnterer legalAuthenticator custodian supply manufacturedProduct organizer "
        "assignedAuthor entryRelationship encounterParticipant relatedDocument serviceEvent externalDocument "
        "authorization encounter relatedSubject procedure patientRole structuredBody nonXMLBody subject criterion "
        "consumable"
    )
)
"""Elements of CDA R2 that a fragment may begin with."""


def sniff(head: bytes, name: str) -> bool:
    """XML in HL7's v3 namespace, or whose first element is one of CDA's."""
    text = head.decode(encoding_of(head), "replace").lstrip("\ufeff \t\r\n")
    if not text.startswith("<") or re.search(r"xmlns=.http://hl7.org/fhir\b", text[:4000]):
        return False
    first = _ROOT.search(re.sub(r"<!--.*?-->|<[?!][^>]*>", "", text, flags=re.S))
    return "urn:hl7-org:v3" in text[:8000] or bool(first and first.group(1) in _NAMES)


def read(path: Path, options: ReadOptions) -> Iterator[RawChart | Problem]:
    """One chart: the document's patient, each section's narrative, each coded statement, whatever body it has."""
    from bedside.formats._ccda.entries import Walk, anchors_of
    from bedside.formats._ccda.people import fill, named, patient_id
    from bedside.formats._syntax.xml import MAX_BYTES, local, parse

    reading = Reading(plain_name(path.name), options)
    root = parse(read_all(path, MAX_BYTES), path.name, prefixes=PREFIXES)
    role = next((one for one in root.iter("{*}patientRole")), None)
    key = patient_id(role)
    if not key:
        reading.doubt("file", tr("no patient is named; the file's name stands for one", "未指明患者；以文件名代替"))
    draft = Draft(key or plain_name(path.name))
    if role is not None:
        fill(draft, role, reading, f"line {role.sourceline}")
    draft.know(named(root))
    draft.entries += _entries(root, Walk(reading, anchors_of(root)))
    if not draft.entries and not draft.identifiers:
        what = tr("nothing clinical and nobody named in this document", "文档中既无临床内容也无人员信息")
        raise FormatError(f"{what} (<{local(root)}>)", where=path.name)
    yield draft.chart()
    yield from reading.drain()


def _entries(root: etree._Element, walk: Walk) -> Iterator[Entry]:
    """Sections in order, and under each its statements; statements outside any section; a body that is not XML."""
    from bedside.formats._ccda.entries import HEADER, STATEMENTS, header_entry, section_entry, statement_entries
    from bedside.formats._syntax.xml import local

    stack = [root]
    while stack:
        element = stack.pop()
        name = local(element)
        if name in STATEMENTS:
            yield from statement_entries(element, walk)
            continue
        if name == "section":
            yield from section_entry(element, walk)
        if name in HEADER:
            yield from header_entry(element, walk)
        if name == "nonXMLBody":
            yield from _body(element, walk)
        if name != "text":
            stack += reversed(element)


def _body(element: etree._Element, walk: Walk) -> Iterator[Entry]:
    """A document scanned or written elsewhere, embedded as base64 or plain text."""
    from bedside.formats._ccda.values import attribute, child, inner_text
    from bedside.formats._files.attachment import from_base64

    text, place = child(element, "text"), f"line {element.sourceline}"
    if text is None or child(text, "reference") is not None:
        walk.reading.doubt(
            place, tr("the document's body is at an address, not in the file", "文档正文位于网址处，不在文件内")
        )
        return
    said = inner_text(text)
    if attribute(text, "representation") == "B64":
        said = from_base64(text.text or "", attribute(text, "mediaType"), walk.reading, place)
    if said:
        origin = Origin(walk.reading.file, place)
        yield Entry(id=walk.key(element), kind="DocumentReference", text=said, origin=origin)


FORMAT = Format(name="ccda", suffixes=(".xml", ".ccda", ".cda"), sniff=sniff, read=read)
