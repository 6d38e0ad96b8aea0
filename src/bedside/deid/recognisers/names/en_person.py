"""How an English person's name is written: reads one off the text from a given place, or backwards from one."""

from __future__ import annotations

import re

from bedside.deid.lexicon.english import Lexicon, group

CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶĹĻŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽ]"
LETTER = r"[^\W\d_]"
NAME_WORD = (
    rf"(?:{CAPITAL}['’])?{CAPITAL}(?:{LETTER}|['’](?!s\b|"
    rf"S\b){LETTER})*(?:-(?:al-)?(?:{CAPITAL}(?:{LETTER}|['’](?!s\b|S\b))+|"
    rf"{LETTER}{{2,4}}(?!{LETTER})))*"
)
PARTICLE = (
    r"(?:van|von|der|den|de|la|las|los|del|della|di|da|dos|do|das|bin|bint|ibn|ben|al|el|abu|ter|ten|"
    r"le|du|y|zu|af|av|st\.|VAN|VON|DER|DE|LA|DEL|DI|DA|BIN|AL|EL|Van|Von|De|La|Del|Di|Da|Bin|Al|El|"
    r"St\.)"
)
PIECE = re.compile(
    rf"(?P<initial>{CAPITAL}\.(?:[- ]?{CAPITAL}\.)?(?![\w])|{CAPITAL}{{1,2}}(?=[ "
    rf"]{CAPITAL}{LETTER}{{2}})|{CAPITAL}(?=[ ,.;:\n)]|$))"
    rf"|(?P<particle>{PARTICLE}(?=(?:[ ]{{1,2}}{PARTICLE})?[ ]{{1,2}}{CAPITAL}))"
    rf"|(?P<joined>(?:al|el|Al|El|d|D)[-'’]{CAPITAL}{LETTER}+(?:-{CAPITAL}{LETTER}+)*)"
    rf"|(?P<nick>[\"“(]{CAPITAL}{LETTER}{{1,11}}[\"”)](?=[ ]{CAPITAL}))"
    rf"|(?P<word>{NAME_WORD})(?![\w])"
)
LOWER_PIECE = re.compile(rf"{LETTER}(?:{LETTER}|['’-](?=\w))*")
GAP = re.compile(r"[ \t]{1,2}")
SUFFIX = re.compile(r",?[ ](?:Jr|Sr|JR|SR|II|III|IV)\b\.?")
COMMA = re.compile(r"[ ]?,[ ]{0,2}")

STOP = group("stop")
NEVER_FIRST = STOP - frozenset(
    (
        "may",
        "march",
        "april",
        "june",
        "august",
        "black",
        "white",
        "best",
        "head",
        "hand",
        "back",
        "foot",
        "will",
        "tech",
        "english",
        "do",
        "so",
        "an",
        "hi",
        "ed",
        "abd",
        "us",
        "no",
    )
)
ACRONYM = re.compile(r"[A-Z]{1,4}\Z")


def _continues(word: str, lex: Lexicon, shouting: bool) -> bool:
    """Whether a further word belongs to the name: a name, or no word anyone knows."""
    low = word.lower()
    bare = low.split("-")[0].replace("’", "'")
    if low in ("will", "may") or (
        low in STOP and not (low in ("black", "white", "best", "english", "head", "hand", "foot") and not shouting)
    ):
        return False
    if bare in lex.products and bare not in lex.given:
        return False
    if bare in lex.given or bare in lex.surnames:
        return not (shouting and lex.is_ordinary(bare) and bare not in COMMON_SURNAMES)
    return bare not in lex.words and not (ACRONYM.match(word) and not shouting)


CONTRACTED = re.compile(
    r"(?i)(?:(?:i|it|that|there|here|he|she|we|they|you|what|who|how|where|let)['’](?:m|s|re|ve|ll|d)|"
    r"(?:do|does|did|is|was|are|were|have|has|had|wo|ca|would|could|should)n['’]t|can['’]t)\Z"
)
"""What a speaker says first in a transcript ("PT: I'm ..."): nobody's name."""


def _begins(word: str) -> bool:
    return len(word) > 1 and word.lower() not in NEVER_FIRST and not CONTRACTED.match(word)


COMMON_SURNAMES = group("common_surnames")


FIELD_ENDS = re.compile(r"[ ]{2}|\t|\n|\Z")
"""After an initial that is also a word: "Okonjo, Bernadette A    MRN"."""
INITIAL_ENDS = re.compile(rf"\b{CAPITAL}\.\Z")


