"""English names of people: by title, label, kinship, credentials and signature, and by the dictionaries of names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._en_lexicon import Lexicon, group, lexicon
from bedside.deid._en_medical import is_medical, pairs_medically
from bedside.deid._en_person import (
    CAPITAL,
    LETTER,
    NAME_WORD,
    NEVER_FIRST,
    PARTICLE,
    STOP,
    read_name,
    reversed_end,
    shouts,
)
from bedside.deid._recogniser import Candidate

RUN = re.compile(
    rf"(?<![\w'’])(?:{CAPITAL}\.(?:[ ]?{CAPITAL}\.)?(?!\w)|{NAME_WORD}(?![\w]))(?:[ ](?:(?:van|von|der|"
    rf"den|de|la|del|di|da|bin|al|el|ibn|y)[ ]){{0,2}}(?:{CAPITAL}\.(?!\w)|{NAME_WORD}(?![\w])))*"
)
WORD = re.compile(rf"{LETTER}(?:{LETTER}|['’-](?={LETTER}))*\.?")

TITLE = re.compile(
    r"\b(?P<title>Mr|Mrs|Ms|Miss|Mx|Mister|Madam|MR|MRS|MS|MISS|mr|mrs|ms|Messrs|Sir|Lady|Officer|"
    r"Detective|Deputy|Sheriff|Sgt|Sergeant|Lt|Capt|Captain|Col|Colonel|Judge|Pastor|Reverend|Rev|"
    r"Rabbi|Imam|Father|Fr|Deacon|Chaplain|Attorney|Señora?|Sra?|Principal|Uncle|Aunt|Auntie|Grandma|"
    r"Grandpa|Nana"
    r"|RN|LPN|CNA|CRNA|CNM|NNP|NP|Dr|Drs|DR|DRS|dr|Doctor|DOCTOR|doctor|Prof|Professor|PROF|Nurse|"
    r"NURSE|Sister|Matron|Midwife|Therapist|Pharmacist|PharmD|Pharm\.D)\b\.?[ ]*(?:\n)?[ ]*(?=\w)"
)
STAFF_TITLE = frozenset(
    [
        "dr",
        "drs",
        "doctor",
        "prof",
        "professor",
        "nurse",
        "sister",
        "matron",
        "midwife",
        "therapist",
        "pharmacist",
        "pharmd",
        "pharm.d",
        "rn",
        "lpn",
        "cna",
        "crna",
        "cnm",
        "np",
        "nnp",
    ]
)
WEAK_TITLE = frozenset(
    [
        "sister",
        "father",
        "nurse",
        "doctor",
        "therapist",
        "pharmacist",
        "principal",
        "uncle",
        "aunt",
        "ms",
        "miss",
        "lady",
        "sir",
        "fr",
        "lt",
        "col",
        "chaplain",
        "attorney",
        "judge",
        "midwife",
        "officer",
        "sr",
        "sra",
        "ms.",
        "deacon",
        "captain",
        "matron",
        "rn",
        "lpn",
        "cna",
        "crna",
        "cnm",
        "np",
        "nnp",
    ]
)
PARTICLED = re.compile(rf"{PARTICLE}[ ]{{1,2}}(?:{PARTICLE}[ ]{{1,2}})?{CAPITAL}")
AND_NEXT = re.compile(r"[ ]?(?:,|and|&|/|or)[ ]+(?:(?:Dr|Mr|Mrs|Ms|Drs)\.?[ ])?(?=[A-Z])")

STAFF_ROLE = (
    r"attending(?:[ ]+(?:physician|md|surgeon|provider|of[ ]record|radiologist|on[ ]call))?|surgeon|"
    r"co-?surgeon|(?:first[ ]|second[ ]|surgical[ ])?assistants?|assisting|resident(?:[ ]physician)?|"
    r"fellow|intern|pcp|p\.c\.p\.|primary[ ](?:care[ ])?(?:physician|provider|doctor|nurse)(?:[ "
    r"]\(pcp\))?|gp|"
    r"provider(?:[ ]name)?|physician(?:[ ]name)?|doctor|clinician|practitioner|radiologist|"
    r"pathologist|cytotechnologist|endoscopist|anesthesiologist|anaesthetist|anesthesia(?:[ "
    r"]provider)?|crna|scrub(?:[ ]nurse|[ ]tech)?|circulator|circulating[ ]nurse|"
    r"(?:charge[ ]|primary[ ]|triage[ ]|staff[ ]|registered[ ]|discharge[ ]|night[ ]|day[ ])?nurse|rn|"
    r"lpn|np|pa|pa-c|md|m\.d\.|do|ma|cna|midwife|cnm|doula|technologist|sonographer|tech(?:nician)?|"
    r"therapist|counsel(?:l)?or|psychiatrist|psychologist|neurologist|cardiologist|oncologist|"
    r"consultant|"
    r"social[ ]worker|sw|lcsw|case[ ]manager|cm|care[ ]coordinator|coordinator|pharmacist|dietitian|"
    r"pt|ot|slp|rt|author|interpreter|chaplain|dentist|optometrist|obstetrician|pediatrician|"
    r"hospitalist|intensivist|supervisor|preceptor|examiner|evaluator|scribe|proceduralist|operator|"
    r"interpreting[ ]physician|"
    r"referring(?:[ ](?:physician|provider|doctor|md|dr))?|requesting(?:[ ](?:physician|provider|"
    r"md))?|ordering(?:[ ](?:physician|provider|md))?|submitting(?:[ ]physician)?|admitting(?:[ "
    r"]physician|[ ]provider|[ ]md)?|consulting(?:[ ]physician)?|supervising[ ](?:physician|md)|"
    r"treating[ ](?:physician|provider)|discharging[ ](?:physician|provider)|"
    r"cc|c\.c\.|copy[ ]to|copies[ ]to|from|signed|signature|dictator|transcriptionist|transcribed[ "
    r"]by|dictated[ ](?:and[ ]authenticated[ ])?by|typed[ ]by|authenticated[ ]by|electronically[ "
    r"](?:signed|authenticated|verified|reviewed|cosigned)(?:[ ]by)?|e-?signed(?:[ ]by)?|signed[ "
    r"](?:electronically[ ])?by|cosigned[ ]by|co-signed[ ]by|attested[ ]by|verified[ ]by|reviewed[ "
    r"]by|approved[ ]by|read[ ]by|interpreted[ ]by|reported[ ]by|performed[ ]by|completed[ ]by|"
    r"entered[ ]by|recorded[ ]by|documented[ ]by|prepared[ ]by|written[ ]by|seen[ ]by|ordered[ ]by|"
    r"collected[ ]by|checked[ ]by|witness(?:ed[ ]by)?|referred[ ]by|sane"
)
PERSON_ROLE = (
    r"patient(?:['’]s)?(?:[ ](?:full[ ]|legal[ ]|preferred[ ])?name)?|pt(?:[ ]name)?|full[ ]name|"
    r"legal[ ]name|preferred[ ]name|last[ ]name|first[ ]name|middle[ ]name|surname|given[ ]name|"
    r"family[ ]name|maiden[ ]name|name(?:[ ]of[ ]patient)?|client(?:[ ]name)?|proband|veteran|"
    r"member(?:[ ]name)?|subscriber(?:[ ]name)?|guarantor|policy[ ]?holder|caller|"
    r"emergency[ ]contact(?:[ ]name)?|next[ ]of[ ]kin|nok|n\.o\.k\.|contact(?:[ ]person)?|guardian|"
    r"legal[ ]guardian|re|regarding|mother(?:['’]s[ ]name)?|father(?:['’]s[ ]name)?|parents?|"
    r"spouse(?:[ ]name)?|wife|husband|son|daughter|mom|dad|partner|sister|brother|hcp|health[ ]care[ "
    r"]proxy|healthcare[ ]proxy|poa|dpoa|hcpoa|mpoa|surrogate|caregiver|informant|historian|"
    r"accompanied[ ]by|escort|aka|a\.k\.a\.|alias|also[ ]known[ ]as|goes[ ]by|formerly|n[ée]e|subject|"
    r"baby|infant|donor|recipient|insured|resident[ ]name|decedent|attn|attention|to|pat[1i]ent[ ]name"
)
LABEL = re.compile(
    rf"(?<![\w-])(?:(?P<staff>{STAFF_ROLE})|(?P<person>{PERSON_ROLE}))(?:[ ]?\([^)\n]{{1,25}}\))?[ "
    rf"\t]{{0,3}}[:#=][ \t]*(?:(?:Dr|Mr|Mrs|Ms|Miss|DR|MR|MRS|MS|Prof)\.?[ ]+|/es/[ ]*)?(?=[^\W\d_])",
    re.I,
)
STRONG_LABEL = re.compile(
    r"(?i)name|patient|^pt$|caller|contact|kin|nok|attending|surgeon|provider|physician|signed|"
    r"dictated|by$|client|proband|pcp|^re$|guardian|poa|proxy|radiologist|pathologist"
)
BY = re.compile(
    r"\b(?i:(?:electronically[ ]|e-)?(?:co-?)?signed(?:[ ]electronically)?[ ]by|/es/|dictated[ ]by|"
    r"transcribed[ ]by|authenticated[ ]by|attested[ ]by|verified[ ]by|seen[ ](?:and[ ](?:examined|"
    r"evaluated)[ ])?by|evaluated[ ]by|examined[ ]by|performed[ ]by|reviewed[ ](?:by|with)|discussed[ "
    r"](?:this[ ]case[ ])?(?:the[ ]case[ ])?with|d/w|spoke[ ](?:to|with)|spoken[ ]with|"
    r"referred[ ]by|recommended[ ]by|managed[ ]by|followed[ ]by|assisted[ ]by|supervised[ ]by|"
    r"staffed[ ]with|case[ ]w/|consulted|paged|texted|per|told|notified|called|informed|updated|met[ "
    r"]with|met|thank[ ]you[ ]for[ ](?:referring|asking[ ]me[ ]to[ ]see|seeing)|accompanied[ ]by|"
    r"brought[ ](?:in[ ])?by|report[ ](?:given[ ])?(?:to|from)|handoff[ ]to|sign(?:ed)?[ ]?out[ ]to|"
    r"endorsed[ ]to|"
    r"under[ ]the[ ]care[ ]of|care[ ]of|c/o[ ]dr|appointment[ ]with|appt[ ]with|follow[- ]?up[ ]with|"
    r"f/u[ ](?:with|w/)|f/u|follows[ ]with|sees|regarding|named|name[ ]is|goes[ ]by|called[ ]by[ ]his|"
    r"known[ ]as|interviewed|visited[ ]by|faxed[ ]to|routed[ ]to|sent[ ]to|witnessed[ ]by|"
    r"interpreted[ ]by|read[ ]by|reported[ ]by|reported[ ]to|done[ ]by|placed[ ]by|removed[ ]by|"
    r"translated[ ]by|given[ ]by|administered[ ]by|obtained[ ](?:by|from)|history[ ]from|dear|cc|attn|"
    r"via[ ]interpreter|friend[ ]of|from[ ]the[ ]desk[ ]of|supervisor|"
    r"transcribed[ ]for|completed[ ]by|documented[ ]by|prepared[ ]by|typed[ ]by|entered[ ]by|ordered[ "
    r"]by|requested[ ]by|prescribed[ ]by|approved[ ]by|relayed[ ]to|with[ ]nurse|and[ ]nurse):?[ "
    r"]+(?:(?:the[ ]|his[ ]|her[ ])?(?:Dr|Mr|Mrs|Ms|DR|MR|MRS|MS)\.?[ ]+)?(?=[A-Z])"
)
STAFF_BY = re.compile(
    r"(?i)signed|/es/|dictat|transcri|authent|attest|verif|seen|evaluat|examin|perform|review|discuss|"
    r"d/w|referred|recommend|manag|followed|assist|supervis|staffed|case|consult|paged|text|per\b|"
    r"report|handoff|sign|endors|care|c/o|app|follow|f/u|sees|interpret|read|done|placed|remov|transl|"
    r"given|admin|rout|fax|cc|typed|enter|order|request|prescri|approv|document|complet|prepar|nurse"
)
KIN = (
    r"daughters?|sons?|wife|husband|spouse|mother|father|mom|dad|mum|mommy|daddy|sisters?|brothers?|"
    r"siblings?|partner|boyfriend|girlfriend|fianc[eé]e?|aunt|auntie|uncle|nephews?|nieces?|cousins?|"
    r"grand-?(?:mother|father|son|daughter|ma|pa|child|children)|"
    r"step-?(?:mother|father|son|daughter|mom|dad|sister|brother)|foster[ ](?:mother|father|mom|"
    r"parent)|(?:mother|father|son|daughter|sister|brother)-in-law|neighbou?r|friend|roommate|"
    r"caregiver|caretaker|guardian|ex-?wife|ex-?husband|twin|child|children|kids?|baby|infant|dog|cat|"
    r"parents?|surrogate|proxy|sponsor|landlord|boss|coworker|co-worker|colleague|teacher|coach|"
    r"classmate|companion|aide|hcp|poa|dpoa|hcpoa|nok|client|veteran|proband|significant[ ]other|"
    r"widow|widower|passenger|driver|partner['’]s|patient|pt"
)
KINSHIP = re.compile(
    rf"\b(?i:{KIN})(?:['’]s[ ]name)?(?:[ ]?\([^)\n]{{1,25}}\))?(?:[ ](?:is|was|named|called|"
    rf"name))?(?:[ ]?[,:(–—-][ ]{{0,2}}|[ ]{{1,2}})(?:(?:is|named)[ ])?[\"“(]?(?=[A-Z])"
)
KIN_AFTER = re.compile(
    rf"['’]s[ ](?:[a-z]+[ ])?(?i:{KIN})\b|['’]?s?[ ]?[,(][ ]?(?i:(?:the|his|her|their|patient['’]s|"
    rf"pt['’]s)[ ])?(?:[a-z-]+[ ])?(?i:{KIN})\b"
)
CREDENTIAL = (
    r"(?:MD|M\.D\.?|DO|D\.O\.|RN|R\.N\.|NP|N\.P\.|PA-?C|PA|P\.A\.|Ph\.?D\.?|PHD|LCSW(?:-[A-Z])?|LICSW|"
    r"LMSW|LSW|MSW|LPN|LVN|CNA|BSN|MSN|DNP|APRN|ARNP|FNP(?:-[A-Z]+)?|AGNP|AGACNP|ACNP|PMHNP(?:-BC)?|"
    r"CNP|CRNP|CPNP|PNP|CNM|CRNA|MBBS|MBBCh|MBChB|MB\s?BS|FACS|FACP|FACC|FAAP|FACOG|FRCS\w*|PCT|NNP|"
    r"HCA|ODP|MB\s?BCh|BCh|BAO|MRCS|MRCGP|FRACP|FRANZCP|FANZCA|FRCP\w*|FRCR|MRCP\w*|DDS|DMD|DPM|DPT|"
    r"OTR(?:/L)?|COTA|PTA|MPT|CCC-SLP|SLP|RD|RDN|LDN|Pharm\.?D\.?|PharmD|RPh|PsyD|LMFT|LPC|LMHC|LCPC|"
    r"CADC|RRT|CRT|EMT(?:-[BP])?|NREMT|WOCN|CWOCN|CWS|SANE|CGC|BCBA|CCRN|CEN|RDMS|RDCS|RT\(R\)|Au\.?D|"
    r"D\.?C\.?(?=[\s,;.)]|$)|O\.D\.|PGY-?\d|MS[34]|CCLS|CHPN|ACSW|M\.S\.W\.|CDE|CDCES|MFT|MPH|"
    r"Radiologist|Pathologist|Neurologist|Cardiologist|Hospitalist)"
)
CREDENTIALS = re.compile(rf"[ ]?(?:,|\()?[ ]{{0,2}}(?:{CREDENTIAL})(?![\w-])")
LONE_CREDENTIALS = re.compile(r"[ ]?,?[ ](?:MA|PT|OT|MS|DC|OD|RT|SW|CM|HUC|MLT|tech)\b(?=[\s,.;)]|$)")
VERB_AFTER = re.compile(
    r"[ ](?:also[ ]|then[ ]|still[ ]|now[ ]|again[ ]|currently[ ])?(?:states|stated|reports|reported|"
    r"says|said|denies|denied|endorses|endorsed|complains|notes|tells|told|admits|describes|described|"
    r"feels|felt|wants|wanted|agrees|agreed|understands|verbalized|verbalizes|asks|asked|requests|"
    r"requested|refuses|refused|declines|declined|prefers|thinks|believes|worries|"
    r"is[ ](?:an?|the|now|currently|here|doing|well|still|very|having|being|also)|was[ ](?:seen|"
    r"admitted|born|referred|brought|discharged|found|last|able|started|given|accompanied|evaluated|"
    r"transferred|diagnosed|present|there|at|advised|instructed|notified|told|intubated|extubated|"
    r"taken)|has[ ](?:been|had|a|an|no|not)|had[ ](?:a|an|been|no)|came|comes|went|lives|lived|"
    r"attends|works|worked|takes|took|uses|presents|presented|arrived|returns|returned|called|calls|"
    r"slept|ate|ambulated|tolerated|remains|remained|continues|continued|underwent|began|started|"
    r"stopped|drinks|smokes|enjoys|likes|plays|needs|needed|drove|moved|cares|helps|manages|appears|"
    r"appeared|seems|looks|looked|walks|walked|cried|smiled|sat|stood|got|gave|gives|visits|visited|"
    r"woke|fell|lost|gained|does|did|didn['’]t|doesn['’]t|gets|goes|"
    r"and[ ](?:his|her|their)|who|whose|will[ ](?:follow|return|see|call|be|come|need|have)|can[ ]|"
    r"would[ ]like|c/o|w/|recommended|recommends|consulted|aware|at[ ]bedside|present|notified|"
    r"updated|signed|examined|evaluated|performed|placed|saw|met|discussed|reviewed|assisted|advised|"
    r"agree)\b"
)
PERSON_VERB = re.compile(
    r"(?:['’]s\b(?![ ](?:disease|syndrome|sign))|[ ](?:states|stated|reports|reported|says|said|"
    r"denies|denied|endorses|complains|told|tells|admits|verbalized|verbalizes|is[ ]an?[ ]\d|was[ "
    r"](?:seen|admitted|born|brought|discharged)|lives|lived|came|went|called|slept|ate|asked|asks|"
    r"agreed|agrees|presents[ ]|presented|arrived|who|wants|feels|c/o|recommended|at[ ]bedside|will[ "
    r"](?:use|call|follow|return|see|come)|has[ ]been|drove|attends|works)\b|,[ ](?:an?[ ])?\d{1,3}[ "
    r"-]?(?:y|yo|year|month|week|day|mo)|[ ](?:is[ ])?an?[ ]\d{1,3}[ -]?(?:y|year|month|week|day))"
)
AGE_AFTER = re.compile(
    r"['’]?s?[ ]?(?:,|\(|is an?|—|-)?[ ]{0,2}(?:an?[ ])?(?:\d{1,3}[ -]?(?:y/?o|yr|year|month|mo\b|"
    r"week|wk|day|[MF]\b)|\(?(?:MRN|DOB|mrn|dob)|\d{1,3}[MF]\b)"
)
AGE_BEFORE = re.compile(r"(?<![\w/])\d{1,3}[ ]?(?:y/?o[ ]?)?(?:[MF]|yo[ ]?[mfMF]?)[ ](?=[A-Z][a-z])")


MANY_CAPITALS = re.compile(r"[A-Z]{3}|[A-Z]{2}\Z")
CALLED = re.compile(r"(?i)(?:called|known[ ]as|named|regarding|per|by[ ]his)[ ]+\Z")


def _is_candidate(word: str, lex: Lexicon, shouting: bool) -> bool:
    """Whether a capitalised word after a weak cue may be a name."""
    low = word.lower().rstrip(".").replace("’", "'")
    bare = low.split("-")[0]
    if (
        low in STOP and not (low in lex.given and not shouting and low in ("may", "april", "june", "august", "will"))
    ) or is_medical(low, lex):
        return False
    if bare in lex.given or bare in lex.surnames:
        return not lex.is_ordinary(bare) or (not shouting and bare in lex.given)
    return bare not in lex.words and (shouting or not MANY_CAPITALS.search(word)) and len(bare) > 2


def _first_word(text: str, at: int) -> str:
    match = WORD.match(text, at)
    return match.group() if match else ""


def _shouting(word: str) -> bool:
    return len(word.rstrip(".")) > 1 and word.isupper()


def _titled(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """Mr., Dr., Nurse ... and the names joined to them by "and"."""
    for match in TITLE.finditer(text):
        title = match["title"].lower()
        at = match.end()
        dotted = "." in match.group()
        word = _first_word(text, at)
        low = word.lower().rstrip(".").split("-")[0]
        if match["title"].islower() or not (word[:1].isupper() or PARTICLED.match(text, at)):
            if (
                not (
                    word[:1].islower() and lex.is_name(low) and low not in lex.words and not title.startswith("doctor")
                )
                and not word[:1].isupper()
            ):
                continue
            if match["title"].islower() and title == "doctor" and not _is_candidate(word, lex, False):
                continue
        if match["title"] == "DR" and not _shouting(word) and not word[:1].isupper():
            continue
        if title in WEAK_TITLE and not dotted and not _is_candidate(word, lex, shouts(text, at)):
            continue
        if title == "ms" and not dotted and (match["title"] == "MS" and (lex.is_ordinary(low) or not lex.is_name(low))):
            continue
        kind = "STAFF" if title in STAFF_TITLE else "NAME"
        end = read_name(text, at, lex, lower=word[:1].islower(), most=4)
        if end == at:
            continue
        yield Candidate(at, end, kind, 0.95, "en_names.title")
        while (joined := AND_NEXT.match(text, end)) and title in ("drs", "dr", "messrs", "mr", "ms", "mrs"):
            begin = joined.end()
            if not _is_candidate(_first_word(text, begin), lex, shouts(text, begin)) and title != "drs":
                break
            end = read_name(text, begin, lex, most=3)
            if end == begin:
                break
            yield Candidate(begin, end, kind, 0.85, "en_names.title_joined")


def _labelled(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """Patient:, Attending:, Electronically signed by: ..."""
    for match in LABEL.finditer(text):
        at = match.end()
        word = _first_word(text, at)
        low = word.lower().rstrip(".")
        label = (match["staff"] or match["person"]).lower()
        strong = bool(STRONG_LABEL.search(label))
        titled = bool(re.search(r"(?i)\b(?:dr|mr|mrs|ms|miss|prof)\.?[ ]+\Z", match.group()))
        if low in NEVER_FIRST and not titled:
            continue
        if not strong and not titled and not _is_candidate(word, lex, shouts(text, at)):
            if not (len(low) == 1 and word.endswith(".")):
                continue
        if strong and not titled and lex.is_ordinary(low.split("-")[0]) and not _plausible(text, at, lex):
            continue
        end = read_name(text, at, lex, lower="name" in label or label in ("patient", "pt", "pt name", "client"), most=5)
        if end == at:
            continue
        end = reversed_end(text, at, end, lex)
        kind = "STAFF" if match["staff"] else "NAME"
        yield Candidate(at, end, kind, 0.95 if strong else 0.85, "en_names.label")
        while joined := re.compile(
            r"(?:[ ]?(?:,|and|&|;|/)[ ]+|,[ ]?[A-Z-]{2,6},[ ]+)(?:(?:Dr|Mr|Mrs|Ms)\.?[ ])?(?=[A-Z][a-z])"
        ).match(text, end):
            begin = joined.end()
            if not _is_candidate(_first_word(text, begin), lex, False) or not match["staff"]:
                break
            end = read_name(text, begin, lex, most=4)
            if end == begin:
                break
            yield Candidate(begin, end, kind, 0.8, "en_names.label_joined")


def _plausible(text: str, at: int, lex: Lexicon) -> bool:
    """Whether ordinary words after a label are a name all the same: "Name: Grace Hope", not "Patient: Stable today"."""
    end = read_name(text, at, lex, most=4)
    words = [word.lower().strip(".,") for word in text[at:end].split()]
    if not words:
        return False
    if any(not lex.is_ordinary(word.split("-")[0]) and not is_medical(word, lex) for word in words if len(word) > 1):
        return True
    return (
        all(lex.is_name(word) or len(word) == 1 for word in words)
        and text[at : at + 1].isupper()
        and (words[0] in lex.given or text[end : end + 1] == ",")
    )


def _cued(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """Names after "seen by", "spoke with", "daughter", "pt"."""
    for rule, kin in ((BY, False), (KINSHIP, True), (AGE_BEFORE, True)):
        for match in rule.finditer(text):
            at = match.end()
            word = _first_word(text, at)
            titled = bool(re.search(r"(?:Dr|Mr|Mrs|Ms|DR|MR|MRS|MS)\.?[ ]+\Z", match.group()))
            if not word or (
                not titled
                and not _is_candidate(word, lex, shouts(text, at))
                and not (
                    (len(word.rstrip(".")) == 1 and word.endswith("."))
                    or re.match(rf"{CAPITAL}\. ?{CAPITAL}", text[at : at + 5])
                )
            ):
                continue
            end = read_name(text, at, lex, most=4)
            if end == at or pairs_medically(text, at, end, lex):
                continue
            if rule is BY and (end - at <= 2 or (CALLED.search(match.group()) and word.lower() not in lex.given)):
                continue
            kind = "STAFF" if rule is BY and STAFF_BY.search(match.group()) else "NAME"
            known = any(lex.is_name(part.lower().split("-")[0]) for part in text[at:end].split())
            yield Candidate(at, end, kind, 0.85 if known else 0.65, "en_names.kin" if kin else "en_names.by")
            while kin and (joined := re.compile(r"[ ]?(?:,|and|&|/|, and)[ ]+(?=[A-Z][a-z])").match(text, end)):
                begin = joined.end()
                following = _first_word(text, begin).lower()
                if following.split("-")[0] not in lex.given or (
                    lex.is_ordinary(following)
                    and following
                    not in (
                        "rose",
                        "lily",
                        "grace",
                        "hope",
                        "faith",
                        "joy",
                        "summer",
                        "autumn",
                        "violet",
                        "may",
                        "june",
                        "april",
                        "will",
                        "mark",
                    )
                ):
                    break
                end = read_name(text, begin, lex, most=3)
                if end == begin:
                    break
                yield Candidate(begin, end, "NAME", 0.8, "en_names.kin_joined")


def _credentialled(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """Names before MD, RN, LCSW ... and runs of capitalised words judged by the dictionaries."""
    for match in RUN.finditer(text):
        start, end = match.span()
        run = match.group()
        if CREDENTIALS.match(text, end) or LONE_CREDENTIALS.match(text, end):
            begin = _back(text, start, end, lex)
            if begin is not None:
                yield Candidate(begin, end, "STAFF", 0.9, "en_names.credentials")
                continue
        inner = re.search(rf"[ ]{CREDENTIAL}(?:[ ]{CREDENTIAL})*(?:\Z|[ ])", run)
        if inner and inner.start():
            begin = _back(text, start, start + inner.start(), lex)
            if begin is not None and (
                not _shouting(run.split()[0]) or any(part.lower() in lex.given for part in run[: inner.start()].split())
            ):
                yield Candidate(begin, start + inner.start(), "STAFF", 0.85, "en_names.credentials")
                continue
        yield from _dictionary(text, start, end, lex)


def _back(text: str, start: int, end: int, lex: Lexicon) -> int | None:
    """Start of the name within a run that ends before credentials: words that are names or unknown, from the right."""
    pieces = [(found.start() + start, found.group()) for found in re.finditer(r"\S+", text[start:end])]
    begin, length = None, 0
    for at, word in reversed(pieces):
        low = word.lower().rstrip(".").replace("’", "'")
        bare = low.split("-")[0]
        initial = len(low) == 1
        shouting = _shouting(word)
        if not initial and (
            (low in STOP and low not in ("may", "april", "june", "black", "white", "best", "de", "la"))
            or (is_medical(low, lex) and not lex.is_name(bare))
        ):
            break
        if (
            not initial
            and lex.is_ordinary(bare)
            and not (lex.is_name(bare) and (not shouting or (length == 0 and bare in lex.surnames)))
        ):
            break
        if not initial and shouting and len(word) <= 4 and not lex.is_name(bare) and not (length and len(word) == 2):
            break
        begin, length = at, length + 1
        if length == 4:
            break
    if begin is None or text[begin:end].rstrip(".").islower() or len(text[begin:end]) < 3:
        return None
    words = [word.lower() for word in text[begin:end].split()]
    if len(words) == 1 and lex.is_ordinary(words[0]) and words[0] not in lex.given:
        return None
    return begin


def _dictionary(text: str, start: int, end: int, lex: Lexicon) -> Iterator[Candidate]:
    """Given name with surname, reversed names, and lone given names, inside one run of capitalised words."""
    pieces = [
        (found.start() + start, found.end() + start, found.group()) for found in re.finditer(r"\S+", text[start:end])
    ]
    index = 0
    while index < len(pieces):
        at, stop, word = pieces[index]
        index += 1
        low = word.lower().replace("’", "'").rstrip(".")
        bare = low.split("-")[0]
        if low in NEVER_FIRST or low in FUNCTION:
            continue
        if index == len(pieces) and (turned := _turned(text, at, stop, low, lex)):
            yield Candidate(at, turned, "NAME", 0.85, "en_names.reversed")
            break
        if len(bare) == 1:
            name_end = _initialled(text, pieces, index, lex)
            if name_end:
                yield Candidate(at, name_end, "NAME", 0.7, "en_names.initial")
                break
            continue
        if word.isupper() and len(bare) <= 3 and not _shouted_pair(pieces, index, lex):
            continue
        if bare not in lex.given and low not in lex.given:
            if bare in lex.surnames and _surname_speaks(text, stop, low, word, lex, len(pieces)):
                yield Candidate(at, stop, "NAME", 0.7, "en_names.verb")
            elif _unknown_pair(text, pieces, index - 1, lex):
                yield Candidate(at, pieces[-1][1], "NAME", 0.7, "en_names.unknown_pair")
                break
            continue
        finish, taken = _surname(text, pieces, index, at, lex)
        if finish:
            yield Candidate(at, finish, "NAME", 0.85, "en_names.pair")
            index += taken
        elif _stands_alone(text, at, stop, word, lex):
            yield Candidate(at, stop, "NAME", 0.65, "en_names.given")


def _unknown_pair(text: str, pieces: list[tuple[int, int, str]], index: int, lex: Lexicon) -> bool:
    """Two words nobody knows, in mixed case, followed by what only people do or are."""
    if index + 1 >= len(pieces) or len(pieces) - index > 3:
        return False
    for _, _, word in pieces[index:]:
        low = word.lower().rstrip(".").split("-")[0]
        if len(low) > 1 and (
            not word[1:].replace("'", "").replace("’", "").islower()
            or len(low) < 3
            or low in lex.words
            or is_medical(low, lex)
            or low in STOP
            or low in lex.cities
            or low in lex.states
        ):
            return False
    start, end, last = pieces[index][0], pieces[-1][1], pieces[-1][2]
    if len(last) < 3 or pairs_medically(text, start, end, lex):
        return False
    initialled = len(pieces) - index == 3 and len(pieces[index + 1][2].rstrip(".")) == 1
    known = last.lower().split("-")[0] in lex.surnames or pieces[index][2].lower() in lex.surnames
    return initialled or known or bool(PERSON_VERB.match(text, end) or AGE_AFTER.match(text, end))


def _turned(text: str, at: int, stop: int, low: str, lex: Lexicon) -> int:
    """End of "Surname, Given" at this word, or 0."""
    bare = low.split("-")[0]
    following = re.match(rf",[ ]{{1,2}}({NAME_WORD})(?![\w])(?:[ ]({CAPITAL})\b\.?)?", text[stop : stop + 40])
    if (
        following is None
        or bare in lex.cities
        or bare in lex.states
        or (is_medical(bare, lex) and bare not in lex.surnames)
    ):
        return 0
    given = following[1].lower().replace("’", "'")
    if _shouted_list(text, at, stop, bare, following[1], lex):
        return read_name(text, stop + following.start(1), lex, most=3)
    if (
        given not in lex.given
        or (lex.is_ordinary(given) and not following[2])
        or given in lex.cities
        or given in lex.states
    ):
        return 0
    if lex.is_ordinary(bare) or (bare in lex.given and bare not in lex.surnames) or low in STOP:
        return 0
    at_line = text[:at].rstrip(" ")[-1:] in ("", "\n", ":", "(", "\t")
    both = _shouting(text[at:stop]) == _shouting(following[1])
    if (
        not both
        or not (at_line or following[2] or _shouting(following[1]))
        or (is_medical(given, lex) and not following[2])
    ):
        return 0
    return read_name(text, stop + following.start(1), lex, most=3)


def _shouted_list(text: str, at: int, stop: int, bare: str, given: str, lex: Lexicon) -> bool:
    """Whether a line begins like a list of patients, "ZHAO, XIU YING": a surname in capitals, then no known word."""
    starts = text[:at].rstrip(" ")[-1:] in ("", "\n")
    low = given.lower()
    return (
        starts
        and _shouting(text[at:stop])
        and _shouting(given)
        and bare in lex.surnames
        and not lex.is_ordinary(bare)
        and low not in lex.words
        and len(low) > 2
    )


def _initialled(text: str, pieces: list[tuple[int, int, str]], index: int, lex: Lexicon) -> int:
    """End of "J. Patel" or "H. R. Ferguson" whose first initial is before `index`, or 0."""
    if not pieces[index - 1][2].endswith("."):
        return 0
    while index < len(pieces) and len(pieces[index][2].rstrip(".")) == 1:
        index += 1
    if index >= len(pieces):
        return 0
    word = pieces[index][2].lower()
    bare = word.split("-")[0]
    if word in STOP or (pieces[index][2].isupper() and len(word) < 4) or pieces[index][2].endswith("."):
        return 0
    if bare in lex.surnames and not lex.is_ordinary(bare) and not is_medical(bare, lex):
        return pieces[index][1]
    if (
        bare in lex.surnames
        and bare in lex.eponyms
        and not pairs_medically(text, pieces[index][0], pieces[index][1], lex)
        and bare not in lex.words
    ):
        return pieces[index][1]
    return 0


def _surname(text: str, pieces: list[tuple[int, int, str]], index: int, at: int, lex: Lexicon) -> tuple[int, int]:
    """End of the surname after a given name and how many pieces it took, or (0, 0)."""
    given = pieces[index - 1][2].lower().rstrip(".").split("-")[0]
    doubtful = lex.is_ordinary(given)
    end = taken = known = 0
    for at_piece, stop, word in pieces[index : index + 4]:
        low = word.lower().rstrip(".").replace("’", "'")
        bare = low.split("-")[0]
        if len(low) == 1:
            if _shouting(pieces[index - 1][2]) != word.isupper() and not word.endswith(".") and low in ("a", "i"):
                break
            taken += 1
            continue
        if (
            low in ("van", "von", "der", "den", "de", "la", "del", "di", "da", "bin", "al", "el", "ibn", "y")
            and taken + 1 < len(pieces) - index
        ):
            taken += 1
            continue
        name = bare in lex.surnames or bare in lex.given
        ordinary = lex.is_ordinary(bare)
        if low in STOP and not (
            name and word[0].isupper() and not word.isupper() and low in ("black", "white", "best", "head")
        ):
            break
        if (bare in lex.products and not name) or bare in lex.states:
            break
        if ordinary and not (name and not word.isupper() and not doubtful and _person_like(bare)):
            if not (
                name and (doubtful or word.isupper()) and (AGE_AFTER.match(text, stop) or PERSON_VERB.match(text, stop))
            ):
                break
        if not name and (
            word.isupper() != pieces[index - 1][2].isupper()
            or ordinary
            or len(bare) < 3
            or not (word[1:].islower() or word.isupper() or "-" in word or "'" in word)
        ):
            break
        known += name
        taken += 1
        end = stop
        if known == 3:
            break
    if not end or pairs_medically(text, at, end, lex):
        return 0, 0
    return end, taken


def _shouted_pair(pieces: list[tuple[int, int, str]], index: int, lex: Lexicon) -> bool:
    """Whether a short word in capitals stands before a long surname ("AMY SANDERSON"), and so is no abbreviation."""
    following = pieces[index][2].lower() if index < len(pieces) else ""
    return len(following) >= 5 and following in lex.surnames and following not in lex.words


def _person_like(bare: str) -> bool:
    """Ordinary words that are common as surnames, so that a given name before them settles it."""
    return bare not in NOT_SURNAMES


NOT_SURNAMES = group("not_surnames")


def _stands_alone(text: str, at: int, stop: int, word: str, lex: Lexicon) -> bool:
    """Whether a lone given name is a person: unmistakable ones always, words and places only when they act like one."""
    low = word.lower().replace("’", "'").rstrip(".")
    if low in STOP or pairs_medically(text, at, stop, lex) or (low in lex.products):
        return False
    if not (
        word[1:].islower()
        or word.isupper()
        or "-" in word
        or "'" in word
        or "’" in word
        or word[:2] in ("Mc", "De", "La", "Le", "Da")
    ):
        return False
    if word.isupper():
        return (
            len(word) >= 5
            and shouts(text, at)
            and not lex.is_ordinary(low)
            and not is_medical(low, lex)
            and low not in lex.cities
            and low not in lex.words
        )
    acts = bool(PERSON_VERB.match(text, stop))
    kin = bool(KIN_AFTER.match(text, stop))
    if (
        lex.is_ordinary(low.split("-")[0])
        or is_medical(low, lex)
        or low in lex.cities
        or low in lex.states
        or low in DOUBTFUL
    ):
        genitive = text[stop : stop + 1] in "'’"
        return kin or (acts and not genitive)
    return len(low) > 2 or acts or kin


FUNCTION = frozenset(
    [
        "an",
        "the",
        "in",
        "to",
        "of",
        "on",
        "at",
        "so",
        "do",
        "he",
        "his",
        "she",
        "her",
        "we",
        "my",
        "our",
        "your",
        "hong",
        "young",
        "mac",
    ]
)
DOUBTFUL = group("doubtful")


def _surname_speaks(text: str, stop: int, low: str, word: str, lex: Lexicon, run: int) -> bool:
    """A lone surname that does what people do: "Okafor reports", "Okafor's wife"."""
    if (
        word.isupper()
        or lex.is_ordinary(low.split("-")[0])
        or is_medical(low, lex)
        or low in lex.cities
        or low in lex.states
        or run > 1
        or low in DOUBTFUL
    ):
        return False
    return bool(PERSON_VERB.match(text, stop)) or bool(KIN_AFTER.match(text, stop))


BABY = re.compile(
    rf"\b(?:(?i:baby|infant|newborn|twin)|BB|BG|NB)[ ](?:(?i:girl|boy|male|female|[ab])[ ])?(?:[AB][ ])?(?={CAPITAL})"
)


def _babies(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """The newborn named after the mother: "Baby Girl Thompson"."""
    for match in BABY.finditer(text):
        first = _first_word(text, match.end())
        if first.lower() not in ("girl", "boy") and _is_candidate(first, lex, shouts(text, match.end())):
            end = read_name(text, match.end(), lex, most=2)
            if end > match.end():
                yield Candidate(match.start(), end, "NAME", 0.75, "en_names.baby")


def recognise(text: str) -> list[Candidate]:
    """Names of patients, relatives and staff; eponyms, products and ordinary words stay.

    >>> [(text[c.start:c.end]) for text in ["Mr. Brown has Crohn disease"] for c in recognise(text)]
    ['Brown']
    """
    lex = lexicon()
    found = [
        *_titled(text, lex),
        *_labelled(text, lex),
        *_cued(text, lex),
        *_babies(text, lex),
        *_credentialled(text, lex),
    ]
    return [one for one in found if one.end > one.start]
