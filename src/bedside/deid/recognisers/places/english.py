"""English addresses, whole, and towns in which someone lives, without what only looks like either."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import Lexicon, group, lexicon
from bedside.deid.lexicon.english_medical import PAIRS, is_medical
from bedside.deid.patterns.anchors import Anchored, matching
from bedside.deid.recognisers.names.en_person import shouts
from bedside.deid.recognisers.places.en_address_rules import TOWN, address_rules

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
BARE_TOWN = Anchored(rf"\b(?i:lives|living|stays|staying|based|now|off)[ ]({TOWN})")
"""Notes leave "in" out: "alive, lives Boston"."""
NOT_PLACES = group("not_places")
LANGUAGES = group("languages")
COUNTRIES = group("countries") - frozenset(["georgia", "jordan", "chad"])


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
    for match in BARE_TOWN.finditer(text):
        if match[1].lower() in cities:
            found.append(Candidate(*match.span(1), "ADDRESS", 0.7, "en_places.bare_town"))
    for match in UNKNOWN.finditer(text):
        low = match[1].lower()
        known = low in lex.words or low in lex.given or low in lex.products or low in NOT_PLACES | LANGUAGES | COUNTRIES
        if not known and not is_medical(low, lex):
            found.append(Candidate(*match.span(1), "ADDRESS", 0.5, "en_places.unknown"))
    return found


UNKNOWN = Anchored(
    r"\b(?:in|from|near|off|between here and|driving to|drove to|moved to|back to|came through|"
    r"outside)[ ]([A-ZÀ-ÖØ-ÞĀ-Ž][a-zà-ÿā-ž]{3,})"
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
    for match, (name, score) in matching(text, address_rules()):
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
                or (len(words) == 1 and words[0] in COUNTRIES - lex.states)
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
    return (BARE_TOWN, UNKNOWN, CITY, MOVED, HOUSEHOLD, *(rule for rule, _ in address_rules()))


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
