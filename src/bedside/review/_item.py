"""What a person is asked to check: an input without identity, what was said of it, and why it came here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, get_args

from bedside.errors import DataError
from bedside.lang import tr
from bedside.types import Outcome, Severity

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
        '9bad0897f5a4'
        """
        body = item_to_json(replace(self, priority=0, readers=1))
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:12]


def item_to_json(item: Item) -> dict[str, Any]:
    """An item as JSON holds it; what is empty is left out."""
    return {key: value for key, value in asdict(item).items() if value not in ("", None, (), [], {})}


def item_from_json(values: Mapping[str, Any]) -> Item:
    """The item that `item_to_json` wrote; DataError, without its words, for anything else."""
    try:
        quotes = tuple(Quote(**one) for one in values.get("evidence", ()))
        findings = tuple(Said(**one) for one in values.get("findings", ()))
        item = Item(**{**values, "evidence": quotes, "findings": findings})
    except (TypeError, AttributeError):
        raise DataError(tr("not an item to review", "不是待审核条目"), allowed="why, head, text, output, ...") from None
    _check(item)
    return item


def _check(item: Item) -> None:
    if item.why not in WHYS:
        raise DataError(tr("no such reason for review", "没有这种送审原因"), allowed=WHYS)
    if not isinstance(item.text, str) or not item.text.strip():
        raise DataError(tr("no text in this row", "此行没有文本"))
    if not isinstance(item.output, Mapping):
        raise DataError(tr("the output is not a JSON object", "输出不是 JSON 对象"))
