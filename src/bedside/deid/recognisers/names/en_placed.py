"""English names told by their place on the page: turned round in a list, after a greeting, beside an initial."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import Lexicon, group
from bedside.deid.lexicon.english_medical import is_medical, pairs_medically
from bedside.deid.patterns.anchors import Anchored
from bedside.deid.recognisers.names.en_cues import first_word, is_shouted
from bedside.deid.recognisers.names.en_cues_behind import CREDENTIAL
from bedside.deid.recognisers.names.en_listed import IN_LISTS, NUMBERED
from bedside.deid.recognisers.names.en_person import CAPITAL, NAME_WORD, NEVER_FIRST, PARTICLE, read_name
from bedside.deid.recognisers.names.en_signed import SIGNED

GENERIC = group("generic")
COUNTRIES = group("countries")
TURNED = Anchored(
    rf"(?<![\w,'’-])(?P<last>(?:{PARTICLE}[ ]){{0,2}}{NAME_WORD}),[ ]{{1,2}}"
    rf"(?P<first>(?:{NAME_WORD}|{CAPITAL}\b\.?)(?:[ ]{NAME_WORD}(?!\w))?(?:[ ]{CAPITAL}\b\.?)?)(?![\w'’]|-\w)"
)
ENTRY = re.compile(
    r"(?:\A|\n|[:.(|]{1,12}|(?:\A|\n)[ \t]*[-–—*•#]|[-–—]|(?:\A|\n)[ \t]*(?:#\d{1,3}|[Bb](?:e?d)?[ ]?\d{1,3}|"
    r"\d{1,3}\))|\b(?i:name|pt|patient|inmate|ord|phys|anes|anaes|asst|surgeon|on|of|re|ssg|sgt|cpt|maj|pvt|spc|"
    r"resident|claimant|member)|\b[A-Z]{1,2}\d{1,3}|=)[ \t]*\Z"
)
ENTRY_ENDS = re.compile(
    rf"[ ]?(?:\Z|\n|[ ]{{2}}|\t|[-–—|(\[#]|[,;]?[ ]?(?:{CREDENTIAL})\b|[ ](?:MRN|DOB|DOC|ID|DoD|spec|FIN|Sex|SEX|"
    rf"Age|AGE|[MF]\b|\d))"
)
IN_A_LIST = re.compile(rf"(?:\A|\n)[ \t]*{NUMBERED}[ \t]*[-–—:]?[ \t]*\Z")
"""Behind the number or the bed of a list of patients a word is a surname: "b7 Day, Maureen"."""
RECORD_AFTER = re.compile(r"[ ]{1,3}[(#]?\d{6,10}(?!\d|[./-]\d)")
"""A record's number after "SURNAME, GIVEN": enough for names that no list has."""
GREETED = Anchored(r"\b(?:Hi|Hey|Hello|Hiya|Dear|DEAR|HI|hey|hi|dear)[ ,]{1,2}(?:there[ ])?(?=[A-Z])")
GREETING_ENDS = re.compile(r"[ ]?(?:[,:!\n—–-]|\Z|and[ ]|&[ ])")
GREETED_ALL = frozenset(
    [
        "colleague",
        "colleagues",
        "sir",
        "madam",
        "doctor",
        "team",
        "parent",
        "parents",
        "patient",
        "all",
        "everyone",
        "folks",
        "guardian",
        "friend",
        "friends",
        "insurer",
        "reviewer",
        "editor",
        "provider",
        "care",
        "staff",
        "ladies",
        "gentlemen",
        "nurse",
        "officer",
        "members",
        "member",
        "family",
        "employer",
        "whom",
    ]
)
SHORTENED = Anchored(rf"\b(?:Ll|Ch|Th|Yu|Wm|Chas|Thos|Geo|Jas|Jos|Robt|Edw|Benj)\.[ ](?={CAPITAL}[a-zà-ÿ'’]{{2}})")
"""Given names as old registers and some countries shorten them: "Ll. Pugh", "Wm. Garrod"."""
FIELD = Anchored(
    r"\b(?:(?:mi|middle_initial)=(?P<initial>[A-Z])\b|"
    r"(?:coder|abstractor|typist|entered_by|user(?:name|_id)?|login)[ ]?=[ ]?(?P<login>[a-z][a-z.]{3,19})(?![\w@(]))"
)
INITIAL_SURNAME = Anchored(rf"(?<![\w./])({CAPITAL}\.[ ]?({CAPITAL}[a-zà-ÿ'’]{{3,}}))(?=[ ]?[,(;:]|[ ]?[-–][ ])")
LETTERED = Anchored(rf"(?:(?<=\n)|(?<=\bpt[ ])|(?<=\bPt[ ])|(?<![\s\S]))(?:{CAPITAL}\.){{2,3}}(?=[,;: ])")
GIVEN_INITIAL = Anchored(rf"\b({NAME_WORD})[ ]{CAPITAL}(?:\.(?!\w)|(?=[,;)]))")
HELP = frozenset(["min", "mod", "max"])
"""How much help a patient needs: "Transfers: Min A"."""
DOUBLE = Anchored(
    rf"(?<![\w'’-])({CAPITAL}[a-zà-ÿ'’]{{2,}})[ ]({CAPITAL}[a-zà-ÿ]+(?:['’]?[A-Z]?[a-z]+)?)-({CAPITAL}[a-zà-ÿ]+)"
    rf"(?![\w-])"
)
SURNAME_CAPS = Anchored(
    rf"(?<![\w'’-])({CAPITAL}{{2,}}(?:-{CAPITAL}{{2,}})?)[ ]({CAPITAL}[a-zà-ÿ]+(?:[ -]{CAPITAL}[a-zà-ÿ]+)?)(?![\w])"
)


