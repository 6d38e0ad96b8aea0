"""English names behind a label or "Baby Girl": "Attending: Ames", "Name: Grace Hope"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import Lexicon, group
from bedside.deid.lexicon.english_medical import is_medical
from bedside.deid.patterns.anchors import Anchored
from bedside.deid.recognisers.names.en_cues import LABEL, STRONG_LABEL, first_word, is_candidate
from bedside.deid.recognisers.names.en_person import CAPITAL, NEVER_FIRST, read_name, reversed_end, shouts

LANGUAGES = group("languages")
NEXT_IN_LIST = re.compile(r"(?:[ ]?(?:,|and|&|;|/)[ ]+|,[ ]?[A-Z-]{2,6},[ ]+)(?:(?:Dr|Mr|Mrs|Ms)\.?[ ])?(?=[A-Z][a-z])")
TITLE_ENDS = re.compile(r"(?i)\b(?:dr|mr|mrs|ms|miss|prof)\.?[ ]+\Z")
ANSWERED = re.compile(
    r"(?i:no|so|do|hi)[,.]?[ ](?i:i|it|not|that|the|this|he|she|we|they|you|there|nothing|"
    r"none|just|my|but|sir|doctor|thanks?)\b"
)
"""A speaker's answer, not a name: "Patient: No, I'm fine"."""
DEFINED = re.compile(r"(?:An?|The|This|These|In|If|It)[ ][a-z]")
"""A sentence, not a name: "Surgeon: An orthopedic surgeon is"."""


def labelled(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """Patient:, Attending:, Electronically signed by: ..."""
    for match in LABEL.finditer(text):
        at = match.end()
        word = first_word(text, at)
        low = word.lower().rstrip(".")
        label = (match["staff"] or match["person"]).lower()
        strong = bool(STRONG_LABEL.search(label))
        titled = bool(TITLE_ENDS.search(match.group()))
        if (low in NEVER_FIRST and not titled) or (low in LANGUAGES and label == "interpreter"):
            continue
        if ANSWERED.match(text, at) or DEFINED.match(text, at) or (label == "subject" and not lex.is_name(low)):
            continue
        initial = len(low) == 1 and word.endswith(".")
        if not (strong or titled or initial or is_candidate(word, lex, shouts(text, at))):
            continue
        if strong and not titled and lex.is_ordinary(low.split("-")[0]) and not _plausible(text, at, lex):
            continue
        end = read_name(text, at, lex, lower="name" in label or label in ("patient", "pt", "pt name", "client"), most=5)
        if end == at:
            continue
        end = reversed_end(text, at, end, lex)
        kind = "STAFF" if match["staff"] else "NAME"
        yield Candidate(at, end, kind, 0.95 if strong else 0.85, "en_names.label")
        while joined := NEXT_IN_LIST.match(text, end):
            begin = joined.end()
            if not is_candidate(first_word(text, begin), lex, False) or not match["staff"]:
                break
            end = read_name(text, begin, lex, most=4)
            if end == begin:
                break
            yield Candidate(begin, end, kind, 0.8, "en_names.label_joined")


def _plausible(text: str, at: int, lex: Lexicon) -> bool:
    """Whether ordinary words after a label are a name all the same: "Name: Grace Hope", not "Patient: Stable today"."""
    end = read_name(text, at, lex, most=4)
    words = [word.lower().strip(".,") for word in text[at:end].split()]
    if not words:
        return False
    if any(not lex.is_ordinary(word.split("-")[0]) and not is_medical(word, lex) for word in words if len(word) > 1):
        return True
    return (
        all(lex.is_name(word) or len(word) == 1 for word in words)
        and text[at : at + 1].isupper()
        and (words[0] in lex.given or text[end : end + 1] == ",")
    )


BABY = Anchored(
    rf"\b(?:(?i:baby|infant|newborn|twin)|BB|BG|NB)[ ](?:(?i:girl|boy|male|female|[ab12])[ ])?(?:[AB][ ])?(?={CAPITAL})"
)


def babies(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """The newborn named after the mother: "Baby Girl Thompson"."""
    for match in BABY.finditer(text):
        first = first_word(text, match.end())
        low = first.lower().rstrip(".")
        known = low in lex.surnames and not lex.is_ordinary(low)
        if low not in ("girl", "boy") and (known or is_candidate(first, lex, shouts(text, match.end()))):
            end = read_name(text, match.end(), lex, most=2)
            if end > match.end():
                yield Candidate(match.start(), end, "NAME", 0.75, "en_names.baby")
