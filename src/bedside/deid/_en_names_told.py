"""English names told by a word beside them: Mr., Attending:, seen by, daughter, Baby Girl."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._anchors import Anchored
from bedside.deid._en_cues import (
    AGE_BEFORE,
    AND_NEXT,
    BY,
    CALLED,
    CREDENTIAL,
    KINSHIP,
    LABEL,
    PARTICLED,
    PERSON_SAYS,
    PERSON_STATE,
    STAFF_BY,
    STAFF_TITLE,
    STRONG_LABEL,
    TITLE,
    WEAK_TITLE,
    first_word,
    is_candidate,
)
from bedside.deid._en_lexicon import Lexicon, group
from bedside.deid._en_medical import PAIRS, is_medical, pairs_medically
from bedside.deid._en_names_lone import MONTH_NAMES
from bedside.deid._en_person import (
    CAPITAL,
    COMMON_SURNAMES,
    NEVER_FIRST,
    STOP,
    read_name,
    reversed_end,
    shouts,
)
from bedside.deid._recogniser import Candidate

NEXT_IN_LIST = re.compile(r"(?:[ ]?(?:,|and|&|;|/)[ ]+|,[ ]?[A-Z-]{2,6},[ ]+)(?:(?:Dr|Mr|Mrs|Ms)\.?[ ])?(?=[A-Z][a-z])")
KIN_NEXT = re.compile(r"[ ]?(?:\(\d{1,2}[^()\n]{0,8}\))?[ ]?(?:,|and|&|/|, and)[ ]+(?=[A-Z][a-zà-ÿĀ-ž])")
MANY_KIN = re.compile(
    r"(?i)(?:children|sons|daughters|kids|siblings|sisters|brothers|nephews|nieces|cousins|parents)\b"
)
TITLE_ENDS = re.compile(r"(?i)\b(?:dr|mr|mrs|ms|miss|prof)\.?[ ]+\Z")
CUED_TITLE_ENDS = re.compile(r"(?:Dr|Mr|Mrs|Ms|DR|MR|MRS|MS)\.?[ ]+\Z")
LANGUAGES = group("languages")
ANSWERED = re.compile(
    r"(?i:no|so|do|hi)[,.]?[ ](?i:i|it|not|that|the|this|he|she|we|they|you|there|nothing|"
    r"none|just|my|but|sir|doctor|thanks?)\b"
)
"""A speaker's answer, not a name: "Patient: No, I'm fine"."""
DEFINED = re.compile(r"(?:An?|The|This|These|In|If|It)[ ][a-z]")
"""A sentence, not a name: "Surgeon: An orthopedic surgeon is"."""
INITIALS = re.compile(rf"{CAPITAL}\. ?{CAPITAL}")


UNTITLED = frozenset(["best", "good", "east", "west", "north", "street", "house", "park", "church", "ward", "short", "small"])
"""Common surnames that follow "dr" and "mr" as words more often: "the dr good", "mr short axis"."""


def _addressed(text: str, title: str, at: int, dotted: bool, lex: Lexicon) -> bool:
    """Whether the word at `at` is someone's name after `title`, and not "doctor will" or "MS relapse"."""
    word = first_word(text, at)
    low = word.lower().rstrip(".").split("-")[0]
    if not word[:1].isupper() and not PARTICLED.match(text, at):
        return _addressed_small(title, low, dotted, lex)
    if title == "Miss" and text[max(0, at - 7) : at - 5].isalpha() and low not in NEVER_FIRST:
        return True
    if title == "MS" and not dotted:
        return lex.is_name(low) and not lex.is_ordinary(low)
    weak = title == "doctor" or (title.lower() in WEAK_TITLE and not dotted)
    return not weak or is_candidate(word, lex, shouts(text, at))


def _addressed_small(title: str, low: str, dotted: bool, lex: Lexicon) -> bool:
    """Whether a word in small letters is a name after a title in small letters: "mrs close", "dr mathai"."""
    if title == "mrs" or (title in ("ms", "mr") and dotted):
        return low not in STOP
    if title not in ("mr", "dr"):
        return lex.is_name(low) and low not in lex.words and title.lower() != "doctor"
    if low in COMMON_SURNAMES and low not in UNTITLED:
        return True
    return low not in lex.words and low not in STOP and len(low) > 2 and not is_medical(low, lex)


