"""What a person is asked to check: an input without identity, what was said of it, and why it came here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, get_args

from bedside.errors import DataError
from bedside.lang import LANGS, tr
from bedside.model.forms import FORMS
from bedside.types import Outcome, Severity
from bedside.types.verdict import PRECEDENCE

Why = Literal["reported", "emergency", "blocked", "disagreement", "warned", "abstained", "added", "sampled"]
"""Why an item is here: a user's report, a guard's verdict, two readers or models who differ, the model's own doubt, a
person who put it in, or chance."""

WHYS: tuple[Why, ...] = get_args(Why)

PRIORITY: dict[Why, int] = {
    "emergency": 90,
    "reported": 80,
    "blocked": 70,
    "disagreement": 60,
    "warned": 50,
    "abstained": 40,
    "added": 30,
    "sampled": 10,
}
"""Which come first, the highest: what may have reached a person before what was held back, chance last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A stretch of evidence; `start` and `end` are where it stands in the item's text, where it does."""

    text: str = field(repr=False)
    source: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a guard said of the output; `start` and `end` are the words of the output it rests on."""

    rule: str
    severity: Severity
    reason: str = field(repr=False)
    source: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to check. Text and output are without identity once `enqueue` has taken it in.

    `output` is a line as `bedside predict` writes it for `head`; `labels` are the labels that may be given. `group` is
    a pseudonym of the patient: rows of one patient are drawn together. `parent` is the item that this one settles.
    """

    why: Why
    head: str
    text: str = field(repr=False)
    second: str = field(default="", repr=False)
    output: Mapping[str, Any] = field(default_factory=dict, repr=False)
    reason: str = field(default="", repr=False)
    evidence: Sequence[Quote] = field(default=(), repr=False)
    outcome: Outcome | None = None
    findings: Sequence[Said] = field(default=(), repr=False)
    labels: Sequence[str] = ()
    lang: Literal["en", "zh"] = "en"
    model: str = ""
    version: str = ""
    group: str = ""
    priority: int = 0
    readers: int = 1
    parent: str = ""

    @property
    def id(self) -> str:
        """The same for the same content: what is sent twice, after a kill, is one item.

        >>> Item(why="reported", head="classify", text="cough").id
        '9bad0897f5a43d76'
        """
        body = item_to_json(replace(self, priority=0, readers=1))
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def item_to_json(item: Item) -> dict[str, Any]:
    """An item as JSON holds it; what is empty is left out."""
    return {key: value for key, value in asdict(item).items() if value not in ("", None, (), [], {})}


def item_from_json(values: Mapping[str, Any]) -> Item:
    """The item that `item_to_json` wrote; DataError, without its words, for anything else."""
    given = {key: value for key, value in values.items() if value is not None}
    try:
        quotes = tuple(Quote(**_there(one)) for one in given.get("evidence", ()))
        findings = tuple(Said(**_there(one)) for one in given.get("findings", ()))
        item = Item(**{**given, "evidence": quotes, "findings": findings})
    except (TypeError, AttributeError):
        allowed = [one.name for one in fields(Item)]
        raise DataError(tr("not an item to review", "不是待审核条目"), allowed=allowed) from None
    _check(item)
    return item


HEADS = (*FORMS, "card")
"""Whose output an item can be. `card` is a rule's advice in a record system: accepted or rejected, never learnt."""
WORDS = ("head", "text", "second", "reason", "model", "version", "group", "parent")
_CHOICES: dict[str, tuple[Any, ...]] = {
    "why": WHYS,
    "head": HEADS,
    "lang": LANGS,
    "outcome": (None, *PRECEDENCE),
    "readers": (1, 2),
}


def _there(one: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in one.items() if value is not None}


def _check(item: Item) -> None:
    if wrong := [name for name in WORDS if not isinstance(getattr(item, name), str)]:
        raise DataError(tr("not a text", "不是文本"), value=", ".join(wrong))
    if not item.text.strip():
        raise DataError(tr("no text in this row", "此行没有文本"))
    for name, allowed in _CHOICES.items():
        if getattr(item, name) not in allowed:
            raise DataError(tr("not a value of this field", "该字段没有此值"), value=name, allowed=map(str, allowed))
    if not isinstance(item.output, Mapping) or type(item.priority) is not int:
        raise DataError(tr("not a value of this field", "该字段没有此值"), value="output, priority")
    places = [*item.evidence, *(Quote(**_place(one)) for one in item.output.get("entities") or ())]
    if any(not _fits(one, len(item.text)) for one in places):
        raise DataError(tr("a place that is not in the text", "位置不在文本内"), value="evidence, entities")
    if any(not _fits(one, len(str(item.output.get("text", "")))) for one in item.findings):
        raise DataError(tr("a place that is not in the text", "位置不在文本内"), value="findings")


def _place(entity: Any) -> dict[str, Any]:
    """An entity's place; one that has none, or no type, is given a place that fits nowhere."""
    whole = isinstance(entity, Mapping) and isinstance(entity.get("type"), str)
    return {"text": "", "start": entity.get("start", -1) if whole else -1, "end": entity.get("end") if whole else 0}


def _fits(one: Quote | Said, size: int) -> bool:
    if one.start is None and one.end is None:
        return True
    return type(one.start) is int and type(one.end) is int and 0 <= one.start <= one.end <= size
