"""English addresses: street lines with city, state and code, post boxes, and places told by their context."""

from __future__ import annotations

import re
from functools import cache

from bedside.deid._anchors import Anchored, matching
from bedside.deid._en_lexicon import Lexicon, group, lexicon, read_list
from bedside.deid._en_medical import PAIRS, is_medical
from bedside.deid._en_person import shouts
from bedside.deid._recogniser import Candidate

SUFFIX = (
    r"(?:Street|St|Avenue|Ave|Av|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Way|"
    r"Terrace|Ter|Circle|Cir|Parkway|Pkwy|Highway|Hwy|"
    r"Square|Sq|Trail|Trl|Alley|Crescent|Cres|Close|Loop|Run|Path|Pike|Turnpike|Tpke|Plaza|Row|"
    r"Gardens|Grove|Mews|Heights|Hts|Broadway|Expressway|Point|Ridge|Crossing|Route)"
)
BEFORE_UNIT = r"(?:,?\s*"
UNIT = (
    BEFORE_UNIT + r"(?:Apt|Apartment|Unit|Suite|Ste|Floor|Fl|Bldg|Building|Lot|Rm|Room|Flat|"
    r"#)\.?\s*#?\s?[A-Z0-9][\w-]{0,5})"
)
TOWN = r"[A-Z][\w'’.]*(?:[ -][A-Z][\w'’.]*){0,3}"
ZIP = r"(?:\d{5}(?:-\d{4})?)"
UK_CODE = r"(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})"
AUSTRALIA = r"(?:NSW|VIC|QLD|TAS|WA|SA|ACT|NT)\s+\d{4}"
CA_CODE = r"(?:[A-Z]\d[A-Z]\s?\d[A-Z]\d)"


@cache
def _state() -> str:
    rows = [row.split("\t") for row in read_list("en_states")]
    names = sorted({name for name, _ in rows}, key=len, reverse=True)
    codes = [code for _, code in rows]
    return "(?:" + "|".join([*map(re.escape, names), *(re.escape(name.upper()) for name in names), *codes]) + r")\b"


def _codes() -> str:
    return "|".join(row.split("\t")[1] for row in read_list("en_states"))


