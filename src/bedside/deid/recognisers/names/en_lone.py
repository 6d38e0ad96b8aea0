"""Whether a lone English name is a person: unmistakable ones always, words and places when they act like one."""

from __future__ import annotations

from bedside.deid.lexicon.english import Lexicon, group, plain
from bedside.deid.lexicon.english_medical import is_finding, is_medical, pairs_medically
from bedside.deid.recognisers.names.en_cues_behind import KIN_AFTER, OWN_KIN, PERSON_SAYS, PERSON_STATE, PERSON_VERB
from bedside.deid.recognisers.names.en_person import STOP, shouts

FUNCTION = frozenset(
    [
        "an",
        "the",
        "in",
        "to",
        "of",
        "on",
        "at",
        "so",
        "do",
        "he",
        "his",
        "she",
        "her",
        "we",
        "my",
        "our",
        "your",
        "hong",
        "young",
        "mac",
    ]
)
DOUBTFUL = group("doubtful")
MONTH_NAMES = frozenset(["may", "june", "april", "august"])


def stands_alone(text: str, at: int, stop: int, word: str, lex: Lexicon) -> bool:
    """Whether a lone given name is a person: unmistakable ones always, words and places only when they act like one."""
    low = plain(word)[0]
    if low in MONTH_NAMES:
        return bool(OWN_KIN.match(text, stop) or PERSON_SAYS.match(text, stop)) and word[1:].islower()
    if low in STOP or pairs_medically(text, at, stop, lex) or (low in lex.products):
        return False
    if not (
        word[1:].islower()
        or word.isupper()
        or "-" in word
        or "'" in word
        or "’" in word
        or word[:2] in ("Mc", "De", "La", "Le", "Da")
    ):
        return False
    if word.isupper():
        return (
            len(word) >= 5
            and shouts(text, at)
            and not lex.is_ordinary(low)
            and not is_medical(low, lex)
            and low not in lex.cities
            and low not in lex.words
            and not is_finding(text, at, stop)
        )
    acts = bool(PERSON_VERB.match(text, stop) or PERSON_SAYS.match(text, stop))
    kin = bool(KIN_AFTER.match(text, stop))
    if (
        lex.is_ordinary(low.split("-")[0])
        or is_medical(low, lex)
        or low in lex.cities
        or low in lex.states
        or low in DOUBTFUL
    ):
        genitive = text[stop : stop + 1] in "'’"
        return kin or (acts and not genitive)
    if acts or kin:
        return True
    joined = "-" in low and not all(part in lex.given for part in low.split("-"))
    return len(low) > 2 and not joined and not is_finding(text, at, stop)


def speaks(text: str, stop: int, word: str, lex: Lexicon, run: int) -> bool:
    """A lone word in no list of given names that does what people do: "Okafor reports", "Nirmala agrees"."""
    if run > 1 or word.isupper() or is_finding(text, stop - len(word), stop):
        return False
    low, bare = plain(word)
    if (
        lex.is_ordinary(bare)
        or low in lex.cities
        or low in lex.states
        or low in DOUBTFUL
        or low in STOP
        or is_medical(low, lex)
    ):
        return False
    if bare in lex.surnames:
        return bool(PERSON_VERB.match(text, stop) or PERSON_STATE.match(text, stop) or KIN_AFTER.match(text, stop))
    unknown = (
        len(bare) > 2 and low[:2] != "i'" and word[1:].islower() and bare not in lex.words and bare not in lex.products
    )
    return unknown and bool(PERSON_SAYS.match(text, stop) or KIN_AFTER.match(text, stop))
