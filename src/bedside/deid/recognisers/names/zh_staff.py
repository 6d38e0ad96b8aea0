"""Doctors, nurses and other staff: `主治医师王建国`, `王建国主任医师`, `张主任`, `请李明会诊`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import HAN, any_of, is_word
from bedside.deid.patterns.anchors import anywhere
from bedside.deid.recognisers.names.zh_forms import STAFF_LABELS
from bedside.deid.recognisers.names.zh_shapes import (
    LATIN_NAME,
    NOT_BEFORE_TITLE,
    clinical,
    name_end,
    surname_at,
    surnames,
    unlisted_name_end,
)

_TITLE = any_of(
    "主任中医师 副主任中医师 主治中医师 中医师 "
    "主任医师 副主任医师 主治医师 主治医生 住院医师 住院医生 主任 副主任 医师 医生 大夫 教授"
    " 副教授 护士长 护士 护师 护理师 主管护师 主任护师 副主任护师 药师 主管药师 主任药师 技师"
    " 主管技师 治疗师 营养师 康复师 麻醉师 老师 院长 副院长 科长 博士 专家 主管 检验师 "
    "所长 站长 村医 助理 咨询师 工程师 队长 警官 主刀 住院总 规培医师 进修医师 实习医生"
    " 实习护士 处长 書記 醫師 醫生 主任醫師 護理師 教授級 書記 主治醫師"
)
_LEFT = any_of(
    "主任中医师 副主任中医师 主治中医师 中医师 "
    "主任医师 副主任医师 主治医师 主治医生 住院医师 住院医生 经治医师 经治医生 管床医师"
    " 管床医生 责任护士 值班医师 值班医生 值班护士 护士长 护士 医生 医师 大夫 教授 上级医师"
    " 手术者 术者 主刀 麻醉医师 麻醉师 器械护士 巡回护士 洗手护士 会诊医师 接诊医生 接诊医师"
    " 首诊医师 记录者 带教老师 药师 治疗师 "
    "技师 营养师 康复师 主任 副主任 院长 村医 家庭医生 驾驶员 规培医师 进修医师 实习医师"
    " 申请医师 检验科 药剂科 影像科 病理科 一助 二助 住院总 民警 科主任 主管医师 责任护师"
    " 班主任 护师 主管护师 助产士 专家 老师 辅导员 班主任老师 主检医师"
)
_AFTER = anywhere(rf"(?:{_LEFT}|{any_of(STAFF_LABELS)})[ ,，、(（“]?")
_BEFORE = anywhere(rf"(?<=[{HAN}])[ ]?(?:{_TITLE})")
_SURNAMED = anywhere(rf"(?<![{HAN}]同)(?:免贵)?姓 ?([{HAN}]{{1,2}}?)(?=的|[,，。；;、!！?？\s]|$)")
"""一位姓裘的大夫, 免贵姓王。"""
_BY_DEPARTMENT = anywhere(rf"[科室]([{HAN}]{{2,3}})(?:主任|副主任|医师|医生|教授)?(?=[、,，。;；)\s]|$)", re.M)
_NEIGHBOURS = 10
_FEWEST_LISTED = 3
_ACTS = anywhere(r"查房|主刀|会诊|执刀|值班|带教|带组|主持|操作下|书写|审核|记录$")
_PREPOSITION = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|[请遵由经嘱让找报与和及向告知、以]|遵照|按照|根据|通知|联系|今日"
    r"|科|室|组|院|床|日|人|后|示|者|[一二三四五六七八九十])$"
)
_FIRM_ACT = re.compile(r"汇报|报告|转告|告知|通知|联系|遵嘱|询问|邀请")
_SENIOR = frozenset(["主任", "副主任", "教授", "院长", "医生", "大夫", "护士长", "老师"])
_ASKED = re.compile(r"[请遵由经嘱让找与和及向告知]\Z")
_FIRM_LEAD = re.compile(r"(?:^|[^\u4e00-\u9fff]|[请遵由经]|报告)$")


def recognise_staff(text: str) -> Iterator[Candidate]:
    """Names of staff, by the title before or after them or the act only staff do."""
    for match in _AFTER.finditer(text):
        at = match.end()
        if latin := LATIN_NAME.match(text, at):
            yield Candidate(at, latin.end(), "STAFF", 0.85, "name after a title")
        elif end := name_end(text, at, sure=surnames().get(surname_at(text, at)) != "wordlike"):
            yield Candidate(at, end, "STAFF", 0.85, "name after a title")
        elif (end := unlisted_name_end(text, at)) and end - at > 2:
            yield Candidate(at, end, "STAFF", 0.75, "unlisted name after a title")
    for match in _BEFORE.finditer(text):
        yield from _titled(text, match.start(), match.end())
    for match in _SURNAMED.finditer(text):
        if match[1] in surnames():
            yield Candidate(*match.span(1), "STAFF", 0.85, "surname told as one")
    yield from _listed_by_department(text)
    for match in _ACTS.finditer(text):
        if start := _full_name_before(text, match.start()):
            yield Candidate(start - 1, match.start(), "STAFF", 0.8, "name before an act of staff")


def _listed_by_department(text: str) -> Iterator[Candidate]:
    """Three and more who each stand behind a department, words too: `放疗科麦浪、影像科苏珊、病理科雷电`."""
    row: list[tuple[int, int]] = []
    for match in _BY_DEPARTMENT.finditer(text):
        at, end = match.span(1)
        if not surname_at(text, at) or not clinical().isdisjoint(text[at + 1 : end]):
            continue
        if row and at - row[-1][1] > _NEIGHBOURS:
            row = []
        row.append((at, end))
        for start, stop in row if len(row) == _FEWEST_LISTED else row[-1:] if len(row) > _FEWEST_LISTED else ():
            yield Candidate(start, stop, "STAFF", 0.8, "name behind a department, in a list")


def _titled(text: str, end: int, title_end: int) -> Iterator[Candidate]:
    """A full name before a title, otherwise a surname together with its title."""
    if start := _full_name_before(text, end):
        yield Candidate(start - 1, end, "STAFF", 0.85, "name before a title")
        return
    for size in (2, 1):
        at = end - size
        if at < 0:
            continue
        kind = surnames().get(text[at:end])
        before = text[max(0, at - 3) : at]
        if kind is None or NOT_BEFORE_TITLE.search(text[max(0, at - 3) : end]) or (size == 2 and kind != "compound"):
            continue
        if at and is_word(text[at - 1 : end]) and not _FIRM_ACT.search(before):
            continue
        if text[at:end] == "那" and not _ASKED.search(before):  # 那医生说: "that doctor"
            continue
        trusted = kind != "wordlike" or text[end:title_end] in _SENIOR
        leads = _PREPOSITION if trusted else _FIRM_LEAD
        if leads.search(before) or kind == "compound":
            yield Candidate(at, title_end, "STAFF", 0.78, "surname with title")
            return


def _full_name_before(text: str, end: int) -> int:
    """One more than where the full name that ends at `end` begins; 0 when there is none."""
    for size in (4, 3, 2):
        at = end - size
        if at < 0:
            continue
        surname = surname_at(text, at)
        if not surname or (size == 4 and len(surname) < 2):
            continue
        if surnames()[surname] == "wordlike" and at and re.match(f"[{HAN}]", text[at - 1]):
            continue
        if text[at] == "谢" and at and text[at - 1] == "谢":
            continue
        if name_end(text[at:end], 0, sure=surnames()[surname] != "wordlike") == size and not (
            at and is_word(text[at - 1 : at + 1])
        ):
            return at + 1
    return 0
