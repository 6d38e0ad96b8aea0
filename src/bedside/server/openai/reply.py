"""What a chat is answered with: quoted sentences with their citations, or a model's draft, each past the guard."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from bedside.lang import Lang, disclaimer, tr
from bedside.model.given import NOTHING
from bedside.server.clinic.context import Guard
from bedside.server.clinic.librarian import Librarian
from bedside.server.clinic.weigh import weighed
from bedside.server.errors import failure
from bedside.server.openai.request import Chat
from bedside.server.openai.wrong import wrong
from bedside.server.service import Served
from bedside.types import Abstained, Advice, Failed, Proposal, Verdict, Written


@dataclass(frozen=True, slots=True)
class Reply:
    """Parts of the text in their order, how it ended, and what stands beside it in fields of our own."""

    parts: tuple[str, ...] = field(repr=False)
    finish: str
    beside: dict[str, Any] = field(repr=False)

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n".join(self.parts)


def from_library(chat: Chat, librarian: Librarian, guard: Guard, lang: Lang) -> Reply:
    """An answer quoted from the library: what to do at once, then sentences with the numbers of their passages."""
    from bedside.consult.told import as_line
    from bedside.consult.words import reason_said

    told = librarian.ask(chat.question, lang)
    line = as_line(told)
    numbers = {one["id"]: at for at, one in enumerate(line["passages"], 1)}
    sentences = [
        f"{one.sentence} {''.join(f'[{numbers[id]}]' for id in one.citations if id in numbers)}".strip()
        for one in told.answer
    ]
    urgent = [f"{one.name}: {one.what_to_do}" for one in told.emergencies]
    warned = [one.text for one in told.warnings]
    said = sentences or [reason_said(told)]
    evidence = tuple(one["text"] for one in line["passages"])
    checked = _passed(" ".join(one.sentence for one in told.answer), told.question, evidence, guard, lang)
    if checked.outcome == "block":
        return _held_back(checked, urgent)
    beside = {"abstained": told.abstained, "passages": line["passages"], "emergencies": line["emergencies"]}
    return Reply((*urgent, *said, *warned, disclaimer()), "stop", {**beside, "guard": _told(checked)})


def from_model(chat: Chat, served: Served, guard: Guard, lang: Lang) -> Reply:
    """A served model's answer to the question as its text; only models that write can be chatted with."""
    (decision,) = served.advise([chat.question], [NOTHING], [Counter()])
    if isinstance(decision, Failed):
        raise failure([decision.error_id])
    if isinstance(decision, Abstained):
        return Reply((decision.reason, disclaimer()), "stop", {"abstained": True})
    if not isinstance(decision, Advice) or not isinstance(decision.prediction, Written):
        raise wrong(
            "model", tr("this model writes no texts; ask it by /v1/predict", "该模型不生成文本，请用 /v1/predict")
        )
    text = decision.prediction.text
    checked = _passed(text, chat.question, (chat.question,), guard, lang)
    if checked.outcome == "block":
        return _held_back(checked, [])
    finish = "stop" if decision.prediction.whole else "length"
    limits = list(decision.limits)
    return Reply((text, *limits, disclaimer()), finish, {"abstained": False, "guard": _told(checked)})


def _passed(text: str, question: str, evidence: tuple[str, ...], guard: Guard, lang: Lang) -> Verdict:
    return weighed(Proposal(text=text, lang=lang, question=question, evidence=evidence), guard)


def _held_back(checked: Verdict, urgent: list[str]) -> Reply:
    reasons = [one.reason for one in checked.findings if one.severity == "critical"]
    said = tr("This answer was held back.", "该回答已被拦截。")
    beside = {"abstained": True, "guard": _told(checked)}
    return Reply((*urgent, said, *reasons, disclaimer()), "content_filter", beside)


def _told(checked: Verdict) -> dict[str, Any]:
    findings = [{key: value for key, value in asdict(one).items() if key != "spans"} for one in checked.findings]
    return {"verdict": checked.outcome, "findings": findings}
