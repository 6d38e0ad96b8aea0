"""English names known by the dictionaries, by their shape, or by the credentials after them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import Lexicon, plain
from bedside.deid.lexicon.english_medical import PAIRS, is_medical, pairs_medically
from bedside.deid.recognisers.names.en_cues import RUN, is_shouted
from bedside.deid.recognisers.names.en_cues_behind import (
    AGE_AFTER,
    CREDENTIAL,
    CREDENTIALS,
    LONE_CREDENTIALS,
    PERSON_VERB,
)
from bedside.deid.recognisers.names.en_lone import FUNCTION, speaks, stands_alone
from bedside.deid.recognisers.names.en_person import (
    CAPITAL,
    NAME_WORD,
    NEVER_FIRST,
    STOP,
    read_name,
)
from bedside.deid.recognisers.names.en_surname import shouted_pair, surname_end

IS_CREDENTIAL = re.compile(CREDENTIAL)
CREDENTIALS_INSIDE = re.compile(rf"[ ]{CREDENTIAL}(?:[ ]{CREDENTIAL})*(?:\Z|[ ])")
PIECES = re.compile(r"\S+")
NO_BEGINNING = NEVER_FIRST | FUNCTION
FOLLOWING = re.compile(rf",[ ]{{1,2}}({NAME_WORD})(?![\w])(?:[ ]({CAPITAL})\b\.?)?")
AGED = re.compile(r"[ ]?,?[ ]{1,2}(?:\d{1,3}[ ]?(?:[MF]\b|Y|y)|\(?(?:DOB|MRN)\b)")


def in_runs(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """Names before MD, RN, LCSW ... and runs of capitalised words judged by the dictionaries."""
    for match in RUN.finditer(text):
        start, end = match.span()
        run = match.group()
        if CREDENTIALS.match(text, end) or LONE_CREDENTIALS.match(text, end):
            begin = _back(text, start, end, lex)
            if begin is not None:
                yield Candidate(begin, end, "STAFF", 0.9, "en_names.credentials")
                continue
        inner = CREDENTIALS_INSIDE.search(run) if " " in run else None
        if inner and inner.start():
            begin = _back(text, start, start + inner.start(), lex)
            if begin is not None and (
                not is_shouted(run.split()[0])
                or any(part.lower() in lex.given for part in run[: inner.start()].split())
            ):
                yield Candidate(begin, start + inner.start(), "STAFF", 0.85, "en_names.credentials")
                continue
        yield from _dictionary(text, start, end, lex)


def _back(text: str, start: int, end: int, lex: Lexicon) -> int | None:
    """Start of the name within a run that ends before credentials: names or unknown words, from the right."""
    pieces = [(found.start() + start, found.group()) for found in PIECES.finditer(text[start:end])]
    begin, length = None, 0
    for at, word in reversed(pieces):
        low = word.lower().rstrip(".").replace("’", "'")
        bare = low.split("-")[0]
        initial = len(low) == 1
        if IS_CREDENTIAL.fullmatch(word):
            break
        shouting = is_shouted(word)
        if not initial and (
            (low in STOP and low not in ("may", "april", "june", "black", "white", "best", "de", "la"))
            or (is_medical(low, lex) and low not in lex.eponyms and not lex.is_name(bare))
        ):
            break
        if (
            not initial
            and lex.is_ordinary(bare)
            and not (lex.is_name(bare) and (not shouting or (length == 0 and bare in lex.surnames)))
        ):
            break
        if not initial and shouting and len(word) <= 4 and not lex.is_name(bare) and not (length and len(word) == 2):
            break
        begin, length = at, length + 1
        if length == 4:
            break
    if begin is None or text[begin:end].rstrip(".").islower() or len(text[begin:end]) < 3:
        return None
    words = [word.lower() for word in text[begin:end].split()]
    if len(words) == 1 and lex.is_ordinary(words[0]) and words[0] not in lex.given:
        return None
    return begin


def _dictionary(text: str, start: int, end: int, lex: Lexicon) -> Iterator[Candidate]:
    """Given name with surname, reversed names, and lone given names, inside one run of capitalised words."""
    pieces = [(found.start(), found.end(), found.group()) for found in PIECES.finditer(text, start, end)]
    index = 0
    while index < len(pieces):
        at, stop, word = pieces[index]
        index += 1
        low, bare = plain(word)
        if low in NO_BEGINNING:
            continue
        if index < len(pieces) and f"{low} {pieces[index][2].lower()}" in PAIRS:
            index += 1
            continue
        if index == len(pieces) and (turned := _turned(text, at, stop, low, lex)):
            yield Candidate(at, turned, "NAME", 0.85, "en_names.reversed")
            break
        if (bare not in lex.given and low not in lex.given) or len(bare) == 1:
            if other := _without_given(text, pieces, index, lex):
                yield other
                break
            continue
        if word.isupper() and len(bare) <= 3 and not shouted_pair(pieces, index, lex):
            continue
        finish, taken = surname_end(text, pieces, index, at, lex)
        if finish:
            yield Candidate(at, finish, "NAME", 0.85, "en_names.pair")
            index += taken
        elif stands_alone(text, at, stop, word, lex):
            yield Candidate(at, stop, "NAME", 0.65, "en_names.given")


def _without_given(text: str, pieces: list[tuple[int, int, str]], index: int, lex: Lexicon) -> Candidate | None:
    """A name that begins with no known given name: "J. Patel", "Okafor reports", "Djevad Hodge"."""
    at, stop, word = pieces[index - 1]
    if len(plain(word)[1]) == 1:
        end = _initialled(text, pieces, index, lex)
        return Candidate(at, end, "NAME", 0.7, "en_names.initial") if end else None
    if speaks(text, stop, word, lex, len(pieces)):
        return Candidate(at, stop, "NAME", 0.7, "en_names.verb")
    if index < len(pieces) and (
        _unknown_pair(text, pieces, index - 1, lex) or _shouted_pair_aged(text, pieces, index - 1, lex)
    ):
        return Candidate(at, pieces[-1][1], "NAME", 0.7, "en_names.unknown_pair")
    return None


def _unknown_pair(text: str, pieces: list[tuple[int, int, str]], index: int, lex: Lexicon) -> bool:
    """Two words nobody knows, in mixed case, followed by what only people do or are."""
    if index + 1 >= len(pieces) or len(pieces) - index > 3:
        return False
    for _, _, word in pieces[index:]:
        low = word.lower().rstrip(".").split("-")[0]
        if len(low) > 1 and (
            not word[1:].replace("'", "").replace("’", "").islower()
            or len(low) < 3
            or low in lex.words
            or is_medical(low, lex)
            or low in STOP
            or low in lex.cities
            or low in lex.states
        ):
            return False
    start, end, last = pieces[index][0], pieces[-1][1], pieces[-1][2]
    if len(last) < 3 or pairs_medically(text, start, end, lex):
        return False
    initialled = len(pieces) - index == 3 and len(pieces[index + 1][2].rstrip(".")) == 1
    known = last.lower().split("-")[0] in lex.surnames or pieces[index][2].lower() in lex.surnames
    return initialled or known or bool(PERSON_VERB.match(text, end) or AGE_AFTER.match(text, end))


def _shouted_pair_aged(text: str, pieces: list[tuple[int, int, str]], index: int, lex: Lexicon) -> bool:
    """Two or three long words in capitals that nobody knows, before an age: "OLUWASEUN ADEBAYO 34M"."""
    if not 2 <= len(pieces) - index <= 3:
        return False
    words = [word.lower() for _, _, word in pieces[index:]]
    return (
        all(len(word) > 3 and word not in lex.words and not is_medical(word, lex) for word in words)
        and all(word.isupper() for _, _, word in pieces[index:])
        and bool(AGED.match(text, pieces[-1][1]))
    )


def _turned(text: str, at: int, stop: int, low: str, lex: Lexicon) -> int:
    """End of "Surname, Given" at this word, or 0."""
    if not text.startswith(", ", stop):
        return 0
    bare = low.split("-")[0]
    following = FOLLOWING.match(text[stop : stop + 40])
    if (
        following is None
        or bare in lex.cities
        or bare in lex.states
        or (is_medical(bare, lex) and bare not in lex.surnames)
    ):
        return 0
    given = following[1].lower().replace("’", "'")
    if _shouted_list(text, at, stop, bare, following[1], lex):
        return read_name(text, stop + following.start(1), lex, most=3)
    if (
        not any(part in lex.given for part in (given, *given.split("-")))
        or (lex.is_ordinary(given) and not following[2])
        or given in lex.cities
        or given in lex.states
    ):
        return 0
    if lex.is_ordinary(bare) or (bare in lex.given and bare not in lex.surnames) or low in STOP:
        return 0
    at_line = text[:at].rstrip(" ")[-1:] in ("", "\n", ":", "(", "\t")
    both = is_shouted(text[at:stop]) == is_shouted(following[1])
    if (
        not both
        or not (at_line or following[2] or is_shouted(following[1]))
        or (is_medical(given, lex) and not following[2])
    ):
        return 0
    return read_name(text, stop + following.start(1), lex, most=3)


def _shouted_list(text: str, at: int, stop: int, bare: str, given: str, lex: Lexicon) -> bool:
    """Whether a line begins like a list of patients, "ZHAO, XIU YING": a surname in capitals, then no known word."""
    starts = text[:at].rstrip(" ")[-1:] in ("", "\n")
    low = given.lower()
    return (
        starts
        and is_shouted(text[at:stop])
        and is_shouted(given)
        and bare in lex.surnames
        and not lex.is_ordinary(bare)
        and low not in lex.words
        and len(low) > 2
    )


def _initialled(text: str, pieces: list[tuple[int, int, str]], index: int, lex: Lexicon) -> int:
    """End of "J. Patel" or "H. R. Ferguson" whose first initial is before `index`, or 0."""
    if not pieces[index - 1][2].endswith("."):
        return 0
    while index < len(pieces) and len(pieces[index][2].rstrip(".")) == 1:
        index += 1
    if index >= len(pieces):
        return 0
    word = pieces[index][2].lower()
    bare = word.split("-")[0]
    if word in STOP or (pieces[index][2].isupper() and len(word) < 4) or pieces[index][2].endswith("."):
        return 0
    if bare in lex.surnames and not lex.is_ordinary(bare) and not is_medical(bare, lex):
        return pieces[index][1]
    if (
        bare in lex.surnames
        and bare in lex.eponyms
        and not pairs_medically(text, pieces[index][0], pieces[index][1], lex)
        and bare not in lex.words
    ):
        return pieces[index][1]
    return 0
