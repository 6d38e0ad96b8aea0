"""English numbers of one person or thing: record, visit, insurance, licence, device, account, card, plate."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import group
from bedside.deid.patterns.anchors import Anchored, matching

SEP = r"(?:\s*(?:number|num|no\.?|nr|id|ID|#|code))*\s*(?:is\b|was\b|[:#=.])*\s*(?:is\s+)?#?\s*"
VALUE = (
    r"((?-i:(?:[A-Z]{1,8}[-/ ]?)?(?=[A-Z*-]{0,12}[ ]?\d)[A-Z0-9*]+(?:[-/.][A-Z0-9*]+|"
    r"\s(?=[A-Z0-9]*\d)[A-Z0-9]{2,}(?!\s*(?:mg|ml|y)))*))"
)
TAIL = r"(?![\w%]|/\d)"

ID_LABEL = (
    r"(?:mrn|m\.r\.n\.?|med(?:ical)?\s+rec(?:ord)?|mr\s?#|record|chart|hospital\s+(?:no|number)|pre-?auth|hosp\.?\s+no|"
    r"unit\s+no|patient\s+(?:id|no|number|identifier|#)|pt\s+(?:id|no|#)|"
    r"pid|epi|csn|fin|har|encounter|visit\s*(?:id|no|number|#)|admission\s+(?:id|no|number|#)|"
    r"accession|acc(?:ession)?\s*#|acc(?:ession)?\s*no|case|specimen|sample|"
    r"order|requisition|req|claim|policy|member|subscriber|group|grp|plan\s+(?:id|no|number)|"
    r"insurance|ins|medicare|medicaid|mbi|hicn|payer|"
    r"nhs|chi|ssn|s\.s\.n\.?|ss\s?#|social\s+security|soc\s+sec|sin|passport|visa|license|licence|lic|"
    r"driver['’]?s?\s+licen[sc]e|dl|d\.l\.|"
    r"dea|npi|upin|clia|tax\s+id|ein|tin|badge|employee|staff\s+id|veteran|va|dod|student|inmate|"
    r"booking|prisoner|a-?number|alien|"
    r"serial|s/n|sn|device|lot|udi|model\s+(?:no|number|#)|implant|pacemaker|vin|barcode|"
    r"ref(?:erence)?|confirmation|authori[sz]ation|auth|prior\s+auth|referral|"
    r"ticket|incident|report|docket|document|doc|job|dictation|transcription|study|protocol\s+subject|"
    r"subject|participant|trial|unos|donor|recipient|registry|"
    r"prescription|rx|interpreter|id|i\.d\.|identifier|last\s+(?:four|4)(?:\s+(?:of\s+)?(?:ssn|social|"
    r"digits))?|xray|x-ray|film|slide|block|tag|band|wristband|locker|cert(?:ificate)?|permit|file|"
    r"order|guarantor|mpi|empi|uhid|uid|ptid|abn|ihi|ohip|phn)"
)
LABELLED = Anchored(
    rf"(?<![\w-])(?P<label>{ID_LABEL})(?:\s+(?:number|num|no\.?|id|code))*(?P<sep>\s*(?:is\b|end(?:s|ing)(?:\s+in)?\b|"
    rf"[#:=.])+\s*(?:is\s+)?#?\s*|\s+){VALUE}{TAIL}",
    re.I,
)
STRONG_LABEL = re.compile(
    r"(?i)(?:mrn|m\.r\.n\.?|med(?:ical)? rec(?:ord)?|mr\s?#|csn|fin|accession|ssn|s\.s\.n\.?|npi|dea|"
    r"vin|nhs|clia|mbi|hicn|passport|pid|uhid|har|"
    r"serial|s/n|last (?:four|4).*|badge|unos|empi|mpi|ein|social security|acc(?:ession)?\s*#|ss\s?#|"
    r"member|policy|phn|ohip|ihi)$"
)
SSN = Anchored(r"(?<![\w.-])(?:\d{3}-\d{2}-\d{4}|\d{3} \d{2} \d{4}|(?:[X*x]{3}[- ]?[X*x]{2}[- ]?)\d{4})(?![\w-])")
MBI = Anchored(
    r"\b[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}\b"
)
NHS = Anchored(r"(?<![\w-])\d{3} \d{3} \d{4}(?![\w-])")
NINO = Anchored(r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")
VIN = Anchored(r"\b(?=[A-HJ-NPR-Z]*\d)(?=\d*[A-HJ-NPR-Z])[A-HJ-NPR-Z0-9]{17}\b")
CASE = Anchored(
    r"\b(?:S|SP|SU|CY|C|NG|HS|BM|A|PS|RAD|CT|MR|US|XR|F|NS|GS|D|M)-?\d{2}-\d{3,7}\b|\b(?:SP|MRN|HH|PT|"
    r"CT|MR|XR|US|ACC|CASE|ENC|REQ|CLM|AUTH|SN)-?\d{2,4}-\d{3,8}\b|\bMRN\d{4,12}\b"
)
UUID = Anchored(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.I)
HASH = Anchored(r"#[ ]?((?:[A-Z]{1,5}-?)?\d{5,12}(?:-\d{1,6})?)(?![\w/])")
IN_HEADER = Anchored(r"[(#\[]\s?(\d{6,10}|[A-Z]{1,3}-?\d{5,9})[)\]]")
ACCOUNT = Anchored(
    r"\b(?:acct|account|a/c|bank|routing|iban|hospital\s+account|billing|invoice|"
    r"guarantor\s+acc(?:oun)?t|card|credit\s+card|debit\s+card|visa|mastercard|amex|checking|savings)"
    r"(?:\s+(?:card|account|acct|number|num|no\.?|id|on\s+file|ending(?:\s+in)?|ends\s+in|"
    r"ref))*\s*(?:is\b|[#:=.])*\s*#?\s*"
    r"((?:[A-Z]{1,4}-?)?[\dXx*](?:[\dXx*]|[- ](?=[\dXx*])){2,25}[\dA-Z]?)(?![\w%/])",
    re.I,
)
CARD = Anchored(
    r"(?<![\w-])(?:\d{4}[- ]){3}\d{1,4}(?![\w-])|(?<![\w-])3[47]\d{2}[- ]\d{6}[- ]\d{5}(?![\w-])|"
    r"(?<![\w-])[3-6]\d{14,15}(?!\w)"
)
IBAN = Anchored(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
PLATE = Anchored(
    r"\b(?:licen[sc]e\s+plate|plate|tag|registration|reg\.?(?:\s+no)?|vehicle\s+reg(?:istration)?|number\s*plate)s?"
    r"(?:\s+(?:number|num|no\.?|is|was|reads?|reading|"
    r"of))*\s*[:#]?\s*#?((?:(?-i:[A-Z]{2})\s+)?(?=[A-Z -]{0,5}\d|\d+[A-Z -])(?-i:[A-Z0-9]{1,4}(?:[ "
    r"-]?[A-Z0-9]{2,5}){0,2}))(?<=[A-Z0-9 -]{4})(?![\w%]|\.\d)",
    re.I,
)
RANGE = re.compile(r"(\d{1,5}(?:\.\d+)?)-(\d{1,5}(?:\.\d+)?)\Z")
"""Two numbers that may be the ends of a laboratory's reference range."""

