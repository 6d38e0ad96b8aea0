"""Reads the names of diseases out of what a writer wrote: numbered lists, bullets, JSON; or that there are none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST = 20
"""Names that are read of one answer, so that one who writes on without end is not followed."""
LONGEST = 160
"""Letters of a name; what is longer is a sentence."""

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^\s*```\w*\s*$", re.MULTILINE)
_NUMBERED = re.compile(
    r"^\s*(?:#+\s*)?[*_]{0,2}"
    r"(?:[(（\[]?\d{1,2}\s*(?:[.)\]、．）:：]|\s-)(?!\d)|[①-⑳]|[一二三四五六七八九十]{1,3}[、.．])\s*[*_]{0,2}\s*"
)
_BULLET = re.compile(r"^(\s*)[-*•·●▪◦–—+]\s+")
_INLINE = re.compile(r"(?:(?<=\s)|(?<=[;；,，、。])|^)\(?\d{1,2}[.)、．）]\s*(?=\S)")
_ID = re.compile(r"\b(O?MIM|ORPHA(?:NET)?)\s*(?:ID|number|编号)?\s*[:：#]?\s*#?(\d{1,6})\b", re.IGNORECASE)
_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_LABEL = re.compile(r"^(?:disease|diagnosis|name|condition|疾病名称|疾病|诊断|名称)\s*[:：]\s*", re.IGNORECASE)
_EXPLAINED = re.compile(
    r"\s+[-–]\s+|\s*(?:—|――|：|。|；|;|\||\t|->|→)\s*|:\s+|\.\s+(?=[A-Z])|，(?=\S{6})|\s{3,}|,?\s+(?:which|because|given)\s"
)
_HAN_LATIN = re.compile(r"(?<=[\u4e00-\u9fff])\s*(?=[A-Z][A-Za-z])")
_REFUSED = re.compile(
    r"\b(?:i(?:'m| am) (?:sorry|unable|not able)|i (?:cannot|can't|can not)|as an ai|not a (?:doctor|medical))"
    r"|抱歉|对不起|无法|不能(?:提供|给出|诊断)|作为(?:一个)?(?:AI|人工智能)",
    re.IGNORECASE,
)
_KEYS = ("disease", "name", "diagnosis", "label", "condition", "title", "疾病", "疾病名称", "诊断", "名称", "病名")


@dataclass(frozen=True, slots=True)
class Named:
    """One disease as it was written: its name, what stood beside it in brackets, and an id if one was given."""

    name: str
    others: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """What was read of an answer; `refused` where it says that it will not answer."""

    names: tuple[Named, ...] = ()
    refused: bool = False


def listed(text: str) -> Listed:
    """The diseases of an answer in their order, each once.

    >>> [one.name for one in listed("1. **Marfan syndrome** - tall stature\\n2. Homocystinuria (OMIM:236200)").names]
    ['Marfan syndrome', 'Homocystinuria']
    >>> listed("I'm sorry, but I cannot diagnose a patient.")
    Listed(names=(), refused=True)
    """
    plain = _FENCE.sub("", _THOUGHT.sub("", text)).strip()
    said = _of_json(plain)
    items = said if said is not None else _items(plain)
    names: dict[str, Named] = {}
    for item in items:
        one = _named(item)
        if one is not None and len(names) < MOST:
            names.setdefault(one.name.casefold(), one)
    return Listed(tuple(names.values()), refused=not names and bool(_REFUSED.search(plain)))


def _items(text: str) -> list[str]:
    """Numbered lines, else outermost bullets, else numbers within a line, else bare short lines."""
    lines = [line for line in text.splitlines() if line.strip()]
    if numbered := [_NUMBERED.sub("", line, count=1) for line in lines if _NUMBERED.match(line)]:
        within = [part for line in numbered for part in _INLINE.split(line) if part.strip()]
        return within if len(numbered) == 1 else numbered
    bullets = [(len(match[1]), line[match.end() :]) for line in lines if (match := _BULLET.match(line))]
    if bullets:
        least = min(indent for indent, _ in bullets)
        return [rest for indent, rest in bullets if indent == least]
    if len(parts := _INLINE.split(text)) > 2:
        return parts[1:]
    if _REFUSED.search(text):
        return []
    return [line for line in lines if len(line.split()) <= 10 and line.rstrip()[-1] not in ":：.。!！?？"]


def _of_json(text: str) -> list[str] | None:
    """The items of a JSON list, or of the first list in a JSON object; None for what is no JSON."""
    starts = [at for at in (text.find("["), text.find("{")) if at >= 0]
    if not starts:
        return None
    try:
        value, _ = json.JSONDecoder().raw_decode(text[min(starts) :])
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict):
        lists = [one for one in value.values() if isinstance(one, list)]
        value = lists[0] if lists else [value]
    return list(_strings(value)) or None


def _strings(values: list[Any]) -> Iterator[str]:
    for one in values:
        if isinstance(one, str):
            yield _NUMBERED.sub("", one, count=1)
        elif isinstance(one, dict):
            name = next((one[key] for key in (*_KEYS, *one) if isinstance(one.get(key), str)), "")
            ids = " ".join(str(value) for value in one.values() if isinstance(value, str) and _ID.search(value))
            yield f"{name} ({ids})" if ids and ids != name else name


def _named(item: str) -> Named | None:
    """The name of one item without its marks, explanation and id; None where no letter is left."""
    plain = _LABEL.sub("", re.sub(r"[*_`\"“”「」]+", "", item).strip())
    found = _ID.search(plain)
    id = ""
    if found:
        id = f"{'OMIM' if 'MIM' in found[1].upper() else 'ORPHA'}:{found[2]}"
        plain = re.sub(r"[(（\[【]\s*[)）\]】]", "", _ID.sub("", plain))
    head = _EXPLAINED.split(plain.strip(" ,;:#-–"), maxsplit=1)[0]
    beside = [part.strip(" ,;:，；") for part in _BRACKETS.findall(head)]
    name = " ".join(_BRACKETS.sub(" ", head).split()).strip(" ,;:.，；。、-–")
    own, *latin = _HAN_LATIN.split(name, maxsplit=1)
    others = tuple(part for part in (*latin, *beside, head.strip()) if part and part != own)
    if not any(letter.isalpha() for letter in own) or len(own) > LONGEST:
        return Named(id, (), id) if id else None
    return Named(own.strip(), others, id)
