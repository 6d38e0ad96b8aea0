"""The pages of those who check: the queue, one item, and what a reader decides of it."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Body
from starlette.responses import RedirectResponse, Response

from bedside.clinic.permissions import may
from bedside.errors import UsageError
from bedside.lang import speaking, tr
from bedside.model.forms import FORMS
from bedside.review import Queue, decide
from bedside.review._item import WHYS
from bedside.review._labels import can_be_learnt
from bedside.review._queue import DECISIONS, Listed
from bedside.review.decisions import Action, seen
from bedside.review.marks import of_input, of_output
from bedside.review.told import action_said, label_lines, outcome_said, output_lines, why_said
from bedside.review.typed import ONE_OF, label_typed, typed
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.errors import Refusal
from bedside.server.workbench.page import lang_of, page
from bedside.server.workbench.pages._base import Page
from bedside.server.workbench.sent import text

SHOWN = 200
"""Items on one page; the most urgent come first, so the rest can wait."""
Reads = Annotated[Caller, require("review.read")]
Decides = Annotated[Caller, require("review.write")]


def add(router: APIRouter, context: Context) -> None:
    """The queue in the clinic's data folder."""
    place = context.clinic.review

    @router.get("/review", response_model=None)
    def review(caller: Reads, why: str = "") -> Response:
        """What waits for a reader, the most urgent first."""
        with Queue(place) as queue:
            found = queue.items(why=why if why in WHYS else "", state="open", limit=SHOWN)
        caller.note(found=len(found))
        values = {"why": why, "whys": WHYS, "why_said": why_said, "most": SHOWN}
        return page("review.html", caller, found=found, decides=_decides(caller), **values)

    @router.post("/review/next", response_model=None)
    def take_next(caller: Decides) -> Response:
        """The most urgent item that this reader may have, kept for him; back to the queue where there is none."""
        with Queue(place) as queue:
            found = queue.take(reader(caller))
        return RedirectResponse(f"/review/{found.id}" if found else "/review", 303)

    @router.get("/review/{item_id}", response_model=None)
    def item(item_id: str, caller: Reads) -> Response:
        """One item: input, output, what the guards said, and decisions where these may be shown."""
        with Queue(place) as queue:
            listed = _found(queue, item_id)
            caller.note(item=listed.id)
            return page("review_item.html", caller, **_values(listed, caller), decisions=seen(queue, listed))

    @router.post("/review/{item_id}/take", response_model=None)
    def take(item_id: str, caller: Decides) -> Response:
        """Keep an item for this reader, so that nobody else reads it meanwhile."""
        with speaking(lang_of(caller.request)), Queue(place) as queue:
            queue.take(reader(caller), _found(queue, item_id).id)
        return RedirectResponse(f"/review/{item_id}", 303)

    @router.post("/review/{item_id}/leave", response_model=None)
    def leave(item_id: str, caller: Decides) -> Response:
        """Give an item back undecided."""
        with Queue(place) as queue:
            queue.leave(reader(caller), _found(queue, item_id).id)
        return RedirectResponse("/review", 303)

    @router.post("/review/{item_id}/decide", response_model=None)
    def decided(item_id: str, sent: Annotated[dict[str, Any], Body()], caller: Decides) -> Response:
        """Accept, correct or reject; where another decided meanwhile it says so and nothing is written."""
        with speaking(lang_of(caller.request)), Queue(place) as queue:
            listed, action = _found(queue, item_id), _action(sent)
            label = label_typed(listed.item, text(sent, "label", least=0)) if action == "correct" else None
            decide(queue, listed.id, action, by=reader(caller), reason=text(sent, "reason", least=0), label=label)
        caller.note(item=listed.id, decision=action)
        return RedirectResponse("/review", 303)


def reader(caller: Caller) -> str:
    """What the queue's log calls this reader: the account's name, or the id of who came by another's token."""
    who = caller.principal
    return who.id if who.via == "token" else who.name


def _decides(caller: Caller) -> bool:
    return may(caller.principal.role, "review.write")


def _values(listed: Listed, caller: Caller) -> dict[str, Any]:
    """What the page of an item shows of it, and how an item is said."""
    item, by = listed.item, reader(caller)
    others = [who for who in listed.held_by if who != by]
    free = listed.read + len(others) < item.readers
    return {
        "one": listed,
        "item": item,
        "decides": _decides(caller),
        "mine": by in listed.held_by and free,
        "held": [] if free else others,
        "written": FORMS.get(item.head) == "texts" and item.output,
        "correctable": can_be_learnt(item.head),
        "choices": item.labels if item.head in ONE_OF else (),
        "typed": typed(item),
        "of_input": of_input(item),
        "of_output": of_output(item),
        **{said.__name__: said for said in (why_said, outcome_said, action_said, output_lines, label_lines)},
    }


def _found(queue: Queue, id: str) -> Listed:
    try:
        return queue.get(id)
    except UsageError:
        raise Refusal(404, "unknown_item", tr("no such item", "没有此条目")) from None


def _action(sent: dict[str, Any]) -> Action:
    if sent.get("decision") not in DECISIONS:
        what = tr("choose a decision", "请选择审核意见")
        raise Refusal(422, "invalid", what, where="decision", allowed=", ".join(DECISIONS))
    return cast(Action, sent["decision"])


PAGE = Page("/review", "review.read", "Review", "审核", 30, add)
