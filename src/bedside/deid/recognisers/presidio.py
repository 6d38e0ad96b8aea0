"""Presidio's pattern recognisers behind our own interface: a second pair of eyes, without model or network."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from bedside.deid._recogniser import Candidate, Recogniser
from bedside.errors import MissingExtra

TYPES = {
    "CREDIT_CARD": "ACCOUNT",
    "CRYPTO": "ACCOUNT",
    "DATE_TIME": "DATE",
    "EMAIL_ADDRESS": "EMAIL",
    "IBAN_CODE": "ACCOUNT",
    "IP_ADDRESS": "URL",
    "LOCATION": "ADDRESS",
    "MAC_ADDRESS": "ID",
    "MEDICAL_LICENSE": "ID",
    "PERSON": "NAME",
    "PHONE_NUMBER": "PHONE",
    "URL": "URL",
    "US_BANK_NUMBER": "ACCOUNT",
    "US_DRIVER_LICENSE": "ID",
    "US_ITIN": "ID",
    "US_PASSPORT": "ID",
    "US_SSN": "ID",
    "UK_NHS": "ID",
}
"""Presidio's entities as ours; one that is not listed is an ID, rather too much than lost."""


def presidio_recogniser(*, threshold: float = 0.4) -> Recogniser:
    """A recogniser that runs Presidio's patterns and checksums on English text; needs the extra `presidio`.

    Without a language model Presidio finds no names and no places: it is the patterns alone.
    """
    engine = _engine()

    def recognise(text: str) -> list[Candidate]:
        found = engine.analyze(text=text, language="en", score_threshold=threshold)
        return [Candidate(f.start, f.end, TYPES.get(f.entity_type, "ID"), f.score, "presidio") for f in found]

    return recognise


@cache
def _engine() -> Any:
    """The analyzer with an empty language engine (its default downloads a model) and a domain list that asks nobody.

    Presidio's e-mail recogniser has tldextract fetch the public suffix list; the one it ships is used instead.
    """
    try:
        tldextract: Any = import_module("tldextract")
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NoOpNlpEngine
    except ImportError as error:
        raise MissingExtra("presidio-analyzer", "presidio") from error
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    nlp = NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "no_op"}])
    return AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
