"""The person of a service, in brackets behind it: "cardiology (Okafor)", "PT (Jess)"."""

from __future__ import annotations

from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import Lexicon
from bedside.deid.lexicon.english_medical import is_finding_word, is_medical
from bedside.deid.patterns.anchors import Anchored
from bedside.deid.recognisers.names.en_person import CREDENTIAL_WORD, NAME_WORD, NEVER_FIRST

SERVICE = Anchored(
    r"\b(?i:\w{3,14}(?:ology|iatrics?|iatry)|"
    r"(?:(?:neuro|vascular|thoracic|cardiothoracic|general|plastic|transplant)[ -]?)?surgery|"
    r"orthop(?:a?edics)|ortho|renal|cards|heme[/-]?onc|onc|rad[ -]?onc|GI|ID|ENT|IR|OB|obstetrics|anesthesia|"
    r"an(?:a?es)thetics|palliative(?:[ ]care)?|pain[ ](?:team|service)|intensive[ ]care|critical[ ]care|hospitalist|"
    r"case[ ]management|social[ ]work|pharmacy|wound[ ]care|dietetics|nutrition|physio(?:therapy)?|PT|OT|SLP|"
    r"speech(?:[ ]therapy)?|chaplaincy)[ ]\(\s?(?:Dr\.?[ ])?"
    rf"(?P<name>{NAME_WORD}(?:[ ]{NAME_WORD})?)(?=\)|,[ ](?:RN|MD|NP|PA|DO|fellow|resident|attending|consultant)\b)"
)


def _of_services(text: str, lex: Lexicon) -> Iterator[Candidate]:
    for match in SERVICE.finditer(text):
        words = match["name"].split()
        if not any(_is_else(word, lex) for word in words):
            yield Candidate(*match.span("name"), "STAFF", 0.8, "en_names.service")


def _is_else(word: str, lex: Lexicon) -> bool:
    """Whether a word in brackets is no name: a clinic's, a sign, everyday language that nobody is called."""
    low = word.lower().strip(".'’")
    if low in NEVER_FIRST or CREDENTIAL_WORD.match(word) or (word.isupper() and len(word) < 6):
        return True
    return is_finding_word(low, lex) or (not lex.is_name(low) and (low in lex.words or is_medical(low, lex)))


OF_SERVICES = ((_of_services, [SERVICE]),)
"""What reads names behind services, with the pattern it needs."""
