"""What a topic page knows, kept within the page itself as data that no browser runs, so that a page is one file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from bedside.errors import DataError
from bedside.lang import tr

FORMAT = 1
CURRENT, SUPERSEDED = "current", "superseded"
GONE = ("retracted", "withdrawn")
"""What may not be relied on any more."""
_DATA = re.compile(r'<script type="application/json" id="topic">(.*?)</script>', re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A paper on the page; `since` is when it came, `status` what became of it, `flags` who says what against it."""

    source: str
    item: str
    title: str
    citation: str
    url: str
    licence: str
    passages: tuple[str, ...]
    since: str
    status: str = CURRENT
    flags: tuple[tuple[str, str], ...] = ()
    figures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence of a passage, word for word, and the paper it is from."""

    text: str
    passage: str
    paper: str
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One look at the library: when, of what versions, and which papers came, were lost or went (by key)."""

    when: str
    sources: tuple[tuple[str, str, int], ...]
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """The page as data. `papers` by key, in the order they came; `struck` stood here until their papers were gone.

    `log` begins with the first look.
    """

    question: str
    lang: str
    library: str
    top: int
    mode: str = ""
    sources: tuple[str, ...] = ()
    retractions: str = ""
    papers: Mapping[str, Listed] = field(default_factory=dict)
    sentences: tuple[Said, ...] = ()
    struck: tuple[Said, ...] = ()
    log: tuple[Change, ...] = ()


def embedded(topic: Topic) -> str:
    """The topic as the data block of its page; nothing in it can end the block early.

    >>> embedded(Topic(question="</script>", lang="en", library="", top=1)).count("</script>")
    1
    """
    said = json.dumps({"format": FORMAT, **asdict(topic)}, ensure_ascii=False)
    for letter in "<>&":
        said = said.replace(letter, f"\\u{ord(letter):04x}")
    return f'<script type="application/json" id="topic">{said}</script>'


def read_topic(path: Path) -> Topic:
    """The topic of a page; DataError for a page that is none."""
    try:
        found = _DATA.search(path.read_text(encoding="utf-8"))
        row = json.loads(found[1]) if found else None
    except (OSError, ValueError):
        row = None
    if not isinstance(row, dict) or "question" not in row:
        raise DataError(
            tr("not a topic page", "不是专题页"),
            where=path.name,
            next='bedside literature topic "QUESTION" --library DIR -o PAGE.html',
        )
    if row.pop("format", 0) > FORMAT:
        raise DataError(tr("a later version of bedside wrote it", "由更高版本的 bedside 写出"), where=path.name)
    try:
        papers = {key: _made(Listed, one) for key, one in row.pop("papers").items()}
        said = tuple(_made(Said, one) for one in row.pop("sentences"))
        struck = tuple(_made(Said, one) for one in row.pop("struck", ()))
        log = tuple(_made(Change, one) for one in row.pop("log"))
        topic: Topic = _made(Topic, {**row, "papers": papers, "sentences": said, "struck": struck, "log": log})
    except (TypeError, KeyError, AttributeError):
        raise DataError(tr("the page's data is damaged", "专题页的数据已损坏"), where=path.name) from None
    return topic


def _made(kind: Any, row: Mapping[str, Any]) -> Any:
    """A dataclass of a row of JSON: lists are tuples again."""
    names = {one.name for one in fields(kind)}
    return kind(**{name: _tuple(value) for name, value in row.items() if name in names})


def _tuple(value: Any) -> Any:
    return tuple(_tuple(one) for one in value) if isinstance(value, list) else value