def _turned(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "Vang, Mai See MD", "HO, IDA spec": a surname first, where an entry begins and where one ends."""
    for match in TURNED.finditer(text):
        begins = bool(ENTRY.search(text, *_before(match)))
        ends = bool(ENTRY_ENDS.match(text, match.end()))
        parts = match["last"].lower().split()[-1].split("-")
        last = next((part for part in parts if part in lex.surnames and not lex.is_ordinary(part)), parts[0])
        firsts = [part.lower().rstrip(".") for part in match["first"].split()]
        long = [word for word in firsts if len(word) > 1]
        in_list = IN_A_LIST.search(text, *_before(match)) is not None
        listed = last in lex.surnames or (begins and last not in lex.words and RECORD_AFTER.match(text, match.end()))
        listed = listed or (begins and ends and _is_shouted_surname(match, lex))
        if not (begins or ends) or not listed or last in lex.cities:
            continue
        if last in NEVER_FIRST or (last in GENERIC and not in_list):
            continue
        if last in COUNTRIES and any(word in COUNTRIES for word in long):
            continue
        if any(word in NEVER_FIRST or word in lex.cities or word in lex.states for word in long):
            continue
        plain = (lex.is_ordinary(last) or is_medical(last, lex)) and not in_list
        given = any(part in lex.given for word in long for part in word.split("-"))
        initial = len(firsts[0]) == 1
        strange = bool(long) and not any(word in lex.words or is_medical(word, lex) for word in long)
        shouted = is_shouted(match["first"][:2])
        if begins and strange and RECORD_AFTER.match(text, match.end()):
            yield Candidate(*match.span(), "NAME", 0.85, "en_names.turned")
            continue
        if (shouted and not is_shouted(match["last"])) or (
            strange and not given and match["first"][1:].upper() == match["first"][1:]
        ):
            continue
        if begins + ends > plain + (not given and not initial) and (given or initial or strange):
            yield Candidate(*match.span(), "NAME", 0.85, "en_names.turned")


def _is_shouted_surname(match: re.Match[str], lex: Lexicon) -> bool:
    """Whether a word in capitals stands before a given name that is not: "YEW, Rowan"."""
    first = first_word(match["first"], 0)
    return is_shouted(match["last"]) and not is_shouted(match["first"][:2]) and first.lower() in lex.given


def _before(match: re.Match[str]) -> tuple[int, int]:
    """Where the few characters before a match begin and end."""
    return max(0, match.start() - 24), match.start()


NO_ONE = NEVER_FIRST | GREETED_ALL | GENERIC
AND = re.compile(r"[ ](?:and|&)[ ](?=[A-Z])")


def _greeted(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "Hi Mohit," and "Dear June and Augie,"."""
    for match in GREETED.finditer(text):
        at = match.end()
        while first_word(text, at).lower().rstrip(".") not in NO_ONE:
            end = read_name(text, at, lex, most=3)
            if end == at or not GREETING_ENDS.match(text, end) or is_medical(text[at:end].lower(), lex):
                break
            yield Candidate(at, end, "NAME", 0.85, "en_names.greeted")
            joined = AND.match(text, end)
            if joined is None:
                break
            at = joined.end()


def _initialled(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "J.R.K., 71", "Shane P." and "ZHOU Lanfen"."""
    for match in LETTERED.finditer(text):
        yield Candidate(*match.span(), "NAME", 0.75, "en_names.lettered")
    for match in INITIAL_SURNAME.finditer(text):
        low = match[2].lower()
        if low not in lex.words and not is_medical(low, lex) and low not in lex.cities and low not in lex.states:
            yield Candidate(*match.span(1), "NAME", 0.65, "en_names.initial_surname")
    for match in GIVEN_INITIAL.finditer(text):
        low = match[1].lower()
        is_word = low in HELP or lex.is_ordinary(low) or is_medical(low, lex)
        if low in lex.given and not is_word and match[1][1:].islower():
            yield Candidate(*match.span(), "NAME", 0.75, "en_names.given_initial")


def _shortened(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "Wm. Garrod": a shortened given name, then a surname that is no word."""
    for match in SHORTENED.finditer(text):
        surname = first_word(text, match.end()).lower().rstrip(".")
        if (surname in lex.surnames or surname not in lex.words) and not is_medical(surname, lex):
            yield Candidate(match.start(), read_name(text, match.end(), lex, most=2), "NAME", 0.8, "en_names.shortened")


def _in_fields(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "mi=R; coder=kjstone": fields of a register that hold a piece of a name."""
    for match in FIELD.finditer(text):
        if match["initial"]:
            yield Candidate(*match.span("initial"), "NAME", 0.75, "en_names.field")
        elif match["login"] not in lex.words:
            yield Candidate(*match.span("login"), "STAFF", 0.85, "en_names.field")


def _doubled(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "River Singh-Doherty": a double surname after any capitalised word, unless both halves are words or eponyms."""
    for match in DOUBLE.finditer(text):
        parts = [match[2].lower(), match[3].lower()]
        strange = not all(is_medical(part, lex) or part in lex.words for part in parts)
        known = any(lex.is_name(part) for part in parts)
        eponym = any(is_medical(part, lex) for part in parts) and pairs_medically(text, *match.span(), lex)
        if strange and known and not eponym and match[1].lower() not in NEVER_FIRST:
            yield Candidate(*match.span(), "NAME", 0.8, "en_names.double")


def _surname_in_capitals(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "ZHOU Lanfen": a surname in capitals, then a given name that is no known word."""
    for match in SURNAME_CAPS.finditer(text):
        last, first = match[1].lower().split("-")[0], match[2].lower()
        known = last in lex.surnames and last not in lex.words and last not in lex.states
        strange = first not in lex.words and not is_medical(first, lex) and not is_medical(last, lex)
        long = len(last) > 2 or first in lex.given
        if known and strange and long and not pairs_medically(text, *match.span(), lex):
            yield Candidate(*match.span(), "NAME", 0.8, "en_names.surname_capitals")


PLACED: tuple[tuple[Callable[[str, Lexicon], Iterator[Candidate]], list[Anchored]], ...] = (
    (_turned, [TURNED]),
    (_greeted, [GREETED]),
    *SIGNED,
    (_initialled, [LETTERED, INITIAL_SURNAME, GIVEN_INITIAL]),
    (_shortened, [SHORTENED]),
    (_in_fields, [FIELD]),
    (_doubled, [DOUBLE]),
    *IN_LISTS,
    (_surname_in_capitals, [SURNAME_CAPS]),
)
"""What reads names in lists, greetings and signatures, with the patterns it needs."""
