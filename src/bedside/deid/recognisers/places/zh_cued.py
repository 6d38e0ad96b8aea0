"""Places beside a word for living or going: `住萧山`, `安徽枞阳人`, `回龙头山乡`, `碧水云天小区12-2-903`, `韩国水原`.

Bare names count only where the dictionary has them as places, after such a word, and are no food or product.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import HAN, any_of, is_word, words
from bedside.deid.patterns.anchors import anywhere
from bedside.deid.recognisers.places.chinese import PRODUCT, place_names

_CUE = rf"(?:{any_of(words('places bare cue'))}) ?"
_BARE = anywhere(rf"(?<![{HAN}]不)(?:{_CUE})(?=[{HAN}]{{2}})")
_WEAK_CUE = re.compile(r"[在到去往从回] ?\Z")
_NOT_PLACES = frozenset(words("places no place").split())
_COUNTRY = any_of(words("places country"))
_NATIVE = anywhere(rf"([{HAN}]{{2,6}})人(?=[,，。;；)、\s]|$)")
_SMALL = anywhere(
    rf"(?<=[住回到去在往看从])((?!这|那|哪|本|该|各|全|我|乡|农|城|山|外|邻|同|几|一|老|当"
    rf"|附)[{HAN}]{{2,5}}?(?:自然村|村|屯|庄|寨|乡|镇|沟|嘎查|苏木|街道))(?=[,，。;；\s的老家看走那上里一])"
    rf"|(?<=我们)([{HAN}]{{2,4}}(?:乡|镇|村))(?=的|，|,)"
)
_ESTATE = anywhere(
    rf"[{HAN}]{{2,6}}?(?:小区|花园|家园|公寓|花苑|佳苑|嘉苑|雅苑|新村|家属院|苑|府|城|里|湾|庭|园|郡"
    rf"|墅)[ ]?\d{{1,3}}(?:-\d{{1,4}}){{1,3}}(?:室|号)?"
    rf"|[{HAN}]{{2,6}}?(?:小区|花园|家园|公寓|花苑|花城|华城|新城|名城|广场|国际|家属院|苑|湾|庭|郡|墅|府)"
    rf"(?:[一二三四五六七八九十\d]期)?\d{{1,3}}(?:幢|栋|号楼|座)(?:楼[上下]|门口)?"
    rf"|[{HAN}]{{2,5}}?(?:小区|花园|家园|名城|新城|公馆|江南|豪庭|花苑)[一二三四五六七八九十\d]期(?=[,，。;；\s\d]|$)"
)
_BANNER = anywhere(
    rf"[{HAN}]{{2,7}}(?:旗|县|市|州|[左右前后中]旗)[{HAN}]{{2,8}}?(?:镇|乡|苏木|街道)(?:[{HAN}]{{2,7}}?(?:嘎查"
    rf"|村|屯|庄))?"
    rf"|[{HAN}]{{2,4}}(?:镇|乡)(?:小|大|上|下|东|西|南|北|前|后)?[{HAN}]{{1,4}}(?:庄|屯|寨|堡|沟|村)"
)
_CORNER = anywhere(
    rf"(?:(?<=[在于到至从往])|(?<![{HAN}]))[{HAN}]{{2,4}}(?:路|街|大道)[与和]?[{HAN}]{{2,4}}(?:路|街|大道)(?:交叉口|交汇处|交界处|交口|路口|口)"
    r"(?:[东南西北]{1,2}(?:行|侧|约)?\d{1,4}米)?(?:路[东南西北])?"
)
_BESIDE_STREET = anywhere(rf"(?:路|街|大道)(?:口|[东西南北]?侧|旁|[东西南北]头|[东西南北上下中]段)(?![{HAN}]?[痛血术])")
_STREET_NAME = re.compile(
    rf"(?:(?<![{HAN}])|(?<=[在于到至从住往]))(?!十字|[这那各]条)[{HAN}]{{1,2}}(?<![马岔半尿胆旁通心血道公气各这那铁水线])\Z|"
    rf"(?<=[在于到至从住往])[{HAN}]{{2,3}}(?<![马岔半尿胆旁通心血道公气各这那铁水线])\Z"
)
"""斜土路口, 人民路下段."""
_LEAD = re.compile(r"[在于到去往从回住是系]{1,2}|家住|来自|家属|说是|他是|她是|位于|[^\u4e00-\u9fff]+")
_NOT_UNIT = re.compile(r"[的了有无未不也都就与和及患病院医症痛术药]")
_TAIL = re.compile(rf"(?:省|市|县|区|州|旗|镇|乡|村)?(?:[{HAN}]{{1,4}}(?:镇|乡|村|街道|路|街))?")


def recognise_places_in_context(text: str) -> Iterator[Candidate]:
    """Places that a word beside them, or a number behind them, gives away."""
    for match in _BARE.finditer(text):
        weak = _WEAK_CUE.search(match.group()) is not None and not _listed().match(text, match.end())
        if (end := _place_end(text, match.end())) and not weak:
            yield Candidate(match.end(), end, "ADDRESS", 0.7, "place after a word of living or going")
    for match in _NATIVE.finditer(text):
        if start := _native_start(match[1]):
            yield Candidate(match.start(1) + start - 1, match.end(1), "ADDRESS", 0.7, "place of origin")
    for match in _CORNER.finditer(text):
        yield Candidate(*match.span(), "ADDRESS", 0.8, "corner of two streets")
    yield from _beside_streets(text)
    for rule, score in ((_SMALL, 0.65), (_ESTATE, 0.8), (_BANNER, 0.7)):
        for match in rule.finditer(text):
            start, end = match.span(match.lastindex or 0)
            lead = _LEAD.match(text, start, end)
            start = lead.end() if lead else start
            if end - start > 2 and not _NOT_UNIT.search(text, start, end) and not is_word(text[start:end]):
                yield Candidate(start, end, "ADDRESS", score, "village or estate")


def _beside_streets(text: str) -> Iterator[Candidate]:
    for match in _BESIDE_STREET.finditer(text):
        if street := _STREET_NAME.search(text, max(0, match.start() - 5), match.start()):
            yield Candidate(street.start(), match.end(), "ADDRESS", 0.7, "beside a street")


@cache
def _listed() -> re.Pattern[str]:
    return re.compile(rf"{place_names()}|{_COUNTRY}")


def _place_end(text: str, at: int) -> int | None:
    """The end of one or two places of the dictionary in a row that begin at `at`."""
    end = at
    for _ in range(3):
        size = next((n for n in (5, 4, 3, 2) if is_place(text[end : end + n])), 0)
        if not size:
            break
        end += size
    if end == at or PRODUCT.match(text, end):
        return None
    tail = _TAIL.match(text, end)
    stop = tail.end() if tail else end
    following = text[stop : stop + 1]
    cut = is_word(text[stop - 1 : stop + 1]) and following not in "的了打做看住工"
    return None if following and cut else stop


def _native_start(shown: str) -> int:
    """One more than where places fill the stretch to its end (`系安徽枞阳`); 0 when they do not."""
    for at in range(len(shown) - 1):
        end = _place_end(shown, at)
        if end == len(shown):
            return at + 1
        if end and len(shown) - end == 2 and re.fullmatch(f"[{HAN}]{{2}}", shown[end:]) and not is_word(shown[end:]):
            return at + 1
    return 0


@lru_cache(maxsize=8192)  # words of any text: without a bound, a server would remember pieces of all it ever read
def is_place(word: str) -> bool:
    """Whether a word is a place: on our list, a country, or tagged so by the dictionary."""
    if _listed().fullmatch(word):
        return True
    if not 2 <= len(word) <= 5:
        return False
    import rjieba

    return word not in _NOT_PLACES and rjieba.has_word(word) and [tag for _, tag in rjieba.tag(word)] == ["ns"]
