"""The rows that the ear for emergencies is fitted on: our own sets, what strangers ask, and the signs of trouble."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from bedside.emergency import emergencies
from bedside.emergency._flags import flags
from bedside.emergency._parts import parts
from bedside.emergency.asking import is_told_now, readable, sentences_in
from emergencies import COLUMNS, DATA, HERE, ROOT

FITTED = (
    *("first", "second", "third", "fourth", "sixth", "seventh", "eighth", "near", "ninth", "tenth"),
    *("fitted", "told", "advice", "treated", "pairs", "voices", "twelfth", "thirteenth", "letters"),
    *("fourteenth", "sixteenth", "eighteenth"),
)
MESSAGES = ("ninth", "tenth", "twelfth", "thirteenth", "letters", "fourteenth", "sixteenth", "eighteenth")
"""Sets of whole messages with look-alikes of the same topic and length: what the ear is for."""
STRANGERS = 1500
"""Questions of each public set, and as many sentences of answers."""
_TIME = re.compile(r"(?:^|\s)(?:minute|minutes|hour|hours|now)(?:\s|$)|[二两三四五六十#]")
"""Times and counts stand in emergencies and in orders alike."""
OFTEN, OFTENER = 3, 8
"""A sign stands in so many emergencies at least, and in so many times the share of the harmless sentences."""


class Own(NamedTuple):
    """A row of ours: what it says, whether it is an emergency, and the set it is of."""

    said: str
    urgent: bool
    set: str


def ours() -> list[Own]:
    """Our own rows, each text once."""
    found = [
        Own(readable(text), urgent, "flags")
        for flag in flags()
        for urgent, told in ((True, flag.fires), (False, flag.silent))
        for lang in ("en", "zh")
        for text in told[lang]
    ]
    for lang in ("en", "zh"):
        put_by = ROOT / "tests" / "emergency" / "data" / f"heldout_{lang}.txt"
        for name, path in (("heldout", put_by), *((name, HERE / f"{name}_{lang}.tsv") for name in FITTED)):
            lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
            found += [Own(readable(text), sign != "-", name) for sign, text in lines]
    return list({one.said: one for one in reversed(found)}.values())[::-1]


def unalarmed(texts: Sequence[str]) -> list[str]:
    """The sentences that tell of somebody now of questions at which no wording alarms."""
    plain = [readable(text) for text in texts if not emergencies(text)]
    found = [text[slice(*span)].strip() for text in plain for span in sentences_in(text)]
    return [one for one in found if is_told_now(one)]


def answered(name: str) -> list[str]:
    """Sentences of the answers of a public set, the first that may tell of somebody now of each."""
    lines = (DATA / name / "train.jsonl").read_text(encoding="utf-8").splitlines()[-STRANGERS:]
    texts = [readable(str(json.loads(line)["answer"])) for line in lines]
    sentences = ([text[slice(*span)].strip() for span in sentences_in(text)] for text in texts)
    return [told[0] for some in sentences if (told := [one for one in some if is_told_now(one)])]


def signs(urgent: Sequence[str], harmless: Sequence[str]) -> list[str]:
    """The parts that tell of an emergency."""
    others = [*harmless, *(text for name in COLUMNS for text in answered(name))]
    with_it, without = (Counter(part for text in texts for part in parts(text)) for texts in (urgent, others))
    share = OFTENER * len(urgent) / len(others)
    found = (part for part, n in with_it.items() if n >= OFTEN and n > share * without[part])
    return sorted(part for part in found if not _TIME.search(part))
