"""English names that are also words, told by a role or a relative beside them; and names in text without capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import Lexicon, group
from bedside.deid.lexicon.english_medical import HEADS, is_medical, pairs_medically
from bedside.deid.patterns.anchors import Anchored
from bedside.deid.recognisers.names.en_cues import KIN, MANY_CAPITALS, first_word
from bedside.deid.recognisers.names.en_person import (
    CAPITAL,
    CREDENTIAL_WORD,
    LETTER,
    NAME_WORD,
    NEVER_FIRST,
    read_name,
    shouts,
)

GENERIC = group("generic")
NOT_SURNAMES = group("not_surnames")
DOUBTFUL = group("doubtful")
LANGUAGES = group("languages")
ROLE = Anchored(
    r"\b(?:RN|LPN|CNA|RGN|EN|HCA|OTA|COTA|PTA|MHT|HCSW|ODP|SW|MSW|LCSW|DON|ADON|PC|PO|DS|DC|Det|HV|CPN|CNS|SHO|SpR|"
    r"[Rr]eg(?:istrar)?|PGY-?\d|"
    r"[Pp]ath|[Rr]ads|[Tt]ech|[Ss]cribe|[Cc]ounsel(?:l)?or|[Cc]haplain|[Ii]nterpreter|[Ss]upervised(?:[ ]by)?|"
    r"[Pp]resented[ ]by|"
    r"[Pp]laced[ ]by|[Pp]erformed[ ]by|[Aa]ttn|[Ww]itness|[Ss]igned|SURGEON|ASST|ANES|[Ss]ec|COs?|MAJ|CPT|SSG|"
    r"SGT|LT|COL|"
    r"[Hh]ospitalist|[Pp]sychiatrist|[Cc]rew|PCT|[Aa]sst|[Ss]r\.?|[Ss]een:|[Cc]onsult[ ]from|[Rr]eview(?:ed)"
    r"?[ ]by|ENDOSCOPIST|"
    r"NURSES?|REFERRED[ ]BY|SENDING[ ]RN|ACCEPTED[ ]BY|HTT[ ]=|[Oo]perator|[Cc]osign|[Ff]irst[ ]assist)(?:[ ]|"
    r":[ ]{0,2}|[ ]?=[ ]|\.{1,12}(?![ ]))(?=[A-Z])"
)
NOT_AFTER = re.compile(
    rf"['’]?s?[ -](?:{HEADS}|and[ ]rehab|for[ ]|to[ ]|on[ ]duty|notified|aware|at[ ]bedside|informed|called)\b"
)
NOT_BEFORE = re.compile(r"(?:/|\bNo|\bno|\bthe|\ban?|\bper)[ ]?\Z")
AFTER_ROLE = Anchored(
    rf"(?<![\w'’-])(?P<name>{NAME_WORD}(?:[ ](?:{CAPITAL}\.?[ ])?{NAME_WORD}){{0,2}})[ ]?(?:,[ ]|[ ]?\(|[ ])"
    r"(?i:(?:(?:skin|spinal|ward|preop|pre-op|practice|charge|staff|bank|ed|icu|nurse|senior|lead|stroke|"
    r"diabetes|heart)[ ])?"
    r"(?:OT|MSW|CNS|CPN|CNM|RPSGT|MCSP|LAC|LCGC|RVT|CCDS|hospitalist|pathologist|physiologist|physiotherapist|"
    r"physio|ESP|manager|mgr|practitioner|sonographer|audiologist|dietitian|chaplain|interpreter|hospice[ ]RN|RN)"
    r")(?![\w-])"
)
ANY_ROLE = Anchored(
    r"\b(?:OT|MSW|CNS|CPN|CNM|RPSGT|MCSP|LAC|LCGC|RVT|CCDS|RN|ESP|[Hh]ospitalist|[Pp]athologist|PATHOLOGIST|"
    r"[Pp]hysio\w*|"
    r"[Mm]anager|mgr|[Pp]ractitioner|[Ss]onographer|[Aa]udiologist|[Dd]ietitian|[Cc]haplain|[Ii]nterpreter)\b"
)
ROLE_IS_NAME = re.compile(r"[ ]?(?:,|\()")
TOLD = Anchored(
    r"\b(?:[Mm]y[ ]name[ ]is|[Tt]his[ ]is|(?:[Ss]poke|[Tt]alked)[ ](?:to|with)|[Kk]nown[ ]as|[Gg]oes[ ]by|"
    r"[Nn]amed|NAMED|[Ll]egal[ ]name|"
    r"[Pp]t[ ]gives[ ]name|[Pp]t(?:[ ]is|[ ]=|:)?|[Ii]ndex:|ID['’]d[ ](?:\d{4}[ ])?as|[Ss]igned|[Nn]ame|re|"
    r"[Ww]itness|INMATE|CELLIE|"
    r"DISPO[. ]+HOME[ ]W/|[Ll]abell?ed)[ ]{1,2}[\"“']?(?=[A-Z])"
)
CONSENTED = Anchored(r"^I,[ ](?=[A-Z][a-z])", re.M)
RELATIVE = Anchored(
    rf"\b(?i:{KIN}|dtr|dau|gma|gpa|gogo|gran(?:ny|dad)?|cellie|husb|fianc[ée]e?|comadre|maid|sibs?|siblings|sponsor|"
    r"fob|mob|aunty|granda|mam|mammy|mummy|cellmate|step-?mum|bestie|flatmate|housemate|escort|skipper)"
    r"(?:[ ]?[,:(][ ]?|[ ]{1,2})[\"“(]?(?=[A-Z'’])"
)
SMALL_KIN = Anchored(
    rf"\b(?:husband|wife|son|daughter|dtr|mother|mom|mum|father|dad|sister|brother|coworker|niece|nephew|aunt|uncle|"
    rf"friend|partner|girlfriend|boyfriend|grandson|granddaughter|neighbou?r|roommate|bf|gf|husb|hubby|gma|gpa|"
    rf"cousin)[ ]({LETTER}{{3,}})"
    rf"((?:[ ]{LETTER}{{4,}})?)"
)
SMALL_DOCTOR = Anchored(
    rf"\b(?:doctor[ ]|dr\.[ ]?|dr[ ]|nurse[ ]|mrs?[. ][ ]?|ms\.[ ]?)((?:{LETTER}{{3,}}[ ]?){{1,3}})"
)
SMALL_TOLD = Anchored(
    rf"\b(?:my[ ]name[ ]is|pt[ ]name|patient[ ]name|name[ ]is|summary[ ]on|patient[ ]is|this[ ]is|"
    rf"rtn[ ]call[ ]by)[ ]({LETTER}{{3,}})((?:[ ]{LETTER}{{3,}})?)"
)
SPELLED = Anchored(r"(?<![\w])(?:[a-z][ ]){3,}[a-z](?!\w)|(?<![\w])(?:[A-Za-z]-){3,}[A-Za-z](?!\w)")
SPELLED_CAPITALS = Anchored(
    r"\b(?i:spell(?:ed|ing|s|t)?|(?:last|first|sur|maiden)[ ]?name(?:[ ]is)?)[ ,:]{1,3}"
    r"(?:[Aa]s[ ]|[Ii]s[ ])?((?:[A-Z]-){2,}[A-Z])(?![\w-])"
)
SPELLED_HERE = Anchored(r"(?<![\w-])(?:[A-Z]-){3,}[A-Z](?![\w-])")
"""Spelled out, and said in the same text as well: "Marlon Gatto, G-A-T-T-O"."""
SMALL_ACTS = re.compile(
    r"[ ]?[,.;)]|[ ](?:says?|said|on|at|who|drove|brought|called|told|stated?|states|here|from|came|showed|is|\d)"
)


def _after_roles(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """Names after roles, relatives and "my name is"."""
    for rule, kind, by in (
        (ROLE, "STAFF", "role"),
        (RELATIVE, "NAME", "relative"),
        (TOLD, "NAME", "told"),
        (CONSENTED, "NAME", "told"),
    ):
        for match in rule.finditer(text):
            at = match.end()
            if NOT_BEFORE.search(text, max(0, match.start() - 5), match.start()):
                continue
            end = _name(text, at, lex, strict=by != "relative")
            if end > at and not (match.group().lower().startswith("interp") and text[at:end].lower() in LANGUAGES):
                yield Candidate(at, end, kind, 0.8, f"en_names.{by}")


def _before_roles(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """Names before roles: "Ann Lee, chaplain"."""
    if not list(ANY_ROLE.finditer(text)):
        return
    for match in AFTER_ROLE.finditer(text):
        words = match["name"].lower().split()
        plain = [word for word in words if lex.is_ordinary(word.split("-")[0]) and not lex.is_name(word)]
        if (
            plain
            or any(word in NEVER_FIRST or word in GENERIC for word in words)
            or (match["name"].isupper() and len(words) < 2)
        ):
            continue
        if len(words) == 1 and (words[0] in DOUBTFUL or words[0] in LANGUAGES or CREDENTIAL_WORD.match(match["name"])):
            continue
        comma = ROLE_IS_NAME.match(text, match.end("name")) is not None
        if any(not lex.is_ordinary(word) and not is_medical(word, lex) for word in words) or (comma and len(words) > 1):
            yield Candidate(*match.span("name"), "STAFF", 0.8, "en_names.before_role")


def _name(text: str, at: int, lex: Lexicon, *, strict: bool) -> int:
    """End of the name at `at`, whose first word may be an ordinary word that is a name too ("RN Prince"), or `at`."""
    word = first_word(text, at)
    low = word.lower().rstrip(".").replace("’", "'")
    bare = low.split("-")[0]
    if (
        not low
        or low in NEVER_FIRST
        or low in GENERIC
        or low in NOT_SURNAMES
        or low in lex.products
        or (low in lex.states and (strict or low not in lex.given))
    ):
        return at
    if word in ("ANES", "ASST"):
        return at
    shouting = shouts(text, at)
    named = bare in lex.given or (strict and bare in lex.surnames)
    if lex.is_ordinary(bare) and (shouting or not named or len(bare) < 3):
        return at
    if not named and (bare in lex.words or len(bare) < 3 or (MANY_CAPITALS.search(word) and not shouting)):
        return at
    end = read_name(text, at, lex, most=4)
    if end == at or pairs_medically(text, at, end, lex) or NOT_AFTER.match(text, end):
        return at
    if is_medical(bare, lex) and not (strict and bare in lex.surnames) and bare not in lex.given:
        return at
    return end


def _is_small(text: str) -> bool:
    """Whether a text is almost without capitals."""
    return sum(map(str.isupper, text)) * 40 < len(text)


def _small_kin(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """Relatives in a text almost without capitals: "husband buddy says"."""
    if not _is_small(text):
        return
    for match in SMALL_KIN.finditer(text):
        low = match[1].lower()
        if low not in lex.given or low in NEVER_FIRST - {"will", "may", "april", "june"}:
            continue
        more = match[2].strip()
        end = match.end() if more and more not in lex.words else match.end(1)
        if low not in lex.words or end > match.end(1) or SMALL_ACTS.match(text, match.end(1)):
            yield Candidate(match.start(1), end, "NAME", 0.75, "en_names.small_kin")


def _small_told(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """Names after a cue in a text almost without capitals: "doctor weiner", "my name is lily pond"."""
    if not _is_small(text):
        return
    for rule, kind in ((SMALL_DOCTOR, "STAFF"), (SMALL_TOLD, "NAME")):
        for match in rule.finditer(text):
            end = match.start(1)
            for piece in re.finditer(r"\S+", text[match.start(1) : match.end()]):
                low = piece.group().lower()
                if low in NEVER_FIRST or not (lex.is_name(low) or low not in lex.words) or is_medical(low, lex):
                    break
                end = match.start(1) + piece.end()
            if end > match.start(1):
                yield Candidate(match.start(1), end, kind, 0.85, "en_names.small")


def _spelled(text: str, _lex: Lexicon) -> Iterator[Candidate]:
    """Names spelled out in a text almost without capitals: "p-o-n-d"."""
    for match in SPELLED.finditer(text) if _is_small(text) else ():
        yield Candidate(*match.span(), "NAME", 0.7, "en_names.spelled")
    for match in SPELLED_HERE.finditer(text):
        if match.group().replace("-", "").lower() in text.lower():
            yield Candidate(*match.span(), "NAME", 0.85, "en_names.spelled")
    for match in SPELLED_CAPITALS.finditer(text):
        yield Candidate(*match.span(1), "NAME", 0.9, "en_names.spelled")


BESIDE_ROLES = (
    (_after_roles, [ROLE, RELATIVE, TOLD, CONSENTED]),
    (_before_roles, [AFTER_ROLE]),
    (_small_kin, [SMALL_KIN]),
    (_small_told, [SMALL_DOCTOR, SMALL_TOLD]),
    (_spelled, [SPELLED, SPELLED_HERE, SPELLED_CAPITALS]),
)
"""What reads names by their roles, with the patterns it needs."""
