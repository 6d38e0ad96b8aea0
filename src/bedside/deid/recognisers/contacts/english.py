"""English contacts: telephone, fax and pager numbers, e-mail, web and network addresses, social handles."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid.patterns.anchors import Anchored, matching

EXTENSION = r"(?:\s*,?\s*(?:x|ext\.?|extension)\s*#?\s*\d{1,6})?"
EMAIL = Anchored(
    r"[A-Za-z0-9][\w.+-]{0,63}\s?@\s?[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9-]{1,62}){0,3}\.[A-Za-z]{2,24}\b"
)
URL = Anchored(
    r"\b(?:https?://|www\.)[^\s<>\"')\]]+|\b[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,40}){0,3}\.(?:com|org|net|edu|"
    r"gov|io|health|care|info|app|clinic|online|example|test|invalid|int|co\.uk|nhs\.uk|co\.nz|co\.za|com\.au|"
    r"org\.au|org\.uk|ac\.uk|gov\.uk|gov\.au)"
    r"(?:/[^\s<>\"')\]]*)?\b",
    re.I,
)
IP = Anchored(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]*\d)|"
    r"(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])|"
    r"(?<![\w:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:])",
    re.I,
)
US_PHONE = Anchored(
    r"(?<![\w.-])(?<!\d )(?:\+?1[\s.-]?)?(?:\(\d{3}\)\s?[.-]?\s?|\d{3}[\s.-]\s?)\d{3}[\s.-]\s?\d{4}"
    + EXTENSION
    + r"(?![\w-]*\d)",
    re.I,
)
INTERNATIONAL = Anchored(
    r"(?<![\w.])(?:\+\d{1,3}|00(?:1|44|33|34|39|49|52|61|81|82|86|91|234|"
    r"254)\s)[\s.-]?(?:\(0?\d{1,4}\)[\s.-]?)?\d{1,5}(?:[\s.-]?\d{2,5}){1,4}" + EXTENSION + r"(?!\d)",
    re.I,
)
UK_PHONE = Anchored(
    r"(?<![\w.])0(?:7\d{3}[\s-]?\d{3}[\s-]?\d{3}|1\d{2,4}[\s-]?\d{3}[\s-]?\d{3,4}|2\d[\s-]?\d{4}[\s-]?\d{4})(?!\d)"
)
LABELLED = Anchored(
    r"\b(?:tel(?:ephone)?|phone|ph|cell(?:ular)?|mobile|fax|pager|beeper|pgr|home|work|contact|"
    r"call(?:\s*back)?|callback|hotline|p|f|c|t)"
    r"(?:\s*(?:number|no\.?|num|#))?\s*(?:is|at|:|#|\.)\s*(?:is\s+)?(?:#\s?)?(\+?\(?\d[\d\s().-]{5,18}\d"
    + EXTENSION
    + ")",
    re.I,
)
SHORT = Anchored(
    r"\b(?:pager|bleep(?:ed)?|beeper|pgr|pg|ext\.?|extension|x|pin|spectralink|vocera|zone phone|"
    r"ascom)\s*(?:number|no\.?|#|:|is|at)?\s*[:#]?\s*(#?\d{4,6}|\d{3}-\d{4})(?![\w-])",
    re.I,
)
NATIONAL = Anchored(r"(?<![\w./+-])\(?0\d{1,4}\)?[ -]\d{3,4}[ -]\d{3,4}(?![\d/.-])")
SLASHED = Anchored(r"(?<![\w/.-])[2-9]\d\d/\d{3}/\d{4}(?![\w/])")
HANDPHONE = Anchored(
    r"\b(?:HP|hp|[Hh]andphone|mob|[Mm]ob|[Aa]lt|[Cc]ell|[Cc]alled)\.?:?[ ](\+?\d(?:[ -]?\d){7,11})(?![\w/-])"
)
PAGED = Anchored(r"\bx\d{4,5}\b")
PAGED_HASH = Anchored(r"\b(?:paged?|bleep(?:ed)?|pager)[ ]#?[ ]?(\d{4,6})(?![\w-])", re.I)
PAGED_NAME = Anchored(
    r"\b(?:[Pp]aged?|[Bb]leep(?:ed)?)[ ](?:Dr\.?[ ])?[A-Z][\w'’-]+[ ](?:on[ ]|at[ ])?#?(\d{4,6})(?![\w/:%-]|\.\d|[ ]?h)"
)
BARE = Anchored(r"\b(?:cell|phone|tel|mobile|fax|ph)\s+(\d{10,11})(?![\w-])", re.I)
CALLED = Anchored(
    r"\b(?:call(?:ed)?|reach(?:ed|able)?(?:\s+(?:him|her|them|us|me))?|contact(?:ed)?|phone|at|page|"
    r"paged|dial)\s+(?:at\s+|me\s+at\s+|us\s+at\s+|on\s+)?(#?\d{3}[-.]\d{4})(?![\w-])",
    re.I,
)
RING = Anchored(
    r"\b(?:call|calling|reach(?:ed|able)?|phone|answer(?:ing)?|ring|text|"
    r"dial)\b[^.\n\d]{0,40}?(?<![\d/-])(\d{2,4}(?:[ -]\d{2,4}){1,4})(?![\d/]|\s*(?:mg|hours|days))"
)
HANDLE = Anchored(r"(?<![\w@.])(@[A-Za-z_][\w.]{2,29})\b")
SOCIAL = Anchored(
    r"\b(?:instagram|facebook|twitter|snapchat|tiktok|telegram|skype|linkedin|insta|IG|discord|venmo|"
    r"cash\s?app|whatsapp)\s*(?:handle|user(?:name)?|id|account|page|profile)?\s*(?:is|:|@|=|"
    r"\()\s*@?([A-Za-z_][\w.]{2,29})",
    re.I,
)
WECHAT = Anchored(
    r"\b(?:we\s?chat|weixin|QQ)\s*(?:id|no\.?|number|account|handle|name)?\s*(?:is|:|：|#|"
    r"=)?\s*([A-Za-z][\w-]{4,29}\b|\d{5,12})",
    re.I,
)
FILE_WORDS = re.compile(
    r"(?i)^(?:is|was|and|the|for|to|account|group|message\w*|video|call\w*|contact|number|with|from|page)$"
)

SPOKEN_EMAIL = Anchored(
    r"\b[a-z0-9]{1,20}(?:[ ](?:dot|underscore|dash|hyphen)[ ][a-z0-9]{1,20}){0,3}[ ]at[ ][a-z0-9-]{2,20}"
    r"(?:[ ]dot[ ][a-z]{2,10}){1,3}\b",
    re.I,
)
RULES = (
    (EMAIL, ("EMAIL", 0.99)),
    (SPOKEN_EMAIL, ("EMAIL", 0.95)),
    (URL, ("URL", 0.9)),
    (IP, ("URL", 0.85)),
    (US_PHONE, ("PHONE", 0.9)),
    (INTERNATIONAL, ("PHONE", 0.85)),
    (UK_PHONE, ("PHONE", 0.8)),
    (LABELLED, ("PHONE", 0.9)),
    (SHORT, ("PHONE", 0.85)),
    (BARE, ("PHONE", 0.85)),
    (NATIONAL, ("PHONE", 0.85)),
    (SLASHED, ("PHONE", 0.85)),
    (HANDPHONE, ("PHONE", 0.85)),
    (PAGED, ("PHONE", 0.85)),
    (PAGED_HASH, ("PHONE", 0.85)),
    (PAGED_NAME, ("PHONE", 0.85)),
    (CALLED, ("PHONE", 0.85)),
    (RING, ("PHONE", 0.7)),
    (HANDLE, ("URL", 0.7)),
    (SOCIAL, ("URL", 0.75)),
    (WECHAT, ("WECHAT/QQ", 0.8)),
)


def recognise(text: str) -> list[Candidate]:
    """Ways to reach a person, overlaps and all: the host of a mail address is a URL too.

    >>> [c.type for c in recognise("cell (305) 555-0190, mail a.b@example.org")]
    ['EMAIL', 'URL', 'PHONE']
    """
    found = []
    for match, (kind, score) in matching(text, RULES):
        group = match.lastindex or 0
        start, end = match.span(group)
        digits = sum(char.isdigit() for char in text[start:end])
        if FILE_WORDS.match(text, start, end) or (match.re in (INTERNATIONAL.rule, RING.rule) and digits < 8):
            continue
        while end > start and text[end - 1] in " .,;:-(":
            end -= 1
        found.append(Candidate(start, end, kind, score, f"en_contacts.{kind.lower()}"))
    return found


def patterns() -> tuple[Anchored, ...]:
    """Those without a match of which nothing is found."""
    return tuple(rule for rule, _ in RULES)
