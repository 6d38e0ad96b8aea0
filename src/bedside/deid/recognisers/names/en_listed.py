"""English names told by a list of patients: before an age and sex, and at the heads of lines that begin alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import Lexicon, group
from bedside.deid.lexicon.english_medical import is_medical
from bedside.deid.patterns.anchors import Anchored
from bedside.deid.recognisers.names.en_person import CAPITAL, LETTER, NAME_WORD, NEVER_FIRST

GENERIC = group("generic")
NUMBERED = r"(?:#?\d{1,3}[.):]?|[-–—*•]|[Bb](?:e?d)?[ ]?\d{1,3}[.:]?|[A-Z]{1,2}\d{1,3}[.:]?)"
"""What a line of a list begins with: 1., #17, a dash, b7, SR3."""
AGED = Anchored(
    rf"^[ \t]*(?:{NUMBERED}[ \t]+)?(?P<name>{NAME_WORD}(?:,?[ ](?:{NAME_WORD}|"
    rf"{CAPITAL}\.?)){{0,3}}),?[ ]{{1,2}}\(?\d{{1,2}}[ ]?"
    r"(?:(?:y/?o?|yrs?|yo|mo|m|w)[ ]?)?[/ ]?[MF]\b(?![ ]?(?:ratio|[:=]))",
    re.M,
)
HEADED = Anchored(
    rf"^[ \t]*(?P<sign>{NUMBERED})[ \t]+(?P<name>{NAME_WORD}(?:,?[ ](?:{NAME_WORD}|{CAPITAL}\.?)){{0,2}}|"
    rf"{LETTER}{{3,}})"
    r"(?=[ ]?[:(#]|[ ]{1,2}[-–—→][ ])",
    re.M,
)
LISTED = Anchored(
    rf"(?:^|(?<=[.;][ ]))[A-Z]{{0,2}}\d{{1,4}}[A-Z]{{0,2}}(?:-\d{{1,3}})?[ ]({NAME_WORD})(?=:[ ]?\d|:[ ]|[ ][-–—][ ])",
    re.M,
)
HOUR = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d ")
"""Before what is done at that hour: "0815 Rounds: "."""
AWARE = Anchored(rf"\(({NAME_WORD})\)[ ](?:aware|notified|informed|paged|agrees|updated|called)\b")
_NO_NAMES = (
    "age aged sex dob male female man woman boy girl lady gentleman patient pt client baby infant twin child "
    "adult caucasian asian african black white hispanic latino latina unknown elderly healthy pleasant mean "
    "median cohort case control index proband donor recipient volunteer subject participant new ref repeat"
)
NO_NAMES = frozenset(_NO_NAMES.split())
"""What also stands before an age and a sex."""


def _aged(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "#20 Innocent 44 M - snake": at the head of a line, whatever the word, unless it is medicine."""
    for match in AGED.finditer(text):
        words = [word.strip(".,").lower() for word in match["name"].split()]
        if not (_is_no_head(words[0], lex) or any(word in NO_NAMES or word in NEVER_FIRST for word in words)):
            yield Candidate(*match.span("name"), "NAME", 0.85, "en_names.aged")


def _is_no_head(word: str, lex: Lexicon) -> bool:
    """Whether a word begins no name in a list: a function word, a house, medicine that nobody is called."""
    return word in NEVER_FIRST or word in GENERIC or (is_medical(word, lex) and not lex.is_name(word))


def _headed(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "- Szymon - VAC change", "- Foley - leg ulcer": three lines that begin alike, half of them with known names."""
    alike: dict[str, list[tuple[re.Match[str], list[str]]]] = {}
    for match in HEADED.finditer(text):
        words = [word.strip(".,").lower() for word in match["name"].split()]
        alike.setdefault(re.sub(r"\d+", "0", match["sign"]), []).append((match, words))
    for heads in alike.values():
        known = sum(any(lex.is_name(word) and word not in lex.words for word in words) for _, words in heads)
        if len(heads) < 3 or 2 * known < len(heads):
            continue
        for match, words in heads:
            if not _is_no_head(words[0], lex) and any(lex.is_name(word) or word not in lex.words for word in words):
                yield Candidate(*match.span("name"), "NAME", 0.8, "en_names.headed")


def _listed(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "B15 Long - long-leg cast" and "hepatology (Dunleavy) aware"."""
    for rule in (LISTED, AWARE):
        for match in rule.finditer(text):
            low = match[1].lower()
            if rule is LISTED and lex.is_ordinary(low) and HOUR.match(match[0]):
                continue
            if low in lex.surnames and low not in NEVER_FIRST and not match[1].isupper():
                yield Candidate(*match.span(1), "NAME", 0.8, "en_names.listed")


IN_LISTS: tuple[tuple[Callable[[str, Lexicon], Iterator[Candidate]], list[Anchored]], ...] = (
    (_aged, [AGED]),
    (_headed, [HEADED]),
    (_listed, [LISTED, AWARE]),
)
"""What reads lists of patients, with the patterns it needs."""
