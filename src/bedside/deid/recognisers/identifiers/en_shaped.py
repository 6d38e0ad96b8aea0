"""English numbers of one person or thing by their shape, or by the labels of many countries and trades."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid.patterns.anchors import Anchored

NUMBER = r"(?:[ ]?(?:number|nos?\.?|num\.?|id|ID|#))?(?:[ ]is)?[ ]?\.?(?:[:#=]|\.{2,12})*[ ]?\(?"
DIGIT_WORD = r"(?:(?:double|triple)[ ])?(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)(?:[ ]hundred)?"
CALLED = (
    r"(?:[Aa]lfa|[Aa]lpha|[Bb]ravo|[Cc]harlie|[Dd]elta|[Ee]cho|[Ff]oxtrot|[Gg]olf|[Hh]otel|[Ii]ndia|[Jj]uliett?|"
    r"[Kk]ilo|"
    r"[Ll]ima|[Mm]ike|[Nn]ovember|[Oo]scar|[Pp]apa|[Qq]uebec|[Rr]omeo|[Ss]ierra|[Tt]ango|[Uu]niform|[Vv]ictor|"
    r"[Ww]hiskey|"
    r"[Xx]-?ray|[Yy]ankee|[Zz]ulu|[A-Z])"
)
"""A letter as it is said on the telephone."""
VALUE = (
    r"((?=[A-Za-z*:/. -]{0,8}\d)[A-Z*]{0,5}[-/.: ]?\d[\dA-Z*]*(?:[-/.: ](?![1-9]\d?/\d)(?=[\dA-Z*]*\d|"
    r"[A-Z]{1,2}(?![A-Za-z]))[\dA-Z*]{1,9}(?![a-z]))*(?<![ /.-]))"
)

LABELS = (
    r"HCN|OHIP|RAMQ|PHN|MSP|AHCIP|NHI|CHI|H&C|NHS|PPSN?|IHI|DVA|CRN|URN?|UMRN|HRN|IPD|OPD|IP|OP|UHID|ABHA|Aadhaar|"
    r"PAN|NRIC|IC|FIN|HKID|DNI|CURP|RUT|CPF|RG|NIF|NIE|BSN|CNP|PESEL|kt\.?|CPR|personnummer|KVNR|AMKA|TC|CNIC|NID|"
    r"PNC|collar|pin|PIN|warrant|shield|ser|SER|SN|spec|SPEC|lab|LAB|LRN|DOC|TDCJ|LIC|lic|Datix|datix|DATIX|conf|"
    r"ZTAS|RQ|"
    r"DoD|EDIPI|FMPSSN|HICN|MBI|CIN|CSN|FIN|HAR|VN|Hosp|HOSP|Hospital|HOSPITAL|local|temp|band|armband|Band|"
    r"[Mm]achine|[Vv]alve[ ]card|[Ll]earner|[Aa]lien|[Cc]onsular|auth|AUTH|acct?|ACCT?|Acct?|ref|Ref|REF|quoting|"
    r"quote|[Ll]icen[cs]e|[Mm]edicare|[Mm]edicaid|[Pp]assport|OSHC|student|member|claim|NOMIS|RiskMan|VHIMS|GMS|GOC|"
    r"GMC|NMC|HCPC|AHPRA|HSN|CDCR|policy|UR|case|Case|[Cc]ard|CARD"
)
NO_NUMBER = re.compile(
    r"^(?:(?:19|20)\d\d|\d{1,3}(?:[.,]\d+)?)$|^\d{1,2}[:/]\d\d(?:/\d{2,4})?$|^\d{1,2}[-.]\d{1,2}[-.]\d{2,4}$"
)

LABELLED = Anchored(rf"(?<![\w-])(?:{LABELS})(?![A-Za-z]){NUMBER}{VALUE}(?![\w%])")
CASE = (
    r"(?<![\w/-])(?:[A-Z]{1,4}(?:(?:/[A-Z]{1,5}){0,2}/\d{1,6}/\d{2,7}(?:/\d{2,4})?(?!/)|\d{2}-\d{4,7}(?:-\d{1,3})?|"
    r"\d{6}-\d{2,5})|(?!BMS|MK-|ABT|GSK|AMG|SAR|UCB|JNJ|PF-|LY-|CT-|CPT|ICD)[A-Z]{1,4}-\d{5,10}|"
    r"[STFGM]\d{7}[A-Z])(?![\w-])"
)
COUNTED = (
    r"(?<![\w:.+-])(?:\d{2}:[A-Z]{1,3}\d{5,9}|\d{2}-\d{2}-\d{2}-\d{1,3}|"
    r"(?:0[1-9]|[12]\d|3[01]|[4-7]\d)(?:0[1-9]|1[0-2])\d\d[-+]\d{3}[\dA-Z])(?![\w-])"
)
RULES = (
    ("ID", "case", Anchored(CASE), 0.9),
    ("ID", "counted", Anchored(COUNTED), 0.9),
    (
        "ID",
        "letter",
        Anchored(
            r"\b(?i:ref|reference)[ .:]{1,3}"
            r"((?:[A-Za-z]{1,5}/){1,3}(?=[\w/-]*\d{3})[\w-]{3,12}(?:/[A-Z]{1,4})?)(?![\w/])"
        ),
        0.9,
    ),
    ("ID", "numbered", Anchored(r"\b[Nn]o\.?[ :]{1,2}([A-Z]{2,4}/\d{2,7}(?:/\d{1,4})?)(?![\w/])"), 0.85),
    (
        "ID",
        "any_number",
        Anchored(
            r"\b(?:[Nn]os?\.?|[Nn]umber)(?:[ ]is|"
            r"[ ]has[ ]changed[ ]to)?[ :]{1,2}((?=(?:[A-Za-z/-]*\d){3})(?=[A-Z/ -]{0,7}\d|[a-z]{1,3}\d)"
            r"(?:[A-Z]{2,5}[ ])?(?=[\w/-]*[A-Za-z/-])[\w/-]{4,18}\w)(?![\w/]|\.\d|[ ]?(?:mg|ml|mcg))"
        ),
        0.85,
    ),
    (
        "ID",
        "call_sign",
        Anchored(
            r"\b(?i:crew|call ?sign|unit|tail)[ ](?:(?i:number|no\.?|"
            r"is)[ ])?((?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]{1,3}-?[A-Z0-9]{2,4})(?![\w-])"
        ),
        0.8,
    ),
    (
        "ID",
        "blood_unit",
        Anchored(r"(?<![\w-])=?[A-Z]\d{4}[ -]?\d\d[ -]?\d{3}[ -]?\d{3}(?:[ ]?[0-9A-Z])?(?![\w-])"),
        0.9,
    ),
    ("ID", "blood_unit_labelled", Anchored(r"\b[Uu]nits?[ :]{1,2}([A-Z]{2,5}(?:[ ]\d{1,4}){2,4})(?![\w/.])"), 0.85),
    ("ID", "blood_given", Anchored(r"\b[Bb]lood[ ]([A-Z]{2,4}[ ]\d{1,3}(?:-\d{2,4}){1,3})(?![\w-])"), 0.85),
    (
        "ID",
        "letter_and_figures",
        Anchored(r"(?<![\w/.-])(?<!\b[Rr]ef )(?<!odel )(?<!talogue )(?<!\bCUI )[A-Z]{1,2}\d{6,8}(?![\w/-]|\.\d)"),
        0.7,
    ),
    ("ID", "small_letters_and_figures", Anchored(r"(?<![\w/.@-])[a-z]{1,4}\d{3,7}-\d{2,6}(?![\w/-])"), 0.75),
    (
        "ID",
        "telephoned",
        Anchored(
            rf"\b(?i:number|mrn|record|id|reference)(?:[ ]is)?[ ,:]{{1,2}}"
            rf"((?:{CALLED}[ ,-]{{1,2}}){{1,3}}(?:\d[ ,-]{{1,2}}){{3,}}\d)(?!\w)"
        ),
        0.95,
    ),
    ("ID", "as_in", Anchored(r"(?<!\w)((?:[A-Z][ ]as[ ]in[ ]\w+,?[ ]){1,4}\d[\w-]{2,12})(?!\w)"), 0.95),
    (
        "ID",
        "lettered",
        Anchored(
            r"(?<![\w/.-])(?!WHO|ISO|HLA|BNF|NM|FIO|EN|BS|CAP|ECG|CT|MR)[A-Z]{2,4}/(?!(?:19|"
            r"20)\d\d(?!\d))\d{3,6}(?![\w/%]|\.\d)"
        ),
        0.7,
    ),
    ("ID", "line", Anchored(r"^([A-Z]{0,3}\d{6,12})[ \t]*$", re.M), 0.85),
    (
        "ID",
        "mixed",
        Anchored(
            r"(?<![\w/.-])(?=[A-Z0-9]{1,6}-[A-Z0-9])(?=[A-Z0-9-]*[A-Z])(?=(?:[A-Z-]*\d){5})"
            r"(?!\d{5}-(?:LT|RT|TC|[A-Z]\w)\b)[A-Z0-9]{1,6}(?:-[A-Z0-9]{1,6}){1,4}(?![\w/-])"
        ),
        0.75,
    ),
    ("ID", "lower_mixed", Anchored(r"\b[a-z]{2,5}#\d{3,8}\b"), 0.8),
    ("ID", "strong_lower", Anchored(r"\b(?i:mrn|acct|id|case)[ :#]+([a-z]-?\d{4,12})\b"), 0.9),
    (
        "ID",
        "report_lower",
        Anchored(r"\b(?i:report|case|chart|claim|ref|incident|ticket|file|cert)[ :#]+([a-z]{1,4}\d{0,4}-\d{3,12})\b"),
        0.85,
    ),
    ("ID", "case_letters", Anchored(r"\b(?:[Cc]ase|CASE)[ :#]+([A-Z]{3,6}\d{3,8})(?![\w-])"), 0.85),
    ("ID", "dotted", Anchored(r"\bM\.R\.?(?:[ ]?[Nn]o\.?)?[ ]?\d[\d/.-]{3,14}\d\b"), 0.95),
    (
        "ID",
        "mr_number",
        Anchored(
            r"(?i:\bMR|\bUR|\bunit|\brecord|\bhospital)[ ](?i:number|no\.?)[ ]?[(:]?[ ]?([A-Z.]*[ ]?\d[\w/.-]{3,14})"
        ),
        0.9,
    ),
    (
        "ID",
        "spelled",
        Anchored(rf"\b(?i:number|mrn|record|id)(?:[ ]is)?[ ]((?i:{DIGIT_WORD}(?:,?[ -]{DIGIT_WORD}){{4,}}))\b"),
        0.95,
    ),
    ("PHONE", "spelled_phone", Anchored(rf"\b{DIGIT_WORD}(?:,?[ -]{DIGIT_WORD}){{5,}}\b", re.I), 0.85),
    ("ACCOUNT", "sort_code", Anchored(r"\b(?i:sort)(?:[ ](?i:code))?[ :#]+(\d\d[- ]\d\d[- ]\d\d)(?!\d)"), 0.98),
    ("ACCOUNT", "account", Anchored(r"\b(?i:acc(?:t|oun?t)?)(?:[ ](?i:no\.?|number))?[ :#]+(\d{8})(?!\d)"), 0.9),
    (
        "LICENSE_PLATE",
        "plate",
        Anchored(
            r"\b(?i:plates?|reg|registration|rego|tag)\.?(?:[ ](?i:no\.?|number|is|was|per(?:[ ][a-z]+){1,3}))"
            r"?[ ]?[:#]?[ ]?"
            r"((?=(?:[A-Z -]{0,5}\d){3})[A-Z0-9]{1,4}(?:[- ][A-Z0-9]{1,7}){1,3})(?![\w-])"
        ),
        0.97,
    ),
    (
        "LICENSE_PLATE",
        "plate_of_vehicle",
        Anchored(
            r"\b(?i:black|white|silver|gr[ae]y|red|blue|green|tan|gold|brown|maroon|beige|yellow|orange|(?:drives|"
            r"driving|drove)"
            r"(?:[ ]an?)?)[ ](?:[A-Z][A-Za-z-]{1,14}[ ]){1,2}\(?((?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{5,8})(?![\w-])"
        ),
        0.9,
    ),
    (
        "LICENSE_PLATE",
        "plate_of_kind",
        Anchored(
            r"\b(?:(?i:car|van|truck|lorry|motorcycle|motorbike|scooter|moped|taxi|cab|ute|suv|jeep|pickup|vehicle|"
            r"hatchback|minibus|matatu|boda|okada|plates?|rego|reg)|Hilux|Nissan|Toyota|Ford|Honda|Mazda|Kia|Hyundai|"
            r"Skoda|Subaru|Suzuki|Vauxhall|"
            r"Holden|Volvo|BMW|Audi|Fiat|Renault|Peugeot|Citroen|Mitsubishi|Isuzu|Yamaha|Transit|Corolla|Fiesta|"
            r"Civic|Polo)\b"
            r"(?:,| is| its| was| \(|:|[ ][a-z]+){0,3}[ ,:(]{0,2}((?=[A-Z]*\d|\d*[A-Z])(?=[A-Z ]{0,5}\d|"
            r"\d[\d ]{0,4}[A-Z])"
            r"[A-Z0-9]{1,4}[ -][A-Z0-9]{2,5}(?:[ -][A-Z0-9]{1,4})?)(?![\w-]|[ ]?(?:mg|ml|mph|km|kg)\b)"
        ),
        0.85,
    ),
    (
        "LICENSE_PLATE",
        "british_plate",
        Anchored(r"(?<![\w-])[A-HJ-PR-Y][A-HJ-PR-Y]\d\d[ ][A-HJ-PR-Z]{3}(?![\w-])"),
        0.85,
    ),
)


def recognise(text: str) -> list[Candidate]:
    """Numbers with a label of their country or trade, and numbers whose build says what they are, overlaps and all.

    >>> [text[c.start:c.end] for text in ["NHI ZKD4417, IP/2023/11876, CPT 20610-LT"] for c in recognise(text)]
    ['ZKD4417', '/2023/11876', 'IP/2023/11876']
    """
    found = []
    for match in LABELLED.finditer(text):
        value = match[1]
        if sum(char.isdigit() for char in value) >= 4 and not NO_NUMBER.match(value):
            found.append(Candidate(*match.span(1), "ID", 0.85, "en_ids_shaped.labelled"))
    for kind, name, rule, score in RULES:
        for match in rule.finditer(text):
            found.append(Candidate(*match.span(match.lastindex or 0), kind, score, f"en_ids_shaped.{name}"))
    return found


def patterns() -> tuple[Anchored, ...]:
    """Those without a match of which nothing is found."""
    return (LABELLED, *(rule for _, _, rule, _ in RULES))
