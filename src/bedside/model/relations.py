"""Relations as tables hold them: pairs of entities by id, number or place, or triples of words; and as JSON.

A relation is an object whose head is under `head`, `subject` or `e1`, its tail under `tail`, `object` or `e2`, and its
type under `type`, `predicate` or `relation`. Either end is the id or number of an entity of the row, an object with its
place, or the words themselves, which are then taken where they first stand in the text (`{"@value": ...}`, as CMeIE has
it, are words too).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bedside.lang import tr
from bedside.model.entities import _plain, as_json
from bedside.model.given import Given
from bedside.model.marked import Schema
from bedside.types import Entity, Relating, Relation

HEADS, TAILS, TYPES = ("head", "subject", "e1"), ("tail", "object", "e2"), ("type", "predicate", "relation")
NONE = frozenset({"", "none", "no_relation", "na", "n/a", "false"})
"""Types, in small letters, of a pair that is in no relation."""

UNTYPED = "entity"
"""The type of an entity that came without one."""


def looks_related(value: Any) -> bool:
    """Whether a label cell holds relations.

    >>> looks_related([{"e1": "T1", "e2": "T2", "type": "effect"}]), looks_related([{"start": 3, "end": 8}])
    (True, False)
    """
    value = _plain(value)
    if not isinstance(value, (list, tuple)) or not value or not isinstance(value[0], Mapping):
        return False
    return all(any(key in value[0] for key in keys) for keys in (HEADS, TAILS, TYPES))


def read_entities(text: str, cell: Any) -> Given:
    """The entities of a row and what it calls them; raises ValueError with the reason when they do not fit the text."""
    cell = _plain(cell)
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return Given()
    if not isinstance(cell, (list, tuple)) or not all(isinstance(one, Mapping) for one in cell):
        raise ValueError(tr("no list of entities", "不是实体列表"))
    entities = tuple(_placed(one, text) for one in cell)
    return Given(entities=entities, ids=tuple(str(one.get("id", n)) for n, one in enumerate(cell)))


def read_relations(text: str, given: Given, cell: Any) -> tuple[Given, tuple[Relation, ...]]:
    """A row's relations in order, and its entities with those that only the relations name.

    Raises ValueError with the reason when the cell does not fit the text and its entities.
    """
    cell = _plain(cell)
    if cell is None or not isinstance(cell, (list, tuple)) or not all(isinstance(one, Mapping) for one in cell):
        raise ValueError(tr("no list of relations", "不是关系列表"))
    ends = _Ends(text, given)
    found: set[Relation] = set()
    for one in cell:
        head, tail, kind = (next((one[key] for key in keys if key in one), None) for keys in (HEADS, TAILS, TYPES))
        if head is None or tail is None or not isinstance(kind, (str, type(None))) or (kind is None and len(one) < 2):
            raise ValueError(tr("a relation lacks head, tail or type", "关系缺少 head、tail 或 type"))
        pair = ends.entity(head, _kind_of(one, HEADS)), ends.entity(tail, _kind_of(one, TAILS))
        if (kind or "").strip().lower() not in NONE:
            if pair[0] == pair[1]:
                raise ValueError(tr("a relation of an entity to itself", "关系的两端为同一实体"))
            found.add(Relation(*pair, str(kind).strip()))
    return ends.given(), tuple(sorted(found))


def schema_of(rows: Sequence[Sequence[Relation]]) -> Schema:
    """Which types of entities are related, and which relations have no direction.

    A relation has a direction when in some row its head stands behind its tail and it does not hold the other way
    round as well; a relation that is always written in the order of the text says nothing about direction.

    >>> drugs = Entity(0, 7, "drug"), Entity(13, 21, "drug")
    >>> sorted(schema_of([[Relation(*drugs, "effect")]]).undirected)
    ['effect']
    """
    directed = {one.type for row in rows for one in row if one.tail < one.head and turned(one) not in row}
    every = [one for row in rows for one in row]
    one_way = frozenset((one.head.type, one.tail.type) for one in every if one.type in directed)
    others = [(one.head.type, one.tail.type) for one in every if one.type not in directed]
    both = frozenset([*others, *((tail, head) for head, tail in others)])
    return Schema(one_way, both, frozenset(one.type for one in every) - directed)


def turned(one: Relation) -> Relation:
    """The same with head and tail changed over."""
    return Relation(one.tail, one.head, one.type, one.probability, one.directed)


def relations_json(answer: Relating, text: str, given: Given) -> list[dict[str, Any]]:
    """Relations as a line of JSON holds them; an entity of the row is called as there, one found has a probability."""
    names = dict(zip(given.entities, given.ids, strict=False))

    def end(entity: Entity) -> dict[str, Any]:
        (told,) = as_json([entity], text)
        chance = told.pop("probability")
        return {"id": names[entity]} | told if entity in names else told | {"probability": chance}

    return [
        {
            "head": end(one.head),
            "tail": end(one.tail),
            "type": one.type,
            "directed": one.directed,
            "probability": one.probability,
        }
        for one in answer.relations
    ]


def doubled(rows: Sequence[Sequence[Relation]]) -> int:
    """How many pairs bear a second relation, which is not learnt."""
    return sum(count - 1 for row in rows for count in Counter((one.head, one.tail) for one in row).values())


class _Ends:
    """Finds the entities that a row's relations name, and gathers those it did not list."""

    def __init__(self, text: str, given: Given) -> None:
        self._text, self._given = text, given
        self._by_id = dict(zip(given.ids, given.entities, strict=True))
        self._more: dict[Entity, None] = {}
        self._by_words = 0

    def entity(self, end: Any, kind: str) -> Entity:
        """The entity that one end of a relation names."""
        if isinstance(end, Mapping) and "@value" in end:
            end = end["@value"]
        if isinstance(end, Mapping) and "start" not in end:
            end, kind = next((end[key] for key in ("id", "text") if key in end), None), str(end.get("type", kind))
        if isinstance(end, Mapping):
            return self._added(_placed({"type": kind, **end}, self._text))
        if not isinstance(end, (str, int)) or isinstance(end, bool):
            raise ValueError(tr("a relation's end is no entity", "关系的一端不是实体"))
        if str(end) in self._by_id:
            return self._by_id[str(end)]
        return self._found(str(end), kind)

    def given(self) -> Given:
        """The row's entities, all of them."""
        own = self._given
        more = tuple(one for one in self._more if one not in own.entities)
        return Given(entities=own.entities + more, ids=own.ids, by_words=self._by_words)

    def _found(self, words: str, kind: str) -> Entity:
        at = self._text.find(words)
        if not words.strip() or at < 0:
            raise ValueError(tr("a relation names no entity of its row", "关系所指实体不在该行中"))
        there = [one for one in self._given.entities if self._text[one.start : one.end] == words]
        if there:
            return there[0]
        entity = self._added(Entity(at, at + len(words), kind))
        self._by_words += 1
        return entity

    def _added(self, entity: Entity) -> Entity:
        self._more[entity] = None
        return entity


