"""Writes a topic as its page."""

from __future__ import annotations

from pathlib import Path

from bedside.evaluate.pages import fill
from bedside.lang import speaking, tr
from bedside.literature.notices import GRAVITY, word
from bedside.literature.topic.look import gone
from bedside.literature.topic.state import CURRENT, SUPERSEDED, Topic, embedded


def page(topic: Topic) -> str:
    """HTML in the language of the topic; the same topic gives the same bytes."""
    from markupsafe import Markup

    from bedside import __version__

    number = {key: place for place, key in enumerate(topic.papers, 1)}
    latest = topic.log[-1]
    with speaking("zh" if topic.lang == "zh" else "en"):
        return fill(
            "topic.html",
            folder_of_template=Path(__file__).parent,
            topic=topic,
            papers=[(number[key], key, one) for key, one in topic.papers.items() if not gone(one)],
            lost=[(number[key], key, one) for key, one in topic.papers.items() if gone(one)],
            number=number,
            first=len(topic.log) == 1,
            fresh=set(latest.new) if len(topic.log) > 1 else set(),
            latest=latest,
            became=_became,
            word=_word,
            data=Markup(embedded(topic)),
            version=__version__,
        )


def _became(status: str) -> str:
    """What became of a paper, "" of one that is current."""
    known = {
        "retracted": tr("retracted", "已撤稿"),
        "withdrawn": tr("withdrawn from its source", "已从来源撤回"),
        SUPERSEDED: tr("superseded by a later version", "已被新版本替代"),
        CURRENT: "",
    }
    return known.get(status, status)


def _word(kind: str) -> str:
    return word(kind) if kind in GRAVITY else kind
