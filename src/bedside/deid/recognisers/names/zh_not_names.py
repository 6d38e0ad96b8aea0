"""What looks like a Chinese name and is none: eponyms, brands, peoples, signs, measured things, items of lists.

`吉兰-巴雷综合征`, `罗氏`, `苗族`, `方颅(-)`, `白蛋白 41 g/L`, `取穴：关元、丰隆`; a name in a form is not questioned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import HAN, any_of, is_listed_word, is_word, read_lines, words
from bedside.deid.patterns.anchors import Anchored, anywhere
from bedside.deid.recognisers.names.zh_cues import cue_after, cue_before
from bedside.deid.recognisers.names.zh_model import given_odds
from bedside.deid.recognisers.names.zh_shapes import DOTS, surname_at, surnames

_FORM_SCORE = 0.88
_CUED_SCORE = 0.83
_GUESSES = ("name by its model", "name on its own", "name after a verb", "name before a verb")
_LEADS = ("person", "verb", "bed")
_WEEKDAY = re.compile(
    r"周[一二三四五六日天](?:[上下]午|晚|[、,，至到/]周?[一二三四五六日天]|出诊|坐诊|门诊|(?=[\s\d]|\Z))"
)
"""A day of the week, though 周 is a surname: 蔡医生周三下午出诊, but 周三丰."""
_EPONYM_TAIL = re.compile(
    rf"(?:{any_of(words('names eponym tail'))})|病(?![人情危重房区案历理史程号床友愈故逝员])|征(?![求得询])|症(?!状)|氏"
)
_PAIR = re.compile(rf"[-‐–—][{HAN}]{{1,6}}")
_PAIRED = re.compile(rf"[{HAN}][-‐–—]\Z")
_BESIDE_SEX = re.compile(r"[男女][,，、/ ]\Z|[(]\Z")
"""Where a form tells to which people somebody belongs: (女，苗), (哈萨克，63)."""
_SIGN = re.compile(r" ?\((?:[-+±]{1,4}|阴性?|阳性?)\)| ?[-+±]{2,4}(?![\d-])")
_MEASURED = re.compile(
    r" ?[:]? ?[<>≤≥]? ?\d+(?:\.\d+)? ?"
    r"(?:mg|ug|μg|mcg|g/|g\b|ml|mL|L\b|IU|U/|mmol|μmol|umol|nmol|pg|ng|kg|cm|mm|%|‰|×|x10)",
    re.IGNORECASE,
)
_FORMULATION = re.compile(any_of(words("names formulation after") + " " + words("names drug end")))
_DRUG_BEFORE = re.compile(rf"(?:{any_of(words('names drug before'))})[(]\Z")
_DRUG_END = re.compile(rf"(?:{any_of(words('names drug end'))})\Z")
_METHOD_END = frozenset("法术征症式")
_INSIDE = frozenset("管叶房关水门池麻")
_PEOPLE = re.compile(r"[族氏]\Z")
_ITEM_BREAK = re.compile(r"[，,。;；\n]")
_LIST_ITEMS = 3


def without_false_names(text: str, found: Iterable[Candidate]) -> list[Candidate]:
    """The candidates without the names that their surroundings disprove."""
    kept = list(found)
    people = [c for c in kept if c.type in ("NAME", "STAFF")]
    brands = [m.span() for m in _brands().finditer(text)] if people else []
    starts = {c.start for c in people}
    false = {c for c in people if _is_no_name(text, c, brands) or _is_list_item(text, c, starts)}
    return [c for c in kept if c not in false]


@cache
def _brands() -> Anchored:
    return anywhere(any_of(" ".join(read_lines("zh_products.txt"))))


def is_in_brand(text: str, start: int, end: int) -> bool:
    """Whether a stretch lies in the name of a drug or a herb, of which it would be a piece.

    >>> is_in_brand("关木通已禁用", 1, 3), is_in_brand("木通已签字", 0, 2)
    (True, False)
    """
    found = _brands().rule.finditer(text, max(0, start - 3), end + 3)  # so few characters are not worth a survey
    return any(one.start() <= start and end <= one.end() for one in found)


@cache
def _labels() -> frozenset[str]:
    rules = ("forms relatives", "forms patient labels", "forms staff labels", "forms not names")
    return frozenset(word for rule in rules for word in words(rule).split() if len(word) > 1)


@cache
def _peoples() -> frozenset[str]:
    return frozenset(words("names peoples").split())


def _is_no_name(text: str, found: Candidate, brands: list[tuple[int, int]]) -> bool:
    at, end = found.start, found.end
    shown = text[at:end]
    if shown in _labels() or _SIGN.match(text, end) or shown.endswith("族") or _MEASURED.match(text, end):
        return True
    if _WEEKDAY.match(text, at) or (shown in _peoples() and _BESIDE_SEX.search(text, max(0, at - 3), at)):
        return True
    if found.score >= _FORM_SCORE or any(dot in shown for dot in DOTS):
        return False
    if is_listed_word(shown):
        return True
    if found.score < _CUED_SCORE and any(start < end and at < stop for start, stop in brands):
        return True
    if _FORMULATION.match(text, end) or _DRUG_BEFORE.search(text, max(0, at - 6), at):
        return True
    if found.by in _GUESSES and _DRUG_END.search(text, max(0, end - 3), end):
        return True
    return _is_eponym(text, found) or _is_phrase(text, found)


def _is_eponym(text: str, found: Candidate) -> bool:
    """`唐氏`, `马凡综合征`, `夏科-雷登结晶`, `平林法`, but `之妻王氏` and `李某氏`."""
    at, end = found.start, found.end
    if text[end - 1] == "氏" and end - at == 2:
        return cue_before(text, at) != "person"
    if found.score >= _CUED_SCORE:
        return False
    pair = _PAIR.match(text, end)
    return (
        _EPONYM_TAIL.match(text, end) is not None
        or (pair is not None and not surname_at(text, end + 1))
        or (pair is not None and _EPONYM_TAIL.search(text, end + 2, pair.end() + 3) is not None)
        or _PAIRED.search(text, max(0, at - 2), at) is not None
        or text[end - 1] in _METHOD_END
    )


def _is_phrase(text: str, found: Candidate) -> bool:
    """A surname character that ends the word before (`尿管/通畅`, `左叶/结节`), or begins one (`羊水/清`)."""
    at, end = found.start, found.end
    surname = surname_at(text, at)
    if not surname or found.by not in _GUESSES:
        return False
    given, before = text[at + len(surname) : end], cue_before(text, at)
    wordlike = surnames()[surname] == "wordlike"
    if before == "" and len(given) == 2 and (is_word(given) or text[at] in _INSIDE) and given_odds(given) < 2:
        return True
    after = cue_after(text, end)
    if before not in _LEADS and len(given) == 2 and after not in ("sex", "title"):
        if is_word(text[at : at + 2]) and (wordlike or after == ""):
            return True
        if wordlike and is_word(given) and after in ("", "body"):
            return True
    lone = before == "break" and after in ("break", "")
    return lone and len(given) == 1 and given_odds(given) < (1 if wordlike else 0)


def _is_list_item(text: str, found: Candidate, names: set[int]) -> bool:
    """One of three and more things listed with 、 of which most are no names (`关元、气海、太白、丰隆`)."""
    if found.score >= _CUED_SCORE:
        return False
    items = list(_items(text, found.start, found.end))
    named = sum(any(at in names for at in range(start, end)) for start, end in items)
    return len(items) >= _LIST_ITEMS and named * 2 < len(items)


def _items(text: str, at: int, end: int) -> Iterator[tuple[int, int]]:
    """The places of the items of the list around text[at:end]."""
    low = max((m.end() for m in _ITEM_BREAK.finditer(text, max(0, at - 120), at)), default=max(0, at - 120))
    stop = _ITEM_BREAK.search(text, end)
    high = min(stop.start() if stop else len(text), end + 120)
    start = low
    for item in text[low:high].split("、"):
        yield start, start + len(item)
        start += len(item) + 1
