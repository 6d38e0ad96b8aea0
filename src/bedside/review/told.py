"""An item in words: why it is here, what was said of it, what a decision was; in the language in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bedside.lang import tr
from bedside.model.forms import FORMS, form_of
from bedside.review._item import Item, Why
from bedside.review.decisions import Action
from bedside.types import Outcome


def why_said(why: Why) -> str:
    """Why an item is here.

    >>> why_said("blocked")
    'blocked by the guard'
    """
    words: dict[Why, str] = {
        "reported": tr("reported by a user", "用户反馈"),
        "emergency": tr("emergency", "紧急情况"),
        "blocked": tr("blocked by the guard", "被把关拦截"),
        "disagreement": tr("disagreement", "意见不一"),
        "warned": tr("warned by the guard", "把关警示"),
        "abstained": tr("the model gave no answer", "模型未作答"),
        "added": tr("put in by a person", "人工加入"),
        "sampled": tr("drawn by chance", "随机抽查"),
    }
    return words[why]


def outcome_said(outcome: Outcome) -> str:
    """A guard's verdict."""
    words: dict[Outcome, str] = {
        "emergency": tr("emergency", "紧急情况"),
        "block": tr("blocked", "拦截"),
        "out_of_scope": tr("out of scope", "超出范围"),
        "warn": tr("warning", "警示"),
        "allow": tr("let pass", "放行"),
    }
    return words[outcome]


def action_said(action: Action) -> str:
    """A decision."""
    words: dict[Action, str] = {
        "accept": tr("accepted", "通过"),
        "correct": tr("corrected", "更正"),
        "reject": tr("rejected", "驳回"),
    }
    return words[action]


def output_lines(item: Item) -> list[str]:
    """What was said, in lines for people.

    >>> output_lines(Item(why="sampled", head="classify", text="x", output={"label": "ill", "probabilities": {}}))
    ['ill']
    """
    if not item.output:
        return [tr("(no answer)", "（无结果）")]
    if FORMS.get(item.head) == "entities":
        return [_entity(one, item.text) for one in item.output.get("entities", ())] or [tr("no entities", "无实体")]
    try:
        return form_of(item.head).spoken({"probabilities": {}, **item.output})
    except (KeyError, TypeError, ValueError):  # a line made elsewhere: shown as it is
        return [f"{name}: {value}" for name, value in item.output.items()]


def label_lines(item: Item, label: Any) -> list[str]:
    """A label as a reader gave it, in lines for people."""
    if FORMS.get(item.head) == "entities" and isinstance(label, list):
        return [_entity(one, item.text) for one in label]
    return [", ".join(map(str, label)) if isinstance(label, list) else str(label)]


def _entity(one: Mapping[str, Any], text: str) -> str:
    return f"{one['type']}: {text[one['start'] : one['end']]} ({one['start']}-{one['end']})"
