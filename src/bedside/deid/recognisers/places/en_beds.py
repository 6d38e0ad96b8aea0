"""English rooms, beds and wards with a number; "bed rest" and "room air" stay."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid.patterns.anchors import Anchored, matching

CODE = r"(?:[A-Z]{1,4}-?)?\d{1,4}[A-Za-z]?(?:-\d{1,3}|-[A-Za-z]{1,2}\b|/\d{1,2})?"
ROOM = Anchored(
    rf"\b(?:(?:(?:trauma|resus|exam|treatment|operating|birthing)\s+)?(?:room|rm|bed|bay|cubicle|suite|ward|"
    rf"stall)[ \t]*(?:no\.?|number|#)?(?!\s?0\d{{3}}\b)(?:[ \t]*#?(?=\d)|"
    rf"[ \t]+#?){CODE}(?:\s*,?\s*(?:bed|bay)\s*#?[A-Z0-9]{{1,3}})?"
    rf"|(?:ward|pod|bay|bed)\s+(?-i:[A-Z])\b(?![\w'’])"
    rf"|(?:\d{{1,2}}|[A-Z]\d)\s*(?:north|south|east|west|tower|main)\s*,?\s*(?:room|rm|bed|"
    rf"bay)?\s*#?[A-Z]?\d{{1,4}}[A-Z]?"
    rf"|(?:[A-Z]{{0,3}}ICU|CCU|NICU|ED|ER|PACU|L&D|tele|stepdown)\s*(?:,|-)?\s*(?:bed|room|rm|"
    rf"bay)\s*#?[A-Z]?\d{{1,4}}[A-Z]?)\b(?!\s*(?:mg|ml|%|degrees|sec|°|/\d|times|hours|days|weeks|min|"
    rf"beds?\b))",
    re.I,
)
LABELLED = Anchored(
    r"\b(?:room|rm|bed|room/bed|bed/room|location|unit|ward|loc)(?:\s*(?:/\s*bed|no\.?|number|"
    r"#))?\s*[:#=]\s*((?:\d{1,2}\s*(?:north|south|east|west)|[A-Z]{0,6}-?\d{1,4}[A-Z]?)(?:[-/ "
    r"]\s?(?:\d{1,3}[A-Z]?|[A-Z]\b)|,?\s*bed\s*\w{1,3})?)(?![\w:])",
    re.I,
)
WARD = Anchored(
    r"\b(?:to|on|from|unit|floor|ward)\s+(\d{1,2}\s?(?:North|South|East|West|NORTH|SOUTH|EAST|WEST|"
    r"[NSEW])\b)(?!\s+(?:Ave|St|Rd|Main|[A-Z][a-z]+\s+(?:St|Ave|Rd|Street|Avenue|Road))|\.)"
)
UNIT_BED = Anchored(r"\b(?i:bed|room|cot|incubator)\s+((?:[A-Z]{1,4}ICU|HDU|SCBU|ITU|ICU|NNU)\s?\d{1,3}[A-Z]?)\b")
IN_LIST = Anchored(r"^[ \t]*(?i:bd|b)[ ]?(\d{1,2}[A-Z]?)[ .:]{1,2}(?=[A-Z][\w'’-]+|[a-z]{4,}[ ][-–—])", re.M)
AGED_BED = Anchored(r"(?<=\d[MF][ ])(\d{1,2}[A-Z]{1,2}-\d{1,3}[A-Z]?)(?=[ ]?:)")
KIND_OF_ROOM = Anchored(r"\b(?:(?:semi-)?private|twin|shared|double|single)(?:[ ]room)?,?[ ](\d{1,4}-[A-Z])(?![\w-])")
HOUSED = Anchored(r"\b(?i:hsg|housing(?:[ ]unit)?)[ :]{1,2}([A-Z]\d{0,2}-?\d{1,4}[A-Z]?)(?![\w-])")
ROLL = Anchored(
    r"^((?!(?:[01]\d|2[0-3])[0-5]\d[ ])\d{3,4}[A-D]?(?:-\d)?)[ \t]{1,3}(?=[A-Z][\w'’-]+,[ ][A-Z]|empty\b|vacant\b)",
    re.M,
)
"""A room before a name in a list of patients; four figures that can be a time are one."""
THEATRE = Anchored(r"\b(?:to|in|into|from)\s+(OR\s?#?\d{1,2})\b(?!\.\d|%)")
PLACED = Anchored(
    r"\b(?:Bay|Pod|Cell|Wing|Block|Station|Unit|Ward|BAY|POD|CELL|WING|BLOCK|WARD)[ ][A-Z0-9]{1,3},?[ ]"
    r"(?i:bed|cell|chair|room|bay)[ ]?#?[A-Z0-9]{1,3}\b|\b(?:[A-Z][ ])?(?:POD|BLOCK|UNIT|WING)[ ]CELL[ ]\d{1,3}\b|"
    r"\b(?:Chair|Recliner|Cubicle|Cell|Pod|CHAIR|CELL)[ ]#?\d{1,3}[A-Z]?\b(?!\.\d|[/x]|[ ](?:times|min|reps|mg))"
)
HYPHENED = Anchored(
    r"\b(?:L&D|LDR|OR)[ ]#?\d{1,2}\b(?!\.\d)|\b(?:[A-Z]{0,3}ICU|CCU|PCU|PACU|ED|TELE|SDU|MSU|NSU|ACU)"
    r"-\d{1,3}[A-Z]?\b|^(\d{1,2}[A-Z]{1,2}-\d{1,3}[A-Z]?)\b|"
    r"\b(?:in|to|from|room|rm|bed|[Ll]oc|LOC|location|at)[ ]"
    r"(\d{1,2}[A-Z]{1,2}-\d{1,3}(?:-\d)?|\d{3,4}-[A-Z])\b(?![-/]|\.\d)",
    re.M,
)
LISTED = Anchored(
    r"(?:^|(?<=\.[ ]))(?![CTLS]\d{1,2}-[CTLS]\d)([A-Z]{1,2}\d{1,3})[ :-]+"
    r"(?=[A-Z][\w'’]+(?:,?[ ][A-Z][\w'’]+)?[ ]?[-–:][ ]|empty\b|vacant\b|clean)",
    re.M,
)
OF_BED = Anchored(r"\b([A-Z]\d{1,2})['’]s[ ](?i:family|daughter|son|wife|husband|nurse|relative|mother|visitor)")
WORDS = Anchored(r"\b(?:room|bed)\s+(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.I)
RULES = (
    (ROOM, 0.85),
    (LABELLED, 0.85),
    (WARD, 0.6),
    (WORDS, 0.6),
    (THEATRE, 0.7),
    (UNIT_BED, 0.9),
    (IN_LIST, 0.8),
    (AGED_BED, 0.85),
    (KIND_OF_ROOM, 0.85),
    (HOUSED, 0.85),
    (ROLL, 0.8),
    (PLACED, 0.9),
    (HYPHENED, 0.85),
    (LISTED, 0.85),
    (OF_BED, 0.8),
)


def recognise(text: str) -> list[Candidate]:
    """Where in the house the patient lies.

    >>> [c.type for c in recognise("Room 412B, on room air, bed rest")]
    ['BED/ROOM']
    >>> [text[c.start:c.end] for text in ["Moved to MICU bed 12, off the ICU bed list"] for c in recognise(text)]
    ['MICU bed 12']
    """
    return [
        Candidate(*match.span(match.lastindex or 0), "BED/ROOM", score, "en_beds")
        for match, score in matching(text, RULES)
    ]


def patterns() -> tuple[Anchored, ...]:
    """Those without a match of which nothing is found."""
    return tuple(rule for rule, _ in RULES)
