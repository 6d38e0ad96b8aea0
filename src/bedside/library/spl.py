"""Drug labels in SPL XML (DailyMed): a label is a document by its set id, its sections under their headings"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from bedside.formats._base import Problem
from bedside.formats._syntax.xml import local
from bedside.lang import tr
from bedside.library._base import Body, Item, Reader, ReadingOptions
from bedside.library._reading.xml import child, children, elements, lines, root_name, said


def sniff(head: bytes, path: Path) -> bool:
    """A `document` in HL7's v3 namespace."""
    return root_name(head) == "document" and b"urn:hl7-org:v3" in head


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """The version is the label's number and its day of effect."""
    for label in elements(path, "document"):
        if local(label) != "document" or label.getparent() is not None:
            continue
        item = _item(label)
        yield item if item.id else Problem(path.name, tr("a label without its set id", "说明书没有 setId"))


def _item(label: etree._Element) -> Item:
    body = Body()
    for part in children(child(label, "component", "structuredBody"), "component"):
        if (section := child(part, "section")) is not None:
            _add(body, section, "")
    own, number, day = (
        _value(label, name) for name in (("setId", "root"), ("versionNumber", "value"), ("effectiveTime", "value"))
    )
    name = next((said(one) for one in label.iter("{*}manufacturedProduct") for one in children(one, "name")), "")
    title = " ".join(filter(None, (name, said(child(label, "title"))))) or own
    when = f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) >= 8 else day
    return Item(
        id=own,
        title=name or title,
        text=body.text,
        blocks=body.blocks,
        url=f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={own}" if own else "",
        date=when,
        version=" ".join(filter(None, (f"v{number}" if number else "", when))),
        citation=f"{title[:200].rstrip('. ')}. Drug label, set id {own}, version {number or '?'}, {when or '?'}",
    )


def _add(body: Body, section: etree._Element, above: str) -> None:
    """A section's own text, and then that of the sections within it, under the whole path of headings."""
    code = child(section, "code")
    own = said(child(section, "title")) or str(code.get("displayName", "") if code is not None else "")
    heading = " > ".join(filter(None, (above, own)))
    if (text := child(section, "text")) is not None:
        body.add(heading, lines(text))
    for part in children(section, "component"):
        if (below := child(part, "section")) is not None:
            _add(body, below, heading)


def _value(label: etree._Element, place: tuple[str, str]) -> str:
    found = child(label, place[0])
    return str(found.get(place[1], "")) if found is not None else ""


READER = Reader(name="spl", sniff=sniff, read=read)
