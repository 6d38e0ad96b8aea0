"""How an English person's name is written: reads one off the text from a given place, or backwards from one."""

from __future__ import annotations

import re

from bedside.deid._en_lexicon import Lexicon

CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶĹĻŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽ]"
LETTER = r"[^\W\d_]"
NAME_WORD = rf"(?:{CAPITAL}['’])?{CAPITAL}(?:{LETTER}|['’](?!s\b|S\b){LETTER})*(?:-(?:al-)?(?:{CAPITAL}(?:{LETTER}|['’](?!s\b|S\b))+|{LETTER}{{2,4}}(?!{LETTER})))*"
PARTICLE = r"(?:van|von|der|den|de|la|las|los|del|della|di|da|dos|do|das|bin|bint|ibn|ben|al|el|abu|ter|ten|le|du|y|zu|af|av|st\.|VAN|VON|DER|DE|LA|DEL|DI|DA|BIN|AL|EL|Van|Von|De|La|Del|Di|Da|Bin|Al|El|St\.)"
PIECE = re.compile(
    rf"(?P<initial>{CAPITAL}\.(?:[- ]?{CAPITAL}\.)?(?![\w])|{CAPITAL}{{1,2}}(?=[ ]{CAPITAL}{LETTER}{{2}})|{CAPITAL}(?=[ ,.;:\n)]|$))"
    rf"|(?P<particle>{PARTICLE}(?=(?:[ ]{{1,2}}{PARTICLE})?[ ]{{1,2}}{CAPITAL}))"
    rf"|(?P<joined>(?:al|el|Al|El|d|D)[-'’]{CAPITAL}{LETTER}+(?:-{CAPITAL}{LETTER}+)*)"
    rf"|(?P<nick>[\"“(]{CAPITAL}{LETTER}{{1,11}}[\"”)](?=[ ]{CAPITAL}))"
    rf"|(?P<word>{NAME_WORD})(?![\w])"
)
LOWER_PIECE = re.compile(rf"{LETTER}(?:{LETTER}|['’-](?=\w))*")
GAP = re.compile(r"[ \t]{1,2}")
SUFFIX = re.compile(r",?[ ](?:Jr|Sr|JR|SR|II|III|IV)\b\.?")
COMMA = re.compile(r"[ ]?,[ ]{0,2}")

STOP = frozenset(
    "patient patients pt pts dob mrn dos dod age sex gender date name male female m f md do rn np pa phd room bed ssn phone tel fax address attending provider physician doctor dr mr mrs ms miss "
    "mother father daughter son wife husband sister brother mom dad family friend spouse partner parent parents aunt uncle niece nephew guardian nurse nursing resident fellow intern student staff "
    "the a an and or of in on at to for from by with without as is was are were be been has had have will would can could should may might must not no yes he she they it his her their him them we our you your i "
    "this that these those who whom which what when where why how if then than but so also after before during while since until per via re cc hx dx rx tx sx fx pmh psh hpi ros pe vs a&p ap cv gi gu gyn ob ent heent "
    "ed er icu micu sicu nicu picu ccu pacu or ct mri cxr ekg ecg us xr pet eeg emg labs lab cbc bmp cmp lft lfts ua cta mra dvt pe cad chf copd htn dm ckd esrd afib af mi cva tia uti uri gerd bph osa ra sle ms hiv hcv hbv "
    "signed electronically dictated transcribed reviewed reported received collected ordered admitted discharged seen evaluated examined service department dept unit ward floor hospital clinic center medical surgery surgical "
    "cardiology oncology neurology radiology pathology psychiatry pediatrics medicine orthopedics urology nephrology pulmonary gastroenterology dermatology endocrinology hematology rheumatology ophthalmology anesthesia anesthesiology emergency "
    "team consult consultant consultation note report summary plan assessment impression findings diagnosis history physical exam examination procedure operation indication indications technique comparison allergies medications "
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december today yesterday tomorrow time "
    "chief complaint subjective objective vital vitals signs general alert stable status code full admission discharge disposition follow followup account acct number no id visit encounter location pcp np/pa pa-c icd cpt loinc "
    "none unknown n/a na self deceased alive nkda negative positive normal left right bilateral white black hispanic asian english spanish married single widowed divorced retired medicare medicaid insurance contact emergency "
    "social worker case manager therapist pharmacist interpreter technician tech aide caregiver neighbor pastor chaplain officer police ems paramedic roommate boyfriend girlfriend fiance fiancee grandmother grandfather grandson granddaughter cousin "
    "pgy attg appt poa hcp nok dpoa hcpoa fhx shx pta snf ltc acp esi loc gcs abd ext neuro resp psych skin neck lungs heart chest abdomen pelvis spine head brain back arm leg hand foot knee hip "
    "baby girl boy infant twin newborn bb bg primary referring requesting ordering author cosigner surgeon assistant radiologist pathologist interpreting technologist endoscopist anesthesiologist preoperative postoperative hx. "
    "hello hi dear sincerely regards thanks thank yours respectfully best cordially please note home work cell mobile email".split()
)
NEVER_FIRST = STOP - frozenset(("may", "march", "april", "june", "august", "black", "white", "best", "head", "hand", "back", "foot", "will", "tech", "english", "do", "so", "an", "hi", "ed", "abd", "us", "no"))
ACRONYM = re.compile(r"[A-Z]{1,4}\Z")


