"""Recognises an emergency in what a patient or clinician writes: red flags with what to do now, and their sources.

The flags are data (data/red_flags.toml), each with sentences at which it fires and does not. A denied, past, general or
merely feared mention does not fire; a relative who has it now does, since somebody asks for him.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bedside.emergency._flags import Flag, flags
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


def emergencies(text: str, lang: str | None = None) -> tuple[Emergency, ...]:
    """The emergencies that a text tells of, the most pressing first; `lang` is for texts whose letters do not tell.

    >>> [one.id for one in emergencies("I have crushing chest pain and I am sweating.")]
    ['heart-attack']
    >>> emergencies("No chest pain, no sweating. What are the signs of a heart attack?")
    ()
    """
    plain = readable(text)
    known: Language | None = "zh" if lang == "zh" else "en" if lang == "en" else None
    raised = ((flag, _raised(flag, plain, known)) for flag in flags())
    return tuple(_said(flag, places) for flag, places in raised if places)


def _raised(flag: Flag, text: str, lang: Language | None) -> tuple[tuple[int, int], ...]:
    """The first mention of all parts of one trigger that are there now."""
    for one in flag.triggers:
        for spans in one.places(text):
            if all(present(text, list(spans), lang)):
                return spans
    return ()


def _said(flag: Flag, places: tuple[tuple[int, int], ...]) -> Emergency:
    return Emergency(flag.id, tr(*flag.name), tr(*flag.what_to_do), flag.source, places)
