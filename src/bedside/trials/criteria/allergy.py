"""Allergies: `hypersensitivity to X or Y`, `对X过敏`, `过敏体质`; to what, by the table of medicines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.trials.criteria.claims import Claim, Groups, Taken, all_of, any_of
from bedside.trials.criteria.lexicon import medicines
from bedside.trials.criterion import Condition

_OWN = (
    r"(?:known |suspected |documented |severe |serious |history of |prior |previous "
    r")*(?:allerg(?:y|ies|ic)(?: reactions?)?|hypersensitiv(?:ity|e)(?: reactions?)?|"
    r"intoleran(?:ce|t)|anaphyla(?:xis|ctic)(?: reactions?)?)"
)
_TO = re.compile(
    rf"{_OWN}(?:\s*(?:,|and|or|and/or|/)\s*{_OWN})*\s+(?:to|against)\s+(?:(?:any|"
    rf"the|a|an|other)\s+)*(?P<what>[^;.()]+?)(?=[;.()]|,(?! (?:\w+ ){{0,2}}(?:or|"
    rf"and) |[^,;.()]{{1,30}},)|\bwithin\b|\bin the\b|\bthat\b|\bwhich\b|\bexcept\b|"
    rf"\bas (?:judged|determined)|\bunless\b|$)"
)
_DUI = re.compile(
    r"(?:已知|既往)?(?:对|对于)(?P<what>[^;,]{1,60}?)(?:有|存在|严重|可能|已知|"
    r"任何)*(?P<say>过敏|不耐受|超敏)(?:反应|史|病史|体质|者)*"
)
_ZH = re.compile(
    r"(?P<what>[^;,()对有无为是:、\s]{0,12}?)(?P<say>(?:严重)?(?:过敏|超敏)(?:性疾病|"
    r"反应|体质|病?史|现象)*)(?:者|史)*(?!性[鼻哮紫皮肺结休])"
)
_EN = re.compile(
    rf"(?P<what>(?:(?:drug|food|latex|egg|penicillin|sulfa|sulfonamide|contrast|"
    rf"iodine|aspirin|multiple|seasonal|study drug)\s+)+)?{_OWN}(?!\s+to\b)"
)
_SPLIT = re.compile(
    r"\s*(?:,\s*(?:or|and)\b|,|、|/|\band/or\b|\bor\b|\band\b|和/或|及/或|或者?|"
    r"及其|及|和|以及|与)\s*"
)
_HEAD = re.compile(
    r"\A(?:(?:its|the|any|of|other|known|both|similar|related|a|an|components?|ingredients?|"
    r"constituents?|excipients? of|formulation)\b\s*|任何|其他|其|所用|相关|某些|一种|多种|"
    r"本次|试验中使用的|其中|任一|两种|或|本)+"
)
_TAIL = re.compile(
    r"(?:\s*(?:有|的|等|类|药物|任何|成分|成份|及其|中|组分|任一|存在|已知|严重|制剂|"
    r"\bor its\b|\bcomponents?\b|\bingredients?\b|\bexcipients?\b|\bclass\b|\bdrugs?\b|"
    r"\bantibiotics?\b))+\Z"
)
_STUDIED = re.compile(r"对?(?:该|本|此|研究|试验|受试)(?:药物?|产品|品|疫苗|制剂|用药)")
_NOTHING = frozenset(["治疗", "照", "临床意义", "包括", "以上", "明确", "研究", "试验", "确诊", "疑似", "症状"])
_SELF = re.compile(r"体质|性疾病")


def allergies(text: str, taken: Taken) -> Iterator[Claim]:
    """Each allergy with what it is to: one that is not named is to anything."""
    for pattern in (_TO, _DUI, _EN, _ZH):
        for match in pattern.finditer(text):
            start, end = match.span()
            if start == end or not taken.free(start, end):
                continue
            claim = _claim(text, match)
            taken.take(claim.start, claim.end)
            yield claim


def _claim(text: str, match: re.Match[str]) -> Claim:
    what = match["what"] or ""
    start, end = match.span()
    offset = match.start("what") if match["what"] else start
    if "say" in match.groupdict() and _SELF.search(match["say"]) and not match.re.pattern.startswith("(?:已知"):
        what = "" if "体质" in match["say"] or "性疾病" in match["say"] else what
        start = match.start("say") if not what else start
    else:
        what, start = _trimmed(what, start, offset)
    names = [one for part in _SPLIT.split(what) if (one := _name(part))] or ["anything"]
    parts: list[Groups] = []
    for name in dict.fromkeys(names):
        entry = medicines().get(name)
        found = Condition(
            kind="allergy",
            concept=entry.concept if entry else name,
            op="present",
            start=start,
            end=end,
            codes=entry.codes if entry else (),
        )
        parts.append(((found,),))
    unique = list(dict.fromkeys(parts))
    return Claim(start, end, "allergy", any_of(unique) or all_of(unique))


_LEFT = re.compile(r"\A.*(?:已知|既往|患者|有|无|否认|具有|属|属于|为|或|和|及|存在|明显的?|严重的?)")


def _trimmed(what: str, start: int, offset: int) -> tuple[str, int]:
    """Words before what the allergy is to are not of it."""
    if offset != start:
        return what, start
    left = _LEFT.match(what)
    return (what[left.end() :], start + left.end()) if left and left.end() < len(what) else (what, start)


def _name(part: str) -> str:
    """What an allergy is to, without the words around it; a name that the table has is left as it is."""
    part = part.strip(" 、,:()的").partition("(")[0]
    if _STUDIED.match(part):
        return "study drug"
    for words in (_TAIL, _HEAD, _TAIL):
        if medicines().get(part):
            break
        part = words.sub("", part).strip(" 、,:()的")
    return "" if part in _NOTHING else part
