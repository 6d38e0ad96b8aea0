"""Staff as logs and threads name them: logins before the time of a line, initials at its end or after "typed by"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import Lexicon, group
from bedside.deid.lexicon.english_medical import is_medical
from bedside.deid.patterns.anchors import Anchored

LOGIN = Anchored(r"^[\[<]?([a-z][a-z.]{2,15})[\]>]?[ ,]{1,2}[\[(]?\d{1,2}:\d\d[\])]?(?:[ ]?[ap]m)?[ ]?[:>-]", re.M)
TIMED_LOGIN = Anchored(r"^\[?\d{1,2}:\d\d\]?[ ]([a-z][a-z.]{3,15})[ ]?:[ ]", re.M)
TIMED = Anchored(r"^(?:[01]?\d|2[0-3]):?[0-5]\d\b[^\n]{3,300}$", re.M)
INITIALS = re.compile(
    r"[.;:。；)\]][ ]?[-–—/]?[ ]?((?:[a-z]{2,4}|[A-Z]{2,3})(?:/(?:[a-z]{2,4}|[A-Z]{2,3}))?)[ ]?\.?[ \t]*\Z"
)
BY = Anchored(
    r"\b(?i:(?:grossed|typed|dictated|transcribed|entered|drawn|collected|verified|witnessed|scribed|counted|resulted|"
    r"scanned|charted|logged|keyed|prepared|embedded|sectioned|screened|dispensed|stained|prescribed|given|checked|"
    r"countersigned|authori[sz]ed|sited|inserted|removed|cannulated|catheterised|changed|administered|reported|seen|"
    r"done|taken|"
    r"(?:called|phoned)[ ](?:to[ ])?(?:the[ ])?[A-Za-z0-9]{2,10}(?:[ ]\d{1,2})?)[ ]by|"
    r"(?:transcribed|typed|dictated|scribe):|"
    r"\d\d:\d\d[ ]by|rb(?:['’]?d)?[ ]by|read[ ]?back[ ]by|"
    r"block[ ]sel(?:ected[ ]by)?|initials?:|init:|cut[ ]up:|tech:|typist:)[ ]"
    r"([a-z]{2,4}|[A-Z]{2,4})(?=[ ]{2}|[ ]?[.,;/)\n]|[ ]?\Z|[ ](?:at|on)\b)|"
    r"\b(?i:(?:subject|patient|participant|pt|her|his)(?:['’]s)?[ ]initials?|subj[^\n]{1,20}[ ]initials)"
    r"[ :]{1,2}([A-Z]{2,4})(?![\w-])"
)
SPEAKER = Anchored(
    r"^(?:[\[(]?\d{1,2}[:.]\d\d[\])]?[ ]{1,2})?(?:Agent|Nurse|Sr|Dr|Sister|"
    r"HCA)?[ ]?(?P<name>[A-Z][\w'’-]+(?:[ ][A-Z][\w'’-]+)?):[ ](?=[A-Za-z\"“])",
    re.M,
)
"""Who speaks in a chat or a transcript."""
_ROLES = (
    "doctor patient nurse mother father mum dad wife husband son daughter caller customer agent operator "
    "facilitator interviewer client therapist interpreter parent guardian student teacher chair trainer examiner "
    "candidate coach social worker pharmacist receptionist call taker handler dispatcher responder allergies "
    "allergy plan impression assessment history diagnosis treatment medication medications exam follow-up pmh rx "
    "ddx"
)
ROLES = frozenset(_ROLES.split())
_NOT = (
    "rn md do np pa lpn cna rt pt ot slp emt ems ed er icu or lab ct mri us xr pcr ihc fna iv im ng po ma sw cm er "
    "gp mlt ehr emr fax hand me us we him her staff ic rd rph bid tid prn qd stat sr nsr af ra wnl nad nkda dnr tba "
    "tbc cont ok am pm usg cxr ekg ecg ivf abx op mg ml kg hr min bpm hrs dc gcs nil "
    "sc pr pv sl td id ngt peg neb inh mdi uk bp jvp dob ivi jr it you my dad mum mom our all now"
)
NO_INITIALS = frozenset(_NOT.split())
DOTTED = Anchored(
    r"(?:(?<=[-–—] )|(?<=Reported: )|(?<=Signed: )|(?<=Checked: )|(?<=Auth: )|(?<=Typed: )|(?<=by )|(?<=Tech: )|"
    r"(?<=Nurse: ))"
    r"((?:[A-Z](?:['’][A-Z])?\.){2,3})(?=[ ]?(?:\n|\Z|[,;)/]|\d))"
)
"""Initials with full stops that sign an entry: "od - E.T.", "Reported: G.O'M., ..."."""
CHECKED = Anchored(
    r"\b(?i:checked|verified|reported|authori[sz]ed|witnessed|countersigned|seen|signed|reviewed|prepared|auth|"
    r"rep)(?:[ ]by)?[ :]{1,2}"
    r"([A-Z][ ][A-Z][a-z]{2,}(?:-[A-Z][a-z]+)?)(?=[ ]?(?:\n|\Z|[,;.)/]))"
)
"""An initial without a full stop: "checked L Tran"."""


def _logins(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "hcraig 08:02: anyone free?", "[08:02] hcraig: ...": the same layout at the head of two lines at least."""
    for layout in (LOGIN, TIMED_LOGIN):
        found = [match for match in layout.finditer(text) if match[1].strip(".") not in lex.words]
        for match in found if len(found) > 1 else ():
            yield Candidate(*match.span(1), "STAFF", 0.85, "en_names.login")


