"""Names by what is told of them, or where only persons stand: `丹参(花名)`, `童年(12岁)`, `资医生`, `瓷娃妈：`.

`患儿(3岁)`, `女医生` and `血压：` stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import HAN, any_of, is_word, words
from bedside.deid.patterns.anchors import Anchored, anywhere
from bedside.deid.recognisers.names.zh_cues import people_words
from bedside.deid.recognisers.names.zh_shapes import clinical, given_characters, surname_at, surnames

_TOLD = anywhere(rf" ?[(](?:[男女][,，、])?(?:确系)?(?:{any_of(words('told names'))})")
"""Behind a name: 董事长(绰号), "静水流深"(实名水静)."""
_AGED = anywhere(r"[(](?:[男女][,，、]?)?\d{1,3} ?岁[,，)]")
_RANKED = anywhere(rf"[(](?:{any_of(words('told ranks'))})[)]")
_TITLE = anywhere(r"(?:医生|大夫|主任|护士|医师|校医|药师|技师|护)(?=[ :,，。;；)说查来交看述]|$)", re.M)
_BEFORE = re.compile(rf"(?:^|[^{HAN}]|[者叫])([{HAN}]{{2,4}})\Z|[“\"「]([{HAN}A-Za-z\d]{{2,8}})[”\"」]\Z", re.M)
_ONE_BEFORE = re.compile(rf"(?:^|[^{HAN}])([{HAN}])\Z", re.M)
_REACH = 11
_NO_SURNAMES = frozenset(
    "女男该本各老大小名总原新副正前每两几多其此那这我你他它主治中西国见规护药技村洋军狱校随队院科请由与和向给叫问找上下值兽请"
)
_SPEAKERS = anywhere(rf"^([{HAN}A-Za-z\d_]{{2,6}}):(?=\S)", re.M)
_CHAT = re.compile(r"群主|病友群|微信|QQ|聊天|小程序|私聊|客服|@")
_FEWEST_LINES = 2


def recognise_told_names(text: str) -> Iterator[Candidate]:
    """Names by what a bracket says of them, surnames no list has before a title, names that speakers chose."""
    for rule, score, name in ((_TOLD, 0.85, "told to be a name"), (_AGED, 0.8, "name before an age")):
        for shown, at, end in _before(text, rule, _BEFORE):
            if rule is _TOLD or (surname_at(shown, 0) and not is_no_person(shown) and not is_word(shown)):
                yield Candidate(at, end, "NAME", score, name)
    for shown, at, end in _before(text, _RANKED, _BEFORE):
        if not is_word(shown) and all(char in given_characters() or char in surnames() for char in shown):
            yield Candidate(at, end, "STAFF", 0.8, "name before a rank")
    for shown, at, end in _before(text, _TITLE, _ONE_BEFORE):
        if shown not in _NO_SURNAMES and shown not in clinical() and not is_word(text[at : end + 1]):
            yield Candidate(at, end, "STAFF", 0.78, "sign before a title")
    if _CHAT.search(text):
        yield from _speakers(text)


def _before(text: str, rule: Anchored, shape: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    """What stands in front of the matches of a rule, with its place."""
    for match in rule.finditer(text):
        found = shape.search(text, max(0, match.start() - _REACH), match.start())
        if found:
            group = found.lastindex or 0
            yield found[group], *found.span(group)


def _speakers(text: str) -> Iterator[Candidate]:
    """What somebody calls himself in a chat, which comes before several lines: no word, no role, no label."""
    said = list(_SPEAKERS.finditer(text))
    times = Counter(match[1] for match in said)
    for match in said:
        shown = match[1]
        if times[shown] >= _FEWEST_LINES and not is_word(shown) and not is_no_person(shown) and not shown.isdecimal():
            yield Candidate(*match.span(1), "NAME", 0.8, "speaker of a chat")


def is_no_person(shown: str) -> bool:
    """Whether a word is a role, a label, or ends in one.

    >>> is_no_person("主管医生"), is_no_person("骨头汤")
    (True, False)
    """
    return any(shown.endswith(word) for word in _roles())


@cache
def _roles() -> frozenset[str]:
    rules = (
        "forms not names",
        "forms relatives",
        "forms patient labels",
        "forms staff labels",
        "tagger labels",
        "cues staff",
    )
    listed = frozenset(word for rule in rules for word in words(rule).split() if len(word) > 1)
    return listed | people_words() | frozenset("医患问答护我") | {"客服", "用户", "系统", "平台", "主任"}
