"""Which of the tagger's finds can be identity at all: ordinary words, pieces of signs and lone characters are not."""

from __future__ import annotations

import re
from functools import cache

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import is_word, words
from bedside.deid.lexicon.english import lexicon
from bedside.deid.lexicon.english_medical import DISEASE_NEXT, is_medical
from bedside.deid.recognisers.names.en_person import CREDENTIAL_WORD
from bedside.deid.recognisers.names.zh_cues import cue_after, cue_before
from bedside.deid.recognisers.names.zh_not_names import is_in_brand
from bedside.deid.recognisers.names.zh_shapes import surnames
from bedside.deid.tagger.doubts import has_capitals, is_doubtful
from bedside.deid.tagger.figures import is_no_figure
from bedside.deid.tagger.pieces import is_cited, is_piece

CERTAINTY = 0.85
"""What the tagger's certainty is worth beside a rule's."""

ORDINARY = 0.7
"""A single English word of everyday language or medicine ("Triage", "Levothyroxine") is identity only from this on."""

_PEOPLE = ("NAME", "STAFF")
_WORDED = (*_PEOPLE, "HOSPITAL", "ORG")
_PLACED = (*_WORDED, "ADDRESS")
_NAMED = (*_PLACED, "BED/ROOM")
_NUMBERED = ("ID", "PHONE", "ACCOUNT", "AGE_OVER_89")
_HOUSED = ("HOSPITAL", "ORG")
_LABEL_NEXT = re.compile(r" ?[:：=] ?\S")
_MEDICINE_NEXT = re.compile(
    r"[\u4e00-\u9fff]{0,2}(?:颗粒|胶囊|口服液|注射液|糖浆|滴丸|合剂|冲剂|软膏|乳膏|滴眼液|喷雾剂|泡腾片|缓释片)"
)
_NO_BED = re.compile(r"(?:[ \u3000]|[区部室科])床\Z")
"""二病区 床, of 二病区 床号：27."""
_YOUNGER = re.compile(r"(?:[一二三四五六七八]?十[一二三四五六七八九]?|[1-8]?\d)(?:周?岁)?")
_GRADE = re.compile(r"(?:ST|CT|FY|IMT|CST|GPST|PGY)-?\d")
"""Grades of doctors in training: Ottavia Frost, ST7."""
_FIELDS_APART = re.compile(r"\S {2,}\S")
"""Blanks between two fields of a form: 越南  Passport."""
_FIGURES = re.compile(
    r"[\d〇零一二三四五六七八九十百]|(?i:zero|one|two|three|four|five|six|seven|eight|nine|ninet|hundred)"
)
_LETTERED = re.compile(r"\b[A-Z]\b")
_PAIRED = re.compile(r"-[\u4e00-\u9fff]")
"""The first of two who gave a sign its name: 霍-亚分级."""
_BEYOND_DOUBT = 0.75
_CERTAIN = 0.9 * CERTAINTY
_ADJECTIVE = re.compile(r"(?:nal|eal|ial|ous|oid|itic|ural|atal|tral|mal|sal|ical)\Z")
"""Endings of what is said of organs, anaesthetics and findings."""
_AGED = re.compile(r"[YMD]\b")
"""Behind an age as image headers write it: 059Y."""
_NO_START = re.compile(r"['’]s?\b|s\Z")
_SPECIES = re.compile(r"\.? [a-z]\. [a-z]{3,}")
"""What follows a genus cut to its letter: T. b. gambiense."""
_HAN = "\u3400"
_NO_NAMES = frozenset("小老阿么於占")
"""Begin a familiar name (小王, 阿强), end a question or go on, and are none by themselves (有联系么, 约占2/3)."""
_NUMBERED_ONE = re.compile(r"第[一二三四五六七八九十\d]{1,3}")


def possible(text: str, run: Candidate, *, alone: bool, ruled: bool = True) -> bool:
    """Whether a stretch can be what the tagger says, by itself and by what stands beside it.

    `alone`: no other find touches it, of which it could be a part; `ruled`: rules found something in the text.
    """
    shown = text[run.start : run.end]
    return (
        plausible(shown, run)
        and not (run.type in _WORDED and DISEASE_NEXT.match(text, run.end))
        and not _NO_START.match(shown)
        and not is_cited(text, run)
        and not (len(shown) <= 2 and _SPECIES.match(text, run.start + 1))
        and not ((not ruled or run.score < CERTAINTY * ORDINARY) and _is_ordinary(shown, run.type))
        and not (text.startswith((", ", " ("), run.start - 2) and CREDENTIAL_WORD.match(shown.replace(".", "")))
        and not (run.type in _PEOPLE and _is_medicine(shown))
        and not (run.type == "BED/ROOM" and _AGED.match(text, run.end))
        and not (run.type in _WORDED and _is_label(text, run))
        and not (run.type in _PEOPLE and _MEDICINE_NEXT.match(text, run.end))
        and not (run.type in _PEOPLE and shown > _HAN and is_in_brand(text, run.start, run.end))
        and not is_piece(text, run)
        and not is_no_figure(text, run)
        and not is_doubtful(text, run, alone=alone)
        and not (run.type in _PLACED and _is_small(text, run))
        and not (alone and len(shown) == 1 and shown > _HAN and not _is_lone_surname(text, run))
    )


