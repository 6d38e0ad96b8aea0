"""Patterns of English addresses: street lines, districts, post boxes, towns with state and code, and labelled ones."""

from __future__ import annotations

import re
from functools import cache

from bedside.deid.lexicon.english import read_list
from bedside.deid.patterns.anchors import Anchored

SUFFIX = (
    r"(?:Street|St|Avenue|Ave|Av|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Way|"
    r"Terrace|Ter|Circle|Cir|Parkway|Pkwy|Highway|Hwy|"
    r"Square|Sq|Trail|Trl|Alley|Crescent|Cres|Close|Loop|Run|Path|Pike|Turnpike|Tpke|Plaza|Row|"
    r"Gardens|Grove|Mews|Heights|Hts|Broadway|Expressway|Point|Ridge|Crossing|Route|Gve|Cct|Tce|Pde|Gr(?=,))"
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
def address_rules() -> tuple[tuple[Anchored, tuple[str, float]], ...]:
    """Each pattern with its name and how sure it is; where a pattern has a group, the group is the address."""
    groups = (_street_lines(), _districts(), _roads_and_boxes(), _towns_and_codes(), _told_by_context())
    return tuple((rule, (name, score)) for group in groups for name, rule, score in group)


def _tail() -> str:
    """What may follow a street: town, state or country's code, and country."""
    return (
        rf"(?:,?\s+(?:{TOWN},?\s+)?(?:{_state()}\.?(?:,?\s+{ZIP}|\s+{CA_CODE})?|{UK_CODE}|{CA_CODE}|"
        rf"{AUSTRALIA}|{ZIP})(?:,?\s+(?:USA|UK|U\.S\.A\.|United States))?)"
    )


def _street_lines() -> tuple[tuple[str, Anchored, float], ...]:
    """Houses of a street, with town, state and code as far as they are said."""
    tail = _tail()
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
                rf"\b(?:Flat|Apt|Unit|Lot|Blk|Block|Plot|House|H\.?No\.?|Door[ ]No\.?|Shop|Caravan|Chalet|Berth|"
                rf"Pitch|Erf)"
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
        (
            "rarer_street",
            Anchored(
                rf"(?<![\w/.-])\d{{1,4}}[A-Za-z]?,?[ ](?:(?!(?:Minute|Min|Metre|Meter|Foot|Step|Day|Hour|"
                rf"Week)\b)[A-Z][a-z'’]{{2,}}[ ]){{1,3}}?"
                rf"(?:Steps|Wynd|Brae|Rise|Parade|Quay|Wharf|Yard|Esplanade|Embankment|Villas|Cottages?|Causeway|"
                rf"Croft|Fold|"
                rf"Hill|View|Green|Bank|Walk|Gate|Mead|Chase|Vale|Buildings|Strand|Marg|Nagar|Colony|Jalan|Lorong)"
                rf"(?:,[ ]{TOWN}(?:,?[ ]{UK_CODE})?)?(?=[\s.,;:)]|$)"
            ),
            0.8,
        ),
        (
            "house_of_a_name",
            Anchored(
                r"\b(?:at|to|of|[A-Z][a-z]+|Lane|lane),?[ ]((?:The|Rose|Ivy|Holly|Willow|Orchard|Mill|Manor|Glebe|"
                r"Church|Station|School|Chapel|Bay|Sea)[ ]"
                r"(?:Lindens|Laurels|Limes|Firs|Beeches|Elms|Willows|Poplars|Cedars|Hollies|Gables|Paddocks?|Rectory|"
                r"Vicarage|Manse|"
                r"Old[ ](?:Rectory|Vicarage|Forge|Mill|School(?:house)?|Bakery)|Cottage|Farm|Croft))(?![\w])"
            ),
            0.75,
        ),
        ("the_close", Anchored(rf"(?<![\w/.-])\d{{1,4}}[A-Z]?[ ]The[ ][A-Z][a-z]{{3,}},[ ]{TOWN}(?=[\s.,;)]|$)"), 0.8),
    )


def _districts() -> tuple[tuple[str, Anchored, float], ...]:
    """Towns with the district, county or code of a country where few streets have names."""
    return (
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
    )


def _roads_and_boxes() -> tuple[tuple[str, Anchored, float], ...]:
    """Numbers on roads named by their kind first, and post boxes."""
    tail = _tail()
    return (
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
    )


def _towns_and_codes() -> tuple[tuple[str, Anchored, float], ...]:
    """Towns with their state, and post codes."""
    return (
        (
            "particled",
            Anchored(
                r"(?<![\w'’-])(?:(?:St\.?|Saint|Ste)[ -])?[A-Z][a-zà-ÿ]{2,}-(?:y|yr|upon|on-the|in-the|by-the|on|under|"
                r"in|by|le|la|les|sur|sous|en|aux|the|am|an[ -]der|next|cum|juxta|del|di)-[A-Z][a-zà-ÿ]{2,}(?![\w-])"
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
    )


def _told_by_context() -> tuple[tuple[str, Anchored, float], ...]:
    """Streets, roads and whole addresses that stand behind a preposition or a label."""
    return (
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
            Anchored(rf"\b\d{{1,5}}[ ](?:[NSEW]|NE|NW|SE|SW)\.?[ ][A-Z][a-z]{{2,}}{UNIT}?(?:,[ ][A-Z][a-z]{{2,}})?"),
            0.7,
        ),
        (
            "highway",
            Anchored(
                r"\b(?:on|at|off|along|near)\s+((?:I-|US[- ]|SR[- ]|Hwy\s|Highway\s|Route\s|Interstate\s)\d{1,3}"
                r"(?:[ ](?:at[ ])?(?:mile[ ]marker|exit)[ ]\d{1,4})?)\b|"
                r"\b((?:I-|US[- ]|SR[- ]|Hwy\s|Interstate\s)\d{1,3}[ ](?:[NSEW]B[ ])?(?:(?:at|near)[ ])?"
                r"(?:mile(?:[ ]?(?:marker|post))?|mm|exit)[ ]\d{1,4})\b"
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
def _state() -> str:
    rows = [row.split("\t") for row in read_list("en_states")]
    names = sorted({name for name, _ in rows}, key=len, reverse=True)
    codes = [code for _, code in rows]
    return "(?:" + "|".join([*map(re.escape, names), *(re.escape(name.upper()) for name in names), *codes]) + r")\b"


def _codes() -> str:
    return "|".join(row.split("\t")[1] for row in read_list("en_states"))
