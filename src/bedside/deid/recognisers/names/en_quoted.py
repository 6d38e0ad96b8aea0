"""English nicknames in quotation marks: `Gethin ("Geth") Rees`, `coach "Mouse" Hennessy`, `alias "Spud"`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import Lexicon
from bedside.deid.lexicon.english_medical import is_medical
from bedside.deid.patterns.anchors import Anchored
from bedside.deid.recognisers.names.en_cues import KIN, first_word
from bedside.deid.recognisers.names.en_person import CAPITAL, LETTER, NAME_WORD, NEVER_FIRST

NICK = rf"[(\[]?[\"“](?P<nick>{CAPITAL}{LETTER}{{1,11}})[\"”,][\"”]?[)\]]?"
AFTER = Anchored(rf"(?<![\w'’-])(?P<name>{NAME_WORD}),?[ ]{NICK}")
BEFORE = Anchored(rf"{NICK}[ ](?P<name>{NAME_WORD})(?![\w'’])")
KIN_CALLED = Anchored(rf"\b(?i:{KIN}|boss)[ ]?[:=,]?[ ]{{0,2}}{NICK}")
ALIAS = Anchored(
    rf"\b(?i:alias(?:es)?|a\.?k\.?a\.?|a/k/a|nick-?name(?:d|s)?|moniker|street[ ]name|goes[ ]by|known[ ]as|"
    rf"likes[ ]to[ ]be[ ]called)[ ]?[:=,]?[ ]{{0,2}}{NICK}"
)
WITHIN = Anchored(
    rf"(?<![\w'’-])(?P<name>{NAME_WORD})[ ][(\[]?[\"“'‘]"
    rf"(?P<nick>{CAPITAL}{LETTER}{{1,11}}(?:[ ]{CAPITAL}{LETTER}{{1,11}})?)[\"”'’][)\]]?[ ]"
    rf"(?P<last>{NAME_WORD})(?![\w'’])"
)
"""A nickname between a given name and a surname: `Dwayne "Smurf" Attwell`."""
BEHIND = Anchored(rf"(?<![\w'’-])(?P<name>{NAME_WORD}[ ]{NAME_WORD}),[ ]{NICK}(?=[ ]?[.,;]|\Z)")
RULES = (AFTER, BEFORE, KIN_CALLED, ALIAS)
QUOTE = re.compile("[\"“‘(']")
PATIENT = re.compile(r"(?i)(?:patient|pt|client)\b")


def _is_persons(word: str, lex: Lexicon) -> bool:
    """Whether a word beside the quotation marks is a person's name: a known one that is no word, or no known word."""
    low = word.lower().split("-")[0]
    return low not in NEVER_FIRST and not lex.is_ordinary(low) and not is_medical(low, lex) and len(low) > 2


def quoted(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """One capitalised word in quotation marks, beside a name or after a word that says somebody is called so.

    `patient "Stable"` and `"Frozen" Addison` stay.
    """
    for rule in RULES:
        for match in rule.finditer(text):
            nick = match["nick"]
            low = nick.lower()
            if low in NEVER_FIRST or is_medical(low, lex) or (nick.isupper() and len(nick) > 2):
                continue
            if rule is KIN_CALLED and PATIENT.match(match.group()) and not lex.is_name(low):
                continue
            if rule is AFTER and not _is_persons(first_word(match["name"], 0), lex):
                continue
            if rule is BEFORE and not (_is_persons(match["name"], lex) and _known(match["name"], lex)):
                continue
            yield Candidate(*match.span("nick"), "NAME", 0.8, "en_names.quoted")


def _between(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """A given name, a nickname and a surname as one name; a known name must be among them that is no word."""
    if not QUOTE.search(text):
        return
    for match in WITHIN.finditer(text):
        first, last = match["name"], match["last"]
        sure = [word for word in (first, last) if _is_persons(word, lex)]
        if len(sure) == 2 or (sure and _known(first, lex) and _known(last, lex)):
            yield Candidate(*match.span(), "NAME", 0.85, "en_names.nicknamed")
    for match in BEHIND.finditer(text):
        if all(_known(word, lex) for word in match["name"].split()):
            yield Candidate(*match.span("nick"), "NAME", 0.8, "en_names.quoted")


def _known(word: str, lex: Lexicon) -> bool:
    return lex.is_name(word.lower().split("-")[0])


QUOTED = ((quoted, list(RULES)), (_between, [WITHIN, BEHIND]))
"""What reads nicknames, with the patterns it needs."""
