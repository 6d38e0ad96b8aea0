"""Large XML files from publishers and registries, an element at a time; what an attacker could use is refused.

Publishers name a document type that lies elsewhere: it is left out, never fetched. One that defines anything itself is
refused, as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from bedside.errors import FormatError
from bedside.formats._base import HEAD_BYTES
from bedside.formats._files.bytes import encoding_of, opened
from bedside.formats._syntax.xml import local, refuse_dtd
from bedside.lang import tr

READ_BYTES = 2**18
_ELSEWHERE = re.compile(
    rb"<!DOCTYPE\s+[\w:.-]{1,80}(?:\s+PUBLIC\s+(?:\"[^\"<>]{0,200}\"|'[^'<>]{0,200}')|\s+SYSTEM)?"
    rb"\s*(?:\"[^\"<>]{0,200}\"|'[^'<>]{0,200}')?\s*>"
)
_ROOT = re.compile(rb"<[A-Za-z_]")
_LINES = frozenset(["p", "paragraph", "item", "li", "tr", "br", "caption", "title", "list-item", "label"])


def elements(path: Path, *names: str) -> Iterator[etree._Element]:
    """The elements of these names in order, each gone when the next is asked for.

    Raises FormatError for what is no XML, or defines entities, once what stands before was given.
    """
    with opened(path) as stream:
        start = stream.read(HEAD_BYTES)
        yield from _fed(_safe(start, path.name), stream, names, path.name)


def root_name(head: bytes) -> str:
    """The name of the first element, "" for what is no XML.

    >>> root_name(b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "a.dtd"><a><b/></a>')
    'a'
    """
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    found = re.search(
        rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]", re.sub(rb"<!--.*?-->", b"", head, flags=re.S)
    )
    return found.group(1).decode() if found and head.startswith(b"<") else ""


def said(element: etree._Element | None) -> str:
    """The words of an element on one line, "" where there is none."""
    return " ".join("".join(map(str, element.itertext())).split()) if element is not None else ""


def lines(element: etree._Element) -> str:
    """The words of an element with its paragraphs, items and rows on lines of their own."""
    parts: list[str] = []
    _walk(element, parts)
    kept = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in kept if line)


def child(element: etree._Element, *path: str) -> etree._Element | None:
    """The first element down a path of names, whatever their namespace."""
    for name in path:
        found = next((one for one in element if local(one) == name), None)
        if found is None:
            return None
        element = found
    return element


def children(element: etree._Element | None, name: str) -> list[etree._Element]:
    """The elements of a name directly below one."""
    return [one for one in element if local(one) == name] if element is not None else []


def _walk(element: etree._Element, parts: list[str]) -> None:
    name = local(element)
    parts.append("\n" if name in _LINES else " " if name in ("td", "th") else "")
    parts.append(str(element.text or "") if name else "")
    for one in element:
        _walk(one, parts)
        parts.append(str(one.tail or ""))
    parts.append("\n" if name in _LINES else "")


def _safe(start: bytes, name: str) -> bytes:
    """The beginning of a file without a document type that lies elsewhere."""
    if encoding_of(start).startswith(("utf-16", "utf-32")):
        raise FormatError(tr("XML in UTF-16", "XML 为 UTF-16 编码"), where=name, allowed="UTF-8")
    root = _ROOT.search(start)
    if root is None:
        raise FormatError(tr("no XML element at the beginning", "开头没有 XML 元素"), where=name)
    prolog = _ELSEWHERE.sub(b"", start[: root.start()], count=1)
    refuse_dtd((prolog + start[root.start() :][:2000]).decode("latin-1"), name)
    return prolog.lstrip() + start[root.start() :]


def _fed(start: bytes, stream: object, names: tuple[str, ...], where: str) -> Iterator[etree._Element]:
    parser: etree.XMLPullParser[etree._Element] = etree.XMLPullParser(
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    piece = start
    try:
        while piece:
            parser.feed(piece)
            yield from _given(parser)
            piece = stream.read(READ_BYTES)  # type: ignore[attr-defined]
        parser.close()
    except etree.XMLSyntaxError as fault:
        yield from _given(parser)
        what = tr(f"not well-formed XML at line {fault.lineno}", f"XML 在第 {fault.lineno} 行格式不正确")
        raise FormatError(what, where=where, next="xmllint --noout FILE") from None
    yield from _given(parser)


def _given(parser: etree.XMLPullParser[etree._Element]) -> Iterator[etree._Element]:
    for _, element in parser.read_events():
        yield element
        element.clear()
        above = element.getparent()
        while above is not None and len(above) > 1 and above[0] is not element:
            del above[0]
