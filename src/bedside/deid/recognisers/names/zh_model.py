"""A small linear model of Chinese names: how far a surname with one or two characters reads as a person's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import HAN, is_listed_word, is_word, read_table
from bedside.deid.recognisers.names.zh_cues import cue_after, cue_before, is_staff, people_words
from bedside.deid.recognisers.names.zh_shapes import NOT_BEFORE_TITLE, clinical, given_characters, surnames

_UNLISTED_ODDS = 2
_CLIP = 4
_THRESHOLD = -1.3
_CERTAIN = 2.0
_WORD_DOUBT = 1.3
_CUED = ("person", "verb", "bed", "link")
_NEVER = frozenset("病征症炎癌瘤疹疡痛疏")
_HAN_ONLY = re.compile(f"[{HAN}]+")


@cache
def _odds() -> dict[str, int]:
    return {char: int(odds) for odds, chars in read_table("zh_given_odds.tsv").items() for char in chars}


def listed_odds(char: str, unlisted: int = _UNLISTED_ODDS) -> int:
    """The log odds of a character as part of a given name, as listed."""
    return _odds().get(char, unlisted)


def given_odds(chars: str) -> int:
    """Sum of the log odds of characters as parts of a given name, each between -4 and 4."""
    return sum(max(-_CLIP, min(_CLIP, listed_odds(char))) for char in chars)


@dataclass(frozen=True, slots=True)
class Words:
    """The dictionary words of a text: where each begins and ends, and the stretches that may be names by their tag."""

    starts: dict[int, int]
    ends: frozenset[int]
    guesses: frozenset[tuple[int, int]]


def segment(text: str) -> Words:
    """The words of a text by the dictionary, and the names that the segmenter's own model would read in it."""
    import rjieba

    starts = dict(_stretches(rjieba.cut(text, False)))
    guesses = (one for one in _stretches(rjieba.cut(text, True)) if 2 <= one[1] - one[0] <= 4)
    return Words(starts, frozenset(starts.values()), frozenset(one for one in guesses if starts.get(one[0]) != one[1]))


def _stretches(words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where words that make up a text begin and end."""
    return pairwise(accumulate(map(len, words), initial=0))


def features(text: str, words: Words, at: int, surname: str, end: int) -> dict[str, float]:
    """What speaks for or against text[at:end], which begins with `surname`, being a name."""
    given = text[at + len(surname) : end]
    kind = surnames()[surname]
    whole = words.starts.get(at) == end
    word = is_word(text[at:end])
    before = cue_before(text, at) or ("word" if _word_ends(words, at) else "")
    after = cue_after(text, end) or ("word" if words.starts.get(end, end) - end > 1 else "")
    first = text[at : at + len(surname) + 1]
    found = {
        "bias": 1.0,
        "odds": float(given_odds(given)),
        "two": float(len(given) == 2),
        kind: 1.0,
        "name in the dictionary": float(whole and not word),
        "word": float(word),
        "listed word": float(is_listed_word(text[at:end]) or is_listed_word(first)),
        "word at the start": float(len(surname) == 1 and len(given) == 2 and is_word(first)),
        "given is a word": float(len(given) == 2 and is_word(given)),
        "cuts a word": float(end not in words.ends),
        "guess": float((at, end) in words.guesses),
        "clinical": float(sum(char in clinical() and char not in given_characters() for char in given)),
        f"before {before}": 1.0,
        f"after {after}": 1.0,
        f"between {before} and {after}": 1.0,
    }
    return {name: value for name, value in found.items() if value}


def _word_ends(words: Words, at: int) -> bool:
    """Whether a word of two characters and more ends where a name may begin."""
    return at in words.starts and any(words.starts.get(at - size) == at for size in (2, 3, 4))


@cache
def _weights() -> dict[str, float]:
    return {name: float(weight) for name, weight in read_table("zh_name_weights.tsv").items()}


def name_score(text: str, words: Words, at: int, surname: str, end: int) -> float:
    """Log odds of a reading as a name; weights fitted by logistic regression on notes with marked names."""
    weights = _weights()
    return sum(weights.get(name, 0.0) * value for name, value in features(text, words, at, surname, end).items())


def recognise_modelled(text: str) -> Iterator[Candidate]:
    """Names that the model reads where a word of the text, or a cue before it, leaves off."""
    words = segment(text)
    for at in range(len(text) - 1):
        if text[at] not in _initials() or not _may_begin(text, words, at):
            continue
        scores = ((_framed_score(text, words, at, s, end), end) for s, end in _readings(text, at))
        best = max(scores, default=(_THRESHOLD, at))
        if best[0] > _THRESHOLD:
            kind = "STAFF" if is_staff(text, at, best[1]) else "NAME"
            yield Candidate(at, best[1], kind, 0.8 if best[0] > _CERTAIN else 0.7, "name by its model")


def _phrase(text: str, at: int, end: int) -> bool:
    """An everyday word used as one, with a word behind it (`易/疲劳`, `向/家属`), where no cue speaks for a person."""
    given = text[at + 1 : end]
    if given in people_words() or (surnames().get(text[at]) == "wordlike" and given[0] in "有感无感易伴需予于"):
        return True
    cued = cue_before(text, at) in _CUED or cue_after(text, end) in ("title", "sex", "act")
    return not cued and len(given) == 2 and surnames().get(text[at]) == "wordlike" and is_word(given)


def _framed_score(text: str, words: Words, at: int, surname: str, end: int) -> float:
    """The score; an everyday word that its frame lets through needs none, unless only a person stands before it."""
    score = name_score(text, words, at, surname, end)
    if not is_word(text[at:end]):
        return score
    weak = cue_before(text, at) == "person" and cue_after(text, end) in ("break", "act")
    return score - _WORD_DOUBT if weak else 0.0


def _may_begin(text: str, words: Words, at: int) -> bool:
    """At the start of a word, or right after a cue that no word runs out of (`由/王伟`, but not `由于`)."""
    if at in words.starts:
        return True
    return cue_before(text, at) in _CUED and not any(is_word(text[at - 1 : at + size]) for size in (1, 2))


def _readings(text: str, at: int) -> Iterator[tuple[str, int]]:
    """Surnames with what may follow them; an everyday word only in a frame that leaves no doubt."""
    for size in (2, 1):
        surname = text[at : at + size]
        if surname in surnames():
            for end in (at + size + 1, at + size + 2):
                if end <= len(text) and _HAN_ONLY.fullmatch(text, at + size, end) and _framed(text, at, end):
                    yield surname, end


def _framed(text: str, at: int, end: int) -> bool:
    """No everyday word, or one where only a person can be meant (`转告高原主任`, `随访幸福，`)."""
    shown = text[at:end]
    if any(char in _NEVER for char in shown[1:]):
        return False
    if not is_word(shown):
        return not _phrase(text, at, end)
    if len(shown) > 2 or is_listed_word(shown) or given_odds(shown[1:]) < -1:
        return False
    before, after = cue_before(text, at), cue_after(text, end)
    if after == "sex" or (after == "title" and is_staff(text, end, end)):
        return before != "" and not NOT_BEFORE_TITLE.search(shown)
    return before in ("verb", "person") and after in ("break", "act")


@cache
def _initials() -> frozenset[str]:
    return frozenset(surname[0] for surname in surnames())
