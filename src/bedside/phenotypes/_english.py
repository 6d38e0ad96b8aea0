"""English words as keys: lower case, one spelling, stems, and one word for those that mean the same in a name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[A-Za-zÀ-ɏ]+|\d+")
_SMALL = """
a an the of in on at to for by is are was were be been being has have had with very quite rather somewhat her
his its their this that s both bilateral bilaterally left right slightly mild mildly moderate moderately
marked markedly severe severely significant significantly noted seen
"""
_MEASURED = """
circulating concentration concentrations level levels serum plasma body morphology structure count counts
"""
SMALL = frozenset(_SMALL.split())
"""Words that carry nothing in a name."""
SKIPPED = SMALL | frozenset(_MEASURED.split())
"""Words that a name of more than one other may have or lack between them."""
_SAME = {
    word: words.split()[0]
    for words in (
        "high elevated raised increased increase elevation excess excessive excessively",
        "low decreased reduced diminished decrease reduction lowered lower",
        "kidney renal",
        "liver hepatic",
        "heart cardiac",
        "lung pulmonary",
        "brain cerebral",
        "stomach gastric",
        "muscle muscular",
        "tooth teeth dental dentition",
        "foot feet",
        "toe toes",
        "skin cutaneous",
        "abnormal abnormality abnormalities anomaly anomalies abnormally",
        "absent absence missing lacking lack",
        "enlarged enlargement",
        "delayed delay",
        "eye ocular",
        "bladder vesical",
        "pain ache painful aching aches",
        "impaired impairment",
        "recurrent repeated recurring frequent",
        "testicle testis testes testicular",
        "thin thinning thinned hypoplastic hypoplasia underdeveloped",
        "vertebra vertebrae vertebral",
        "child childhood",
        "limb extremity extremities limbs",
        "trouble difficulty difficulties problem problems",
        "walk walking gait",
        "swelling swollen",
        "dilated dilatation dilation",
        "weak weakness",
        "stiff stiffness",
        "loss losing lost",
        "drowsy drowsiness sleepy sleepiness somnolent somnolence",
    )
    for word in words.split()
}
_SPELLING = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
        ("ae|oe", "e"),
        ("our(?=s?$|ed$|ing$|al$)", "or"),
        ("^leuc", "leuk"),
        ("^sulph", "sulf"),
        ("is(?=e[sd]?$|ing$|ation$)", "iz"),
        ("re$", "er"),
    )
)
_ENDS = (
    *("ities", "ation", "ness", "ical", "osis", "otic"),
    *("sis", "tic", "ity", "ies", "ied", "ing", "ous"),
    *("ia", "ic", "ed", "es", "al", "y", "e", "s"),
)


def words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text with their places; accents and case are gone."""
    return [(_plain(match[0]), match.start(), match.end()) for match in _WORD.finditer(text)]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """What words of like spelling and meaning share.

    >>> stem("anaemia") == stem("anemic"), stem("tumours") == stem("tumor"), stem("raised") == stem("elevated")
    (True, True, True)
    """
    if word in _SAME:
        return _SAME[word]
    if len(word) < 4:
        return word
    word = spelled(word)
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
        if word in _SAME:
            return _SAME[word]
    for end in _ENDS:
        if word.endswith(end) and len(word) - len(end) >= 3:
            word = word[: -len(end)]
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "ls" else word


def spelled(word: str) -> str:
    """A word in one spelling, British or American: not always that of a dictionary, but the same for both."""
    for pattern, american in _SPELLING:
        word = pattern.sub(american, word)
    return word


def key(text: str) -> tuple[str, ...]:
    """A name as the sorted stems of its words: neither order nor small words count.

    Of "poor concentration" the whole counts: by itself what is left would be named everywhere.

    >>> key("Elevated serum creatinine concentration"), key("Lack of concentration")
    (('creatinin', 'high'), ('absent', 'concentr'))
    """
    said = [word for word, _, _ in words(text) if word not in SMALL and word not in ("and", "or")]
    told = [word for word in said if word not in SKIPPED]
    return tuple(sorted(stem(word) for word in (told if len(told) > 1 else said)))


def _plain(word: str) -> str:
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))
