"""What a decision makes of an item as a label: read, checked and written as the item's head has it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bedside.config import DataRecipe
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.forms import FORMS, form_of
from bedside.review._clean import words
from bedside.review._item import Item

FIELDS = {"labels": "label", "entities": "entities", "score": "value", "texts": "text"}
"""Where a line of `bedside predict` has the label, by the form of the head's answers."""


def can_be_learnt(head: str) -> bool:
    """Whether a decision about such an output can become a labelled example.

    >>> can_be_learnt("tag"), can_be_learnt("rank")
    (True, False)
    """
    return FORMS.get(head, "") in FIELDS


def label_said(item: Item) -> Any:
    """The label that the output amounts to; None where there is none, or none that can be learnt."""
    if not can_be_learnt(item.head):
        return None
    said = item.output.get(FIELDS[FORMS[item.head]])
    if said is None or said == "":
        return None
    return _read(item, said)[0]


def checked(item: Item, label: Any, *, new: bool = False) -> Any:
    """A label that a reader gave, in the one way it is written; `new` allows one that the model does not know.

    Raises UsageError for a label that does not fit the text or the head.

    >>> checked(Item(why="sampled", head="classify", text="cough", labels=("yes", "no")), "no")
    'no'
    """
    if not can_be_learnt(item.head):
        raise UsageError(
            tr("answers of this head can be accepted or rejected only", "该输出层的结果只能通过或驳回"),
            value=item.head,
            next="bedside review reject ID --reason TEXT",
        )
    if FORMS[item.head] == "texts":
        label = words(str(label))
    written, names = _read(item, label)
    strange = [] if new or not item.labels else [name for name in names if name not in item.labels]
    if strange:
        raise UsageError(
            tr("the model knows no such label", "模型没有此标签"),
            value=", ".join(strange),
            allowed=item.labels,
            next="--new",
        )
    return written


def row_of(item: Item, label: Any) -> dict[str, Any]:
    """The columns of a labelled row as `bedside fit` reads it."""
    return {"text": item.text, **({"text_b": item.second} if item.second else {}), "label": label}


def _read(item: Item, label: Any) -> tuple[Any, tuple[str, ...]]:
    """The label in the one way it is written, and the names in it."""
    form = form_of(item.head)
    columns = DataRecipe(train=Path(), text_b="text_b" if item.second else None)
    try:
        text, given, raw = form.read(row_of(item, label), columns)
        (read,) = form.labels([raw])
    except (ValueError, KeyError, TypeError) as fault:
        why = str(fault) if type(fault) is ValueError else None
        raise UsageError(tr("not a label of this item", "不是该条目的标签"), value=why) from None
    row: Mapping[str, Any] = form.cells(text, given, read)
    return _in_order(row["label"]), tuple(form.named([read])[0])


def _in_order(label: Any) -> Any:
    """Labels by alphabet, entities by place: two readers who give the same in another order agree."""
    if not isinstance(label, list):
        return label
    return sorted(label, key=lambda one: (one["start"], one["end"], one["type"]) if isinstance(one, dict) else one)
