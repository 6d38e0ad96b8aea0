"""English hospitals, clinics, homes and other organisations: by last word, known short name or context."""

from __future__ import annotations

import re
from functools import cache

from bedside.deid._anchors import Anchored
from bedside.deid._date_forms import MONTHS
from bedside.deid._en_affiliations import is_particular
from bedside.deid._en_lexicon import group, lexicon, read_list
from bedside.deid._en_medical import is_medical
from bedside.deid._recogniser import Candidate

HOSPITAL_END = Anchored(
    r"\b(?:Hospitals?|HOSPITAL|(?:Comm|Gen|Mem|Regl?|Dist|Univ|Matern)\.?\s+Hosp|Medical\s+Cent(?:er|re)|MEDICAL\s+CENTER|Med\s+Ctr|Clinics?|CLINIC|"
    r"Infirmary|INFIRMARY|Health\s*(?:care)?\s+(?:System|Network|Cent(?:er|re)|Clinic|Services|Trust)|"
    r"Health\s+Care|Healthcare|Nursing\s+(?:Home|Facility|Cent(?:er|re)|"
    r"and\s+Rehab(?:ilitation)?(?:\s+Center)?|&\s+Rehab(?:ilitation)?(?:\s+Center)?)|NURSING\s+HOME|"
    r"Rehab(?:ilitation)?(?:\s+(?:Cent(?:er|re)|Hospital|Institute|Facility))?|"
    r"Hospice|Surgery\s+Center|Surgical\s+Cent(?:er|re)|Surgicenter|Cancer\s+(?:Cent(?:er|re)|"
    r"Institute)|Heart\s+(?:Center|Institute)|Care\s+(?:Cent(?:er|re)|Home)|Manor|"
    r"Assisted\s+Living|Senior\s+Living|Memory\s+Care|Retirement\s+(?:Community|Home|Village)|"
    r"Skilled\s+Nursing(?:\s+Facility)?|Birth\s+Center|Women['’]s\s+Center|Imaging(?:\s+Center)?|"
    r"Dialysis(?:\s+(?:Center|Unit|Clinic))?|Sanatorium|Surgery|Practice|Urgent\s+Care|"
    r"Trauma\s+Cent(?:er|re)|Visiting\s+Nurses|(?:Pediatric|Paediatric|Medical|Surgical|Dental|Eye|Heart|Spine|Women['’]s|Physician)\s+Associates|Fertility|Maternity|Maternity\s+Home|Medical\s+Centre|Lodge|Nephrology|Hospice|Polyclinic|CHC|Health\s+Post|Surgicare|Medical\s+Group|Medical\s+Associates|Physicians|Pediatrics|Family\s+(?:Medicine|Practice)|"
    r"Internal\s+Medicine|"
    r"(?:Cardiology|Orthop(?:a)?edics?|Dermatology|Oncology|Neurology|Urology|Radiology|Eye|ENT|GI|"
    r"Gastroenterology|Heart|Kidney|Pulmonary)\s+(?:Associates|Group|Partners|Specialists|Consultants|"
    r"Institute)|"
    r"Pathology\s+(?:Institute|Associates|Group)|Institute|Health|Treatment\s+Center|"
    r"Recovery\s+Center|Behavioral\s+Health|Psychiatric\s+(?:Hospital|Center|Institute)|Med\s+Center|"
    r"Medical\s+College|NHS\s+(?:Foundation\s+)?Trust)\b"
)
HOSPITAL_BEGINNING = Anchored(
    r"\b(?:(?:Teaching|District|Base|General|Provincial|Regional|Central) )?"
    r"(?:Hospital|Klinik|Clínica|Clinica|Hôpital|Hopital|Ospedale|Krankenhaus|Klinikum|Poliklinik)"
    r"[ ]((?:[A-Z][a-z'’áéíóúñâêôçãõèàùäöü]+)(?:[ ][A-Z][a-z'’áéíóúñâêôçãõèàùäöü]+){0,2})(?![\w:])"
)
"""Hospital Seri Kinta, Clínica San Rafael: the kind of house first, as in many languages."""
ORG_END = Anchored(
    r"\b(?:University|UNIVERSITY|College|(?:High|Middle|Elementary|Primary|Grammar|Secondary|Public|"
    r"Charter|Grade|Law|Nursing|Medical|Business|Day|Boarding)\s+School|School\s+District|School|"
    r"Academy|Preschool|"
    r"Daycare|Day\s*Care|Kindergarten|Head\s+Start|Pharmac(?:y|ies)|Drugs?tore|Drugs?|Inc\.?|LLC|"
    r"L\.L\.C\.|Corp\.?|Corporation|Company|Co\.|Ltd\.?|PLC|Bank|Credit\s+Union|Insurance|Assurance|"
    r"Mutual|"
    r"(?:Baptist\s+|Methodist\s+|Lutheran\s+|Catholic\s+|Presbyterian\s+|AME\s+)?Church|Temple|Mosque|"
    r"Synagogue|Parish|Ministries|Shelter|Police\s+Department|Police|Fire\s+Department|"
    r"Sheriff['’]s\s+(?:Office|Department)|Correctional\s+(?:Facility|Center|Institution)|"
    r"County\s+Jail|"
    r"Foundation|Agency|Home\s+Health(?:\s*care)?|Home\s+Care|Construction|Logistics|Industries|"
    r"Manufacturing|Enterprises|Services|Laborator(?:y|ies)|Labs?|Diagnostics|Ambulance|EMS|MedFlight|"
    r"LifeFlight|Medical\s+Transport|Transport|"
    r"Motors|Airlines|Air\s+Lines|Airways|Railroad|Steel|Farms|Foods|Bakery|Restaurant|Cafe|Café|"
    r"Diner|Plumbing|Roofing|Electric|Trucking|Landscaping|Realty|Law\s+Firm|LLP|Partners|Holdings|"
    r"Technologies|Systems|Solutions|Consulting|Supply|Hardware|Supermarket|Grocery|Mart|"
    r"Department\s+of\s+(?:Health|Corrections|Children|Social\s+Services|Veterans\s+Affairs|"
    r"Human\s+Services)|Social\s+Services|Health\s+Plan|Elementary|Medical\s+Supply|Mills?|Brewery|"
    r"Oncology|Dental|Dentistry|Orthop(?:a)?edics|Dermatology|Cardiology|Recovery|Eye\s+Care|Cab|Cabs|Cars|Builders|"
    r"Orchestra|Museum|Library|Hotel|Funeral\s+Home|Mortuary|Public\s+Schools|County\s+Schools|"
    r"Auto\s+Body|Car\s+Wash|Warehouse|Nursery|Brothers|Bros\.?|(?:&|and)\s+Sons?(?:\s+[A-Z][a-z]+)?|(?<=['’]s\s)Prep|Juniors|Public|Leisure\s+Cent(?:re|er)|Food\s+Cent(?:re|er)|Cold\s+Storage|Freight|Haulage|Freightways|Slate|Quarries|Thrifty\s+Mart|Bearing\s+Works|Iron\s+Works|Ironworks|Orchards|Dairy|Ranch|Winery|Vineyards?|Motel|Casino|Salon|Barbers?|Grill|Pizzeria|Tavern|Pub)\b"
)
GENERIC = group("generic")
LINK = frozenset(["of", "and", "the", "for", "&", "de", "la", "del", "las", "los"])
TOKEN_BACK = re.compile(r"(?:(?:[A-Z][\w'’.&/-]*|St\.|of|and|the|for|&|de|la|del|las|los)[ ]+)\Z")
PROPER = re.compile(r"[A-Z&][\w'’.&-]*\Z")


