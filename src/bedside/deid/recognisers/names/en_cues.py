"""The words before English names that give them away: titles, labels, "seen by", kinship."""

from __future__ import annotations

import re

from bedside.deid.lexicon.english import Lexicon, plain
from bedside.deid.lexicon.english_medical import is_medical
from bedside.deid.patterns.anchors import Anchored
from bedside.deid.recognisers.names.en_person import (
    CAPITAL,
    LETTER,
    NAME_WORD,
    PARTICLE,
    STOP,
)

RUN = Anchored(
    rf"(?<![\w'’])(?:{CAPITAL}\.(?:[ ]?{CAPITAL}\.)?(?!\w)|{NAME_WORD}(?![\w]))(?:[ ](?:(?:van|von|der|"
    rf"den|de|la|del|di|da|bin|al|el|ibn|y)[ ]){{0,2}}(?:{CAPITAL}\.(?!\w)|{NAME_WORD}(?![\w])))*"
)
WORD = re.compile(rf"{LETTER}(?:{LETTER}|['’-](?={LETTER}))*\.?")

TITLE = Anchored(
    r"\b(?P<title>Mr|Mrs|Ms|Miss|Mx|Mister|Madam|MR|MRS|MS|MISS|mr|mrs|ms|Messrs|Sir|Lady|Officer|"
    r"Detective|Deputy|Sheriff|Sgt|Sergeant|Lt|Capt|Captain|Col|Colonel|Judge|Pastor|Reverend|Rev|"
    r"Rabbi|Imam|Father|Fr|Deacon|Chaplain|Attorney|Señora?|Sra?|Principal|Uncle|Aunt|Auntie|Grandma|"
    r"Grandpa|Nana|Mme|Mlle|Monsieur|Frau|Herr|Sheikh|Msgr|Bishop"
    r"|RN|LPN|CNA|CRNA|CNM|NNP|NP|Dr|Drs|DR|DRS|dr|Smt|Shri|Mast|Mstr|Doctor|DOCTOR|doctor|Prof|Professor|PROF|Nurse|"
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
    r"]proxy|healthcare[ ]proxy|poa|dpoa|hcpoa|mpoa|surrogate|caregiver|informant|historian|detained[ ]person|"
    r"deceased|applicant|claimant|pupil|detainee|casualty|bearer|dependant|"
    r"accompanied[ ]by|escort|aka|a\.k\.a\.|alias|also[ ]known[ ]as|goes[ ]by|formerly|n[ée]e|subject|"
    r"baby|infant|donor|recipient|insured|resident[ ]name|decedent|attn|attention|to|pat[1i]ent[ ]name"
)
LABEL = Anchored(
    rf"(?<![\w-])(?:(?P<staff>{STAFF_ROLE})|(?P<person>{PERSON_ROLE}))(?:[ ]?\([^)\n]{{1,25}}\))?[ "
    rf"\t]{{0,3}}[:#=|][ \t]*(?:(?:Dr|Mr|Mrs|Ms|Miss|DR|MR|MRS|MS|Prof)\.?[ ]+|/es/[ ]*)?(?=[^\W\d_])",
    re.I,
)
STRONG_LABEL = re.compile(
    r"(?i)name|patient|^pt$|caller|contact|kin|nok|attending|surgeon|provider|physician|signed|"
    r"dictated|by$|client|proband|pcp|^re$|guardian|poa|proxy|radiologist|pathologist"
)
BY = Anchored(
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
    r"]by|requested[ ]by|prescribed[ ]by|approved[ ]by|relayed[ ]to|with[ ]nurse|and[ ]nurse|"
    r"next[ ]of[ ]kin|emergency[ ]contact|nurse(?:[ ](?:specialist|practitioner|manager))?|specialist|coordinator|"
    r"counsel+or|chaplain|midwife|interpreter|therapist|pharmacist|hygienist|dietitian|social[ ]worker|case[ ]manager|"
    r"surgeon|cardiologist|neurologist|oncologist|psychiatrist|pt|ot|by):?[ "
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
KINSHIP = Anchored(
    rf"\b(?i:{KIN})(?:['’]s[ ]name)?(?:[ ]?\([^)\n]{{1,25}}\))?(?:[ ](?:is|was|named|called|"
    rf"name))?(?:[ ]?[,:(–—-][ ]{{0,2}}|[ ]{{1,2}})(?:(?:is|named)[ ])?[\"“(]?(?=[A-Z])"
)
AGE_BEFORE = Anchored(r"(?<![\w/])\d{1,3}[ ]?(?:y/?o[ ]?)?(?:[MF]|yo[ ]?[mfMF]?)[ ](?=[A-Z][a-z])")


MANY_CAPITALS = re.compile(r"[A-Z]{3}|[A-Z]{2}\Z")
CALLED = re.compile(r"(?i)(?:called|known[ ]as|named|regarding|per|by[ ]his)[ ]+\Z")


def is_candidate(word: str, lex: Lexicon, shouting: bool) -> bool:
    """Whether a capitalised word after a weak cue may be a name."""
    low, bare = plain(word)
    if (
        low in STOP and not (low in lex.given and not shouting and low in ("may", "april", "june", "august", "will"))
    ) or (is_medical(low, lex) and (bare in lex.products or not lex.is_name(bare))):
        return False
    if bare in lex.given or bare in lex.surnames:
        return not lex.is_ordinary(bare) or (not shouting and bare in lex.given)
    return bare not in lex.words and (shouting or not MANY_CAPITALS.search(word)) and len(bare) > 2


def first_word(text: str, at: int) -> str:
    match = WORD.match(text, at)
    return match.group() if match else ""


def is_shouted(word: str) -> bool:
    return len(word.rstrip(".")) > 1 and word.isupper()
