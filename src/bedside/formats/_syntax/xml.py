"""XML from strangers: no DTD, no entities, no network, bounded depth; fragments can be wrapped and prefixes bound."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from bedside.errors import FormatError
from bedside.formats._files.bytes import MARKS, encoding_of
from bedside.lang import tr

MAX_BYTES = 64 * 2**20
WRAPPER = "fragments"
"""The root given to a file that has several."""

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,400}\?>")
_ENCODING = re.compile(rb"<\?xml\b[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_PROLOG = re.compile(r"(?:\s+|<!--.*?-->|<\?.*?\?>)*", re.S)
_KNOWN_ENCODING = re.compile(
    r"utf-?(8|16|32)([bl]e)?$|(us-)?ascii$|iso-8859-\d+$|windows-125\d$|gb(2312|k|18030)$|big5$"
)
_PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]{0,40}):[A-Za-z_][\w.-]*(?=[\s=/>])")


def parse(data: bytes, where: str, *, prefixes: Mapping[str, str] | None = None) -> etree._Element:
    """The root element; a DTD or anything not well-formed is a `FormatError` naming the line.

    With `prefixes` a fragment is taken too: these are bound where they are not declared, other undeclared prefixes are
    bound to a name of their own, and several roots get one around them (`WRAPPER`).
    """
    text = _decoded(data, where)
    refuse_dtd(text, where)
    try:
        return _parsed(text)
    except etree.XMLSyntaxError as fault:
        first = fault
    if prefixes is not None:
        try:
            return _parsed(_wrapped(text, prefixes))
        except etree.XMLSyntaxError as fault:
            first = fault
    what = tr(f"not well-formed XML at line {first.lineno}", f"XML 在第 {first.lineno} 行格式不正确")
    if first.code in (1, 110) or "depth" in str(first):
        what = tr("XML nested too deep or a text in it too large", "XML 嵌套过深或其中文本过大")
    raise FormatError(what, where=where, next="xmllint --noout FILE") from None


def refuse_dtd(text: str, where: str) -> None:
    """A document type may define entities: none is needed in clinical XML, so none is allowed."""
    start = _PROLOG.match(text, text.startswith("\ufeff")).end()  # type: ignore[union-attr]
    if text[start : start + 2] == "<!" or re.search(r"<!(DOCTYPE|ENTITY)", text[: start + 1000], re.IGNORECASE):
        what = tr("XML with a document type (DTD, entities) is refused", "拒绝带文档类型（DTD、实体）的 XML")
        raise FormatError(what, where=where, next=tr("remove the DOCTYPE", "请删除 DOCTYPE"))


def local(element: etree._Element) -> str:
    """An element's name without its namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _decoded(data: bytes, where: str) -> str:
    marked = encoding_of(data, default="")
    declared = _ENCODING.match(data.lstrip()[:400])
    name = marked or (declared.group(1).decode().lower() if declared else "utf-8")
    if not any(name == mark for _, mark in MARKS) and not _KNOWN_ENCODING.match(name):
        raise FormatError(tr("unknown encoding in the XML declaration", "XML 声明中的编码未知"), where=where)
    try:
        return data.decode({"gb2312": "gb18030", "gbk": "gb18030"}.get(name, name)).replace("\x00", "")
    except (UnicodeDecodeError, LookupError):
        raise FormatError(tr(f"the bytes are not {name}", f"字节不是 {name} 编码"), where=where) from None


def _parsed(text: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(_DECLARATION.sub("", text.removeprefix("\ufeff"), count=1).encode(), parser)


def _wrapped(text: str, prefixes: Mapping[str, str]) -> str:
    body = re.sub(r"<\?xml\b[^>]{0,400}\?>", "", text.removeprefix("\ufeff"))
    used = set(_PREFIX.findall(body)) - {"xml", "xmlns"}
    bound = " ".join(f'xmlns:{name}="{prefixes.get(name, f"urn:undeclared:{name}")}"' for name in sorted(used))
    return f"<{WRAPPER} {bound}>{body}</{WRAPPER}>"