def _continues(word: str, lex: Lexicon, shouting: bool) -> bool:
    """Whether a further word belongs to the name: a name, or no word anyone knows."""
    low = word.lower()
    bare = low.split("-")[0].replace("’", "'")
    if low in ("will", "may") or low in STOP and not (low in ("black", "white", "best", "english", "head", "hand", "foot") and not shouting):
        return False
    if bare in lex.products and bare not in lex.given:
        return False
    if bare in lex.given or bare in lex.surnames:
        return not (shouting and lex.is_ordinary(bare) and bare not in COMMON_SURNAMES)
    return bare not in lex.words and not (ACRONYM.match(word) and not shouting)


COMMON_SURNAMES = frozenset(
    "brown white black green young king hill wood long rose hope stone price bell cook fox lane day page grant rice snow rich ford mills west east north church fields "
    "banks walker baker cooper carter hunter mason parker turner fisher gardner miller taylor smith potter shepherd knight bishop pope wolf crane swan finch drake bird marsh brook brooks rivers woods "
    "forest meadows field park street house hall barn gates bridges porter butler marshall ward cross love joy grace faith noble good best small little short strong sharp wise bright swift savage frank".split()
)


def read_name(text: str, at: int, lex: Lexicon, *, lower: bool = False, most: int = 5) -> int:
    """End of the person's name that begins at `at`, or `at` when none does.

    The first word may be any capitalised word that is not a function word, because a cue stood before it; later words
    must look like names. `lower` also accepts "abdul rahman" after a label.
    """
    end, count = at, 0
    shouting = shouts(text, at)
    while count < most:
        match = PIECE.match(text, end if count == 0 else _gap(text, end))
        if match is None or (count and match.start() == end):
            break
        word = match["word"]
        if word is not None:
            if count == 0 or end == at:
                first = word.lower()
                if first in NEVER_FIRST or (len(word) == 1):
                    break
            elif not _continues(word, lex, shouting):
                break
        if match["initial"] is not None and count and match["initial"] in ("A", "I") and not shouting:
            break
        end = match.end()
        count += 1
    while count and text[end - 1 : end] == "." and not re.search(rf"\b{CAPITAL}\.\Z", text[max(at, end - 3) : end]):
        end -= 1
    if end == at and lower:
        return _read_lower(text, at, lex)
    suffix = SUFFIX.match(text, end)
    if suffix and end > at:
        end = suffix.end()
    return end


def _gap(text: str, at: int) -> int:
    match = GAP.match(text, at)
    return match.end() if match else at


def shouts(text: str, at: int) -> bool:
    """Whether the words around are in capitals."""
    around = [char for char in text[max(0, at - 40) : at + 40] if char.isalpha()]
    return sum(char.isupper() for char in around) > 0.8 * len(around)


SMALL = frozenset("de la al bin bint van der von del el ibn abu di da".split())


def _read_lower(text: str, at: int, lex: Lexicon) -> int:
    """End of a name written in small letters after a label: up to four words, none of them ordinary unless a name."""
    end = at
    for count in range(4):
        match = LOWER_PIECE.match(text, end if count == 0 else _gap(text, end))
        if match is None or (count and match.start() == end):
            break
        word = match.group().lower()
        if word in STOP and word not in SMALL:
            break
        parts = word.replace("’", "'").split("-")
        if word not in SMALL and not all(lex.is_name(part) or part not in lex.words for part in parts):
            break
        end = match.end()
    return end


def reversed_end(text: str, start: int, end: int, lex: Lexicon) -> int:
    """End of "SMITH, JOHN A." when the words up to `end` are a surname and a given name follows the comma."""
    comma = COMMA.match(text, end)
    if comma is None:
        return end
    match = PIECE.match(text, comma.end())
    if match is None or not (match["word"] or match["joined"] or match["initial"]):
        return end
    word = (match["word"] or "").lower()
    if match["word"]:
        part = word.split("-")[0]
        if word in STOP or CREDENTIAL_WORD.match(match["word"]):
            return end
        if part not in lex.given and lex.is_ordinary(part):
            return end
        if part not in lex.given and part not in lex.surnames and ACRONYM.match(match["word"]):
            return end
    further = read_name(text, comma.end(), lex, most=3)
    return max(end, further)


CREDENTIAL_WORD = re.compile(
    r"(?:MD|DO|RN|NP|PA|PhD|PHD|LCSW|MSW|LPN|CNA|MA|MS|BSN|MSN|DNP|APRN|ARNP|FNP|CNP|CNM|CRNA|MBBS|MBChB|FACS|FACP|FACC|FRCS|FRCP|FRCR|MRCP|DDS|DMD|DPM|DPT|PT|OT|OTR|SLP|RD|RDN|PharmD|RPH|RPh|PsyD|LMFT|LPC|RRT|RT|EMT|"
    r"WOCN|CWOCN|CPNP|PNP|ACNP|AGNP|PMHNP|DC|OD|CRT|CCC|LMSW|LICSW|LSW|BCBA|CGC|MPH|MHA|MBA|Esq|II|III|IV|Jr|Sr|PGY)\Z"
)
