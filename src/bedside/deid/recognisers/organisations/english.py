"""English hospitals, clinics, homes and other organisations: by last word, known short name or context."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid.actions.date_forms import MONTHS
from bedside.deid.lexicon.english import group, lexicon
from bedside.deid.lexicon.english_medical import is_medical
from bedside.deid.patterns.anchors import Anchored
from bedside.deid.recognisers.organisations.en_affiliations import is_particular
from bedside.deid.recognisers.organisations.en_rules import (
    CVS,
    HOSPITAL_BEGINNING,
    HOSPITAL_END,
    LABELLED,
    ORG_END,
    STAYED,
    VETERANS,
    WORKS,
    known_names,
)

GENERIC = group("generic")
LINK = frozenset(["of", "and", "the", "for", "&", "de", "la", "del", "las", "los"])
PROPER = re.compile(r"[A-Z&][\w'’.&-]*\Z")
TITLED = re.compile(
    r"(?:Pastor|Officer|Dr|Mr|Mrs|Ms|Rev|Reverend|Detective|Judge|Nurse|Deputy|Sheriff|Father|Sister|"
    r"Captain|Sgt|Prof)\.?[ ](?:(?!of )[\w'’.-]+[ ]){1,3}?(?:of|at|from|and)[ ]"
)
LEADING = group("leading")
CUE_BEFORE = re.compile(r"(?:\b(?:at|to|from|with|by|via|of|the|The)[ ]|[:,(][ ]?|\A|\n)\Z")
AT_PLACE = re.compile(
    r" (?:of|at|in) (?:[A-Z][\w'’.]+)(?: [A-Z][\w'’]+){0,2}| for (?:Sick )?(?:Children|Women)\b| (?:II|III|IV|V)\b"
)
WEAK_ENDS = group("weak_ends")
FACILITY_WORDS = re.compile(
    r"(?i)\b(?:oaks?|pines|manor|village|gardens|grove|haven|ridge|meadows?|springs?|house|lodge|"
    r"estates|terrace|heights|valley|creek|memorial|mercy|general|county|regional|baptist|methodist|"
    r"presbyterian|sinai|saint|st|acres|place|point|view|hills?|court|glen|brook|lakes?|park|commons|"
    r"landing|center|sacred|good|samaritan|providence|lutheran|trinity|holy|cross)\b"
)
TRAILING = re.compile(r"(?:[ ,.]+(?:of|and|the|for|&)?)+\Z")
OTHER_SENSE = re.compile(
    r"(?:['’]s)?[ -](?:syndrome|sign|criteria|procedure|classification|score|scale|screen|assessment|"
    r"positive|negative|form|forms|protocol|catheter|Kettering|criterion|staging|rule|nomogram|"
    r"equation|formula|activity|treadmill|index|type|dissection|[0-9])\b"
)
HOSPITAL_LABEL = re.compile(
    r"(?i)facility|hospital|clinic|site|location|institution|transferred|referring|admitting|nursing|snf"
)


def recognise(text: str) -> list[Candidate]:
    """Hospitals and organisations with a name of their own; "the hospital" and "pain clinic" stay.

    >>> [c.type for c in recognise("from St. Mary's Medical Center, then the Pain Clinic")]
    ['HOSPITAL']
    """
    endings = _by_ending(text, HOSPITAL_END, "HOSPITAL") + _by_ending(text, ORG_END, "ORG")
    return endings + _by_name(text) + _by_context(text)


def _by_ending(text: str, rule: Anchored, kind: str) -> list[Candidate]:
    found = []
    for match in rule.finditer(text):
        start = _walk_back(text, match.start())
        if start == match.start():
            continue
        named = _named(text, start, match.start() - 1)
        if named is None:
            continue
        end = match.end()
        after = AT_PLACE.match(text, end)
        if after:
            end = after.end()
        weak = text[match.start() : match.end()] in WEAK_ENDS
        name = [word.lower() for word in text[named[0] : match.start()].split()]
        plain = all(word in lexicon().words or word in GENERIC for word in name)
        if weak and plain and not _told(text, named[0], match.group(), name):
            continue
        if text[named[0] : end].isupper() and all(word.strip(".'’").lower() in lexicon().words for word in name):
            continue
        begin = named[0] - 4 if text[named[0] - 4 : named[0]] == "The " and named[0] > start else named[0]
        found.append(Candidate(begin, end, kind, 0.85, "en_organisations.ending"))
    return found


def _told(text: str, start: int, ending: str, name: list[str]) -> bool:
    """Whether plain words before a weak ending are a name all the same: "at Bright Futures Pediatrics"."""
    if ending.isupper() or not any(is_particular(word, lexicon()) for word in name):
        return False
    return len(name) > 1 or CUE_BEFORE.search(text, max(0, start - 12), start) is not None


def _walk_back(text: str, at: int) -> int:
    """Start of the name that ends with the word at `at`: capitals and linking words to the left, on the same line."""
    begin = at
    for _ in range(7):
        left = text[max(0, begin - 24) : begin]
        if not left.endswith(" ") or left.endswith("  "):
            break
        word = left[:-1].rpartition(" ")[2].rpartition("\n")[2]
        if not word or not (PROPER.match(word) or word in LINK):
            break
        if word.endswith((".", ",", ":", ";")) and word not in ("St.", "Mt.", "Ft.", "Dr."):
            break
        begin -= len(word) + 1
    person = TITLED.match(text, begin, at)
    return person.end() if person else begin


def _named(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The stretch without generic words in front, or None when nothing particular is left."""
    words = text[start:end].split(" ")
    while words and (words[0] in LINK or words[0].lower().strip(".,'’") in LEADING):
        start += len(words[0]) + 1
        words = words[1:]
    body = [word.lower().strip(".,'’") for word in words]
    if not any(word not in GENERIC and word not in LINK for word in body):
        return None
    return start, start + len(" ".join(words))