QUALIFIED = re.compile(rf"[ ][A-Z][a-z]{{2,}}(?=,?[ ]{CREDENTIAL}(?![\w-]))")
"""A surname that is a word, before a degree: "Dr. Srinivas Chary MD"."""


def _to_credentials(text: str, end: int) -> int:
    surname = QUALIFIED.match(text, end)
    return surname.end() if surname else end


SIZE_BEFORE = re.compile(r"\d[ -]?\Z")
"""Before "Fr" or "ms": a catheter's size or a time, not a priest or a lady."""
CREDENTIAL_TITLES = frozenset(["rn", "lpn", "cna", "crna", "cnm", "np", "nnp"])
"""With a full stop these end a sentence: "Holly Brandvold, CNM. Nuchal cord reduced"."""


def titled(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """Mr., Dr., Nurse ... and the names joined to them by "and"."""
    for match in TITLE.finditer(text):
        title = match["title"].lower()
        at = match.end()
        if title in ("fr", "ms") and SIZE_BEFORE.search(text, max(0, match.start() - 4), match.start()):
            continue
        if "." in match.group() and (len(title) > 5 or title in CREDENTIAL_TITLES):
            continue
        word = first_word(text, at)
        if not _addressed(text, match["title"], at, "." in match.group(), lex):
            continue
        if f"{title} {word.lower()}" in PAIRS or (word.lower() in LANGUAGES and title not in ("mr", "mrs", "ms", "dr")):
            continue
        kind = "STAFF" if title in STAFF_TITLE else "NAME"
        end = read_name(text, at, lex, lower=word[:1].islower(), most=4)
        if end == at and word.islower():
            end = at + len(word.rstrip("."))
        if end == at:
            continue
        end = _to_credentials(text, end)
        yield Candidate(at, end, kind, 0.95, "en_names.title")
        while (joined := AND_NEXT.match(text, end)) and title in ("drs", "dr", "messrs", "mr", "ms", "mrs"):
            begin = joined.end()
            if not is_candidate(first_word(text, begin), lex, shouts(text, begin)) and title != "drs":
                break
            end = read_name(text, begin, lex, most=3)
            if end == begin:
                break
            yield Candidate(begin, end, kind, 0.85, "en_names.title_joined")


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
            at = match.end()
            word = first_word(text, at)
            if _is_method(text, match, word, kin, lex) or (word.lower() in LANGUAGES and "nterpreter" in match.group()):
                continue
            titled = bool(CUED_TITLE_ENDS.search(match.group()))
            if not word or (
                not titled
                and not is_candidate(word, lex, shouts(text, at))
                and not (kin and _acts(text, at, word, lex))
                and not ((len(word.rstrip(".")) == 1 and word.endswith(".")) or INITIALS.match(text[at : at + 5]))
            ):
                continue
            end = read_name(text, at, lex, most=4)
            if end == at or pairs_medically(text, at, end, lex):
                continue
            known = any(lex.is_name(part.lower().split("-")[0]) for part in text[at:end].split())
            if rule is BY and (end - at <= 2 or _is_thing(match.group(), word, known, lex)):
                continue
            kind = "STAFF" if rule is BY and STAFF_BY.search(match.group()) else "NAME"
            yield Candidate(at, end, kind, 0.85 if known else 0.65, "en_names.kin" if kin else "en_names.by")
            while kin and (joined := KIN_NEXT.match(text, end)):
                begin = joined.end()
                following = first_word(text, begin).lower()
                strange = following not in lex.words and MANY_KIN.match(match.group()) is not None
                if (following.split("-")[0] not in lex.given and not strange) or (
                    lex.is_ordinary(following)
                    and following
                    not in (
                        "rose",
                        "lily",
                        "grace",
                        "hope",
                        "faith",
                        "joy",
                        "summer",
                        "autumn",
                        "violet",
                        "may",
                        "june",
                        "april",
                        "will",
                        "mark",
                    )
                ):
                    break
                end = read_name(text, begin, lex, most=3)
                if end == begin:
                    break
                yield Candidate(begin, end, "NAME", 0.8, "en_names.kin_joined")


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
