"""A document inside a record (base64 with a content type) as readable text, or a doubt that says why it is none."""

from __future__ import annotations

import binascii
import re

from bedside.formats._base import Problem
from bedside.formats._charts.draft import Reading, clean
from bedside.formats._files.bytes import decode
from bedside.formats._syntax.narrative import html_text, rtf_text
from bedside.lang import tr

_MARKUP = ("text/html", "application/xhtml+xml", "text/xml", "application/xml", "application/hl7-cda+xml")
_RTF = ("text/rtf", "application/rtf", "application/x-rtf")


def from_base64(encoded: str, content_type: str, reading: Reading, place: str) -> str:
    """The text of a base64 attachment; empty, with a doubt noted, when it cannot be read."""
    try:
        data = binascii.a2b_base64(re.sub(r"\s+", "", encoded), strict_mode=True)
    except (ValueError, binascii.Error):
        reading.doubt(place, tr("attachment is not valid base64", "附件不是有效的 base64"))
        return ""
    return from_bytes(data, content_type, reading, place)


def from_bytes(data: bytes, content_type: str, reading: Reading, place: str) -> str:
    """The text of an attachment by its content type; PDF goes through `ReadOptions.pdf_text`."""
    kind, _, rest = content_type.lower().partition(";")
    kind = kind.strip()
    if kind == "application/pdf" or data.startswith(b"%PDF-"):
        return _pdf(data, reading, place)
    charset = found.group(1) if (found := re.search(r"charset=[\"']?([\w.-]+)", rest)) else None
    if kind in _RTF or data.startswith(b"{\\rtf"):
        return clean(rtf_text(data.decode("latin-1")))
    if kind in _MARKUP:
        return clean(html_text(decode(data, charset)))
    if kind.startswith("text/") or not kind:
        return clean(decode(data, charset))
    reading.doubt(
        place, tr(f"attachment of type {_printable(kind)} is not read", f"不读取 {_printable(kind)} 类型的附件")
    )
    return ""


def _pdf(data: bytes, reading: Reading, place: str) -> str:
    if reading.options.pdf_text is None:
        reading.doubt(place, tr("attached PDF is not read here", "此处不读取 PDF 附件"))
        return ""
    pages = []
    for part in reading.options.pdf_text(data):
        if isinstance(part, Problem):
            reading.doubt(f"{place}: {part.place}", part.what)
        else:
            pages.append(part)
    return clean("\n".join(pages))


def _printable(kind: str) -> str:
    return kind if re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}", kind) else "?"
