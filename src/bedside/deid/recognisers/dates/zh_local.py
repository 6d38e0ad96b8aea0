"""Dates that hold only where they stand: lunar and regnal years, feasts and solar terms, `10.31`, `6/18`, weekdays.

`甲辰年三月初九`, `民国十七年腊月`, `立冬那天`, `10.31晚交班`, `就诊：6/18`, `周四（11月14日）`; a score of 5/5, a
section 3.2 and 每周三 stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import HAN, any_of, words
from bedside.deid.patterns.anchors import anywhere
from bedside.deid.recognisers.dates.chinese import DAY, DAY_ZH, MONTH, MONTH_ZH

_FEAST = any_of(words("dates feast"))
_TERM = any_of(words("dates solar term"))
_BRANCHES = r"[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]|[木火土金水铁][鼠牛虎兔龙蛇马羊猴鸡狗猪]"
_CALENDAR = r"藏历|农历|阴历|旧历|古历|夏历|伊历|傣历|彝历"
_LUNAR_DAY = rf"闰?{MONTH_ZH}月份?(?:{DAY_ZH}[日号]?|半|[初底末](?![一二三四五六七八九十])|[上中下]旬)?"
_WEEKDAY = r"(?:周|星期|礼拜)[一二三四五六日天]"
_SLASHED = rf"(?:{MONTH}/{DAY}|{DAY}/{MONTH})(?![\d./%]|[-~]\d| ?[a-zA-Z×])"
_LEADS = any_of(words("dates lead"))
_FOLLOWS = any_of(words("dates follow"))
_COUNTS = any_of(words("dates count before"))
_RULES = tuple(
    (name, score, anywhere(rule, re.M))
    for name, score, rule in (
        (
            "lunar or regnal year",
            0.9,
            rf"(?:{_CALENDAR})?(?:(?:{_BRANCHES})年|民国(?:[一二三四五六七八九十]{{1,3}}|\d{{1,3}})年)"
            rf"(?:{_CALENDAR})?(?:{_LUNAR_DAY})?(?:{MONTH}月{DAY}日)?",
        ),
        ("day of another calendar", 0.85, rf"(?:[今去前明]年)?(?:{_CALENDAR})(?:{_LUNAR_DAY}|新年|大年)"),
        (
            "year in two numerals",
            0.8,
            r"(?<![〇零一二三四五六七八九十百千\d第近约前后每满])(?!四五|五六|六七|七八|八九)[四五六七八九〇零][〇零一二三四五六七八九]年"
            r"(?=的?[春夏秋冬底初末]|去世|病故|出生|生人?|入伍|参军|下岗|退休|毕业|结婚|手术|[上下]半年|在|因|从|搬|来)",
        ),
        (
            "year in formal numerals",
            0.9,
            r"[零壹贰叁肆伍陆柒捌玖拾]{4}年[零壹贰叁肆伍陆柒捌玖拾]{1,3}月[零壹贰叁肆伍陆柒捌玖拾]{1,3}日",
        ),
        (
            "part of a month",
            0.8,
            rf"(?:[今去前明]年)?(?<![\d.个])(?:{MONTH}|{MONTH_ZH})月(?:[上中下]旬|[初底](?![一二三四五六七八九十]))",
        ),
        ("month and bare day", 0.8, rf"(?<![\d.个年]){MONTH}月{DAY}(?=[:,，。;；)\s前]|$)"),
        (
            "feast",
            0.8,
            rf"(?:(?:19|20)\d{{2}}年的?|[今去前明]年的?)?(?:{_FEAST})(?:期间|当天|当日|前后|那天|前夕|[前后]第?[一二三两][天日周]|前|后)?",
        ),
        (
            "solar term",
            0.75,
            rf"(?:{_TERM})(?=那天|那日|当天|当日|前后|前一|后一|次日|这天)|"
            r"(?:冬至|夏至|立春|立夏|立秋|立冬|春分|秋分|惊蛰|芒种|处暑|霜降|大寒)(?=[前后日]|未|就|来)",
        ),
        (
            "solar term after a date",
            0.75,
            rf"(?<=[日号一二三四五六七八九十])[,， (]{{1,2}}(?:{_TERM})(?=[,，。;； )\n]|$)",
        ),
        (
            "day on duty",
            0.75,
            r"^(?:大年|正月)?(?:初[一二三四五六七八九十]|三十|除夕|廿[一二三四五六七八九])(?=[ 。:])",
        ),
        (
            "day of a month spoken of",
            0.75,
            rf"(?:(?<=上次)|(?<=上回)|(?<=这个月)|(?<=下个月)|(?<=本月)|(?<=上个月)){DAY_ZH}号|"
            rf"(?<![\d一二三四五六七八九十第]){DAY_ZH}那天",
        ),
        ("week of a month", 0.8, rf"(?<![\d.个]){MONTH} ?月第 ?[一二三四五1-5] ?周"),
        ("year of a decade", 0.75, r"(?<![一二三四五六七八九十])[五六七八九]几年(?:的?[春夏秋冬]天?)?"),
        (
            "bare day of the month",
            0.75,
            r"(?:(?<=[;；。])|^)(?:[12]\d|3[01])日(?=[\u4e00-\u9fff])(?![后内前来龄以间均无未量大剂总])",
        ),
        ("dotted day and a clock", 0.85, rf"(?<![\d.]){MONTH}\.{DAY}(?= +(?:[01]?\d|2[0-3]):[0-5]\d)"),
        (
            "days at the heads of lines",
            0.8,
            r"^(?:初[一二三四五六七八九十](?![中级步期诊始发产次潮乳筛治一二三四五六年])"
            r"|[一二三]?十?[一二三四五六七八九十]号(?= ))",
        ),
        ("short year with dots", 0.8, rf"(?<=[\"“(（ ])\d{{2}}\.{MONTH}\.{DAY}(?![\d.])"),
        (
            "dotted day at the end",
            0.75,
            rf"(?:(?<=[{HAN}])|(?<=[{HAN}][)])) {{2,12}}(?P<day>{MONTH}\.(?:[12]\d|3[01]))$",
        ),
        (
            "year, month and day as a list",
            0.85,
            r"二[〇零○]二[〇零一二三四五六七八九][、.][一二三四五六七八九十]{1,2}[、.][一二三四五六七八九十]{1,3}",
        ),
        ("day after a full stop", 0.75, r"(?<=[。;；]换药)(?:[12]\d|3[01])[号日]|(?<=复查)(?:[12]\d|3[01])[号日]"),
        ("dotted day from which", 0.75, rf"(?<=[,，;；。 (]){MONTH}\.{DAY}(?=起[,，。;；)\s])"),
        (
            "dotted day after a label",
            0.8,
            rf"(?:{_LEADS}|发血|更新|填表|取件|查房日?) ?[: ] ?(?P<day>{MONTH}\.{DAY})(?=[ ]*(?:$|[,，。;；]))",
        ),
        ("day with its weekday", 0.85, rf"(?<![\d./\-]){MONTH}[/.]{DAY}[(](?:周|星期)?[一二三四五六日][)]"),
        (
            "day of the lunar month",
            0.75,
            r"(?:(?<=[,，。;；])|(?<=过了)|(?<=过完)|(?<=等到))(?:初[一二三四五六七八九十]|十五"
            r"|廿[一二三四五六七八九])(?=前|后|再|来院|去)",
        ),
        (
            "weekday and date",
            0.8,
            rf"{_WEEKDAY}(?= ?[(]?{MONTH}月)|(?<=[日号)]) ?[(]?{_WEEKDAY}|(?<=\d)[(]{_WEEKDAY}"
            rf"|(?<=[一二三四五六七八九十])[(]{_WEEKDAY}|(?<=\d)星期[一二三四五六日天]",
        ),
        (
            "weekday",
            0.7,
            rf"(?<![每隔逢\d上下本这一二三四五六日至到、~-]){_WEEKDAY}(?:[上下]午|早上|晚上)?(?=出院|手术|复查"
            rf"|复诊|拆线|造影|拔管|入院|转|查房|来院|回来|送|再)",
        ),
        ("named day and its number", 0.8, rf"[今明昨后前][天日][(]{DAY}[号日][)]"),
        (
            "month and year with a dot",
            0.8,
            rf"(?:(?<=[(,，;；。:于在自从至])|^)(?:19|20)\d{{2}}[./](?:1[0-2]|0?[1-9])(?=[,，、)。;；]| ?[{HAN}])",
        ),
        (
            "dotted day at the head",
            0.75,
            rf"(?:^|(?<=MDT )|(?<=交班 )|(?<=查房 )){MONTH}\.{DAY}(?= ?(?:[晚早夜]|白班|交班|接班|查房|[上下]午"
            rf"|主持|[{HAN}]{{1,3}}(?:主任|教授|医师|医生|查房))|[ 　]+主持)",
        ),
        ("slashed day after a label", 0.8, rf"(?:{_LEADS})[: (]{{0,2}}(?P<day>{_SLASHED})(?!分)"),
        ("slashed day before an act", 0.8, rf"(?<![\d./\-]){_SLASHED}(?= ?(?:{_FOLLOWS}))"),
        (
            "slashed day at the end",
            0.75,
            rf"(?<![\d/.])(?:(?<=[{HAN}。]) {{1,12}}|(?<=。))(?P<day>{_SLASHED})(?=$| [{HAN}]{{2,3}}$)",
        ),
        (
            "day, month and year",
            0.85,
            rf"(?<![\d./\-]){DAY}/{MONTH}/20\d{{2}}(?![\d/.])|(?<![\d./\-])\d{{2}}/\d{{2}}/\d{{2}}(?![\d/.%]"
            rf"| ?[a-zA-Z×])|(?<![\d./\-])1[01]\d/{MONTH}/{DAY}(?![\d/.])",
        ),
    )
)
_SERIES = anywhere(rf"(?:(?<=[:;；,，。])|(?<=[:;；,，。] )|^){_SLASHED}(?=[ :]{{1,2}}\d)", re.M)
_COUNT_BEFORE = re.compile(rf"(?:{_COUNTS}) {{0,12}}\Z")


def recognise_dates_in_context(text: str) -> Iterator[Candidate]:
    """Dates of other calendars, feasts, and short forms beside what dates are written beside."""
    for name, score, rule in _RULES:
        for match in rule.finditer(text):
            start, end = match.span("day" if "day" in rule.groupindex else 0)
            if not (name.startswith(("slashed", "dotted")) and _COUNT_BEFORE.search(text, max(0, start - 16), start)):
                yield Candidate(start, end, "DATE", score, name)
    series = list(_SERIES.finditer(text))
    for match in series if len(series) > 1 else ():
        yield Candidate(match.start(), match.end(), "DATE", 0.8, "slashed day in a series")
