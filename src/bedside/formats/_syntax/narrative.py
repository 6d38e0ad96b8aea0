"""Readable text out of HTML, XHTML and RTF, with paragraphs, table cells and list items kept apart."""

from __future__ import annotations

import html
import re

from bedside.formats._syntax.json import names

_BREAKS = frozenset(
    names(
        "p div br tr li ul ol table h1 h2 h3 h4 h5 h6 section article header footer pre blockquote dt dd "
        "paragraph list item caption thead tbody title hr"
    )
)
_SILENT = frozenset(["script", "style", "head", "template", "noscript"])
_HTML = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,40})[^<>]*>|<[!?][^<>]*>|([^<]+|<)")
_RTF = re.compile(
    r"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|(.)", re.IGNORECASE | re.S
)
_RTF_SKIP = frozenset(["fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "themedata"])
_RTF_TEXT = {
    "par": "\n",
    "line": "\n",
    "tab": "\t",
    "cell": "\t",
    "row": "\n",
    "emdash": "\u2014",
    "endash": "\u2013",
    "bullet": "\u2022",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
}
_CODEPAGES = {"936": "gb18030", "950": "big5", "932": "cp932", "949": "cp949", "65001": "utf-8"}


def html_text(markup: str) -> str:
    r"""The text of a page or a fragment; one linear pass, since markup may be hostile.

    >>> html_text("<p>Gout.</p><table><tr><td>CRP</td><td>5</td></tr></table>")
    'Gout.\nCRP 5'
    """
    parts: list[str] = []
    silent = ""
    for match in _HTML.finditer(_without_comments(markup)):
        closing, name, plain = match.groups()
        name = (name or "").lower()
        if silent:
            silent = "" if closing and name == silent else silent
        elif name in _SILENT and not closing:
            silent = name
        elif name:
            parts.append("\n" if name in _BREAKS else " " if name in ("td", "th") else "")
        elif plain:
            parts.append(plain)
    return tidy(html.unescape("".join(parts)))


def _without_comments(markup: str) -> str:
    first, *rest = markup.split("<!--")
    return first + "".join(part.partition("-->")[2] if "-->" in part else part for part in rest)


def tidy(text: str) -> str:
    """One space for many, no blank lines."""
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def rtf_text(rtf: str) -> str:
    r"""The text of an RTF document, its `\uN` and code-page characters included.

    >>> rtf_text(r"{\rtf1\ansi\ansicpg936 Gout \'b8\'df\par CRP}")
    'Gout 高\nCRP'
    """
    page = _CODEPAGES.get(found.group(1), f"cp{found.group(1)}") if (found := re.search(r"\\ansicpg(\d+)", rtf)) else ""
    parts: list[str | bytes] = []
    stack: list[tuple[bool, int]] = []
    skip, fallback, pending = False, 1, 0
    for match in _RTF.finditer(rtf):
        word, argument, code, symbol, brace, plain = match.groups()
        if brace == "{":
            stack.append((skip, fallback))
        elif brace == "}":
            skip, fallback = stack.pop() if stack else (False, 1)
        elif word in _RTF_SKIP or symbol == "*":
            skip = True
        elif word == "uc":
            fallback = int(argument or 1)
        elif skip or (word is None and not code and not symbol and not plain):
            continue
        elif word == "u" and argument:
            parts.append(chr(int(argument) % 65536))
            pending = fallback
        elif pending and (code or plain):
            pending -= 1
        elif word or symbol:
            parts.append(_RTF_TEXT.get(word or "", "") if word else symbol.replace("~", " "))
        else:
            parts.append(bytes.fromhex(code) if code else plain)
    return tidy(_decoded(parts, page or "cp1252"))


def _decoded(parts: list[str | bytes], page: str) -> str:
    out, run = [], b""
    for part in [*parts, ""]:
        if isinstance(part, bytes):
            run += part
            continue
        if run:
            try:
                out.append(run.decode(page, "replace"))
            except LookupError:
                out.append(run.decode("cp1252", "replace"))
            run = b""
        out.append(part)
    return "".join(out)