def _speakers(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "Jomar: noted.", "Agent Mo: Sorry.": who begins two lines at least of a chat, unless it is a role or a label."""
    met: dict[str, list[re.Match[str]]] = {}
    for match in SPEAKER.finditer(text):
        met.setdefault(match["name"], []).append(match)
    for name, lines in met.items():
        words = [word.strip(".").lower() for word in name.split()]
        named = any(lex.is_name(word) or word not in lex.words for word in words)
        if len(lines) < 2 or not named or any(word in STOP or word in ROLES or is_medical(word, lex) for word in words):
            continue
        if name.isupper() and len(name) < 4:
            continue
        yield from (Candidate(*match.span("name"), "NAME", 0.8, "en_names.speaker") for match in lines)


def timed_initials(text: str, lines: Iterable[re.Match[str]]) -> Iterator[Candidate]:
    """ "0400 RASS -2, fent to 75. dk": initials at the end of two timed lines at least, in any language."""
    found: list[re.Match[str]] = []
    for line in lines:
        signed = INITIALS.search(text, max(line.start(), line.end() - 14), line.end())
        if signed and not set(signed[1].lower().split("/")) & NO_INITIALS:
            found.append(signed)
    for match in found if len(found) > 1 else ():
        yield Candidate(*match.span(1), "STAFF", 0.82, "timed initials")


def _timed(text: str, lex: Lexicon) -> Iterator[Candidate]:
    return (one for one in timed_initials(text, TIMED.finditer(text)) if text[one.start : one.end] not in lex.words)


def _done_by(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "Grossed by tkm", "called to OR by AJP at 14:22"."""
    for match in BY.finditer(text):
        signed = match[match.lastindex or 0]
        low = signed.lower()
        if low not in NO_INITIALS and low not in STOP and (signed.isupper() or low not in lex.words):
            yield Candidate(*match.span(match.lastindex or 0), "STAFF", 0.8, "en_names.done_by")


def _dotted(text: str, _lex: Lexicon) -> Iterator[Candidate]:
    """ "Levofloxacin 500 mg od - E.T."; "I.V." and "P.R.N." are no initials."""
    for match in DOTTED.finditer(text):
        if match[1].replace(".", "").lower() not in NO_INITIALS:
            yield Candidate(*match.span(1), "STAFF", 0.8, "en_names.dotted")


def _checked(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "Reported by L Tran"."""
    for match in CHECKED.finditer(text):
        if not is_medical(match[1][2:].lower(), lex):
            yield Candidate(*match.span(1), "STAFF", 0.8, "en_names.checked")


STOP = group("stop")
LOGGED = (
    (_speakers, [SPEAKER]),
    (_logins, [LOGIN, TIMED_LOGIN]),
    (_timed, [TIMED]),
    (_done_by, [BY]),
    (_dotted, [DOTTED]),
    (_checked, [CHECKED]),
)
"""What reads logs, with the patterns it needs."""