def plausible(shown: str, run: Candidate) -> bool:
    """Whether a stretch can be of its kind at all: numbers have figures, and one sign alone is at most a surname.

    >>> plausible("2290", Candidate(0, 4, "PHONE", 0.5, "")), plausible("passcode", Candidate(0, 8, "PHONE", 0.5, ""))
    (True, False)
    """
    if _GRADE.fullmatch(shown) or (run.type in _NUMBERED and not _FIGURES.search(shown)):
        return False
    if run.type == "BED/ROOM" and (_NO_BED.search(shown) or not (_FIGURES.search(shown) or _LETTERED.search(shown))):
        return False
    if run.type == "AGE_OVER_89" and _YOUNGER.fullmatch(shown):
        return False
    if run.type in _HOUSED and (_FIELDS_APART.search(shown) or _NUMBERED_ONE.fullmatch(shown)):
        return False
    if run.type in _NAMED and shown.replace(" ", "") in no_names():
        return False
    if run.type in ("DATE", "ID", "PHONE", "ACCOUNT", "LICENSE_PLATE") and len(shown) <= 2 and shown.isdecimal():
        return False
    if run.type == "DATE" and shown == "MAR":  # the record of medicines given, unless a day stands beside it
        return False
    if len(shown) > 1:
        return True
    if run.type not in ("NAME", "STAFF") or shown in _NO_NAMES:
        return False
    return run.score > _BEYOND_DOUBT or (shown in surnames() if shown > _HAN else shown.isupper())


@cache
def no_names() -> frozenset[str]:
    """Chinese labels of a form, which scans write with blanks inside (籍  贯), and institutions without a name."""
    kinds = ("forms patient labels", "forms staff labels", "forms not names", "tagger labels", "tagger generic")
    return frozenset(word for kind in kinds for word in words(kind).split())


def _is_ordinary(shown: str, type: str) -> bool:
    """Whether a word, or each of a person's, is everyday language or medicine; one Chinese sign may be a surname."""
    if shown > _HAN:
        return type != "DATE" and (len(shown) > 1 or type not in _PEOPLE) and is_word(shown)
    parts = shown.lower().split() if type in _PEOPLE else [shown.lower()]
    return shown.isascii() and all(
        word.isalpha() and (lexicon().is_ordinary(word) or is_medical(word, lexicon())) for word in parts
    )


def _is_label(text: str, run: Candidate) -> bool:
    """Whether an everyday English word has a value behind it: "Modality: MR"."""
    low = text[run.start : run.end].lower()
    if not (low.isascii() and low.isalpha() and _LABEL_NEXT.match(text, run.end)):
        return False
    return low in lexicon().words and not lexicon().is_name(low)


def _is_medicine(shown: str) -> bool:
    """Whether a lone word is medicine or its adjective and nobody's name: "Spinal", "Lidocaine"."""
    low = shown.lower()
    if not (low.isascii() and low.isalpha()) or lexicon().is_name(low):
        return False
    return is_medical(low, lexicon()) or (
        len(low) > 4 and low in lexicon().words and _ADJECTIVE.search(low) is not None
    )


def _is_small(text: str, run: Candidate) -> bool:
    """Whether a word that is no known name and no initials stands in small letters where sentences have capitals."""
    shown = text[run.start : run.end]
    if len(shown) < 4 or not (shown.isascii() and shown.islower() and shown.isalpha()) or lexicon().is_name(shown):
        return False
    return has_capitals(text, run)


def _goes_on(text: str, run: Candidate) -> bool:
    """Whether a sign begins or ends a word (心律齐)."""
    ends = any(is_word(text[at : run.end]) for at in range(max(0, run.start - 2), run.start))
    return ends or is_word(text[run.start : run.end + 1])


def _is_lone_surname(text: str, run: Candidate) -> bool:
    """Whether one Chinese sign is cut off on both sides (责护：周/李), or has a title or a sex behind it (黄医生).

    In 心律齐 and 亚安培南 it is part of a word, in 10 万 a number. Of a surname the tagger may be sure by itself
    (护士站桑手里).
    """
    counted = text[max(0, run.start - 2) : run.start].strip()[-1:].isdecimal()
    if counted or _PAIRED.match(text, run.end) or text[max(0, run.start - 1) : run.end + 1] == "(章)":
        return False
    if run.score > _CERTAIN and text[run.start] in surnames() and not _goes_on(text, run):
        return True
    after = cue_after(text, run.end)
    return after in ("title", "sex") or (after in ("break", "act") and cue_before(text, run.start) != "")
