"""A label as a person types it: entities and several labels a line each, anything else as it stands."""

from __future__ import annotations

from typing import Any

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.forms import FORMS
from bedside.review._item import Item
from bedside.review._labels import FIELDS, can_be_learnt

ONE_OF = ("classify", "pair", "ordinal")
"""Heads that give one of their labels: a reader chooses."""


def typed(item: Item) -> str:
    """The output as a reader would type it, to be mended; empty where there is none.

    >>> typed(Item(why="sampled", head="multilabel", text="x", output={"label": ["fever", "gout"]}))
    'fever\\ngout'
    """
    said = item.output.get(FIELDS[FORMS[item.head]]) if can_be_learnt(item.head) else None
    if FORMS.get(item.head) == "entities":
        return "\n".join(f"{one['start']}:{one['end']}:{one['type']}" for one in item.output.get("entities", ()))
    if isinstance(said, (list, tuple)):
        return "\n".join(map(str, said))
    return "" if said is None else str(said)


def label_typed(item: Item, text: str) -> Any:
    """What a reader typed as the label that `decide` checks; None for nothing where something is needed.

    >>> label_typed(Item(why="sampled", head="tag", text="no fever"), "3:8:symptom")
    [{'start': 3, 'end': 8, 'type': 'symptom'}]
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if FORMS.get(item.head) == "entities":
        return [entity_typed(line) for line in lines]
    return lines if item.head == "multilabel" else text.strip() or None


def entity_typed(words: str) -> dict[str, Any]:
    """START:END:TYPE as a row has it; raises UsageError for anything else.

    >>> entity_typed("3:8:symptom")
    {'start': 3, 'end': 8, 'type': 'symptom'}
    """
    start, _, rest = words.partition(":")
    end, _, kind = rest.partition(":")
    if not (start.isdecimal() and end.isdecimal() and kind):
        raise UsageError(tr("not an entity", "不是实体"), value=words, allowed="START:END:TYPE")
    return {"start": int(start), "end": int(end), "type": kind}
