"""Organisations by the word they end with and a name of their own: `顺捷物流`, `和平派出所`, `听雨轩茶庄`.

A factory of no name (`在服装厂打工`, `附近派出所`) stays: what stands before the last word must be no everyday word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import HAN, any_of, is_word, words
from bedside.deid.patterns.anchors import anywhere
from bedside.deid.recognisers.places.chinese import place_names

_TAILS = any_of(words("organisations tail"))
_SURE = frozenset(words("organisations tail sure").split())
_GENERIC = re.compile(any_of(words("organisations generic head")))
_TAIL = anywhere(
    rf"(?:{_TAILS})(?![{HAN}]?(?:部门|人员|工作|学院))|有限公司[{HAN}]{{2,4}}分公司|交警[一二三四五六七八九十]中队"
)
_CUE = re.compile(
    r".*(?:就职于|任职于|就读于|毕业于|挂靠|联系|来自|单位|[，,。;；:：(（)）、→“”\"\s/]|在|于|系|是|为(?!民)|原"
    r"|由|被|从"
    r"|叫|的|到|去|往|经|送|至|回|跟|给|和(?!平|谐|田|县|顺|政|龙|美|润)|与|及|向|持|开|找|者|名|位|晚上|早上"
    r"|下午|上午|日|某|该|报|转|请|读|后|归|由)"
)
_TAIL_RUNS_ON = re.compile(f"[{HAN}]{{2}}")
_LONGEST = 12
_NO_NAME = re.compile(r"[了有无未不也都就清这那哪什么病症疗药诊检查术炎癌]|[进出入]院|[一两三几多]家|[一两三几]个")


@cache
def _place() -> re.Pattern[str]:
    return re.compile(place_names())


def recognise_named_organisations(text: str) -> Iterator[Candidate]:
    """Organisations with a name of their own before a word for their kind."""
    for match in _TAIL.finditer(text):
        low = max(0, match.start() - _LONGEST)
        cut = _CUE.match(text[low : match.start()])
        start = low + cut.end() if cut else low
        if _TAIL_RUNS_ON.match(text, match.end() - 1) and is_word(text[match.end() - 1 : match.end() + 1]):
            continue
        if _is_name(text[start : match.start()], match.group(), bool(cut) or low == 0):
            yield Candidate(start, match.end(), "ORG", 0.65, "organisation by its last word")


def _is_name(body: str, tail: str, cut: bool) -> bool:
    """Whether a stretch before a word for a kind is a name: a place, or begins with no everyday word."""
    if not cut or len(body) < 2 or _NO_NAME.search(body) or _GENERIC.match(body):
        return False
    if _place().match(body) or tail in _SURE:
        return True
    return not is_word(body) and not is_word(body[:2]) and not is_word(body[:3]) and not is_word(body + tail)