TITLED = re.compile(
    r"(?:Pastor|Officer|Dr|Mr|Mrs|Ms|Rev|Reverend|Detective|Judge|Nurse|Deputy|Sheriff|Father|Sister|"
    r"Captain|Sgt|Prof)\.?[ ](?:(?!of )[\w'’.-]+[ ]){1,3}?(?:of|at|from|and)[ ]"
)


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


LEADING = group("leading")


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


CUE_BEFORE = re.compile(r"(?:\b(?:at|to|from|with|by|via|of|the|The)[ ]|[:,(][ ]?|\A|\n)\Z")
AT_PLACE = re.compile(
    r" (?:of|at|in) (?:[A-Z][\w'’.]+)(?: [A-Z][\w'’]+){0,2}| for (?:Sick )?(?:Children|Women)\b| (?:II|III|IV|V)\b"
)
WEAK_ENDS = group("weak_ends")

KNOWN_BEFORE = re.compile(r"[\w'’-]\Z")
WORKS = Anchored(
    r"\b(?i:works?\s+(?:full[- ]time\s+|part[- ]time\s+|as\s+an?\s+[\w -]{3,30}?\s+)?(?:at|for)|"
    r"working\s+(?:at|for)|worked\s+(?:as\s+an?\s+[\w -]{3,30}?\s+)?(?:at|for)|employed\s+(?:at|by|"
    r"with)|job\s+at|"
    r"teaches\s+at|taught\s+at|attends|attended|attending\s+(?=[A-Z])|enrolled\s+(?:at|in)|"
    r"student\s+at|studies\s+at|retired\s+from|laid\s+off\s+from|"
    r"insured\s+(?:by|through|with)|covered\s+by|manager\s+at|driver\s+for|engineer\s+(?:at|for)|"
    r"[a-z]+er\s+at)\s+(?:the\s+)?"
    r"((?:[A-Z][\w'’&-]*)(?:[ ](?:[A-Z][\w'’&-]*|of|and|&)){0,4})"
)
LABELLED = Anchored(
    r"\b(?i:employer|school|insurance|insurer|payer|payor|carrier|plan|pharmacy|preferred\s+pharmacy|"
    r"company|agency|home\s+health|dme|organization|organisation|facility|hospital|clinic|site|"
    r"location|institution|"
    r"transferred\s+from|referring\s+facility|admitting\s+facility|nursing\s+home|snf)\s*(?i:name)?[ "
    r"\t]*:[ \t]*((?:[A-Z][\w'’&.-]*)(?:[ ](?:[A-Z][\w'’&.-]*|#\d{1,5}\b|of|and|&|the|for)){0,6})"
)
STAYED = Anchored(
    r"\b(?i:(?:admitted|transferred|presented|referred|sent|taken|brought|airlifted|discharged|"
    r"delivered|delivery|born|seen|hospitali[sz]ed|treated|evaluated|followed|care|resides?|resident|"
    r"lives|living|residing|rehab|stay|surgery|"
    r"performed|done|placed|procedure|cabg|transplant(?:ed)?|underwent\s+\w+|dialy[sz]es|dialysis|"
    r"practices?|established|cared\s+for|back)\s+(?:\w+\s+)?(?:to|at|from|of|in))\s+(?:the\s+)?"
    r"((?:[A-Z][a-z'’]+|St\.)(?![\w.])(?:[ -](?:[A-Z][a-z'’]+|of|the)(?!\w)){0,4})"
)
FACILITY_WORDS = re.compile(
    r"(?i)\b(?:oaks?|pines|manor|village|gardens|grove|haven|ridge|meadows?|springs?|house|lodge|"
    r"estates|terrace|heights|valley|creek|memorial|mercy|general|county|regional|baptist|methodist|"
    r"presbyterian|sinai|saint|st|acres|place|point|view|hills?|court|glen|brook|lakes?|park|commons|"
    r"landing|center|sacred|good|samaritan|providence|lutheran|trinity|holy|cross)\b"
)


