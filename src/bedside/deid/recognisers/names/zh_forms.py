"""Names in forms and tables: `姓名：张 伟`, `手术者：王建国、李明`, `张伟，男，45岁`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import HAN, any_of, is_word, spaced, words
from bedside.deid.patterns.anchors import anywhere
from bedside.deid.recognisers.names.zh_shapes import (
    DOTS,
    LATIN_NAME,
    clinical,
    foreign_name_end,
    name_end,
    surname_at,
    unlisted_name_end,
)

_RELATIVES = words("forms relatives")
RELATIVE = any_of(_RELATIVES)
PATIENT_LABELS = words("forms patient labels")
STAFF_LABELS = words("forms staff labels")


_BEFORE = rf"(?<![{HAN}])"
_MARK = r"(?: {0,3}(?:\([^()\n]{1,8}\))? {0,3}[:|] {0,6})"
_FIELDS = (
    ("NAME", anywhere(rf"(?:{spaced(PATIENT_LABELS)}){_MARK}")),
    ("STAFF", anywhere(rf"(?:{spaced(STAFF_LABELS)}){_MARK}")),
    ("NAME", anywhere(rf"{_BEFORE}(?:姓 {{0,4}}名|患者姓名|联系人)(?: {{1,6}}|(?=[{HAN}]))")),
    ("STAFF", anywhere(rf"{_BEFORE}(?:{spaced(STAFF_LABELS)}) {{1,4}}")),
    ("STAFF", anywhere(r"(?:^|(?<=\n))(?: {0,4})(?=[^\n]{2,12}/[^\n]{2,12}(?:\n|$))")),
)
_SPACED = re.compile(rf"[{HAN}]( {{1,3}})[{HAN}](?:\1[{HAN}])?(?= {{2}}| *[\n,，。;；|(]| *$| +[{HAN}]{{2}})")
_CELL = re.compile(rf"[{HAN}{DOTS}]{{2,12}}(?=[^{HAN}{DOTS}]|$)")
_GLUED = re.compile(r"性别|年龄|男|女|民族|科别|科室|床号|电话|职称|日期|签名|签字")
_BETWEEN = re.compile(
    rf" {{0,3}}(?:\((?:{RELATIVE}|[^()\n]{{1,10}})\))? {{0,3}}(?:[、/,，;；和及与]|"
    rf" (?=[{HAN}]{{2,4}}(?:[^{HAN}]|$)))[ ]{{0,3}}(?:(?:其|患者)?(?:{RELATIVE})(?= ?[{HAN}]))?"
)
_KIN = re.compile(rf"(?:患者)?(?:本人)?(?:之|的|及|和|、)?其?(?:{RELATIVE})(?:[:(（]? ?)")
_NOT_NAMES = frozenset(words("forms not names").split())
_SEX_FRAME = anywhere(
    rf"(?:^|(?<=[\s,;|。:(】\]床]))([{HAN}{DOTS}]{{2,12}}|[{HAN}] [{HAN}](?: [{HAN}])?)"
    rf"(?:[(（][^()（）\n]{{1,20}}[)）])?(?:[ ,，|、;；(（/]{{1,4}})(?:性别[: ]{{0,2}})?"
    rf"[男女]性?(?=[ ,，|、;；。)）/\d\n]|$)"
)


def recognise_form_names(text: str) -> Iterator[Candidate]:
    """Names after labels of forms, several in a row too, and the cell before a sex (`张伟，男`)."""
    for kind, label in _FIELDS:
        for match in label.finditer(text):
            yield from _values(text, match.end(), kind)
    for match in _SEX_FRAME.finditer(text):
        name = match[1].replace(" ", "")
        if name not in _NOT_NAMES and (surname_at(name, 0) or foreign_name_end(name, 0) == len(name)):
            start = match.start(1)
            if len(name) <= 4 or foreign_name_end(name, 0) == len(name):
                yield Candidate(start, match.end(1), "NAME", 0.9, "name before sex")


def _values(text: str, at: int, kind: str) -> Iterator[Candidate]:
    """The names in a field, up to the first thing that is none."""
    for _ in range(12):
        if kin := _KIN.match(text, at):
            at = kin.end()
        end = _value_end(text, at)
        if end is None:
            return
        yield Candidate(at, end, kind, 0.9, "name in a form")
        between = _BETWEEN.match(text, end)
        if between is None or _isspaced(text, between.end()):
            return
        at = between.end()


def _unlisted_cell_end(text: str, at: int, cell: re.Match[str] | None) -> int | None:
    """The end of a whole cell of two to four characters after a colon, unless it is a word, a phrase or a label."""
    if cell is None or len(cell.group()) > 4 or text.startswith(":", cell.end()) or is_word(cell.group()):
        return None
    marked = text[max(0, at - 8) : at].rstrip(" ").endswith((":", "|"))
    phrase = any(char in clinical() or char in "过号助您好" for char in cell.group())
    return cell.end() if marked and not phrase else None


def _isspaced(text: str, at: int) -> bool:
    return re.compile(rf"[{HAN} ]{{2,8}}[:：]").match(text, at) is not None


def _value_end(text: str, at: int) -> int | None:
    """The end of the one name that begins at `at` in a field."""
    if latin := LATIN_NAME.match(text, at):
        return latin.end()
    if (spaced := _SPACED.match(text, at)) and surname_at(text, at):
        return spaced.end()
    cell = _CELL.match(text, at)
    if cell and cell.group() in _NOT_NAMES:
        return None
    if end := name_end(text, at, sure=True):
        return end
    if cell is None or not surname_at(text, at):
        return foreign_name_end(text, at) or unlisted_name_end(text, at) or _unlisted_cell_end(text, at, cell)
    if len(cell.group()) <= (4 if surname_at(text, at) else 3) and not text.startswith((":", "："), cell.end()):
        return cell.end()
    glued = _GLUED.search(text, at + 2, min(len(text), at + 6))
    return glued.start() if glued and glued.end() <= cell.end() + 2 else None
