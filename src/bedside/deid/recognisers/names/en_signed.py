"""English names told by where a letter ends: after "Regards,", in a signature line, initials at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import Lexicon, group
from bedside.deid.lexicon.english_medical import is_medical
from bedside.deid.patterns.anchors import Anchored
from bedside.deid.recognisers.names.en_cues import first_word
from bedside.deid.recognisers.names.en_person import CAPITAL, NEVER_FIRST, read_name

GENERIC = group("generic")
SIGNED_OFF = Anchored(
    r"(?:^|[.!?][ ])[ \t]*(?:(?:many[ ]|with[ ])?thanks?(?:[ ](?:you|again|so[ ]much))?|thx|ta|cheers|"
    r"(?:kind(?:est)?[ ]|best[ ]|warm[ ]|with[ ]"
    r"(?:kind[ ]|best[ ])?)?(?:regards|wishes)|best|sincerely(?:[ ]yours)?|yours(?:[ ][a-z]+){0,2}|warmly|"
    r"respectfully|love|"
    r"cordially|(?:yours,[ ])?dictated[ ](?:but[ ])?not[ ]read|with[ ]love)[ ]?[,.!]*[ ]*\n+[ \t]*(?=[A-Z])",
    re.I | re.M,
)
SIGNED_INLINE = Anchored(
    r"\b(?:Cheers|Thanks|Thx|Ta|Regards|Kind[ ]regards|Best[ ]wishes|Best|Many[ ]thanks),?[ ]"
    r"(?=[A-Z][a-z]+\.?[ ]?(?:\Z|\n|x\d{3}|ext\b|\())"
)
SIGNATURE = Anchored(rf"^[ \t]*(?:[-–—]{{1,3}}[ ]?|~[ ]?|/s/[ ]?)?(?=(?:{CAPITAL}\.[ ]?){{1,2}}{CAPITAL})", re.M)
INITIALS = re.compile(
    r"(?:^|[-–—|][ ]?)([a-z]{2,3})(?=[ ]*(?:\Z|,[ ]?(?:RN|MD|PharmD|NP|PA|LPN|DO|DDS)\b|[ ](?:rn|lpn|md|np|pa|"
    r"cna|lvn)\b))",
    re.M,
)
SMALL_SIGNED = re.compile(
    r"[-–—]{1,2}[ ]?([a-z][ ][a-z]{2,}|[a-z]{3,}[ ][a-z]{3,})[ ,]+(?:rn|lpn|md|np|pa|cna|lvn|lcsw|msw|pt|ot)\b"
)
SPECIMEN = re.compile(r",[ ][a-z]")
"""After "A. Colon": the parts of a specimen, lettered."""


def _signed_off(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """The line after "Regards,"."""
    for match in SIGNED_OFF.finditer(text):
        at = match.end()
        end = read_name(text, at, lex, most=4)
        line = text.find("\n", at)
        whole = text[at : line if line >= 0 else len(text)].strip()
        if first_word(text, at).lower().rstrip(".") in GENERIC or end == at:
            continue
        words = whole.split()
        if end - at < len(whole) and 1 < len(words) <= 3 and all(word[0].isupper() for word in words):
            end = at + len(whole)
        yield Candidate(at, end, "STAFF", 0.9 if len(words) < 5 else 0.75, "en_names.signed_off")


def _signed_inline(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "Cheers, Sue x3319": one word behind a farewell, at the end of a line."""
    for match in SIGNED_INLINE.finditer(text):
        word = first_word(text, match.end()).rstrip(".")
        if word.lower() in lex.given and word.lower() not in NEVER_FIRST | GENERIC:
            yield Candidate(match.end(), match.end() + len(word), "STAFF", 0.8, "en_names.signed_inline")


def _signature(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """Lines that begin with initials and a surname."""
    for match in SIGNATURE.finditer(text):
        end = read_name(text, match.end(), lex, most=4)
        surname = text[match.end() : end].split(".")[-1].strip().lower()
        if (
            surname
            and (surname in lex.surnames or surname not in lex.words)
            and not is_medical(surname.split()[0], lex)
            and not (lex.is_ordinary(surname) and SPECIMEN.match(text, end))
        ):
            yield Candidate(match.end(), end, "STAFF", 0.85, "en_names.signature")


def _small_signature(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """Initials and names in small letters at the end of the text."""
    if (small := SMALL_SIGNED.search(text, max(0, len(text) - 80))) is not None:
        yield Candidate(*small.span(1), "STAFF", 0.9, "en_names.small_signature")
    end = len(text.rstrip())
    signed = INITIALS.search(text, max(0, end - 24), end)
    if signed is not None and signed[1] not in lex.words:
        yield Candidate(*signed.span(1), "STAFF", 0.85, "en_names.initials")


SIGNED: tuple[tuple[Callable[[str, Lexicon], Iterator[Candidate]], list[Anchored]], ...] = (
    (_signed_off, [SIGNED_OFF]),
    (_signed_inline, [SIGNED_INLINE]),
    (_signature, [SIGNATURE]),
    (_small_signature, []),
)
"""What reads the ends of letters, with the patterns it needs."""