@cache
def _known() -> tuple[tuple[str, Anchored], ...]:
    made = []
    for kind, name in (("HOSPITAL", "en_hospitals"), ("ORG", "en_organisations")):
        words = sorted(read_list(name), key=len, reverse=True)
        made.append(
            (
                kind,
                Anchored(
                    r"(?<![\w'’-])(?:"
                    + "|".join(map(re.escape, words))
                    + r")(?![\w-])(?:[ ](?:North|South|East|West|Eastside|Westside|Northside|Southside|Downtown|Health|"
                    r"Hospital|Main)\b)?(?:[ ]on[ ][A-Z][a-z]{2,}|[ ]#\d{1,5})?"
                ),
            )
        )
    return tuple(made)


def recognise(text: str) -> list[Candidate]:
    """Hospitals and organisations with a name of their own; "the hospital" and "pain clinic" stay.

    >>> [c.type for c in recognise("from St. Mary's Medical Center, then the Pain Clinic")]
    ['HOSPITAL']
    """
    lex = lexicon()
    found = _by_ending(text, HOSPITAL_END, "HOSPITAL") + _by_ending(text, ORG_END, "ORG")
    for kind, rule in _known():
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
        *(rule for _, rule in _known()),
    )


CVS = Anchored(
    r"(?:(?i:at|to|from|by|pharmacy|rx|called)[:]?[ ](?:the[ ])?)(CVS)\b|\bCVS(?=[ ](?:on|in|[Pp]harmacy|#|store))"
)
VETERANS = Anchored(
    r"\bVA(?:MC)?[ ](?:[A-Z][a-z]{3,})(?:[ ][A-Z][a-z]{3,}){0,2}|\b[A-Z][a-z]{3,}(?:[ ][A-Z][a-z]{3,})?[ ]VA(?:MC)?\b"
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
