"""Places and addresses at every grain: `河南`, `去过武汉`, `苏州市吴中区木渎镇金山路66号3幢501室`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import HAN, NUMERAL, any_of, is_word, read_table, spaced, words
from bedside.deid.patterns.anchors import Anchored, anywhere

_NUMBER = rf"(?:[A-Za-z]?\d{{1,5}}(?:[-~—]\d{{1,4}})?[A-Za-z]?|[{NUMERAL}百]{{1,4}}|[甲乙丙丁东西南北A-Z])"
_NUMBERED = (
    rf"{_NUMBER} ?(?:号院|号楼|号|號|弄|巷|栋|棟|幢|座|单元|单|楼|樓|层|室|户|组|社|队|村|区|期"
    rf"|院|門|门|段|街坊|大队|生产队|小区|门牌|支弄|街)(?:[之-]\d{{1,3}})?(?:(?<=单元)\d{{3,4}}(?!\d))?"
    rf"|(?<=[{HAN}])\d{{1,3}}(?:-\d{{1,4}}){{1,3}}(?![\d年月])"
)
_NAMED_UNIT = words("places named unit")
_UNIT = rf"[{HAN}]{{1,7}}?(?:{any_of(_NAMED_UNIT)})(?!区|县|镇|路|街|大道|小区|花园|新村|公寓)"
_STEP = re.compile(
    rf"[ ,，]?(?:{_NUMBERED})|(?![在于因为至及和与的就行被由])[{HAN}]{{2,4}}(?=\d{{1,3}}-\d{{1,3}}-\d)"
    rf"|(?![在于因为至及和与的就行被由])(?:{_UNIT})"
)
_STOPS = re.compile(
    r"[哪那这]|就诊|住院|治疗|检查|医院|诊所|入院|出院|患者|突发|因|于|发生|出现|及|和|与|至"
    r"|到|转|在|行|曾|现|的|为|等|有|无|工作|打工|务工|上班|附近|电话|联系|邮编|职业|单位|老家(?!属)"
    r"|旅游|出差|学习|生活|居住|经商|病|感染|疫苗|大学|学院|公司|人民|家属|医生|护士|办公|护办"
    r"|谈话|接触|否认|未|被|由|后|前|年|月|日"
)
PRODUCT = re.compile(
    r"白药|新碱|花碱|瑞滨|地辛|西汀|白花|管圆|管園|红花|冬虫|阿胶|株|型|标准|共识|版|方案|指南"
    r"|量表|鼠疫|疟|腹泻|血吸虫|凉茶|火锅|烧烤|啤酒|话|菜|大学|制药|药业|药厂|药|生物|医学"
    r"|医科|科技|乌头|三七|人参|参|蜱|出血热|热|病|脑炎|红枣|苹果|茶|协和|协作组|时间|早产"
    r"|研究|问卷|公式|评分|分型|分期|诊断标准|会议|宣言|三阴|盐|酒|醋|鸭|烤|豆|普通话|口音"
    r"|小吃|瓜子|薄荷|薯|果|麻花|[鸡鸭鹅鱼虾蟹肉]|[米炒拌]?[饭面粉]|菜|煲|糕|饼|椰|脚|玉|墨|扣肉|火腿|板栗|蜜枣"
    r"|枣|梨|橘|橙|柚|莲子|黄酒|烧饼|拉面|型"
)
_PLACE_CONTEXT = re.compile(
    r"(?:家住|住在|住于|现住|居住|居住于|居住地|久居|长居|定居|暂住|来自|籍贯|原籍|祖籍|出生地"
    r"|出生于|生于|生长于|户籍|户口|地址|住址|老家|现居|住|居于|长于|出生|移居|迁居|旅居|途经"
    r"|途径|返回|前往|抵达|离开|送至|赴|去过|到过|去|到|在|从|由|于|自|往|回)[:：]?\s?$"
)
_LABEL = anywhere(
    rf"(?:{spaced(words('places label'))})"
    r"(?: {0,3}[:|为是] {0,4}| {1,4})"
)
_BARE_LABEL = anywhere(
    r"(?:家住|现住|现居住于|现居|居住于|居住在|住于|住在|暂住于|暂住|长期居住于|长期居住在"
    r"|久居|定居于?|户籍地?为?|籍贯|出生于|生于|原籍|祖籍|来自|老家(?:在|是)?|家在|租住于?|住)"
)
_VALUE = re.compile(r"[^\n,，。;；|]{2,60}")
_NEXT_FIELD = re.compile(r" {2,}|\s(?=[^\s:：]{2,8}[:：])|(?:邮编|电话|联系|手机|职业|民族|单位|入院)")
_NOT_PLACE = re.compile(
    r"^(?:同上|不详|本地|当地|中国|本市|外地|农村|城市|城镇|城区|无|未提供|同户籍|同前|原籍"
    r"|中华|本院|家中|国内|疫区|牧区|医生|护士|病房|科室|抢救|手术|门诊|急诊|诊室|示教|家里"
    r"|单位|学校|路边|公司|外科楼|内科楼|门诊楼|住院楼|医技楼|会议|办公|床旁|床边|I?CU|走廊)"
)
_ROAD = anywhere(
    rf"(?<![{HAN}])[{HAN}]{{2,6}}(?:路|街|大道|巷|胡同|大街)(?:{_NUMBERED})|[{HAN}]{{2,4}}(?:路"
    rf"|大道|大街|胡同)(?={_NUMBER}[号弄])(?:{_NUMBERED})"
)
_RURAL = anywhere(
    rf"[{HAN}]{{2,4}}(?:县|市|区|旗)[{HAN}]{{2,5}}(?:镇|乡|街道|苏木)(?:[{HAN}]{{1,6}}(?:村|庄"
    rf"|屯|社区))?(?:[{HAN}]{{0,3}}(?:组|社|队|湾|冲))?|[{HAN}]{{2,4}}(?:镇"
    rf"|乡)[{HAN}]{{1,5}}村(?:委会)?(?:[{HAN}{NUMERAL}\d]{{1,3}}(?:组|社|队))?"
)


@cache
def places() -> dict[str, str]:
    """Place name to its kind: province, city, unsure, district, abroad."""
    table = read_table("zh_places.tsv")
    kinds: dict[str, str] = {}
    for kind in ("abroad", "district", "city", "province", "unsure"):
        kinds |= dict.fromkeys(table[kind].split(), kind)
    return kinds


@cache
def place_names() -> str:
    """An alternation of all place names for building patterns: by their first character, then longest first.

    So a pattern tries some hundred first characters where it would try two thousand names.
    """
    by_first: dict[str, list[str]] = {}
    for name in places():
        by_first.setdefault(name[0], []).append(name[1:])
    groups = "|".join(f"{first}(?:{any_of(' '.join(rests))})" for first, rests in by_first.items())
    return f"(?=[{''.join(by_first)}])(?:{groups})"


@cache
def _anchor() -> Anchored:
    return anywhere(
        rf"({place_names()})(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区"
        rf"|[{HAN}]{{1,6}}自治州|自治州|地区|省|市|州|盟|县|縣|区|區|镇|新区)?"
    )


def recognise_places(text: str) -> Iterator[Candidate]:
    """Addresses after labels, chains of places and streets, and single places where somebody lives or goes."""
    for match in _LABEL.finditer(text):
        yield from _labelled(text, match.end())
    for match in _BARE_LABEL.finditer(text):
        end = _chain(text, match.end())
        if end - match.end() >= 3 and _specific(text[match.end() : end]):
            yield Candidate(match.end(), end, "ADDRESS", 0.8, "address after a verb of living")
    last = 0
    for match in _anchor().finditer(text):
        if match.start() < last:
            continue
        end = _chain(text, match.end())
        last = end
        if end > match.end() or _counts(text, match):
            yield Candidate(match.start(), _tidy(text, match.start(), end), "ADDRESS", 0.7, "place name")
    for rule in (_ROAD, _RURAL):
        for match in rule.finditer(text):
            if _specific(match.group()):
                yield Candidate(
                    match.start() + _lead(match.group()),
                    _chain(text, match.end()),
                    "ADDRESS",
                    0.65,
                    "street or village",
                )


def _labelled(text: str, at: int) -> Iterator[Candidate]:
    value = _VALUE.match(text, at)
    if value is None or _NOT_PLACE.match(value.group()):
        return
    cut = _NEXT_FIELD.search(value.group())
    end = value.start() + (cut.start() if cut else len(value.group()))
    shown = text[at:end]
    if (
        len(shown) >= 2
        and (re.search(place_names(), shown) or _specific(shown) or len(shown) <= 5)
        and re.match(f"[{HAN}]", shown)
    ):
        yield Candidate(at, end, "ADDRESS", 0.9, "address in a form")


def _specific(shown: str) -> bool:
    """Whether a stretch names a place: a unit with a name of its own before it."""
    return re.search(
        rf"[{HAN}\d]{{1,}}(?:省|市|县|縣|区|區|镇|鎮|乡|鄉|村|街道|路|大道|街|巷|弄|胡同|号|號|室"
        rf"|小区|花园|社区|旗|屯|庄|苑|公寓)",
        shown,
    ) is not None and not re.match(
        r"(?:本|外|当|全|该|各|某|农|一|同|我|病|疫|牧|社|小|城|山|郊|市|县|乡|镇|地|院|单|几|多|居)[市县区镇乡村组地]",
        shown,
    )


def _chain(text: str, at: int) -> int:
    """How far an address goes on from `at`: unit after unit."""
    for _ in range(14):
        step = _STEP.match(text, at)
        if step is None or _STOPS.search(step.group()) or _is_tail_word(step.group()):
            return at
        at = step.end()
    return at


def _is_tail_word(step: str) -> bool:
    return step in {"病区", "心区", "疫区", "人口", "城市", "市区", "门口", "入口", "出口"} or (
        step[-1] in "口集店铺段道" and is_word(step)
    )


def _tidy(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in " ,，":
        end -= 1
    return end


def _lead(shown: str) -> int:
    """Words at the head of a street that do not belong to it (`至中山路`)."""
    match = re.match(r"[在于至到往由从位住送抵经过的]+|家住|位于|地址|现场", shown)
    return match.end() if match else 0


def _counts(text: str, match: re.Match[str]) -> bool:
    """Whether a single place name means a place here, and not a product, a disease or a strain."""
    name, whole = match[1], match.group()
    if PRODUCT.match(text, match.end()):
        return False
    if whole != name:
        return not is_word(text[match.start() - 1 : match.start() + 1]) if match.start() else True
    kind = places()[name]
    if kind == "unsure" or kind == "abroad":
        return _PLACE_CONTEXT.search(text[max(0, match.start() - 6) : match.start()]) is not None
    if (
        match.start()
        and is_word(text[match.start() - 1 : match.start() + 1])
        and is_word(text[match.start() - 1 : match.end()])
    ):
        return False
    after = text[match.end() : match.end() + 1]
    return not after or not (is_word(whole + after) or is_word(whole[-1] + after))
