"""English organisations told by what a person does there, however plain their words: "drove for Yellow Cab"."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import Lexicon, group, lexicon
from bedside.deid.lexicon.english_medical import is_medical
from bedside.deid.patterns.anchors import Anchored

_NAMED = r"((?:[A-Z][\w'’&-]+)(?:[ ](?:(?:of|and|&|de)[ ])?[A-Z][\w'’&-]*){0,4})"
BELONGS = Anchored(
    r"\b(?i:works?|worked|working|employed|retired|drives?|drove|plays?|played|coach(?:es|ed)?|volunteers?|"
    r"sophomore|junior|senior|freshman|pupil|student|teacher|teaches|grader|enrolled|goes|returns?|resident|carpenter|"
    r"machinist|nurse|baker|driver|manager|engineer|clerk|cook|cashier)"
    r"(?:[ ](?!for\b|at\b|by\b|to\b|in\b|with\b|of\b)[a-z-]+){0,3}?[ ](?:for|at|by|from|to|with|of)[ ](?:the[ ])?"
    + _NAMED
)
OWNS = Anchored(
    r"\b(?i:employer|insurer|insurance|insured|covered|pharmacy|school|supplies|supplied|meals|"
    r"cpap|dme|funeral[ ]home)"
    r"(?:[ ](?:is|by|with|through|from|at)|:)?[ ][(]?(?:the[ ])?" + _NAMED
)
VESSEL = Anchored(
    r"(?<![\w'’-])(?:(?:F|M|S|R|G|D)/?V|HMS|HMAS|HMCS|USS|USCGC|USNS|RRS|MSC|RFA|"
    r"INS)[ ][\"“]?[A-Z][a-z'’]{2,}(?:[ ][A-Z][a-z'’]+){0,2}"
)
"""Ships: FV Girl Demelza, HMS Illustrious."""
SENT = Anchored(
    r"\b(?i:rx|script|prescriptions?|refill(?:s|ed)?|sent|called[ ]in|faxed|e-prescribed|transported|transferred|tx|"
    r"xfer|"
    r"flown|airlifted|taken|brought|referred|admitted|followed|seen|dialy[sz]es|discharged)(?:[ ](?!to\b|from\b|at\b|"
    r"by\b)[\w-]+){0,2}?[ ](?:to|from|at|by)[ ](?:the[ ])?" + _NAMED
)
AT = Anchored(r"\bat[ ](?:the[ ])?([A-Z][a-z’']+[ ](?:(?:of|and|&)[ ])?[A-Z][a-z]+(?:[ ][A-Z][a-z]+){0,2})")
SAINT = Anchored(
    r"\bSt\.?[ ](?!John['’]?s?[ ]wort)[A-Z][a-z]{2,}(?:['’]s)?(?:[ ](?:de|of)[ ][A-Z]\w+)?"
    r"(?!['’]?s?[ ](?:wort|Day|fire|dance|valve))"
)
CREW = Anchored(
    r"\b(?:Medic|Engine|Ladder|Rescue|Squad|Ambulance|Station|AirEvac|Air[ ]Evac|LifeNet|MedFlight|LifeFlight|"
    r"Careflight)[ ]\d{1,3}\b(?!\s?(?:mg|ml|%))"
)
HOSPITAL_CUE = re.compile(
    r"(?i)trans|tx|xfer|flown|airlifted|taken|brought|admitted|followed|seen|dialy|discharged|referred"
)
ADJECTIVE = re.compile(r"\w+(?:ic|al|ive|ous|ary|ology|opathy|itis)\Z")
TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "drs",
        "prof",
        "officer",
        "sgt",
        "judge",
        "nurse",
        "sister",
        "father",
        "pastor",
        "rev",
        "deputy",
    ]
)
GENERIC = group("generic")
LEADING = group("leading")
PLAIN_HEADS = frozenset(
    [
        "plastic",
        "plastics",
        "thoracic",
        "oral",
        "maxillofacial",
        "gynecologic",
        "heme",
        "onc",
        "neuro",
        "bypass",
        "cataract",
        "robotic",
        "open",
        "endovascular",
        "department",
        "dept",
        "unit",
        "ward",
        "floor",
        "bed",
        "room",
        "bay",
        "team",
        "clinic",
        "navy",
        "army",
        "marines",
        "force",
        "veteran",
        "medicaid",
        "medicare",
        "assessment",
        "plan",
        "history",
        "er",
        "ed",
        "icu",
        "pcp",
    ]
)


def is_particular(word: str, lex: Lexicon) -> bool:
    """Whether a lower-case word says more than what kind of place it is: "oaks", not "thoracic" or "clinic"."""
    return not (
        word in GENERIC
        or word in LEADING
        or word in PLAIN_HEADS
        or word in lex.states
        or len(word) < 3
        or ADJECTIVE.match(word)
        or is_medical(word, lex)
    )


def recognise(text: str) -> list[Candidate]:
    """Employers, schools, teams, insurers, shops and places of care after a cue, and names of saints.

    >>> [c.type for c in recognise("He drove for Yellow Cab, then worked in Radiology.")]
    ['ORG']
    """
    lex = lexicon()
    found = [Candidate(*match.span(), "ORG", 0.4, "en_affiliations.saint") for match in SAINT.finditer(text)]
    found += [Candidate(*match.span(), "ORG", 0.7, "en_affiliations.crew") for match in CREW.finditer(text)]
    found += [Candidate(*match.span(), "ORG", 0.8, "en_affiliations.vessel") for match in VESSEL.finditer(text)]
    for rule in (BELONGS, OWNS, SENT, AT):
        for match in rule.finditer(text):
            words = match[1].lower().split()
            if words[0].rstrip(".") in LEADING | TITLES or match[1].isupper() or not _names(words, lex):
                continue
            hospital = rule is SENT and HOSPITAL_CUE.match(text, match.start())
            found.append(Candidate(*match.span(1), "HOSPITAL" if hospital else "ORG", 0.6, "en_affiliations.cue"))
    return found


def patterns() -> tuple[Anchored, ...]:
    """Those without a match of which nothing is found."""
    return (SAINT, CREW, VESSEL, BELONGS, OWNS, SENT, AT)


def _names(words: list[str], lex: Lexicon) -> bool:
    """Whether the words are a name: two with something particular, or one that is no word and no given name."""
    particular = [word for word in words if is_particular(word, lex)]
    if len(words) == 1:
        return bool(particular) and len(words[0]) > 3 and words[0] not in lex.words and words[0] not in lex.given
    return bool(particular) and not is_medical(words[-1], lex)
