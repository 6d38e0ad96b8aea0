"""Employers, schools, insurers, offices: `济南钢铁集团有限公司`, `西安市第八十三中学`, `就职于德邦物流`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import HAN, any_of, spaced, words
from bedside.deid.patterns.anchors import anywhere
from bedside.deid.recognisers.places.chinese import place_names

_FIRM = any_of("有限责任公司 股份有限公司 有限公司 股份公司 集团公司 总公司 分公司 子公司 公司 集团")
_SCHOOL = any_of(words("organisations school"))
_OFFICE = any_of(
    "公安局 公安分局 分局 派出所 交警大队 刑警大队 法院 检察院 看守所 监狱 居委会 居民委员会"
    " 村委会 街道办 街道办事处 民政局 教育局 卫健委 卫生局 税务局 疾控中心 疾病预防控制中心"
    " 社保局 医保局 合作社 律师事务所 事务所 研究所 研究院 设计院 酒店 宾馆 饭店 "
    "银行 分行 支行 保险公司 工厂 制造厂 五金厂 加工厂 钢铁厂 化工厂 机械厂 服装厂 电子厂"
    " 纺织厂 印刷厂 玩具厂 鞋厂 家具厂 砖厂 水泥厂 煤矿 矿务局 铁路局 供电局 电力局 烟草局"
    " 邮政局 车队 工地 物流 快递 超市 餐厅 俱乐部 出版社 报社 电视台 部队 农场 交警支队"
    " 消防队 消防大队 人社局 财政局 养老服务中心 司法鉴定中心 司法鉴定所 鉴定所 信用社 商行"
    " 建筑队 商场"
)
_KINDS = anywhere(
    rf"(?:{_FIRM}|{_SCHOOL}|{_OFFICE}"
    rf"|(?<=[市县区州省])[一二三四五六七八九]中(?![学心]))+(?:[{HAN}]{{2,5}}(?:分公司|分行|支行"
    rf"|分局|校区|分店|营业部|派出所|支公司|车间))?"
)
_BODY = re.compile(rf"[{HAN}A-Za-z\d·()]{{0,22}}$")
_SPLIT = re.compile(
    r".*(?:就职于|任职于|供职于|就读于|毕业于|服务于|受雇于|工作于|工作单位|单位|现为|原为|系"
    r"|在|于|是|为|由|到|从|至|及|和(?!平|谐|田|县|顺|政|龙|美|润|信|人寿)|与|的|向|被|经|去|往|送|名|位|某|称"
    r"|自|回|年|月|日|岁|男"
    r"|女|属于|登记为|患者|父亲|母亲|其|我|[:：,，。;；、(（)）“”\"'《》\[\]\s])"
)
_PARTS = re.compile(r"[于在至到转往去及或住送我的有是被由从说]|就诊|入院|医院|患者|家属|可以")
_EMPLOYED = anywhere(
    r"(?:就职于|任职于|供职于|就读于?|在读于|毕业于|服务于|受雇于|工作于|上学于|任教于|执教于"
    r"|服役于|退休于|投保于|参保于)[:：]?\s?"
)
_EMPLOYED_VALUE = re.compile(
    rf"[{HAN}A-Za-z\d·]{{2,24}}?(?=[,，。;；、(（)）\s]|\d年|[大初高]?[一二三四五六]?年级"
    rf"|[，。]|本科|专业|任|工作|担任|做|从事|$|的|期间|读|至今|已)"
)
_WORKS = anywhere(
    rf"(?:在|于)([{HAN}A-Za-z\d·]{{2,22}}?)(?:工作|上班|打工|务工|上学|读书|就读|任教|实习|任职|当保安|当会计|当教师)"
)
_LABEL = anywhere(rf"(?:{spaced(words('organisations label'))}) {{0,3}}[:|] {{0,4}}([{HAN}][^\n,，。;；|\s]{{1,29}})")
_GENERIC = re.compile(
    r"(?:我|本|该|某|各|其他|其它|别的|当地|本地|外地|附近|县|市|区|省|乡|镇|村|国家|农村|城市"
    r"|私立|民营|公立|普通|重点|知名|著名|一家|一所|一个|家|所|个|外资|国有|私营|私人|保险"
    r"|商业|制药|医药|药|生物|医疗|器械|医疗器械|科技|上市|合资|大型|中型|小型|医科|医学"
    r"|医学院|老年|全日制|在读|建筑|电子|化工|服装|食品|机械|纺织|物流|快递|外贸|广告|互联网"
    r"|软件|科研|研究|申办|生产|制造|本|专科|高等|九年制|职业|技术|初级|高级|中等|中心|人民"
    r"|公安|交通|交警|辖区|属地|当日|第三方|"
    r"合同研究|上|下|中|大|小|初|高|读|去|送|入|住|校|班|厂|所在|相关|有关|任何|无|不|未|外|内"
    r"|临床|本科|专业|民办|寄宿|特殊|聋哑|盲人|幼儿|托|贵|我们|你们|他们|两|三|几|多|建立|工"
    r"|农|钢铁|造纸|皮革|油漆|皮鞋|家具|玩具|印刷|五金|制衣|电镀|砖瓦|水泥|煤|石棉|工地|运输"
    r"|出租|货运|血|血液|试剂|精子|基因|样本|组织|种子|脐血|脐带血|精|骨髓|干细胞|眼|角膜|数据"
    r"|连锁|网上|超|大酒|吃|文化|学历|程度|教育|以上|毕业|水平|社区|街道|专门|居民|社会|食堂"
    r"|快|餐|[一二三四五六七八九十])*"
)
_NOISE = re.compile(
    r"时间|本人|[有没]?无|[今明昨前后][天日]|或|您|找|最近|以前|知道|[进上刚了不要会的去想]|叔叔|老公|毕业"
    r"|包括|检查|怀孕|保险|综合|范|学校|联系|普通|任何|什么|[这那哪每]|同学|自己|孩子|宝宝"
    r"|小孩|有些|许多"
)
_MAKER = re.compile(r"(?:制药|药业|医药|生物|医疗|器械|诊断|试剂|生化|药物|医学|基因|健康)[^,，。]{0,6}$")
_NO_NAME = re.compile(
    r"^(?:无|不详|退休|待业|无业|务农|农民|个体|自由|下岗|离退休|同上|学生|家庭|学龄前|没有"
    r"|本单位|本市|其他|外地|当地|职工|城乡|城镇|居民|新农合|自费|医保|农合|农村)"
)


@cache
def _place() -> re.Pattern[str]:
    return re.compile(place_names())


def recognise_organisations(text: str) -> Iterator[Candidate]:
    """Organisations by label, by a verb of working or learning, and by their kind with a name before it."""
    for match in _LABEL.finditer(text):
        if not _NO_NAME.match(match[1]):
            yield Candidate(match.start(1), match.end(1), "ORG", 0.8, "organisation in a form")
    for match in _EMPLOYED.finditer(text):
        value = _EMPLOYED_VALUE.match(text, match.end())
        if value and not _NO_NAME.match(value.group()) and not _only_generic(value.group()):
            yield Candidate(value.start(), value.end(), "ORG", 0.7, "organisation after a verb")
    for match in _WORKS.finditer(text):
        if (
            (kind := _KINDS.rule.search(match[1]))
            and kind.end() == len(match[1])
            and not _only_generic(match[1][: kind.start()])
        ):
            yield Candidate(match.start(1), match.end(1), "ORG", 0.7, "place of work")
    last = 0
    for match in _KINDS.finditer(text):
        start = _start(text, max(last, match.start() - 22), match.start())
        body = text[start : match.start()]
        if _named(body, match.group()) and not text.startswith(
            ("附属", "生", "文化", "学历", "医院", "第", "毕业"), match.end()
        ):
            last = match.end()
            yield Candidate(start, match.end(), "ORG", 0.65, "organisation")


def _start(text: str, low: int, end: int) -> int:
    body = _BODY.search(text[low:end])
    start = end - len(body.group()) if body else end
    place = _place().search(text, start, end)
    if place and not _PARTS.search(text, place.end(), end):
        return place.start()
    cut = _SPLIT.match(text[start:end])
    return start + cut.end() if cut else start


def _named(body: str, kind: str) -> bool:
    if "公司" in kind and _MAKER.search(body + kind[: kind.find("公司")]):
        return False
    if kind in (
        "物流",
        "快递",
        "超市",
        "工地",
        "车队",
        "部队",
        "集团",
        "学院",
        "餐厅",
        "饭店",
        "商场",
        "研究所",
        "研究院",
        "分局",
        "农场",
        "酒店",
        "宾馆",
        "设计院",
        "电视台",
    ):
        return _place().search(body) is not None
    if _place().search(body) or re.search(r"第[一二三四五六七八九十百\d]", body):
        return True
    if kind in ("公司", "大学") or ("有限" not in kind and _NOISE.search(body)):
        return False
    return not _only_generic(body) and len(body) <= 14


def _only_generic(body: str) -> bool:
    """Whether no name is left when generic words are taken away."""
    generic = _GENERIC.match(body)
    rest = body[generic.end() :] if generic else body
    return len(rest) < 2
