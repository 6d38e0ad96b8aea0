"""Recognises an emergency in what a patient or clinician writes: red flags with what to do now, and their sources.

The flags are data (data/red_flags.toml), each with sentences at which it fires and does not. A denied, past, general or
merely feared mention does not fire; a relative who has it now does, since somebody asks for him.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bedside.emergency._flags import Flag, flags
from bedside.emergency.alarm import Encoder, heard, heard_perhaps
from bedside.emergency.asking import present, readable
from bedside.lang import tr
from bedside.phenotypes.context import Language


@dataclass(frozen=True, slots=True)
class Emergency:
    """A red flag that is raised: its name and what to do now in the user's language, and the guideline it is from.

    `places` are the words that raised it, in the text as `readable` gives it: code points, end exclusive.
    """

    id: str
    name: str
    what_to_do: str
    source: str
    places: tuple[tuple[int, int], ...] = field(default=(), compare=False)


def emergencies(text: str, lang: str | None = None, *, encoder: Encoder | None = None) -> tuple[Emergency, ...]:
    """The emergencies that a text tells of, the most pressing first; `lang` is for texts whose letters do not tell.

    With an `encoder`, a text without any of our wordings is listened to, as a message, for emergencies in other words.

    >>> [one.id for one in emergencies("I have crushing chest pain and I am sweating.")]
    ['heart-attack']
    >>> emergencies("No chest pain, no sweating. What are the signs of a heart attack?")
    ()
    """
    plain = readable(text)
    known: Language | None = "zh" if lang == "zh" else "en" if lang == "en" else None
    raised = ((flag, _raised(flag, plain, known)) for flag in flags())
    found = tuple(_said(flag, places) for flag, places in raised if places)
    return found if found or encoder is None else in_other_words(text, encoder, message=True)


def in_other_words(text: str, encoder: Encoder | None, *, message: bool = False) -> tuple[Emergency, ...]:
    """An emergency of a kind that is not known, where a text sounds like one; by words alone without encoder.

    A `message` is somebody's own telling, which is listened to more keenly than a clinician's text (alarm.heard).
    """
    places = heard(readable(text), encoder, message=message)
    name = tr("What is told may be an emergency", "所述情况可能是急症")
    what_to_do = tr(
        "If this is happening now, call your local emergency number (120 in mainland China; 112, 999 or 911 elsewhere) "
        "or go to an emergency department. Do not wait for an answer here.",
        "如果情况正在发生，请立即拨打当地急救电话（中国大陆 120）或前往急诊，不要等待此处的回答。",
    )
    source = tr("likeness to the red flags of this program, by meaning", "与本系统红旗征象的语义相近程度")
    return (Emergency("other-words", name, what_to_do, source, places),) if places else ()


def reminder(text: str, encoder: Encoder | None) -> str:
    """When to call, for a message in which no emergency is heard but that is near to one; "" if it is not.

    >>> reminder("Which vaccines does a baby get?", None)
    ''
    """
    if not heard_perhaps(readable(text), encoder):
        return ""
    return tr(
        "If this is happening now, is new or gets worse, do not wait: call your local emergency number "
        "(120 in mainland China; 112, 999 or 911 elsewhere) or go to an emergency department.",
        "如果情况正在发生、刚出现或在加重，不要等待：请拨打当地急救电话（中国大陆 120）或前往急诊。",
    )


def _raised(flag: Flag, text: str, lang: Language | None) -> tuple[tuple[int, int], ...]:
    """The first mention of all parts of one trigger that are there now."""
    for one in flag.triggers:
        for spans in one.places(text):
            if all(present(text, list(spans), lang)):
                return spans
    return ()


def _said(flag: Flag, places: tuple[tuple[int, int], ...]) -> Emergency:
    return Emergency(flag.id, tr(*flag.name), tr(*flag.what_to_do), flag.source, places)
