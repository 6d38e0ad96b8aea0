"""The outcome that a figure is of, in the words of its sentence: the subject, or what a risk or difference is "of"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bedside.literature._statistic import Statistic

_STOP = (
    r"\b(?:was|were|is|are|did|does|had|has|have|in|at|among|between|after|before|with|when|than|compared"
    r"|versus|vs|by|during|"
    r"within|who|that|which|per|and|occurred|increased|decreased|fell|rose|to)\b"
)
_NAME = rf"(?P<outcome>(?:(?!{_STOP})[A-Za-z0-9][\w'’/%+-]*\s*){{1,7}})"
_HEAD = r"(?:an?\s|the\s)?"
_NAMED = re.compile(
    rf"\s*(?:\([^()]*\)\s*)?(?:for|of|in)\s+(?:predicting\s|detecting\s|diagnosing\s)?{_HEAD}(?!\d){_NAME}"
)
_OF = re.compile(
    rf"\b(?:risks?|odds|hazards?|incidence|prevalence|likelihood|probability|rates?|chances?|frequency"
    rf"|differences?|improvements?|"
    rf"reductions?|changes?|increases?|decreases?|declines?|predictors?|associated|association)\s+(?:of|for|in"
    rf"|with|between)\s+{_HEAD}{_NAME}"
)
_COMPARED = re.compile(
    rf"\b(?:lower|higher|fewer|less|more|better|worse|longer|shorter|greater|reduced|increased|improved"
    rf"|decreased|predicted|developed)\s+(?!than\b|frequent|common|likely)(?:odds of |risk of |rates? of "
    rf")?{_NAME}"
)
_SUBJECT = re.compile(
    r"^(?:[^,;:]{0,80},\s+)?(?:(?:the|an?|there|mean|median|average|pooled|however|also|but|and|while|whereas"
    r"|similarly|"
    r"primary analysis|both|all)\s+)*(?P<outcome>(?:[A-Za-z0-9][\w'’/%+-]*\s+){1,8}?)"
    r"(?:was|were|is|are|did|differed|had|has|occurred|developed|fell|rose|improved|increased|decreased"
    r"|declined|dropped|"
    r"remained|ranged|reached|showed|favou?red|=)\b",
    re.IGNORECASE,
)
_PERSONS = re.compile(
    r"\b(?:patients?|participants?|subjects?|women|men|children|adults|people|users|smokers|infants|we|they"
    r"|there|group|arm|"
    r"groups|analysis|model|studies|trials|treatment|results?|vaccine|persons|individuals|controls)\s*$",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"\b(?:ratio|risk|interval|sensitivity|specificity|predictive value|AUC|number needed to treat|difference"
    r"|OR|HR|RR|reduction|index|agreement|heterogeneity|heterogeneity)\s*$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[;；]\s*|,\s+(?:and|but|while|whereas|with)\s+")
_BESIDE = re.compile(
    r"\b(?:mean|average|median)\s+(?:\([^()]{1,12}\)\s+)?(?P<outcome>(?:[a-z][\w-]*\s+){1,4}?)(?:of|was|were|="
    r"|:|\(|$|\d)",
    re.IGNORECASE,
)
_TRIM = re.compile(r"^(?:patients?|participants?)\s+with\s+|\s+(?:rates?|score)?$")
_ZH_ARM = r"(?:[^，。；：（）()\[\]、]{0,10}?组(?:患者|治疗后|的)*)?"
_ZH = (
    re.compile(r"(?:发生|出现)(?P<outcome>[^，。；的（(\[]{2,14}?)的(?:风险|危险|概率|几率|可能)"),
    re.compile(r"(?:预测|诊断|鉴别)(?P<outcome>[^，。；的（(\[]{2,14}?)的(?=$|ROC|AUC|曲线|价值|效能|[敏灵])"),
    re.compile(r"是(?:影响)?(?P<outcome>[^，。；的（(\[]{2,20}?)(?:发生|发病)?的?(?:独立)?(?:危险|保护|影响|预测)因素"),
    re.compile(
        r"[两各三]组(?:患者)?(?:治疗后|治疗前|间|的)*(?P<outcome>[^，。；（(\[]{2,20}?)(?:比较|均|的?差异|相比|无明显|无统计)"
    ),
    re.compile(
        rf"{_ZH_ARM}(?P<outcome>[^，。；：（(\[组为、每]{{2,16}}?)(?:均|也|更|明显|显著|水平)*(?:低于|高于|短于|长于|少于|多于|优于|小于|大于|下降"
        rf"|升高|降低|更低|更高|增加|减少|改善)"
    ),
)
_ZH_BEFORE = re.compile(
    r"(?P<outcome>[^，。；：（）()\[\]、\d=＝≥≤<>]{2,24}?)(?:分别)?(?:是|为|达到?|约|仅|共)?[（(\[]?\s*$"
)
_ZH_BEHIND = re.compile(r"[)）]?(?:患者)?(?:出现|发生|发现|合并)(?:了)?(?P<outcome>[^，。；、（(]{2,14})")
_ZH_LEAD = re.compile(
    r"^.*?组(?:患者|的)*|^(?:治疗后|治疗前|干预后|术后|其中|患者|平均|中位|其|的|共|有|男|女)+|^.*(?:高于|低于|优于|结果显示|显示|每组|各)"
)


def outcome_of(text: str, one: Statistic, start: int, earlier: Sequence[Statistic]) -> str:
    """The outcome of a figure in a sentence; that of the figure before it where only the arm is new."""
    if re.search(r"[\u4e00-\u9fff]", text):
        return _chinese(text, one, start, earlier)
    clause = _clause(text, one.start)
    found = _after_name(text, one) or _counted(text, one) or _beside(text, one) or _said(text[clause : one.start])
    if not found and clause:
        found = _inherited(one, earlier) or _said(text[: one.start])
    return found or _inherited(one, earlier)


def _clause(text: str, place: int) -> int:
    """Where the part of the sentence begins in which a figure stands; brackets do not part it."""
    at = 0
    for found in _CLAUSE.finditer(text, 0, place):
        if text.count("(", found.end(), place) >= text.count(")", found.end(), place):
            before = text[: found.end()]
            if before.count("(") + before.count("[") <= before.count(")") + before.count("]"):
                at = found.end()
    return at


def _after_name(text: str, one: Statistic) -> str:
    """Of "HR for death 0.8" the words after the name."""
    from bedside.literature._statistic import names

    name = names().match(text, one.start)
    found = _NAMED.match(text, name.end(), one.end) if name else None
    return _clean(found["outcome"]) if found else ""


def _counted(text: str, one: Statistic) -> str:
    """Of "3 deaths (2.1%)" what was counted, where it is no person."""
    if one.kind != "proportion" or one.count is None:
        return ""
    found = re.match(r"[\w,]+\s+(?P<outcome>[a-z][a-z -]+?)\s*[(\[]", text[one.start : one.end])
    said = found["outcome"] if found and not found["outcome"].startswith(("of ", "out of ")) else ""
    return "" if _PERSONS.search(said) else said


def _beside(text: str, one: Statistic) -> str:
    if one.kind not in ("mean", "median"):
        return ""
    found = list(_BESIDE.finditer(text[max(0, one.start - 60) : one.start]))
    return _clean(found[-1]["outcome"]) if found else ""


def _said(text: str) -> str:
    """The outcome in the words that stand before a figure."""
    told = [one["outcome"].strip() for one in _OF.finditer(text)]
    if told and not _PERSONS.search(told[-1]) and (said := _clean(told[-1])):
        return said
    subject = _SUBJECT.match(text.strip())
    if subject and not _PERSONS.search(subject["outcome"].strip()) and not _MEASURE.search(subject["outcome"].strip()):
        return _clean(subject["outcome"])
    for found in _COMPARED.finditer(text):
        return _clean(found["outcome"])
    return ""


def _inherited(one: Statistic, earlier: Sequence[Statistic]) -> str:
    same = [two for two in earlier if two.kind == one.kind or (one.effect and two.kind != "n")]
    return same[-1].outcome if same else ""


def _clean(said: str) -> str:
    return _TRIM.sub("", said.strip(" ,.;:(")).strip()


def _chinese(text: str, one: Statistic, start: int, earlier: Sequence[Statistic]) -> str:
    if one.effect or one.kind in ("p", "AUC"):
        before = text[: one.start]
        for pattern in _ZH:
            for found in pattern.finditer(before):
                if said := _zh_clean(found["outcome"]):
                    return said
        return _inherited(one, earlier) if one.effect else ""
    behind = _ZH_BEHIND.match(text, one.end)
    if one.count is not None and behind:
        return _zh_clean(behind["outcome"])
    found_before = _ZH_BEFORE.search(text, start, one.start)
    said = _zh_clean(found_before["outcome"]) if found_before else ""
    if said:
        return said
    if inherited := _inherited(one, earlier):
        return inherited
    for found in _ZH[-1].finditer(text[: one.start]):
        if said := _zh_clean(found["outcome"]):
            return said
    return ""


def _zh_clean(said: str) -> str:
    said = _ZH_LEAD.sub("", said.strip())
    said = re.sub(r"^(?:的|中|后|患者|比|和|与|均|为)+|(?:分别|的|为|水平|比|和|与)+$", "", said).strip()
    return said if len(said) > 1 and not said.endswith("组") else ""
