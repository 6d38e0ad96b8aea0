"""Who was studied, what was done, against what, and what was looked at (PICO): spans of a paper, by cues."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bedside.literature._paper import Paper
from bedside.literature.roles import Role

ELEMENTS = ("population", "intervention", "comparator", "outcome")
MOST = 3
"""Spans of an element at most."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a paper; `where` is "text" or "title", and places are code points in that."""

    element: str
    text: str
    start: int
    end: int
    where: str = "text"


_PERSON = (
    r"(?:patients?|participants?|subjects|women|men|children|adults?|adolescents|infants|neonates|newborns"
    r"|individuals|people|persons|volunteers|veterans|girls|boys)"
)
_NO_LEAD = r"(?:in|of|with|for|and|or|to|on|the|among|by|from|which|that|whether|when|were|was|is|are|than|as|between)"
_P_EN = (
    re.compile(
        rf"(?<![\w-])(?:\d[\d,]*\s+)?(?:(?!{_NO_LEAD}\b)[A-Za-z][\w-]*\s+){{0,3}}?{_PERSON}\s+(?:with|who"
        rf"|undergoing|aged|receiving|having|admitted|treated|diagnosed|suffering|presenting|at (?:high "
        rf")?risk)\b[^.;:()]{{3,110}}?(?=\s(?:were|was|to (?:receive|either|one)|had|in whom|from|between"
        rf"|during|randomly)\b|[.;:(]|, (?:and|who|we|were)|$)",
        re.IGNORECASE,
    ),
    re.compile(rf"\b\d[\d,]*\s+(?:[A-Za-z][\w-]*\s+){{0,4}}?{_PERSON}\b", re.IGNORECASE),
    re.compile(rf"\b(?:in|among)\s+(?P<x>(?:[A-Za-z][\w-]*\s+){{1,4}}?{_PERSON})\b", re.IGNORECASE),
)
_X = r"(?P<i>[^.;:,()]{3,80}?)"
_Y = r"(?P<c>[^.;:,()]{2,70}?)"
_STOP = r"(?=\s*(?:[.;:,()]|$|\s(?:in|on|for|among|during|after|before|as|and|were|was|over|using|at|group)\b))"
_IC_EN = (
    re.compile(
        rf"(?:assigned|randomi[sz]ed|allocated|divided)\s+(?:\w+ly\s+)?(?:[^.;:]{{0,70}}?\s)?(?:to"
        rf"|into)\s+(?:receive\s+|either\s+|undergo\s+|treatment with\s+|two "
        rf"groups:?\s+)*{_X}\s*(?:\(n\s*=\s*[\d,]+\)\s*)?\b(?:or|versus|vs\.?"
        rf"|and)\s+(?:to\s+)?(?:receive\s+)?{_Y}{_STOP}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:compar(?:ed|ing|e)|comparison of)\s+(?:the )?(?:\w+ (?:and \w+ )?of )?{_X}\s+(?:with|versus"
        rf"|vs\.?|and|to)\s+{_Y}{_STOP}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:efficacy|effectiveness|safety|effects?|impact|benefits?|role|use) of\s+(?:the "
        rf")?{_X}(?:\s+(?:versus|vs\.?|compared (?:with|to))\s+{_Y})?(?=\s(?:on|in|for|as|among|during|at)\b"
        rf"|[.;:,]|$)",
        re.IGNORECASE,
    ),
    re.compile(rf"(?P<i>[A-Z][^.;:,()]{{2,60}}?)\s+(?:versus|vs\.?)\s+{_Y}{_STOP}"),
    re.compile(
        r"\b(?:received|underwent|treated with|given|administered)\s+(?P<i>(?!treatment|therapy|this|the same"
        r"|a total)[^.;:,()]{3,60}?)(?=\s(?:for|in|and|or|at|twice|once|daily|from|during|after|before)\b"
        r"|[.;:,()]|$)",
        re.IGNORECASE,
    ),
)
_C_EN = re.compile(
    r"\b(?:compared (?:with|to)|versus|vs\.?|relative to|than (?:in )?)\s+(?:the |those (?:receiving|given"
    r"|with) )?(?P<c>(?:placebo|sham|usual care|standard (?:care|treatment|therapy)|no treatment|controls?"
    r"|conventional [a-z]+|(?:[a-z-]+\s){0,2}[a-z-]+(?= (?:group|alone|arm))))",
    re.IGNORECASE,
)
_O_EN = (
    re.compile(
        r"\b(?:primary|secondary|main|co-primary|principal)?\s*(?:efficacy |safety |study )?(?:end ?points?"
        r"|outcomes?(?: measures?| variables?)?)\s+(?:was|were|included?|is|are|:)\s+(?:the )?(?P<o>(?!not"
        r"|similar|assess|compar|better|worse|signific|achieved|observed|reported|measured)[^.;]{3,140})",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:effects?|impact|influence) of\s+[^.;:,]{3,80}?\s+on\s+(?:the "
        r")?(?P<o>[^.;:,()]{3,90}?)(?=\s(?:in|among|of patients|after|during)\b|[.;:,(]|$)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:associat(?:ed|ion)|correlat(?:ed|ion)|relationship)\s+(?:of|between)\s+[^.;:,]{3,60}?\s+(?:with"
        r"|and)\s+(?P<o>[^.;:,()]{3,70}?)(?=\s(?:in|among|after)\b|[.;:,(]|$)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:we (?:measured|assessed|recorded)|(?:were|was) compared (?:for|with respect to))\s+(?:the "
        r")?(?P<o>[^.;:]{3,100})",
        re.IGNORECASE,
    ),
)
_P_ZH = (
    re.compile(
        r"(?:选取|选择|纳入|收集|入选|招募|以)[^，。；]{0,40}?"
        r"(?P<x>\d[\d ]*例[^，。；]{0,30}?(?:患者|病人|者|儿|产妇|孕妇|病例)"
        r"|[^，。；、]{0,20}?(?:患者|病人|产妇|孕妇|患儿|老年人|儿童)\s*\d[\d ]*例)"
    ),
    re.compile(r"(?P<x>\d[\d ]*例[^，。；]{1,24}?(?:患者|患儿|产妇|孕妇))"),
    re.compile(r"(?:治疗|用于|对|在|对于)(?P<x>[^，。；、对]{2,20}?(?:患者|患儿|产妇|孕妇|老年人))"),
)
_I_ZH = (
    re.compile(
        r"(?:观察|治疗|试验|研究|实验|干预|联合|A)组(?:患者)?(?:则)?(?:在[^，。；]{0,20}基础上)?(?:给予|予以|采用|接受|应用|使用|行|加用|口服"
        r"|联合)(?P<i>[^，。；]{2,40}?)(?:治疗|干预|方案|护理|手术)?(?=[，。；]|$)"
    ),
    re.compile(
        r"(?:探讨|观察|评价|评估|研究|分析|比较)(?P<i>[^，。；的]{2,40}?)(?:治疗|对|用于|联合.{1,10}治疗|在)[^，。；]{2,40}(?:的?(?:疗效|效果|影响"
        r"|作用|安全性|有效性|应用|价值))"
    ),
    re.compile(r"^(?P<i>[^，。；的]{2,30}?)(?:治疗|对|用于)[^，。；]{2,40}(?:疗效|效果|影响|作用|安全性|观察|研究)"),
)
_C_ZH = (
    re.compile(
        r"对照组(?:患者)?(?:则)?(?:仅)?(?:给予|予以|采用|接受|应用|使用|行|口服)(?P<c>[^，。；]{2,40}?)(?:治疗|干预|方案|护理|手术)?(?=[，。；]|$)"
    ),
    re.compile(r"(?:与|较|相对于)(?P<c>安慰剂|常规治疗|常规护理|空白对照|标准治疗|[^，。；与]{2,16}?)(?:相比|比较)"),
)
_O_ZH = (
    re.compile(r"(?:主要|次要)?(?:结局|终点|观察|评价)(?:指标|事件)?(?:为|是|包括|有)(?P<o>[^。；]{2,80})"),
    re.compile(r"(?:比较|观察|记录|检测|统计)(?:并比较)?(?:两组|各组|三组)(?:患者)?(?:的)?(?P<o>[^。；]{2,60})"),
    re.compile(r"对[^，。；]{0,30}?(?:患者)?(?P<o>[^，。；的对者]{2,30})的(?:影响|作用)"),
)
_NO_SPAN = re.compile(
    r"(?:those|that|which|it|they|its|with|by|each other|this|these|determine|whether|using|us|both|all)\b"
    r"|.*(?:Fisher|t[- ]test|chi-square|Mann-Whitney|Wilcoxon|ANOVA|regression)",
    re.IGNORECASE,
)