def _by_name(text: str) -> list[Candidate]:
    """Known names, and kinds of house that say with the next word which one."""
    lex = lexicon()
    found = []
    for kind, rule in known_names():
        found += [
            Candidate(*match.span(), kind, 0.85, "en_organisations.known")
            for match in rule.finditer(text)
            if not OTHER_SENSE.match(text, match.end())
        ]
    found += [
        Candidate(*match.span(), "HOSPITAL", 0.8, "en_organisations.beginning")
        for match in HOSPITAL_BEGINNING.finditer(text)
        if not all(word.lower() in lex.words or is_medical(word.lower(), lex) for word in match[1].split())
    ]
    found += [
        Candidate(*match.span(), "HOSPITAL", 0.7, "en_organisations.va")
        for match in VETERANS.finditer(text)
        if not all(word.lower() in lex.words for word in match.group().replace("VAMC", "VA").split() if word != "VA")
    ]
    found += [
        Candidate(*match.span(match.lastindex or 0), "ORG", 0.8, "en_organisations.cvs") for match in CVS.finditer(text)
    ]
    return found


def _by_context(text: str) -> list[Candidate]:
    """Names that are told by where someone works or stays, or by a label."""
    lex = lexicon()
    found = []
    for rule, kind in ((WORKS, "ORG"), (LABELLED, "ORG"), (STAYED, "HOSPITAL")):
        for match in rule.finditer(text):
            start, end = match.span(match.lastindex or 0)
            value = text[start:end]
            words = [word.lower().strip(".,'’") for word in value.split()]
            particular = [word for word in words if word not in GENERIC and word not in LINK and word not in lex.states]
            ordinary = all(word in lex.words for word in particular)
            acronym = value.isupper() and len(value) <= 4
            if not particular or words[0] in LEADING or (words[0] in GENERIC and ordinary) or acronym:
                continue
            if rule is not LABELLED and (
                ordinary and not (rule is WORKS and len(words) > 1) and not FACILITY_WORDS.search(value)
            ):
                continue
            if rule is STAYED and (
                is_medical(words[0], lex)
                or (
                    len(words) == 1
                    and (words[0] in lex.cities or words[0] in lex.given or words[0] in MONTHS or ordinary)
                )
            ):
                continue
            shouted = value.isupper() and sum(word in lex.words for word in words) > 1
            if rule is LABELLED and ((ordinary and len(words) == 1) or value.islower() or shouted):
                continue
            hospital = rule is STAYED or HOSPITAL_LABEL.match(text, match.start())
            end = start + len(TRAILING.sub("", value))
            found.append(Candidate(start, end, "HOSPITAL" if hospital else kind, 0.7, "en_organisations.context"))
    return found


def patterns() -> tuple[Anchored, ...]:
    """Those without a match of which nothing is found."""
    return (
        HOSPITAL_END,
        HOSPITAL_BEGINNING,
        ORG_END,
        VETERANS,
        CVS,
        WORKS,
        LABELLED,
        STAYED,
        *(rule for _, rule in known_names()),
    )