@cache
def _rules() -> tuple[tuple[str, Anchored, float], ...]:
    tail = (
        rf"(?:,?\s+(?:{TOWN},?\s+)?(?:{_state()}\.?(?:,?\s+{ZIP}|\s+{CA_CODE})?|{UK_CODE}|{CA_CODE}|"
        rf"{AUSTRALIA}|{ZIP})(?:,?\s+(?:USA|UK|U\.S\.A\.|United States))?)"
    )
    town = rf"(?:,\s+{TOWN}(?:,\s+{TOWN})?(?=[\s.,;)]|$))"
    street = (
        rf"(?<![\w/.-])(?:(?:{UNIT[len(BEFORE_UNIT) : -1]},?\s+)?(?:No\.?[ ]?)?(?:\d{{1,4}}/)?\d{{1,6}}"
        rf"(?:-\d{{1,4}})?[A-Za-z]?(?:(?<=\d/\d),|(?<=\d/\d\d),)?(?:[ "
        rf"]+1/2)?[ ]+"
        rf"(?:(?:[NSEW]|NE|NW|SE|SW|North|South|East|West|NORTH|SOUTH|EAST|WEST)\.?[ ]+)?"
        rf"(?:(?:[A-Z][\w'’.-]*|\d{{1,3}}(?:st|nd|rd|th|ST|ND|RD|TH)|of|de|la|del)[ ]+){{1,4}}?(?:{SUFFIX}|"
        rf"{SUFFIX.upper()})\b\.?(?:\s+(?:NE|NW|SE|SW|[NSEW])\b\.?)?)"
    )
    return (
        ("street", Anchored(rf"{street}{UNIT}?(?:\s*\n\s*)?(?:{tail}|{town})?"), 0.9),
        (
            "flat",
            Anchored(
                rf"\b(?:Flat|Apt|Unit|Lot|Blk|Block|Plot|House|H\.?No\.?|Door[ ]No\.?|Shop)"
                rf"[ ]?#?\d{{1,5}}[A-Za-z]?(?:[-/]\d{{1,4}})?,?[ ]"
                rf"[A-Z][\w'’.]+(?:[ ](?:[A-Z#][\w'’.-]*|\d{{1,3}}|#\d[\d-]*)){{0,5}}(?:,[ ]{TOWN})"
                rf"{{0,2}}(?:[ -]{{1,3}}\d{{4,6}})?"
            ),
            0.85,
        ),
        (
            "numbered",
            Anchored(
                r"\b(?:at|of|address)[ :]{1,2}(\d{1,4}[A-Za-z]?[ ][A-Z][a-z'’]+(?:[ ][A-Z][a-z'’]+)"
                r"{0,3},[ ][A-Z][a-z]{2,}(?:[ ][A-Z][a-z]+)?)(?=[.,;)\s]|$)"
            ),
            0.8,
        ),
        ("the_close", Anchored(rf"(?<![\w/.-])\d{{1,4}}[A-Z]?[ ]The[ ][A-Z][a-z]{{3,}},[ ]{TOWN}(?=[\s.,;)]|$)"), 0.8),
        (
            "pin_code",
            Anchored(rf"\b[A-Z][a-z]{{2,}}(?:[ ][A-Z][a-z]+)?,[ ]{TOWN}[ ]?[-–][ ]?\d{{3}}[ ]?\d{{3}}\b"),
            0.9,
        ),
        ("county", Anchored(rf"(?<![\w'’]){TOWN},[ ](?:Co\.?|County)[ ][A-Z][a-z]+\b"), 0.85),
        (
            "district",
            Anchored(
                r"\b(?:[Rr]/o|[Rr]esident[ ]of|[Nn]ative[ ]of)[ :]{1,2}([A-Z][a-z]+(?:[ ][A-Z][a-z]+)"
                r"?(?:,[ ][A-Z][a-z]+(?:[ ](?:dist(?:rict)?|taluk|tehsil|mandal)\.?)?){0,2})"
            ),
            0.85,
        ),
        (
            "province",
            Anchored(
                r"(?<![\w'’])[A-Z][a-z]{3,}(?:[ ][A-Z][a-z]+)?,?[ ](?:NS|NB|PEI|QC|ON|MB|SK|AB|BC|NL|NSW|VIC|QLD|"
                r"TAS|WA|SA|ACT)(?:[ ]\d{4})?(?=[\n.,;)]|$)"
            ),
            0.7,
        ),
        (
            "avenue",
            Anchored(
                rf"(?<![\w/.-])\d{{1,6}}\s+(?:Avenue|Avenida|Calle|Rue|Via|Highway|Hwy|Route|County Road|CR|State "
                rf"Road|Broadway|BROADWAY)\b(?:\s+(?:of\s+the\s+)?[A-Z0-9][\w'’]*)?{UNIT}?{tail}?"
            ),
            0.8,
        ),
        (
            "box",
            Anchored(
                rf"\b(?:P\.?\s?O\.?\s*Box|Post Office Box|(?:RR|Rural Route)\s*#?\s*\d+,?\s*Box)\s*#?\s*\d+{tail}?",
                re.I,
            ),
            0.9,
        ),
        (
            "particled",
            Anchored(
                r"(?<![\w'’-])(?:(?:St\.?|Saint|Ste)[ -])?[A-Z][a-zà-ÿ]{2,}-(?:y|yr|upon|on|under|in|by|le|la|les|sur|"
                r"sous|en|aux|the|am|an[ -]der|next|cum|juxta|del|di)-[A-Z][a-zà-ÿ]{2,}(?![\w-])"
            ),
            0.8,
        ),
        ("town_state", Anchored(rf"(?<![\w'’])({TOWN},\s*{_state()}\.?(?:,?\s+{ZIP})?)(?![\w])"), 0.85),
        ("town_zip", Anchored(rf"(?<![\w'’]){TOWN}\s+{_state()}\s+{ZIP}(?!\w)"), 0.85),
        (
            "zip",
            Anchored(
                rf"\b(?:(?:home|work|mail|mailing|patient|pt|inj|scene|res|addr|address|current)?_)?"
                rf"(?:zip(?:\s*code)?|postal\s*code|postcode)\s*(?:is|of|[:#=])?\s*({ZIP}|{UK_CODE}|{CA_CODE})",
                re.I,
            ),
            0.85,
        ),
        ("state_zip", Anchored(rf"(?<![\w.])(?:{_codes()})\s+({ZIP})(?![\w-])"), 0.6),
        ("uk", Anchored(r"\b(?:[A-Z][a-z]{2,}\s)?[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b"), 0.8),
        (
            "street_only",
            Anchored(
                r"\b(?:on|at|near|off|of|and|corner of|along)\s+((?:[NSEW]\.?\s+)?(?:[A-Z][\w'’]+\s+){1,3}(?:Street|"
                r"Avenue|Ave|Road|Rd|Lane|Boulevard|Blvd|Drive|Court|Parkway|Terrace|Highway|(?:St|Dr|Ln|"
                r"Ct)\b(?!\.?[ ]+[A-Z]))\b\.?)"
            ),
            0.75,
        ),
        (
            "compass",
            Anchored(r"\b\d{1,5}[ ](?:[NSEW]|NE|NW|SE|SW)\.?[ ][A-Z][a-z]{2,}(?:,[ ][A-Z][a-z]{2,})?"),
            0.7,
        ),
        (
            "highway",
            Anchored(
                r"\b(?:on|at|off|along|near)\s+((?:I-|US[- ]|SR[- ]|Hwy\s|Highway\s|Route\s|Interstate\s)\d{1,3})\b"
            ),
            0.7,
        ),
        (
            "label",
            Anchored(
                r"\b(?:home\s+address|mailing\s+address|street\s+address|address|addr|"
                r"residence)\s*[:=]\s*([^\s][^\n;|]{3,90}?)(?=\s{2,}|\n|$|;|\||\.\s|\s+(?:phone|tel|cell|dob|mrn|"
                r"sex|email)\b)",
                re.I | re.M,
            ),
            0.85,
        ),
    )


