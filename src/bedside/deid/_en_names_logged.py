"""Staff as logs and threads name them: logins before the time of a line, initials at its end or after "typed by"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._anchors import Anchored
from bedside.deid._en_lexicon import Lexicon, group
from bedside.deid._recogniser import Candidate

LOGIN = Anchored(r"^[\[<]?([a-z][a-z.]{2,15})[\]>]?[ ,]{1,2}[\[(]?\d{1,2}:\d\d[\])]?(?:[ ]?[ap]m)?[ ]?[:>-]", re.M)
TIMED_LOGIN = Anchored(r"^\[?\d{1,2}:\d\d\]?[ ]([a-z][a-z.]{3,15})[ ]?:[ ]", re.M)
TIMED = Anchored(r"^(?:[01]?\d|2[0-3]):?[0-5]\d\b[^\n]{3,300}$", re.M)
INITIALS = re.compile(
    r"[.;:。；)\]][ ]?[-–—/]?[ ]?((?:[a-z]{2,4}|[A-Z]{2,3})(?:/(?:[a-z]{2,4}|[A-Z]{2,3}))?)[ ]?\.?[ \t]*\Z"
)
BY = Anchored(
    r"\b(?i:(?:grossed|typed|dictated|transcribed|entered|drawn|collected|verified|witnessed|scribed|counted|resulted|"
    r"scanned|charted|logged|keyed|prepared|embedded|sectioned|screened|dispensed|stained|"
    r"(?:called|phoned)[ ](?:to[ ])?(?:the[ ])?[A-Za-z0-9]{2,10}(?:[ ]\d{1,2})?)[ ]by|"
    r"(?:transcribed|typed|dictated|scribe):|"
    r"\d\d:\d\d[ ]by|rb(?:['’]?d)?[ ]by|read[ ]?back[ ]by|"
    r"block[ ]sel(?:ected[ ]by)?|initials?:|init:|tech:|typist:)[ ]"
    r"([a-z]{2,4}|[A-Z]{2,4})(?=[ ]{2}|[ ]?[.,;/)\n]|[ ]?\Z|[ ](?:at|on)\b)|"
    r"\b(?i:(?:subject|patient|participant|pt|her|his)(?:['’]s)?[ ]initials?|subj[^\n]{1,20}[ ]initials)"
    r"[ :]{1,2}([A-Z]{2,4})(?![\w-])"
)
_NOT = (
    "rn md do np pa lpn cna rt pt ot slp emt ems ed er icu or lab ct mri us xr pcr ihc fna iv im ng po ma sw cm er "
    "gp mlt ehr emr fax hand me us we him her staff ic rd rph bid tid prn qd stat sr nsr af ra wnl nad nkda dnr tba "
    "tbc cont ok am pm usg cxr ekg ecg ivf abx op mg ml kg hr min bpm hrs dc gcs nil"
)
NO_INITIALS = frozenset(_NOT.split())


def _logins(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "hcraig 08:02: anyone free?", "[08:02] hcraig: ...": the same layout at the head of two lines at least."""
    for layout in (LOGIN, TIMED_LOGIN):
        found = [match for match in layout.finditer(text) if match[1].strip(".") not in lex.words]
        for match in found if len(found) > 1 else ():
            yield Candidate(*match.span(1), "STAFF", 0.85, "en_names.login")


def timed_initials(text: str) -> Iterator[Candidate]:
    """ "0400 RASS -2, fent to 75. dk": initials at the end of two timed lines at least, in any language."""
    found: list[re.Match[str]] = []
    for line in TIMED.finditer(text):
        signed = INITIALS.search(text, max(line.start(), line.end() - 14), line.end())
        if signed and not set(signed[1].lower().split("/")) & NO_INITIALS:
            found.append(signed)
    for match in found if len(found) > 1 else ():
        yield Candidate(*match.span(1), "STAFF", 0.82, "timed initials")


def _timed(text: str, lex: Lexicon) -> Iterator[Candidate]:
    return (one for one in timed_initials(text) if text[one.start : one.end] not in lex.words)


def _done_by(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """ "Grossed by tkm", "called to OR by AJP at 14:22"."""
    for match in BY.finditer(text):
        signed = match[match.lastindex or 0]
        low = signed.lower()
        if low not in NO_INITIALS and low not in STOP and (signed.isupper() or low not in lex.words):
            yield Candidate(*match.span(match.lastindex or 0), "STAFF", 0.8, "en_names.done_by")


STOP = group("stop")
LOGGED = ((_logins, [LOGIN, TIMED_LOGIN]), (_timed, [TIMED]), (_done_by, [BY]))
"""What reads logs, with the patterns it needs."""
