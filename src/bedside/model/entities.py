"""Entities as tables hold them: start, end and type in a text, or one tag a token (IOB1, IOB2, BIOES, BILOU, BMES)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from bedside.formats._tables import listed
from bedside.lang import tr
from bedside.model.given import Places
from bedside.types import Entity

_BEGINS, _ENDS = "BSU", "ESLU"


def looks_tagged(text: Any, value: Any) -> bool:
    """Whether a label cell holds entities, or a tag for each token of its text.

    >>> looks_tagged("no fever", [{"start": 3, "end": 8, "type": "symptom"}]), looks_tagged("no fever", ["a", "b"])
    (True, False)
    """
    value, text = _plain(value), listed(text)
    if not isinstance(value, (list, tuple)) or not value:
        return False
    if isinstance(value[0], dict):
        return {"start", "end", "type"} <= set(value[0])
    return isinstance(text, (list, tuple)) and len(text) == len(value) and all(map(_is_tag, value))


def joined(tokens: Sequence[Any]) -> tuple[str, Places]:
    """Tokens as one text, with a blank between them but not between two Chinese characters; and where each stands.

    >>> joined(["头", "痛", "T", "38"])[0]
    '头痛 T 38'
    """
    text, places = "", []
    for token in map(str, tokens):
        if text and token and not (_is_han(text[-1]) and _is_han(token[0])):
            text += " "
        places.append((len(text), len(text) + len(token)))
        text += token
    return text, tuple(places)


def read_tagged(text: Any, value: Any) -> tuple[str, Places, tuple[Entity, ...]]:
    """A row's text, the places of its tokens (none when it came as a text), and its entities in order.

    Raises ValueError with the reason when the cell does not fit its text.
    """
    text, value = listed(text), _plain(value)
    whole, places = joined(text) if isinstance(text, (list, tuple)) else (text if isinstance(text, str) else "", ())
    if not isinstance(value, (list, tuple)):
        raise ValueError(tr("no list of entities or tags", "不是实体或标签列表"))
    if value and isinstance(value[0], str):
        return whole, places, tuple(_from_tags(value, places))
    return whole, places, tuple(sorted({_entity(one, whole) for one in value}))


def tags_of(entities: Sequence[Entity], places: Places) -> list[str]:
    """IOB2 tags of tokens; a token is in an entity when it begins in it.

    >>> tags_of([Entity(3, 8, "symptom")], ((0, 2), (3, 8)))
    ['O', 'B-symptom']
    """
    tags = ["O"] * len(places)
    for entity in entities:
        within = [number for number, (start, _) in enumerate(places) if entity.start <= start < entity.end]
        for number in within:
            tags[number] = f"{'B' if number == within[0] else 'I'}-{entity.type}"
    return tags


def overlapping(entities: Sequence[Entity]) -> bool:
    """Whether any two of these, sorted, share a character.

    >>> overlapping([Entity(0, 13, "disease"), Entity(6, 13, "body")])
    True
    """
    return any(one.end > after.start for one, after in pairwise(entities))


def as_json(entities: Sequence[Entity], text: str) -> list[dict[str, Any]]:
    """Entities as a line of JSON holds them, each with what stands there.

    >>> as_json([Entity(3, 8, "symptom", 0.9)], "no fever")
    [{'start': 3, 'end': 8, 'type': 'symptom', 'text': 'fever', 'probability': 0.9}]
    """
    return [
        {
            "start": one.start,
            "end": one.end,
            "type": one.type,
            "text": text[one.start : one.end],
            "probability": one.probability,
        }
        for one in entities
    ]


def _from_tags(tags: Sequence[str], places: Places) -> list[Entity]:
    """Entities of a tag sequence; an I that continues nothing begins an entity, as IOB1 has it."""
    if len(tags) != len(places):
        raise ValueError(
            tr(
                f"{len(tags)} tags for {len(places)} tokens",
                f"{len(places)} 个词有 {len(tags)} 个标签",
            )
        )
    found: list[Entity] = []
    open_ = ""
    for tag, (start, end) in zip(tags, places, strict=True):
        if not _is_tag(tag):
            raise ValueError(tr("a tag is not O, or B-, I-, E-, S-, L-, U- or M- and a type", "标签格式无效"))
        mark, _, kind = tag.partition("-")
        if mark == "O":
            open_ = ""
        elif open_ == kind and mark not in _BEGINS:
            found[-1] = Entity(found[-1].start, end, kind)
            open_ = "" if mark in _ENDS else kind
        else:
            found.append(Entity(start, end, kind))
            open_ = "" if mark in _ENDS else kind
    return found


def _entity(one: Any, text: str) -> Entity:
    try:
        start, end, kind = int(one["start"]), int(one["end"]), str(one["type"]).strip()
    except (TypeError, KeyError, ValueError):
        raise ValueError(tr("an entity lacks start, end or type", "实体缺少 start、end 或 type")) from None
    if not (0 <= start < end <= len(text)) or not kind:
        raise ValueError(tr("an entity lies outside its text", "实体位置超出文本"))
    if isinstance(one.get("text"), str) and one["text"] != text[start:end]:
        raise ValueError(tr("an entity's text is not what stands there", "实体文本与其位置不符"))
    return Entity(start, end, kind)


def _plain(value: Any) -> Any:
    """A list written as JSON in a cell of text is a list."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _is_tag(value: Any) -> bool:
    return isinstance(value, str) and (value == "O" or (value[:2] in {f"{m}-" for m in "BIESLUM"} and len(value) > 2))


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"