NOT_IDS = re.compile(r"^(?:19|20)\d\d$|^\d{1,3}(?:\.\d+)?$")
WEAK = group("weak")


def _labelled(text: str) -> list[Candidate]:
    found = []
    for match in LABELLED.finditer(text):
        label, value = match["label"].lower(), match.group(match.lastindex or 0)
        start, end = match.span(match.lastindex or 0)
        digits = sum(char.isdigit() for char in value)
        marked = any(mark in match["sep"] for mark in "#:=") or re.search(
            r"(?i)\b(?:number|num|no|id)\b", match.group()[: start - match.start()][len(label) :]
        )
        strong = bool(STRONG_LABEL.match(label))
        if digits < (2 if strong else 3) or (
            not strong and not marked and ((label in WEAK and digits < 5) or digits < 4)
        ):
            continue
        if not strong and NOT_IDS.match(value):
            continue
        if label == "serial" and text.startswith("-lead", end):
            continue
        if label in ("ref", "reference") and _is_range(value, in_brackets=text[: match.start()].endswith("(")):
            continue
        found.append(Candidate(start, end, "ID", 0.95 if strong else 0.85, "en_ids.labelled"))
    return found


def _is_range(value: str, *, in_brackets: bool) -> bool:
    """Whether a value after "reference" is a range of results: it rises, and is short, broken or in brackets.

    >>> _is_range("3.5-5.1", in_brackets=False), _is_range("4471-88", in_brackets=True)
    (True, False)
    """
    ends = RANGE.match(value)
    if not ends or float(ends[1]) >= float(ends[2]):
        return False
    return in_brackets or "." in value or len(ends[1]) <= 3


def recognise(text: str) -> list[Candidate]:
    """Numbers by label, by shape and by checksum shape.

    >>> [(c.type) for c in recognise("MRN: 00482913, CPT 99214, SSN 123-45-6789")]
    ['ID', 'ID', 'ID']
    """
    found = _labelled(text)
    for match, (kind, name, score) in matching(text, SHAPES):
        found.append(Candidate(*match.span(match.lastindex or 0), kind, score, f"en_ids.{name}"))
    return found


def patterns() -> tuple[Anchored, ...]:
    """Those without a match of which nothing is found."""
    return (LABELLED, *(rule for rule, _ in SHAPES))


SHAPES = (
    (SSN, ("ID", "ssn", 0.95)),
    (MBI, ("ID", "mbi", 0.95)),
    (NHS, ("ID", "nhs", 0.6)),
    (NINO, ("ID", "nino", 0.9)),
    (VIN, ("ID", "vin", 0.9)),
    (CASE, ("ID", "case", 0.9)),
    (UUID, ("ID", "uuid", 0.95)),
    (HASH, ("ID", "hash", 0.7)),
    (IN_HEADER, ("ID", "header", 0.7)),
    (ACCOUNT, ("ACCOUNT", "account", 0.96)),
    (CARD, ("ACCOUNT", "card", 0.97)),
    (IBAN, ("ACCOUNT", "iban", 0.9)),
    (PLATE, ("LICENSE_PLATE", "plate", 0.97)),
)