@cache
def _named_rules() -> tuple[tuple[Anchored, tuple[str, float]], ...]:
    return tuple((rule, (name, score)) for name, rule, score in _rules())


MOVED = Anchored(
    r"(?i:\b(?:lives?|living|lived|resid(?:es|ing|ed)|reside|moved|relocat(?:ed|ing)|"
    r"born(?:\s+and\s+raised)?|raised|grew\s+up|native|originally|visit(?:ing|ed)?|"
    r"emigrated|immigrated|travel(?:l?ed|l?ing|s)?|trip|flew|flying|drove|drives|commutes|stationed|"
    r"vacation(?:ing|ed)?|homeless|house|home|apartment|condo|farm|ranch|cabin|shelter|resident|works|"
    r"working|worked|biba|bibems|returned|returning|came|coming|back|from)"
    r"\s+(?:back\s+)?(?:alone\s+|independently\s+|here\s+|outside\s+|by\s+car\s+|up\s+)?(?:in|to|from|"
    r"near|outside|of|outside\s+of|at)\s+(?:the\s+)?(?:city\s+of\s+|town\s+of\s+|suburbs\s+of\s+|"
    r"downtown\s+|rural\s+|outside\s+(?:of\s+)?)?|\b(?:here|visiting|transferred|in\s+town|hometown|"
    r"birthplace|city|town|county)\s*(?:from|:|of|is)\s*(?:of\s+)?)"
    rf"({TOWN})(?!\s*(?:['’]s\s)?(?:Hospital|Medical|Clinic|General|Memorial|University|College|Center|"
    rf"Community|Health|Regional|ICU|ED|ER))"
)
HOUSEHOLD = Anchored(
    r"(?i:\b(?:lives?|living|reside[sd]?|residing)\s+(?:with|alone|independently|together)\b[^.;:\n]{0,60}?\s+in\s+)("
    + TOWN
    + r"(?:,\s*"
    + TOWN
    + ")?)"
)
NOT_PLACES = group("not_places")
LANGUAGES = group("languages")