def pico_of(paper: Paper, roles: Sequence[Role]) -> list[Span]:
    """The spans in the order of the elements; the first said are the surest.

    >>> paper = Paper(id="1", title="", text="Adults with gout were randomised to ice or placebo.")
    >>> [(one.element, one.text) for one in pico_of(paper, [Role(0, 51, "methods")])]
    [('population', 'Adults with gout'), ('intervention', 'ice'), ('comparator', 'placebo')]
    """
    found: dict[str, list[Span]] = {one: [] for one in ELEMENTS}
    for one in _headed(paper):
        _add(found, one)
    for wanted in ("objective", "methods", "background", "conclusions"):
        for role in (one for one in roles if one.role == wanted):
            for span in _in(paper.text, role.start, role.end, "text"):
                _add(found, span)
    for span in _in(paper.title, 0, len(paper.title), "title"):
        _add(found, span)
    return [span for element in ELEMENTS for span in found[element]]


def _headed(paper: Paper) -> Iterator[Span]:
    """Sections that are an element by their heading (JAMA's abstracts): their first sentence."""
    for one in paper.sections:
        name = one.heading.split(">")[-1].strip().lower()
        element = (
            "population"
            if re.fullmatch(r"(?:setting and )?(?:participants?|patients|subjects|population|研究对象|对象)", name)
            else "intervention"
            if re.fullmatch(r"interventions?|exposures?|干预|干预措施", name)
            else "outcome"
            if re.search(r"outcome|measure|结局|观察指标", name)
            else ""
        )
        if element and "method" not in name:
            said = re.split(r"(?<=[.。])\s", paper.text[one.start : one.end])[0].rstrip(" .。")
            if 2 < len(said) < 300:
                yield Span(element, said, one.start, one.start + len(said))