def _kind_of(one: Mapping[str, Any], keys: Sequence[str]) -> str:
    """The type that a triple gives for one of its ends: `subject_type`, or CMeIE's `object_type: {"@value": ...}`."""
    found = next((one[f"{key}_type"] for key in keys if f"{key}_type" in one), None)
    found = found.get("@value") if isinstance(found, Mapping) else found
    return str(found).strip() if found else UNTYPED


def _placed(one: Mapping[str, Any], text: str) -> Entity:
    """An entity by its place; its own words may skip some of those that stand there ("loop [...] diuretics")."""
    try:
        start, end, kind = int(one["start"]), int(one["end"]), str(one.get("type") or UNTYPED).strip()
    except (TypeError, KeyError, ValueError):
        raise ValueError(tr("an entity lacks start or end", "实体缺少 start 或 end")) from None
    if not 0 <= start < end <= len(text):
        raise ValueError(tr("an entity lies outside its text", "实体位置超出文本"))
    words = one.get("text")
    if isinstance(words, str) and words != text[start:end] and not _within(words, text[start:end]):
        raise ValueError(tr("an entity's text is not what stands there", "实体文本与其位置不符"))
    return Entity(start, end, kind)


def _within(words: str, stretch: str) -> bool:
    """Whether all words stand in the stretch, in order."""
    at = 0
    for word in words.split():
        at = stretch.find(word, at) + len(word)
        if at < len(word):
            return False
    return bool(words.strip())