def _cities(text: str) -> list[Candidate]:
    """Towns told by a preposition: known ones, and words nobody knows."""
    lex = lexicon()
    cities = lex.cities
    found = []
    for match in CITY.finditer(text):
        name = match[1]
        while name:
            if name.lower().rstrip(".") in cities:
                found.append(
                    Candidate(match.start(1), match.start(1) + len(name.rstrip(".")), "ADDRESS", 0.7, "en_places.city")
                )
                break
            name = name.rpartition(" ")[0]
    for match in UNKNOWN.finditer(text):
        low = match[1].lower()
        known = low in lex.words or low in lex.given or low in lex.products or low in NOT_PLACES or low in LANGUAGES
        if not known and not is_medical(low, lex):
            found.append(Candidate(*match.span(1), "ADDRESS", 0.5, "en_places.unknown"))
    return found


UNKNOWN = Anchored(
    r"\b(?:in|from|near|driving to|drove to|moved to|back to|came through|outside)[ ]([A-ZÀ-ÖØ-ÞĀ-Ž][a-zà-ÿā-ž]{3,})"
    r"(?=[.,;)]|[ ](?:with|and|where|on|in|to|for|by|so|until|after|before|since|at|near|nearer|then|when|who)\b|"
    r"[ ][(–-])"
)
CITY = Anchored(
    rf"\b(?i:in|from|to|near|of|at|around|outside|visiting|downtown)\s+({TOWN})(?!['’]?\s*(?:criteria|"
    rf"classification|score|grade|scale|catheter|bowel|stage|consensus|protocol|rules?|disease|chorea|"
    rf"chromosome|virus|ozone|Bowel|type|knee|[(]Ph))"
)


def recognise(text: str) -> list[Candidate]:
    """Addresses, whole, and towns in which someone lives.

    >>> [c.end - c.start for c in recognise("at 12 Elm Street, Springfield, IL 62704.")][:1]
    [36]
    """
    found = _cities(text)
    lex = lexicon()
    for match, (name, score) in matching(text, _named_rules()):
        start, end = match.span(match.lastindex or 0)
        if name == "town_state" and _is_no_town(text, start, end):
            continue
        while end > start and text[end - 1] in " .,\n":
            end -= 1
        found.append(Candidate(start, end, "ADDRESS", score, f"en_places.{name}"))
    for rule in (MOVED, HOUSEHOLD):
        for match in rule.finditer(text):
            words = match[1].rstrip(".").lower().split()
            if (
                words[0] in NOT_PLACES
                or (all(word in lex.words for word in words) and match[1].lower() not in lex.cities)
                or words[0].rstrip(".") in TITLES
                or (match[1].isupper() and not _shouted_town(words, lex))
            ):
                continue
            end = match.end(1) - (1 if match[1].endswith(".") else 0)
            found.append(Candidate(match.start(1), end, "ADDRESS", 0.7, "en_places.lives"))
    return found


def patterns() -> tuple[Anchored, ...]:
    """Those without a match of which nothing is found."""
    return (UNKNOWN, CITY, MOVED, HOUSEHOLD, *(rule for rule, _ in _named_rules()))


TITLES = frozenset(["mr", "mrs", "ms", "miss", "dr", "prof"])


def _shouted_town(words: list[str], lex: Lexicon) -> bool:
    """Whether words in capitals are no known words but could be a town: "FROM HARLAN"."""
    return all(len(word) > 4 and word not in lex.words and not is_medical(word, lex) for word in words)


STATE_IN_TOWN = re.compile(
    r",\s*(MD|PA|OR|IN|ME|MA|OH|DE|CO|MS|NP|AL|PT|OT|OK|HI|ND|SD|MT|VA|CT|ID|PR|GA|MI|MO|LA|AR|SC|NC|NS|NM)\.?$"
)


def _is_no_town(text: str, start: int, end: int) -> bool:
    """Whether a list only looks like a town and its state: "Lopez, MD", "CHARM, VICTORIA", "Camel, Virginia Slims"."""
    lex = lexicon()
    found = text[start:end]
    town, _, state = found.partition(",")
    low = town.lower()
    if low in lex.cities:
        return False
    if STATE_IN_TOWN.search(found) or is_medical(low.split()[-1], lex):
        return True
    last = re.split(r"[\s,]+", state.strip())[-1].lower()
    following = re.match(r"[ ]([A-Z][a-z]+)", text[end : end + 20])
    if following and f"{last} {following[1].lower()}" in PAIRS:
        return True
    return found.isupper() and len(state.strip()) > 3 and not shouts(text, start)