def read_name(text: str, at: int, lex: Lexicon, *, lower: bool = False, most: int = 5) -> int:
    """End of the person's name that begins at `at`, or `at` when none does.

    The first word may be any capitalised word that is not a function word, because a cue stood before it; later words
    must look like names. `lower` also accepts "abdul rahman" after a label.
    """
    end, count = at, 0
    shouting = shouts(text, at)
    while count < most:
        match = PIECE.match(text, end if count == 0 else _gap(text, end))
        if match is None or (count and match.start() == end):
            break
        word = match["word"]
        if word is not None and not (_begins(word) if count == 0 else _continues(word, lex, shouting)):
            break
        if match["initial"] in ("A", "I") and count and not shouting and not FIELD_ENDS.match(text, match.end()):
            break
        end = match.end()
        count += 1
    while count and text[end - 1 : end] == "." and not INITIAL_ENDS.search(text[max(at, end - 3) : end]):
        end -= 1
    if end == at and lower:
        return _read_lower(text, at, lex)
    suffix = SUFFIX.match(text, end)
    if suffix and end > at:
        end = suffix.end()
    return end


def _gap(text: str, at: int) -> int:
    match = GAP.match(text, at)
    return match.end() if match else at


_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_SMALL_LETTERS = bytes(code for code in range(128) if chr(code).islower())


def shouts(text: str, at: int) -> bool:
    """Whether the words around are in capitals."""
    around = text[max(0, at - 40) : at + 40]
    if around.isascii():  # most are, and letters of bytes are counted in a tenth of the time
        letters = around.encode().translate(None, _NO_LETTERS)
        return len(letters.translate(None, _SMALL_LETTERS)) > 0.8 * len(letters)
    found = list(filter(str.isalpha, around))
    return sum(map(str.isupper, found)) > 0.8 * len(found)


SMALL = frozenset(["de", "la", "al", "bin", "bint", "van", "der", "von", "del", "el", "ibn", "abu", "di", "da"])


def _read_lower(text: str, at: int, lex: Lexicon) -> int:
    """End of a name written in small letters after a label: up to four words, none of them ordinary unless a name."""
    end = at
    for count in range(4):
        match = LOWER_PIECE.match(text, end if count == 0 else _gap(text, end))
        if match is None or (count and match.start() == end):
            break
        word = match.group().lower()
        if (word in STOP and word not in SMALL) or CONTRACTED.match(word):
            break
        parts = word.replace("’", "'").split("-")
        if word not in SMALL and not all(lex.is_name(part) or part not in lex.words for part in parts):
            break
        end = match.end()
    return end


def reversed_end(text: str, start: int, end: int, lex: Lexicon) -> int:
    """End of "SMITH, JOHN A." when the words up to `end` are a surname and a given name follows the comma."""
    comma = COMMA.match(text, end)
    if comma is None:
        return end
    match = PIECE.match(text, comma.end())
    if match is None or not (match["word"] or match["joined"] or match["initial"]):
        return end
    word = (match["word"] or "").lower()
    if match["word"]:
        part = word.split("-")[0]
        if word in STOP or CREDENTIAL_WORD.match(match["word"]):
            return end
        if part not in lex.given and lex.is_ordinary(part):
            return end
        if part not in lex.given and part not in lex.surnames and ACRONYM.match(match["word"]):
            return end
    further = read_name(text, comma.end(), lex, most=3)
    return max(end, further)


CREDENTIAL_WORD = re.compile(
    r"(?:MD|DO|RN|NP|PA|PhD|PHD|LCSW|MSW|LPN|CNA|MA|MS|BSN|MSN|DNP|APRN|ARNP|FNP|CNP|CNM|CRNA|MBBS|"
    r"MBChB|FACS|FACP|FACC|FRCS|FRCP|FRCR|MRCP|DDS|DMD|DPM|DPT|PT|OT|OTR|SLP|RD|RDN|PharmD|RPH|RPh|MSc|BSc|MCSP|MPharm|BPharm|MPsych|BA|HCPC|"
    r"PsyD|LMFT|LPC|RRT|RT|EMT|"
    r"WOCN|CWOCN|CPNP|PNP|ACNP|AGNP|PMHNP|DC|OD|CRT|CCC|LMSW|LICSW|LSW|BCBA|CGC|MPH|MHA|MBA|Esq|II|"
    r"DM|MCh|DNB|FRACP|FRCPath|MRCOG|FACOG|III|IV|Jr|Sr|PGY)\Z"
)
