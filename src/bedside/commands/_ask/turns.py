"""`bedside ask` in a terminal: what is missing is asked for, then the answer, then whatever is asked next."""

from __future__ import annotations

import sys

from bedside.cleaning.language import spoken
from bedside.commands._ask.view import show
from bedside.commands._io import say
from bedside.consult._base import Consultation, Focus
from bedside.consult.consultant import Consultant
from bedside.consult.slots import missing, with_answer
from bedside.consult.turns import followed
from bedside.emergency import emergencies
from bedside.facts.person import Person
from bedside.lang import Lang, current, speaking, tr
from bedside.model.inputs import prepare_text

MOST = 3
"""Things asked back before one answer."""


def one_answer(
    consultant: Consultant, question: str, person: Person | None, *, quiet: bool, asks: bool
) -> Consultation:
    """The answer to a question; in a terminal, after what matters was asked for."""
    told = prepare_text(question)
    if asks and not quiet and sys.stdin.isatty():
        told = _filled(told, person)
    return consultant.answer(told, _lang(told), person)


def converse(consultant: Consultant, person: Person | None) -> None:
    """Question after question, from the keyboard or a line each from a pipe; an empty line stops."""
    say(tr("Ask a question; an empty line ends.", "请输入问题；空行结束。"), quiet=True)
    before: Focus | None = None
    while question := _heard(tr("question > ", "问题 > ")):
        question = followed(prepare_text(question), before)
        question = _filled(question, person) if sys.stdin.isatty() else question
        told = consultant.answer(question, _lang(question), person)
        show(told)
        if told.focus.topic:
            before = told.focus


def _filled(question: str, person: Person | None) -> str:
    """The question with what was asked back; nothing is asked in an emergency."""
    with speaking(_lang(question)):
        if emergencies(question, _lang(question)):
            return question
        for slot in missing(question, person)[:MOST]:
            say(f"{slot.question} {tr('(Enter: skip)', '（回车跳过）')}")
            say(f"  {slot.why}")
            if answer := _heard("> "):
                question = with_answer(question, slot, prepare_text(answer))
    return question


def _heard(prompt: str) -> str:
    """The next line; "" at the end of the input."""
    if sys.stdin.isatty():
        sys.stdout.write(prompt)
        sys.stdout.flush()
    try:
        return sys.stdin.readline().strip()
    except KeyboardInterrupt:
        return ""


def _lang(question: str) -> Lang:
    """Chinese where the question or the user's words are."""
    return "zh" if current() == "zh" else spoken(question)
