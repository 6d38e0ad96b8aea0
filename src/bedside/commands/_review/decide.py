"""`bedside review take, accept, correct, reject`: one reader's way through the queue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import JsonFlag, emit_json, say
from bedside.commands._review.options import By, ItemId, QueueFile, Reason
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.review.decisions import Action

Labels = Annotated[
    list[str] | None,
    typer.Option(
        "--label", metavar="LABEL", help=tr("The right label or number; several: repeat", "正确标签或数值，可重复")
    ),
]
Text = Annotated[str | None, typer.Option("--text", metavar="TEXT", help=tr("The right text", "正确文本"))]
Entity = Annotated[
    list[str] | None,
    typer.Option(
        "--entity",
        metavar="START:END:TYPE",
        help=tr("A right entity, repeated; code points", "正确实体，可重复；按字符计"),
    ),
]
NoLabel = Annotated[bool, typer.Option("--none", help=tr("There is no label, or no entity", "没有标签或没有实体"))]
New = Annotated[bool, typer.Option("--new", help=tr("The model need not know the label", "允许模型未知的标签"))]


def take(
    by: By,
    queue: QueueFile = None,
    id: Annotated[str, typer.Option("--id", help=tr("This item (default: the next)", "指定条目（默认下一条）"))] = "",
    minutes: Annotated[float, typer.Option(min=1, help=tr("How long it is kept for you", "保留时长（分钟）"))] = 30,
    json: JsonFlag = False,
) -> None:
    """Take the next item, so that nobody else reads it meanwhile; the one you hold already comes first.

    `bedside review take --by ann`
    """
    from bedside.commands._review.view import show_item
    from bedside.review import Queue
    from bedside.review._item import item_to_json

    with Queue(queue) as opened:
        found = opened.take(by, id, seconds=60 * minutes)
    if json:
        emit_json({"id": found.id, "item": item_to_json(found.item)} if found else {"id": None})
    elif found is None:
        say(tr("nothing is waiting for you", "没有等待您审阅的条目"))
    else:
        show_item(found, [])
        say(f"bedside review accept|correct|reject {found.id} --by {by}")


def leave(id: ItemId, by: By, queue: QueueFile = None, json: JsonFlag = False) -> None:
    """Give an item back undecided, so that another reader can take it.

    `bedside review leave 9bad0897f5a43d76 --by ann`
    """
    from bedside.review import Queue

    with Queue(queue) as opened:
        opened.leave(by, id)
    if json:
        emit_json({"id": id})
    else:
        say(f"{id}: " + tr("given back", "已放回"))


def accept(id: ItemId, by: By, reason: Reason = "", queue: QueueFile = None, json: JsonFlag = False) -> None:
    """The output is right as it is.

    `bedside review accept 9bad0897f5a43d76 --by ann`
    """
    _decided(queue, id, "accept", by, reason, json)


def reject(id: ItemId, by: By, reason: Reason = "", queue: QueueFile = None, json: JsonFlag = False) -> None:
    """The output is wrong, or the input cannot be answered; nothing is to be learnt from it.

    `bedside review reject 9bad0897f5a43d76 --by ann --reason "half the note is missing"`
    """
    _decided(queue, id, "reject", by, reason, json)


def correct(
    id: ItemId,
    by: By,
    reason: Reason = "",
    label: Labels = None,
    text: Text = None,
    entity: Entity = None,
    none: NoLabel = False,
    new: New = False,
    queue: QueueFile = None,
    json: JsonFlag = False,
) -> None:
    """The output is wrong, and this is right.

    `bedside review correct 9bad0897f5a43d76 --by ann --label benign --reason "stable for two years"`

    `bedside review correct 1c2d3e4f5a6b7c8d --by ann --entity 3:8:symptom --reason "missed"`
    """
    from bedside.model.forms import FORMS
    from bedside.review import Queue
    from bedside.review.typed import entity_typed

    with Queue(queue) as opened:
        head = opened.get(id).item.head
    several = head == "multilabel" or FORMS.get(head) == "entities"
    given: Any = None
    if entity:
        given = [entity_typed(one) for one in entity]
    elif text is not None:
        given = text
    elif none:
        given = []
    elif label:
        given = label if several else label[0]
    _decided(queue, id, "correct", by, reason, json, label=given, new=new)


def _decided(
    queue: Path | None,
    id: str,
    action: Action,
    by: str,
    reason: str,
    json: bool,
    *,
    label: Any = None,
    new: bool = False,
) -> None:
    from bedside.review import Queue, decide
    from bedside.review.told import action_said

    with Queue(queue) as opened:
        end = decide(opened, id, action, by=by, reason=reason, label=label, new=new)
    if json:
        emit_json({"id": id, "action": action, "by": by, "log": str(end)})
    else:
        say(f"{id}: {action_said(action)}" + tr(f" (log line {end.count})", f"（日志第 {end.count} 行）"))
