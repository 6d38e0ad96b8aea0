"""An answer as the workbench shows it: beside each sentence the passage that it stands in, with the words marked."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from bedside.consult._base import Cited, Consultation
from bedside.consult.page import supported
from bedside.consult.words import notes, reason_said
from bedside.facts.person import Person
from bedside.lang import speaking, tr
from bedside.server.clinic.access import Caller
from bedside.server.errors import Refusal
from bedside.server.workbench.page import lang_of, page
from bedside.server.workbench.sent import text
from bedside.types import Passage

AROUND = 220
"""Characters of a passage before and after the sentence."""
MOST_TOPIC = 20


@dataclass(frozen=True, slots=True)
class Support:
    """Where a sentence stands: the number and citation of the passage, the words before it, it, the words after."""

    place: int
    citation: str
    before: str
    sentence: str
    after: str


def answered(caller: Caller, sent: dict[str, Any], person: Person | None = None, patient_id: str = "") -> Response:
    """One turn of a conversation with the library, which is kept; the turn before it comes with the form as its topic.

    With `patient_id` it is kept with that patient's chart.
    """
    librarian = caller.context.librarian
    if librarian is None:
        raise Refusal(404, "no_library", tr("no library is served here", "此处未提供知识库"))
    question = text(sent, "question")
    told = librarian.ask(question, lang_of(caller.request), person, topic_of(sent))
    caller.remember("ask", question, "\n".join(one.sentence for one in told.answer), patient_id)
    caller.note(abstained=int(told.abstained), sentences=len(told.answer), warnings=len(told.warnings))
    with speaking("zh" if told.lang == "zh" else "en"):
        return page("answer.html", caller, told=told, **_values(told))


def topic_of(sent: dict[str, Any]) -> Sequence[str]:
    """What the turn before was about, as the page sent it back; nothing where it did not.

    >>> topic_of({"topic": '["wilson", "disease"]'}), topic_of({})
    (['wilson', 'disease'], ())
    """
    if not (said := text(sent, "topic", least=0)):
        return ()
    try:
        words = json.loads(said)
    except (ValueError, RecursionError):
        words = None
    if not isinstance(words, list) or len(words) > MOST_TOPIC or not all(isinstance(one, str) for one in words):
        raise Refusal(422, "invalid", tr("not a list of words", "不是词语列表"), where="topic")
    return words


def supports(one: Cited, passages: Sequence[Passage]) -> list[Support]:
    """The passages that a sentence stands in, around it.

    >>> told = Passage(text="Rest. Drink water. Sleep.", citation="NHS", source="n", version="1", id="p")
    >>> supports(Cited("Drink water.", ("p",)), [told])
    [Support(place=1, citation='NHS', before='Rest. ', sentence='Drink water.', after=' Sleep.')]
    """
    found = []
    for place, passage in enumerate(passages, 1):
        at = passage.text.find(one.sentence) if passage.id in one.citations else -1
        if at >= 0:
            end, first = at + len(one.sentence), max(0, at - AROUND)
            before = ("…" if first else "") + passage.text[first:at]
            after = passage.text[end : end + AROUND] + ("…" if end + AROUND < len(passage.text) else "")
            found.append(Support(place, passage.citation or passage.source, before, one.sentence, after))
    return found


def _values(told: Consultation) -> dict[str, Any]:
    passages = [one.passage for one in told.passages]
    return {
        "sentences": [(one, supports(one, passages)) for one in told.answer],
        "passages": [supported(place, one, told) for place, one in enumerate(passages, 1)],
        "turn": secrets.token_hex(4),
        "reason": reason_said(told),
        "notes": notes(told),
        "topic": json.dumps(told.focus.topic[:MOST_TOPIC], ensure_ascii=False),
    }
