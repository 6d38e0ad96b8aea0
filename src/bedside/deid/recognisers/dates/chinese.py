"""Dates that point to a calendar day, month or year: in digits, in Chinese numerals, partial, relative.

Tagged: `2023年5月6日 08:30`, `05/06 10:00`, `二〇二三年`, `23年5月`, `于5月`, `去年8月`, `昨晚`, `上周三`, `春节前`.
Left: lengths of time and distances from an unnamed day (`3天前`, `术后第2天`, `2小时前`, `10余年`, `每周三`),
and 今日, 今晨 and 明晨, the note's own day and the round of orders that follows it: they tell nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.patterns.anchors import anywhere

_Y4 = r"(?:19|20)\d{2}"
_YZH = r"(?:[一二][九〇零○Ｏ][〇零○一二三四五六七八九]{2})"
MONTH = r"(?:1[0-2]|0?[1-9])"
DAY = r"(?:3[01]|[12]\d|0?[1-9])"
MONTH_ZH = r"(?:十[一二]?|元|正|腊|冬|[一二三四五六七八九])"
DAY_ZH = r"(?:初[一二三四五六七八九十]|三十一?|廿[一二三四五六七八九]?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_PART = (
    r"(?: ?(?:凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上?|夜间|夜里|夜|晨|午后|早"
    r"|[子丑寅卯辰巳午未申酉戌亥]时|子夜|午夜))?"
)
_CLOCK = (
    r"(?:[ T,，]{0,2}(?:(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?!\d)|(?:[01]?\d|2[0-4])"
    r" ?(?:时|点)(?!间|段)(?: ?[0-5]?\d ?分?|半|许|左右)?))?"
)
_TENS = r"(?:初|底|末|中旬|上旬|下旬|中(?=[,，。、行因在于出]))?"
_NOT_SPAN = r"(?![龄余多前后内来以间之大数个]|/)"
_LEAD = (
    r"(?:(?<=于)|(?<=在)|(?<=自)|(?<=从)|(?<=至)|(?<=到)|(?<=[，。；,;：:（( \n])|(?<=约)"
    r"|(?<=曾)|(?<=患者)|(?<=年)|(?<=[-~—至]))"
)

_RULES = tuple(
    (name, score, anywhere(rule, re.M))
    for name, score, rule in (
        (
            "whole date",
            0.9,
            rf"(?<![\d.])(?:{_Y4}|\d{{2}}|{_YZH}|[〇零○一二三四五六七八九]{{2}}) ?年 ?(?:农历"
            rf"|阴历)?(?:{MONTH}|{MONTH_ZH}) ?月份?(?: ?(?:{DAY}|{DAY_ZH}) ?(?:[日号]"
            rf"|(?!\d)))?{_TENS}{_PART}{_CLOCK}",
        ),
        (
            "date with separators",
            0.9,
            rf"(?<![\d.\-/A-Za-z]){_Y4} ?(?P<s>[-/.．／—]) ?{MONTH} ?(?P=s) ?{DAY}(?![\d%])(?!\.\d){_PART}{_CLOCK}",
        ),
        (
            "compact date",
            0.8,
            r"(?:(?<=日期)|(?<=时间)|(?<=日期[:：])|(?<=时间[:：])|(?<=于)|(?<=日期[:：] )"
            r"|(?<=[（(\s，,。]))(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d"
            r"|3[01])(?![\d.A-Za-z\-])",
        ),
        (
            "year and month",
            0.85,
            rf"(?<![\d.\-/A-Za-z~]){_Y4}(?P<t>[-/.])(?:1[0-2]|0[1-9])(?![\d\-/%]|\.\d| ?(?:[a-zA-Zμ×*<>~]|年))",
        ),
        (
            "short year with separators",
            0.8,
            rf"(?:(?<=于)|(?<=在)|(?<=自)|(?<=[，。；,;：:（( \n])"
            rf"|^)\d{{2}}(?P<u>[-/.]){MONTH}(?P=u){DAY}(?![\d.\-/%cm×])",
        ),
        (
            "year",
            0.8,
            rf"(?<![\d.]){_Y4} ?年(?:度|第?[一二三四1-4]季度|[初底末]|春节|[春夏秋冬][季天]?|[上下]半年|间)?"
            rf"(?!龄|代|版|修订|[A-Z]{2}| ?(?:中国|中华|美国|欧洲|国际|国家|全国|世界|亚太|指南|标准|卫生部|颁布|发布"
            rf"|第.届|版))",
        ),
        ("year in numerals", 0.8, rf"{_YZH}年(?:[初底末]|[春夏秋冬][季天]?)?"),
        (
            "short year",
            0.75,
            r"(?<![\d.\-~—/至到余])(?:[5-9]\d|0\d)年(?![余前后内来以间之多病烟龄史个制生存代2])(?:[初底末])?",
        ),
        (
            "short year after a preposition",
            0.7,
            r"(?:(?<=于)|(?<=自)|(?<=从))[0-2]\d年(?![余前后内来以间之多病烟龄史个制生存开])",
        ),
        ("month and day", 0.85, rf"(?<![\d年个]){MONTH} ?月 ?{DAY} ?[日号]{_PART}{_CLOCK}"),
        (
            "month and day in numerals",
            0.85,
            rf"(?:农历|阴历)?{MONTH_ZH}月(?:份)?{DAY_ZH}[日号]?(?![个天岁月周余年次]){_PART}",
        ),
        (
            "lunar day",
            0.8,
            r"(?:正月|腊月|冬月|八月|五月|大年|农历)(?:初[一二三四五六七八九十]|十五|三十"
            r"|廿[一二三四五六七八九])|腊月|(?<![纠矫校])正月",
        ),
        (
            "month",
            0.7,
            rf"{_LEAD}(?<!\d[-~—])(?:今年|去年|前年|本年|当年"
            rf"|明年)?(?<![\d.]){MONTH}月份?{_TENS}(?![龄余多前后内来以间之大数个经事/\d-])",
        ),
        (
            "month named",
            0.7,
            rf"(?<![\d.个]){MONTH}月份(?![龄])|(?:(?<=于)|(?<=自)|(?<=从)|(?<=今年)|(?<=去年))(?:十[一二]?"
            rf"|[一二三四五六七八九])月份?(?![余龄前后内来])",
        ),
        (
            "relative year",
            0.8,
            rf"(?:今年|去年|前年|明年|大前年|上年|本年|本年度)(?:(?:{MONTH}|{MONTH_ZH})月份?(?:(?:{DAY}"
            rf"|{DAY_ZH})[日号]?)?{_TENS}|春节|国庆节?|五一|中秋节?|年?[初底末]|春天?|夏天?|秋天?|冬天?"
            rf"|[上下]半年|同期|春季|夏季|秋季|冬季|国庆|暑假|寒假)?(?:期间|前后|前|后)?",
        ),
        (
            "relative month",
            0.8,
            rf"(?:本|上|下|上个|下个|这个|当)月(?:{DAY}|{DAY_ZH})[日号]|(?:上|下)个?月(?:[初底末]|中旬|上旬|下旬)"
            r"|上个?月(?=查|行|在|于|起|来|做|因|复查|体检|住院|出院|开始)",
        ),
        (
            "relative week",
            0.8,
            r"(?:上上|上|本|这|下)个?(?:周|星期|礼拜)[一二三四五六日天末](?:上午|下午|早上|晚上?|中午"
            r"|晨)?|(?:(?<=于)|(?<=约)|(?<=定于)|(?<=拟))(?:周|星期)[一二三四五六日天](?:上午|下午"
            r"|早上|晚上?)?|(?<![每隔逢])星期[一二三四五六日天](?:上午|下午|晚上?)",
        ),
        (
            "relative day",
            0.75,
            r"(?:昨天|昨日|昨晚|昨夜|昨晨|前天|前日|前晚|大前天|明日|明天|明晚|后天(?![性因获免的失]))(?<![中会])"
            r"(?:凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上?|夜间|夜里|晨)?",
        ),
        (
            "feast",
            0.75,
            r"(?:春节|除夕|元旦|元宵节|清明节?|端午节?|中秋节?|国庆节?|劳动节|五一节?|十一(?=假期|期间"
            r"|长假)|重阳节|圣诞节|儿童节|妇女节|七夕|腊八|小年|大年夜"
            r"|年三十(?![一二三四五六七八九岁多])|大年三十(?![一二三四五六七八九岁多])|古尔邦节|母亲节"
            r"|教师节)(?:假期|期间|当天|当日|前后|前夕|[前后]第?[一二三两][天日周]|前|后|长假|夜)?(?![膏水粥])",
        ),
        (
            "day of this month",
            0.7,
            rf"(?:(?<=于)|(?<=[，。；,;\n])|(?<=定于)|(?<=至)"
            rf"|(?<=拟)){DAY}[日号](?![床楼间院病栋室龄桌线针位方服])(?:晨|上午|下午"
            rf"|晚)?(?=[晨上下晚行出入转查复因起再开，,手术])",
        ),
        (
            "slashed day and clock",
            0.85,
            rf"(?<![\d./\-A-Za-z]){MONTH}[/\-.]{DAY}(?= (?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?!\d))",
        ),
        (
            "slashed day",
            0.75,
            rf"(?:(?<=日期[:：])|(?<=日期)|(?<=时间[:：])|(?<=于)|(?<=自)|(?<=截至)|(?<=截止)"
            rf"|(?<=日期[:：] )|(?<=复查[（(])|^){MONTH}[/\-]{DAY}(?![\d./\-%cm×]"
            rf"|[次片支周月天年小岁])(?=[日 ,，。:：）)入出复查行我门急予在因患\n]|$)",
        ),
        ("dotted day", 0.7, rf"(?<=[,，。;；\n]){MONTH}\.{DAY}(?=因|行[^%]|拔|出院|入院|转|复查|开始|起)"),
        (
            "padded day",
            0.7,
            r"(?<![\d./\-A-Za-z:：])0[1-9]/(?:0[1-9]|[12]\d|3[01])(?![\d./\-%cm×]|[mM])(?=[ 日,，。复查行入出:：)）])",
        ),
    )
)
_NOT_A_DATE = re.compile(r"^(?:今年|本年度?)$|^[一二三四五六七八九]$")
_CITED = re.compile(r"(?:符合|参照|根据|依据|按照|参考|采用|按|据)[^，。\n]{0,3}$")
_SPAN_AFTER = re.compile(r"(?:余|多|前|来|以来|龄|史|以上|以内)")
_BEFORE_SPAN = re.compile(
    r"(?:每|隔|逢|病程|近|约|已|持续|反复|术后|共|长达|服用|治疗|随访|生存|孕|间隔|疗程|第|满|每隔)$"
)


def recognise_dates(text: str) -> Iterator[Candidate]:
    """Dates of a calendar; lengths of time stay."""
    for name, score, rule in _RULES:
        for match in rule.finditer(text):
            if not _is_span(text, match, name) and match.end() > match.start():
                yield Candidate(match.start(), match.end(), "DATE", score, name)


def _is_span(text: str, match: re.Match[str], name: str) -> bool:
    """Whether the find is a length of time, a bare 今年, or a part of another word."""
    shown = match.group().strip()
    if _NOT_A_DATE.match(shown):
        return True
    before = text[max(0, match.start() - 3) : match.start()]
    if name in (
        "month",
        "short year",
        "short year after a preposition",
        "month and day in numerals",
    ) and _BEFORE_SPAN.search(before):
        return True
    if name == "year" and _CITED.search(text[max(0, match.start() - 6) : match.start()]):
        return True
    if name in ("month", "short year") and _SPAN_AFTER.match(text, match.end()):
        return True
    return (
        name == "whole date"
        and re.match(r"\d{2} ?年", shown) is not None
        and "日" not in shown
        and re.match(r"[余前后个龄来]|以", text[match.end() :]) is not None
    )
