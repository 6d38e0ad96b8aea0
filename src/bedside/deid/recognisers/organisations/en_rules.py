"""Patterns of English organisations: last words, known short names, and what stands before a name."""

from __future__ import annotations

import re
from functools import cache

from bedside.deid.lexicon.english import read_list
from bedside.deid.patterns.anchors import Anchored

HOSPITAL_END = Anchored(
    r"\b(?:Hospitals?|HOSPITAL|(?:Comm|Gen|Mem|Regl?|Dist|Univ|Matern|Referral|County|Teaching|Royal|Childrens?|City|"
    r"Vet|Mission)\.?\s+Hosp|Medical\s+Cent(?:er|re)|MEDICAL\s+CENTER|Med\s+Ctr|Clinics?|CLINIC|"
    r"Infirmary|INFIRMARY|Health\s*(?:care)?\s+(?:System|Network|Cent(?:er|re)|Clinic|Services|Trust)|"
    r"Health\s+Care|Healthcare|Nursing\s+(?:Home|Facility|Cent(?:er|re)|"
    r"and\s+Rehab(?:ilitation)?(?:\s+Center)?|&\s+Rehab(?:ilitation)?(?:\s+Center)?)|NURSING\s+HOME|"
    r"Rehab(?:ilitation)?(?:\s+(?:Cent(?:er|re)|Hospital|Institute|Facility))?|"
    r"Hospice|Surgery\s+Center|Surgical\s+Cent(?:er|re)|Surgicenter|Cancer\s+(?:Cent(?:er|re)|"
    r"Institute)|Heart\s+(?:Center|Institute)|Care\s+(?:Cent(?:er|re)|Home)|Manor|"
    r"Assisted\s+Living|Senior\s+Living|Memory\s+Care|Retirement\s+(?:Community|Home|Village)|"
    r"Skilled\s+Nursing(?:\s+Facility)?|Birth\s+Center|Women['’]s\s+Center|Imaging(?:\s+Center)?|"
    r"Dialysis(?:\s+(?:Center|Unit|Clinic))?|Sanatorium|Surgery|Practice|Urgent\s+Care|"
    r"Pavilion|Trauma\s+Cent(?:er|re)|Visiting\s+Nurses|(?:Pediatric|Paediatric|Medical|Surgical|Dental|Eye|Heart|"
    r"Spine|Women['’]s|Physician)\s+Associates|Fertility|Maternity|Maternity\s+Home|Medical\s+Centre|Lodge|"
    r"Nephrology|Hospice|Polyclinic|CHC|Health\s+Post|Surgicare|Medical\s+Group|Medical\s+Associates|Physicians|"
    r"Pediatrics|Family\s+(?:Medicine|Practice)|"
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
    r"Foundation|Agency|Home\s+Health(?:\s*care)?|VNA|Home\s+Care|Construction|Logistics|Industries|"
    r"Manufacturing|Enterprises|Services|Laborator(?:y|ies)|Labs?|Diagnostics|Ambulance|AMBULANCE|Associates|EMS|"
    r"MedFlight|"
    r"LifeFlight|Medical\s+Transport|Transport|"
    r"Motors|Airlines|Air\s+Lines|Airways|Railroad|Steel|Farms|Foods|Bakery|Restaurant|Cafe|Café|"
    r"Diner|Plumbing|Roofing|Electric|Trucking|Landscaping|Realty|Law\s+Firm|LLP|Partners|Holdings|"
    r"Technologies|Systems|Solutions|Consulting|Supply|Hardware|Supermarket|Grocery|Mart|"
    r"Department\s+of\s+(?:Health|Corrections|Children|Social\s+Services|Veterans\s+Affairs|"
    r"Human\s+Services)|Social\s+Services|Health\s+Plan|Elementary|Medical\s+Supply|Mills?|Brewery|"
    r"Oncology|Dental|Dentistry|Orthop(?:a)?edics|Dermatology|Cardiology|Recovery|Eye\s+Care|Cab|Cabs|Cars|Builders|"
    r"Orchestra|Museum|Library|Hotel|Funeral\s+Home|Mortuary|Public\s+Schools|County\s+Schools|"
    r"Auto\s+Body|Car\s+Wash|Warehouse|Nursery|Brothers|Bros\.?|(?:&|and)\s+Sons?(?:\s+[A-Z][a-z]+)?|"
    r"(?<=['’]s\s)Prep|Juniors|Public|Leisure\s+Cent(?:re|er)|Food\s+Cent(?:re|er)|Cold\s+Storage|Freight|Haulage|"
    r"Freightways|Slate|Quarries|Thrifty\s+Mart|Bearing\s+Works|Iron\s+Works|Ironworks|Orchards|Creche|Cr[èe]che|"
    r"Playgroup|Nurseries|Accountants|Solicitors|Barristers|Architects|Optici?ans|Butchers|Florists|Taxis|Minicabs|"
    r"Couriers|Scaffolding|Joinery|Upholstery|Housing\s+Association|Co-?op(?:erative)?|Sangha|Gurdwara|Friars|"
    r"Convent|Abbey|Priory|(?<=[a-z]\s)FC|Rovers|Wanderers|Dairy|Ranch|Winery|Vineyards?|Motel|Casino|Salon|Barbers?|"
    r"Grill|Pizzeria|Tavern|Pub)\b"
)
CVS = Anchored(
    r"(?:(?i:at|to|from|by|pharmacy|rx|called)[:]?[ ](?:the[ ])?)(CVS)\b|\bCVS(?=[ ](?:on|in|[Pp]harmacy|#|store))"
)
VETERANS = Anchored(
    r"\bVA(?:MC)?[ ](?:[A-Z][a-z]{3,})(?:[ ][A-Z][a-z]{3,}){0,2}|\b[A-Z][a-z]{3,}(?:[ ][A-Z][a-z]{3,})?[ ]VA(?:MC)?\b"
)
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


@cache
def known_names() -> tuple[tuple[str, Anchored], ...]:
    """Those of our lists, by type, the longest first."""
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
