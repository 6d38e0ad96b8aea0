"""English dates: numeric, written, partial, weekdays, holidays, and days told from today; not times, not durations."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid.patterns.anchors import Anchored, matching

MONTH = (
    r"(?:jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
DAY = r"(?:3[01]|[12]\d|0?[1-9])"
YEAR = r"(?:1[89]\d\d|20\d\d)"
WEEKDAY = (
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"mon|tues?|wed|thurs?|thu|fri)"
)
CLOCK = r"(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)"

ISO = Anchored(
    rf"(?<![\w./-])(?:19|20)\d\d([-/.])(?:1[0-2]|"
    rf"0?[1-9])\1{DAY}(?:T\d\d:?\d\d(?::?\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\w/-])"
)
NUMERIC = Anchored(
    rf"(?<![\w./-])(?:(?:{DAY}([/.-]){DAY}\1|{DAY}\s?/\s?{DAY}\s?/\s?)(?:{YEAR}|['’]?\d\d))(?![\w/]|-\d|\.\d|%)"
)
BORN = Anchored(rf"\b[Dd][Oo][Bb][: ]\s*({DAY}{DAY}{YEAR})\b")
COMPACT = Anchored(r"(?:1(?<![\d-]1)9|2(?<![\d-]2)0)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\d-])")
"""What may not stand before it is asked after its first figure: `re` then looks at figures alone."""
MONTH_YEAR = Anchored(
    rf"(?<![\w./-])(?:1[0-2]|0?[1-9])/{YEAR}(?![\w/])|(?<![\w./-]){YEAR}[-/](?:0[1-9]|1[0-2])(?![\w/-])"
)
SLASHED = Anchored(
    rf"(?<![\w./,:+-])(?:1[0-2]|0?[1-9])/{DAY}(?![\w/%]|[-.]\d|\s*(?:mg|mcg|ml|units?|points?|HPF|hpf)\b)"
)
WRITTEN = Anchored(
    rf"\b(?:(?:the\s+)?(?:{DAY}(?:st|nd|rd|th)?)(?:\s+of)?[\s-]+{MONTH}\b\.?(?:,?[\s-]+(?:{YEAR}|"
    rf"['’]\d\d|\d\d(?!\d|:)))?"
    rf"|{MONTH}\.?\s+{DAY}(?:st|nd|rd|th)?\b(?:\s*-\s*{DAY}\b)?(?:,?\s+{YEAR}|,?\s+['’]\d\d)?"
    rf"|{MONTH}\.?(?:\s+of)?,?[\s/-]+{YEAR})(?![\w/])",
    re.I,
)
DASHED_MONTH = Anchored(rf"\b{DAY}-?{MONTH}-?(?:{YEAR}|\d\d)\b", re.I)
FULL_MONTH = Anchored(
    r"\b(?:(?:in|since|until|till|by|last|next|this|early|late|mid|during|of|from|from|through)[\s-]+)"
    rf"((?:{MONTH})\b)(?!\s+(?:need|require|be|have|not|also|benefit|cause|follow|take|use|wish|show|do)\b)",
    re.I,
)
CAPITAL_MONTH = Anchored(r"\b(?:January|February|July|September|October|November|December)\b")
BARE_YEAR = Anchored(
    rf"(?i:\b(?:in|since|circa|around|until|of|from|year|during|before|after|by|early|late|mid|ca\.?|and|to|through|"
    rf"diagnosed|dx|dx'd|surgery|s/p|on|born|or|summer|winter|spring|fall|autumn|back in|the "
    rf"year)[\s:-]+|[(~'’]\s?)({YEAR}s?)"
    rf"(?=\s*[,;.)/?]|\s+(?:and|with|for|when|which|due|but|at|by|to|after|as|that|who|he|she|they|in|"
    rf"via|\()|\s*$|\s*\n|\s+[a-z])"
    rf"(?!\s*(?:mg|ml|mL|mcg|g|units?|kcal|cal|calories|cc|steps|feet|ft|IU|U|doses?|patients|cells)\b)(?!\.\d)",
    re.M,
)
WEEKDAYS = Anchored(
    r"\b(?<!\ba )(?<!\bany )(?:(?:last|next|this\s+past|this|past|on|every|each|coming|since|until|by)\s+)"
    r"?(?:(?:Monday|Tuesday|"
    r"Wednesday|Thursday|Friday|Saturday|Sunday)s?"
    r"|(?:MONDAY|TUESDAY|WEDNESDAY|THURSDAY|FRIDAY|SATURDAY|SUNDAY)S?)\b"
    r"|\b(?:last|next|this|on|called|seen|since|due|until|back)\s+(?:[Mm]on|[Tt]ues?|[Ww]ed(?:nes)?|[Tt]hurs?|[Ff]ri)\b"
    r"|\b(?:last|next|this|on)\s+(?:mon|tues?|wed(?:nes)?|thurs?|fri)\b"
    r"|\b(?:Mon|Tues?|Weds?|Thurs?|Thu|Fri)\b\.?(?=[,\s]+(?:\d|a\.?m|p\.?m|morning|afternoon|evening|"
    r"night|[A-Z][a-z]{2}))"
    r"|\b(?:(?:last|next|this|past|coming)\s+)?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
    r"|\b(?:Mon|Tues?|Weds?|Thurs?|Thu|Fri|Sat|Sun)[ ](?:arvo|eve)\b"
    r"|\bSat(?=[ ](?:a\.?m|p\.?m|morning|afternoon|evening|night)\b)"
)
LED_BY = re.compile(r"(?i:on|called|seen|since|due|until|by|back)\s+")
"""What stands before a weekday and is no part of it."""
HOLIDAY = Anchored(
    r"\b(?:Christmas(?:\s+(?:Day|Eve))?|Thanksgiving(?:\s+Day)?|New\s+Year(?:['’]?s)?(?:\s+(?:Day|"
    r"Eve))?|Easter(?:\s+(?:Sunday|Monday))?"
    r"|Labor\s+Day|Memorial\s+Day|Independence\s+Day|Veterans\s+Day|Columbus\s+Day|Presidents['’]?\s+Day"
    r"|Martin\s+Luther\s+King(?:\s+Jr\.?)?\s+Day|MLK\s+Day|Mother['’]?s\s+Day|Father['’]?s\s+Day|"
    r"Valentine['’]?s(?:\s+Day)?|Halloween"
    r"|St\.?\s+Patrick['’]?s\s+Day|Hanukkah|Chanukah|Passover|Yom\s+Kippur|Rosh\s+Hashanah|Ramadan|"
    r"Eid(?:\s+al-\w+)?|Diwali|Kwanzaa"
    r"|(?:Lunar|Chinese)\s+New\s+Year|Good\s+Friday|Boxing\s+Day|Bank\s+Holiday|Juneteenth|"
    r"Cinco\s+de\s+Mayo|Super\s+Bowl\s+Sunday"
    r"|(?:the\s+)?(?:Fourth|4th)\s+of\s+July)(?!\s+(?:tree|disease|factor|eggs?|bunny|island|lily|lilies|dinner|"
    r"sweets|food|cards?|lights|fast|feast))\b",
    re.I,
)
RELATIVE = Anchored(
    r"\b(?:(?:the\s+)?day\s+(?:before\s+yesterday|after\s+tomorrow)|yesterday|tomorrow|last\s+night|tmrw|2moro"
    r"|(?:\d{1,2}|an?|one|two|three)\s+weeks?\s+(?:ago|from)\s+(?:on\s+)?(?:last\s+)?(?:mon|tues|wednes|thurs|fri|"
    r"satur|sun)day"
    r"|(?<!the )(?:last|next|this\s+past)\s+(?:week(?:end)?|month|year|"
    r"spring|summer|fall|autumn|winter)"
    r"|this\s+(?:spring|summer|autumn|winter))\b(?!['’]s\b)",
    re.I,
)
QUARTER = Anchored(
    rf"\b(?:(?:early|late|mid|the)[\s-]+)?(?:Q[1-4]|spring|summer|fall|autumn|winter)(?:\s+of)?\s+{YEAR}\b", re.I
)
APOSTROPHE = Anchored(r"(?<=\s)['’](?:[4-9]\d|[0-3]\d)(?=[\s,.;)])")
RANGE_OF_YEARS = Anchored(rf"(?<![\w-])({YEAR})\s?[-–]\s?({YEAR})(?![\w-])")
LINE_YEAR = Anchored(rf"\b{YEAR}(?=\s*(?::|-\s|–\s|$))", re.M)
NUMBERED_DAY = Anchored(
    r"\b(?:on|by|until|since|scheduled|for|from)\s+(the\s+(?:3[01]|[12]?\d)(?:st|nd|rd|th))\b(?=[.,;)]|\s+(?:at|of|"
    r"for|with|and)\b|\s*$)",
    re.M,
)
DAY_FIRST = Anchored(r"(?<![\w./,:+-])(?:1[3-9]|2\d|3[01])/(?:0[1-9]|1[0-2])(?![\w/%]|[-.]\d)")
MODAL = re.compile(r"\b(?:may|march)(?!\w|.{0,4}\d{4})")
NOT_A_DATE = re.compile(
    r"(?:%|patients|cases|subjects)\s*\($|\b(?i:pain|acuity|strength|murmur|grade|score|scored?|rated?|visual "
    r"acuity|va|vision|power|motor|dtrs?|reflexes|gleason|apgars?|hpf|bp|sbp|gcs|"
    r"moca|mmse|phq-?9|gad-?7|nihss|class|stage|level|severity|ratio|fraction|sensation|tone|"
    r"intensity|iop|norco|percocet|vicodin|suboxone|"
    r"ecog|asa|ballard|braden|bishop|epworth|fev1|quad|deltoid|biceps|triceps|grip|pulses?|edema|sit|"
    r"anxiety|mood|boston|bpp|"
    r"dose|q\d+h|every|advair|symbicort|augmentin|ages?|sample|steps?|cycle|day|week|dulera|breo|"
    r"trelegy|entresto|bactrim|zosyn|hla|x|of|took|"
    r"exotropia|od|os|ou|no|about|least|lead|leads|distance|near|cores?|nodes?|positive|involving|"
    r"margins?|blades?|size|"
    r"meropenem|vancomycin|ceftriaxone|criteria|met|sirs|quarter|flexion|extension|abduction|"
    r"adduction|dorsiflexion|plantarflexion|"
    r"unasyn|amoxicillin|lumateperone|sutures?|vicryl|prolene|monocryl|nylon|mallampati|systolic|"
    r"diastolic|ejection|holosystolic|twin[ ][ab1-3])"
    r"\.?\s*(?:is|was|are|were|of|now|at|approximately|about|a|currently|around|:|=|,|tab|pain)?\s*$"
)
MEASURES_AFTER = re.compile(
    r"\s*(?:strength|murmur|systolic|diastolic|pain|in intensity|severity|on the|on a|nodes?|lymph|"
    r"cores?|points?|tab|mg|mcg|reflex|"
    r"bilaterally|throughout|in all|of|doses?|cycles?|pulses|edema|SIRS|criteria|positive|negative|holosystolic|SEM|"
    r"LUQ|RUQ|lbs?|kg|cm|mm|in\b|inch|hours|days|weeks|NS\b|power|proximal|distal|grip|with pinhole|"
    r"old\b|OD|OS|OU|\+|chance)",
    re.I,
)


DATED_BEFORE = re.compile(
    r"(?i)(?:\bon|since|until|by|seen|dated?|visit|next|adm\w*|d/c|due|labs?|from|through|retrieval|"
    r"\bcx|cultures?|mon|tues?|wed|thurs?|fri|tte|tee|echo|ekg|ecg|cxr|mri|ct|cath|psa|a1c|appt|appointment|clinic|"
    r"review|"
    r"surgery|born|started|\()\s*\Z|\n\Z"
)
DATED_AFTER = re.compile(r"[ ]?(?:,|@|at)?[ ]?(?:[01]\d|2[0-3]):?[0-5]\d\b")


NO_DAY_NEXT = re.compile(r",[ ](?:1[3-9]|[2-9]\d)/(?:1[3-9]|[2-9]\d)(?![/\d])")
"""The next of a list is no date, so this one is none: "Gracey 11/12, 13/14"."""
BOTTLES = re.compile(r"[ ](?:bottles?|sets?|tubes?|bands?|quadrants?|teeth|sites?|toes|digits|ports?|limbs)\b", re.I)


NODES = re.compile(r"\b(?:p|yp|c)?N[0-3][a-c]?(?:[ ]?\((?:sn|mi)\))?[ ]?\(\Z")
"""Before the nodes with tumour and all nodes: "pN1a (1/19)"."""


def _is_fraction(top: int, bottom: int) -> bool:
    """Whether `top/bottom` is rather a score or a part: 7/10, 5/5, 2/6, 3/4."""
    return top <= bottom and bottom in (2, 3, 4, 5, 6, 8, 10)


def _slashed(text: str) -> list[Candidate]:
    """`3/14` as a date, unless its neighbours make it a score, a strength, a dose or a part of something."""
    found = []
    for match in SLASHED.finditer(text):
        top, _, bottom = match.group().partition("/")
        before = text[max(0, match.start() - 28) : match.start()]
        doubtful = _is_fraction(int(top), int(bottom)) or int(bottom) - int(top) in (0, 1)
        if doubtful and not (DATED_BEFORE.search(before) or DATED_AFTER.match(text, match.end())):
            continue
        if NODES.search(before) and text[match.end() : match.end() + 1] == ")":
            continue
        if NO_DAY_NEXT.match(text, match.end()) or BOTTLES.match(text, match.end()):
            continue
        if NOT_A_DATE.search(before) or MEASURES_AFTER.match(text, match.end()):
            continue
        found.append(Candidate(match.start(), match.end(), "DATE", 0.6, "en_dates.slashed"))
    for match in DAY_FIRST.finditer(text):
        before = text[max(0, match.start() - 28) : match.start()]
        if DATED_BEFORE.search(before) and not NOT_A_DATE.search(before):
            found.append(Candidate(match.start(), match.end(), "DATE", 0.6, "en_dates.day_first"))
    return found


def _is_no_day(found: str) -> bool:
    """Whether neither of the first two numbers can be a month: teeth 15-16-17."""
    first, second = re.findall(r"\d+", found)[:2]
    return int(first) > 12 and int(second) > 12


def _begins(text: str, start: int) -> bool:
    """Whether only blanks part a place from the beginning of its line or from a mark such as `:`."""
    while start and text[start - 1] in " \t":
        start -= 1
    return not start or text[start - 1] in "\n:;,"


def recognise(text: str) -> list[Candidate]:
    """Every date in the text; the time of day only when an ISO stamp carries it.

    >>> [text[c.start:c.end] for text in ["seen 3/14, pain 3/10"] for c in recognise(text)]
    ['3/14']
    """
    found = _slashed(text)
    for match, name in matching(text, RULES):
        if MODAL.search(match.group()) or (name == "numeric" and _is_no_day(match.group())):
            continue
        if name == "line_year" and not _begins(text, match.start()):
            continue
        group = 1 if match.lastindex and name in ("numbered_day", "month", "year", "born") else 0
        led = LED_BY.match(text, *match.span()) if name == "weekday" else None
        start = led.end() if led else match.start(group)
        found.append(Candidate(start, match.end(group), "DATE", 0.9, f"en_dates.{name}"))
    return found


def patterns() -> tuple[Anchored, ...]:
    """Those without a match of which nothing is found."""
    return (SLASHED, DAY_FIRST, *(rule for rule, _ in RULES))


RULES = (
    (NUMBERED_DAY, "numbered_day"),
    (ISO, "iso"),
    (NUMERIC, "numeric"),
    (BORN, "born"),
    (COMPACT, "compact"),
    (MONTH_YEAR, "month_year"),
    (WRITTEN, "written"),
    (DASHED_MONTH, "dashed_month"),
    (FULL_MONTH, "month"),
    (CAPITAL_MONTH, "capital_month"),
    (BARE_YEAR, "year"),
    (LINE_YEAR, "line_year"),
    (WEEKDAYS, "weekday"),
    (HOLIDAY, "holiday"),
    (RELATIVE, "relative"),
    (QUARTER, "season"),
    (APOSTROPHE, "apostrophe"),
    (RANGE_OF_YEARS, "years"),
)
