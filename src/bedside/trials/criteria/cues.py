"""What changes or hides conditions: denials, exceptions, and stretches that only a person can judge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bedside.trials.criteria.claims import Taken

_NOT_ZH = (
    r"无(?:明显|明确|任何|严重)?(?!法|效|论|意|力|能|关|症状|人|创|水|需)|没有|"
    r"未曾|从未|未(?:见|患|合并|伴|接受|使用|服用|应用|进行|发生|行|经)?(?:过)?(?!成年|"
    r"控制|能|知|满|来|得|愈|治愈|婚)|不伴有?|不合并有?|"
    r"不存在|不患有?|不具有|不含|否认|并非|排除|除外|不应有|不得有|不能有|不可有|"
    r"不处于|不使用|不服用|(?<![\u4e00-\u9fff])非(?!小细胞|霍奇金|甾体|酒精|黑|"
    r"典型|布|处方|特异|何|淋巴|ST|st|瓣膜|糖尿|肿瘤|手术|洲|人)"
)
_NOT_EN = (
    r"\b(?:no|not|without|never|neither|nor|absence of|lack of|free (?:of|from)|"
    r"negative (?:tests? )?for|den(?:y|ies)|rule[sd]? out|excluded?|must not(?: "
    r"have| be)?|non)\b"
    r"(?: (?:known|prior|previous|current|evidence of|active history of|history "
    r"of|any|clinical|a|an|the|have|having|had|been|be|received|receiving|taking|"
    r"using|on|other|being|treated with|diagnosed with)\b)*"
)
_NOT = re.compile(f"(?P<zh>{_NOT_ZH})|(?P<en>{_NOT_EN})")
_STOP_ZH = re.compile(r"[;,()]|但|除外|除了|(?<!并)(?:且|并且|同时)(?=有|患|年|符|可|能|需|愿)")
_GOES_ON = re.compile(r",\s*(?:如|包括|例如|或|及|以及|和|也?无|也?未|or\b|nor\b)")
_STOP_EN = re.compile(
    r"[;()]|\.(?=\s|$)|\bbut\b|\bexcept\b|\bunless\b|\bwho\b|\bother than\b|\band "
    r"(?:age|have|has|with|are|is|who)\b|\bwith\b(?! or without)"
)
_AFTER = re.compile(
    r"\s*\)?\s*(?:(?:抗体|抗原|检测|试验|检查|检验|血清学|结果|筛查|均|为|呈|表面|"
    r"tests?|testing|serology|antibod(?:y|ies)|is|are|was|must be|should be|status|"
    r"results?)\s*)*(?P<say>阴性|\bnegative\b|正常(?!值|上限|范围|高限)|已排除|"
    r"(?:is|are|was|were|have been|has been) (?:ruled out|excluded))"
)
_EXCEPT_AFTER = re.compile(r"[的者]?\s*(?:除外|(?:不在此限|不受此限|不排除|可以?入组|可纳入|允许))")
_EXCEPT_AROUND = re.compile(r"除了?(?!外)(?P<what>[^;,()]{1,40}?)(?:之外|以外|外)")
_EXCEPT_BEFORE = re.compile(
    r"(?:但)?(?:不包括|不含|除外|除非|除了)(?=[^,;()])|\bexcept(?:ing)?(?: (?:for|"
    r"in|if|when|that))?\b|\bexcluding\b|\bother than\b|\bwith the exceptions? "
    r"of\b|\bunless\b|\bapart from\b|\bexclusive of\b|\bnot including\b|\bbut not\b|"
    r"\baside from\b"
)
_JUDGED = re.compile(
    r"(?:研究者|研究人员|研究医生|研究医师|医生|医师|临床医生|试验者|申办者|申办方)(?:的?判断|"
    r"认为|评估|判定|根据|决定|考虑|酌情)|(?:不适合|不适宜|不宜|适合)(?:参加|入组|"
    r"入选|纳入|参与|本|接受|进行|做|手术|使用)|"
    r"\b(?:in|at) the (?:opinion|judge?ment|discretion|view|assessment) of\b|\b(?:investigator|"
    r"physician|clinician|sponsor)(?:'s)? (?:judge?ment|discretion|opinion|considers?|"
    r"believes?|determines?|deems?|decision|assessment)|"
    r"\b(?:judged|considered|deemed|determined) (?:\w+ )?(?:\w+ )?by (?:the )?(?:\w+ "
    r")?(?:investigators?|physicians?|clinicians?)|\bas (?:judged|determined|assessed) "
    r"by\b"
)
_ASIDE = re.compile(
    r"知情|自愿(?!避)|愿意|同意|拒绝|配合|依从|随访|(?:预计|预期)(?:生存|寿命|存活)|"
    r"生存期|参加(?:过|了|其|任|本|药|临|试|研)|参与(?:过|其|本|任|了|药|临|试)|"
    r"临床试验|临床研究|药物试验|禁忌|家族(?!性)[^,;、]{0,8}史|家族中|沟通|理解|文化程度|识字|"
    r"不能耐受|无法耐受|不耐受|可耐受|能耐受|能够耐受|病程|资料不全|资料缺失|"
    r"\b(?:clinical (?:trial|study)|investigational (?:drug|agent|product|device|"
    r"medicinal)s? (?:study|trial)|another (?:trial|study)|other (?:trial|study|"
    r"clinical)|interventional (?:trial|study))\b"
)
_AHEAD = re.compile(
    r"\b(?:able|unable|ability|inability|willing(?:ness)?|unwilling(?:ness)?|agree(?:s|"
    r"ment)?|refus(?:e|es|al)|capable|consent(?:ed|ing)?|(?:written |signed |provided? "
    r"|give |giving |giv\w+ |sign\w* )*informed consent|comply|compliance|cooperat\w+|"
    r"likely|unlikely|eligible|candidates?|suitable|unsuitable|intoleran(?:t|ce) "
    r"of|tolerat\w+|expected|estimated|life expectancy|family history|participat\w+ "
    r"in|enrol?led in|contra-?indicat\w+|first[- ]degree relative|duration of|at "
    r"the time of|concurrent participation)\b"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_CONDITIONAL = re.compile(
    r"(?:^|(?<=[,;(]))\s*(?:若|如果|如有|如为|如存在|如患|对于)|\bif\b|(?:^|(?<=[,;(.] "
    r"))\s*(?:for|in) (?:patients|subjects|participants|those|women|men|females?|"
    r"males?)\b"
)


_EXCEPTS = ("except", "unless", "other than", "除外", "除了")


class Denial(NamedTuple):
    """A denial, and between which places it is heard."""

    start: int
    end: int
    first: int
    last: int


def denials(text: str, taken: Taken) -> Iterator[Denial]:
    """The denials of a text with their scopes."""
    for match in _NOT.finditer(text):
        if not taken.free(*match.span()):
            continue
        zh = match["zh"] is not None
        if (
            zh
            and match[0] in ("除外", "排除")
            and match.start()
            and text[match.start() - 1] not in " ,;:(、)须需应已可以"
        ):
            continue
        last = len(text)
        for stop in (_STOP_ZH if zh else _STOP_EN).finditer(text, match.end()):
            if stop[0] in (",",) and _GOES_ON.match(text, stop.start()):
                continue
            if stop[0] in _EXCEPTS or taken.free(stop.start(), stop.start() + 1):
                last = stop.start()
                break
        yield Denial(match.start(), match.end(), match.end(), last)


def denied_after(text: str, end: int) -> tuple[int, int] | None:
    """`... negative`, `……阴性` right behind a name."""
    match = _AFTER.match(text, end)
    return match.span("say") if match and "正常" not in match["say"] else None


def exceptions(text: str, taken: Taken, firsts: int) -> Iterator[Denial]:
    """The exceptions of a text with what they take out; one at the very beginning is a denial, not an exception."""
    for match in _EXCEPT_AROUND.finditer(text):
        if taken.free(match.start(), match.start() + 1):
            yield Denial(match.start(), match.end(), match.start("what"), match.end("what"))
    for match in _EXCEPT_AFTER.finditer(text):
        if match.start() < firsts or not taken.free(*match.span()):
            continue
        first = max((text.rfind(sign, 0, match.start()) for sign in ",;("), default=-1)
        but = text.rfind("但", 0, match.start())
        yield Denial(match.start(), match.end(), max(first, but, 0), match.start())
    for match in _EXCEPT_BEFORE.finditer(text):
        if match.start() < firsts or not taken.free(*match.span()):
            continue
        stop = re.compile(r"[;)]|\.(?=\s|$)").search(text, match.end())
        yield Denial(match.start(), match.end(), match.end(), stop.start() if stop else len(text))


def opaque(text: str, taken: Taken) -> Iterator[tuple[int, int]]:
    """Stretches that no chart answers: what is judged, willed, able to be done, expected, or done in other trials."""
    said = _THOUSANDS.sub("_", text)
    for pattern, before, behind in ((_JUDGED, ";", ";"), (_ASIDE, ",;", ",;"), (_AHEAD, "", ",;")):
        at = 0
        while match := pattern.search(said, at):
            start = max((said.rfind(sign, at, match.start()) for sign in before), default=match.start() - 1) + 1
            start = max(start, at) if before else match.start()
            end = min((stop for sign in behind if (stop := said.find(sign, match.end())) >= 0), default=len(text))
            if text.isascii():
                start = max(
                    start, text.rfind(". ", at, match.start()) + 2 if ". " in text[at : match.start()] else start
                )
                end = min(end, stop if (stop := text.find(". ", match.end())) >= 0 else end)
            at = end
            while start < end and not text[start].isalnum():
                start += 1
            while end > start and text[end - 1].isspace():
                end -= 1
            yield from _free(taken, start, end)


def _free(taken: Taken, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    while at < end:
        if taken.mask[at]:
            at += 1
            continue
        stop = taken.mask.find(1, at, end)
        stop = end if stop < 0 else stop
        yield at, stop
        at = stop


def conditionals(text: str) -> list[int]:
    """Where `if ...`, `for patients with ...` begins."""
    return [match.end() for match in _CONDITIONAL.finditer(text)]