def _add(found: dict[str, list[Span]], one: Span) -> None:
    own = found[one.element]
    same = any(one.text.lower() in two.text.lower() or two.text.lower() in one.text.lower() for two in own)
    if len(own) < MOST and not same:
        own.append(one)


def _in(text: str, start: int, end: int, where: str) -> Iterator[Span]:
    said = text[start:end]
    chinese = re.search(r"[\u4e00-\u9fff]", said) is not None
    sets = (
        (("population", _P_ZH), ("intervention", _I_ZH), ("comparator", _C_ZH), ("outcome", _O_ZH))
        if chinese
        else (("population", _P_EN), ("intervention", _IC_EN), ("comparator", (_C_EN,)), ("outcome", _O_EN))
    )
    for element, patterns in sets:
        for pattern in patterns:
            if found := pattern.search(said):
                yield from _spans(element, found, start, where)
                break


def _spans(element: str, found: re.Match[str], at: int, where: str) -> Iterator[Span]:
    named = {"i": "intervention", "c": "comparator", "o": "outcome", "x": "population"}
    groups: list[tuple[str | int, str]] = [(name, named[name]) for name in found.re.groupindex if found[name]]
    for group, kind in groups or [(0, element)]:
        said = found[group]
        lead = len(said) - len(said.lstrip())
        text = said.strip().rstrip(",，、 ")
        text_start = found.start(group) + lead
        if drop := re.match(r"(?:a |an |the |either |of |in |for |to |we |and )+", text, re.IGNORECASE):
            text, text_start = text[drop.end() :], text_start + drop.end()
        if len(text) > 1 and not _NO_SPAN.match(text):
            yield Span(kind, text, at + text_start, at + text_start + len(text), where)
