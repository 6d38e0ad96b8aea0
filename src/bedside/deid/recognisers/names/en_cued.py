"""English names behind a deed or a relative: "seen by Ames", "daughter Rose and Lily"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import Lexicon, group
from bedside.deid.lexicon.english_medical import is_medical, pairs_medically
from bedside.deid.recognisers.names.en_cues import (
    AGE_BEFORE,
    BY,
    CALLED,
    KINSHIP,
    STAFF_BY,
    first_word,
    is_candidate,
)
from bedside.deid.recognisers.names.en_cues_behind import PERSON_SAYS, PERSON_STATE
from bedside.deid.recognisers.names.en_lone import MONTH_NAMES
from bedside.deid.recognisers.names.en_person import CAPITAL, NEVER_FIRST, read_name, shouts

LANGUAGES = group("languages")
KIN_NEXT = re.compile(r"[ ]?(?:\(\d{1,2}[^()\n]{0,8}\))?[ ]?(?:,|and|&|/|, and)[ ]+(?=[A-Z][a-zà-ÿĀ-ž])")
MANY_KIN = re.compile(
    r"(?i)(?:children|sons|daughters|kids|siblings|sisters|brothers|nephews|nieces|cousins|parents)\b"
)
CUED_TITLE_ENDS = re.compile(r"(?:Dr|Mr|Mrs|Ms|DR|MR|MRS|MS)\.?[ ]+\Z")
INITIALS = re.compile(rf"{CAPITAL}\. ?{CAPITAL}")
_GIVEN_WORDS = "rose lily grace hope faith joy summer autumn violet may june april will mark"
GIVEN_WORDS = frozenset(_GIVEN_WORDS.split())
"""Given names that are words, and names all the same behind another relative: "daughters Ruth and Lily"."""


def _acts(text: str, at: int, word: str, lex: Lexicon) -> bool:
    """Whether a name that is also a word does after a kinship word what people do: "brother Gray phoned"."""
    low = word.lower()
    stop = at + len(word)
    if low in MONTH_NAMES:
        return word[1:].islower() and bool(NAME_ENDS.match(text, stop) or PERSON_STATE.match(text, stop))
    return lex.is_name(low) and word[1:].islower() and low not in NEVER_FIRST and bool(PERSON_SAYS.match(text, stop))


NO_PERSON = re.compile(r"(?i)(?:(?:\w+[ ])?by|per|consulted|named|told|\w+-)[ ]*")
"""Cues after which an eponym is rather a method: "ruled out by Doppler", "Child-Pugh"."""
NAME_ENDS = re.compile(r"[.,;)]|[ ](?:and|brought|who)\b")


def _is_method(text: str, cue: re.Match[str], word: str, kin: bool, lex: Lexicon) -> bool:
    """Whether an eponym or an abbreviation after "by" is a method, or "Nephew" the end of a firm's name."""
    if kin and text[max(0, cue.start() - 2) : cue.start()] == "& ":
        return True
    short = word.isupper() and len(word) < 5 and not shouts(text, cue.end())
    return bool(NO_PERSON.fullmatch(cue.group())) and (short or is_medical(word.lower().rstrip("."), lex))


def _is_thing(cue: str, word: str, known: bool, lex: Lexicon) -> bool:
    """Whether a strange word after "called" or a bare "by" is a thing rather: "MIC 1 by Etest"."""
    if CALLED.search(cue):
        return word.lower() not in lex.given
    return not known and cue.lower().startswith("by")


def cued(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """Names after "seen by", "spoke with", "daughter", "pt"."""
    for rule, kin in ((BY, False), (KINSHIP, True), (AGE_BEFORE, True)):
        for match in rule.finditer(text):
            found = _behind(text, match, lex, kin=kin)
            if found is None:
                continue
            yield found
            if kin:
                yield from _further_kin(text, found.end, MANY_KIN.match(match.group()) is not None, lex)


def _behind(text: str, cue: re.Match[str], lex: Lexicon, *, kin: bool) -> Candidate | None:
    """The name behind one cue, if one stands there."""
    at = cue.end()
    word = first_word(text, at)
    if _is_method(text, cue, word, kin, lex) or (word.lower() in LANGUAGES and "nterpreter" in cue.group()):
        return None
    if not word or not (CUED_TITLE_ENDS.search(cue.group()) or _may_be_name(text, at, word, lex, kin=kin)):
        return None
    end = read_name(text, at, lex, most=4)
    if end == at or pairs_medically(text, at, end, lex):
        return None
    known = any(lex.is_name(part.lower().split("-")[0]) for part in text[at:end].split())
    if not kin and (end - at <= 2 or _is_thing(cue.group(), word, known, lex)):
        return None
    kind = "STAFF" if not kin and STAFF_BY.search(cue.group()) else "NAME"
    return Candidate(at, end, kind, 0.85 if known else 0.65, "en_names.kin" if kin else "en_names.by")


def _may_be_name(text: str, at: int, word: str, lex: Lexicon, *, kin: bool) -> bool:
    """Whether a word without a title is a name by its looks, by what it does, or as an initial."""
    if is_candidate(word, lex, shouts(text, at)) or (kin and _acts(text, at, word, lex)):
        return True
    return (len(word.rstrip(".")) == 1 and word.endswith(".")) or INITIALS.match(text[at : at + 5]) is not None


def _further_kin(text: str, end: int, many: bool, lex: Lexicon) -> Iterator[Candidate]:
    """Names joined to a relative's by a comma or "and"; `many`: the cue speaks of several ("children")."""
    while joined := KIN_NEXT.match(text, end):
        begin = joined.end()
        word = first_word(text, begin).lower()
        named = word.split("-")[0] in lex.given or (many and word not in lex.words)
        if not named or (lex.is_ordinary(word) and word not in GIVEN_WORDS):
            return
        end = read_name(text, begin, lex, most=3)
        if end == begin:
            return
        yield Candidate(begin, end, "NAME", 0.8, "en_names.kin_joined")
