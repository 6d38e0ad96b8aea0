"""Lists that share a head: `心、肝、肾功能不全`, `hepatic or renal impairment`, `alcohol or drug abuse`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.trials.criteria.claims import Claim
from bedside.trials.criteria.fillers import QUALIFIER_ZH
from bedside.trials.criteria.findings import Findings
from bedside.trials.criteria.lexicon import things
from bedside.trials.criterion import Condition

_ORGANS_ZH = re.compile(
    r"(?P<list>(?:[心肝肾肺脑胃脾]|造血|凝血|甲状腺|胰腺|血液系统|血液|呼吸|循环|"
    r"消化|神经|内分泌|免疫|泌尿|心脑血管|心血管|脑血管)(?:脏|系统)?"
    r"(?:(?:[、,/和及与或]|以及)?(?:[心肝肾肺脑胃脾]|造血|凝血|甲状腺|胰腺|血液系统|"
    r"血液|呼吸|循环|消化|神经|内分泌|免疫|泌尿|心脑血管|心血管|脑血管)(?:脏|系统)?)+)"
    r"(?:等)?(?:重要|主要)?(?:脏器|器官|系统)?(?:的)?(?:严重|原发性|重度|明显|慢性|急性|器质性)*(?:的)?"
    r"(?P<head>功能(?:不全|衰竭|异常|障碍|损害|损伤|受损|减退|低下)|疾病|疾患|病变|"
    r"衰竭|病(?!史|人|情|程|毒|理|房|例|区|历))"
)
_ORGAN = re.compile(
    r"(?:酒精|药物|毒品|造血|凝血|甲状腺|胰腺|血液系统|血液|呼吸|循环|消化|神经|"
    r"内分泌|免疫|泌尿|心脑血管|心血管|脑血管|[心肝肾肺脑胃脾])(?:脏|系统)?"
)
_SHORT = re.compile(r"脏|系统")
_ORGANS_EN = re.compile(
    r"\b(?P<list>(?:cardiac|heart|hepatic|liver|renal|kidney|pulmonary|lung|respiratory|"
    r"haematological|hematological|hematologic|neurological|neurologic|cardiovascular|"
    r"cerebrovascular|gastrointestinal|endocrine|psychiatric|immunological|immunologic|"
    r"metabolic)"
    r"(?:\s*(?:,\s*(?:and/or|and|or)?|/|and/or|and|or)\s*(?:cardiac|heart|hepatic|"
    r"liver|renal|kidney|pulmonary|lung|respiratory|haematological|hematological|"
    r"hematologic|neurological|neurologic|cardiovascular|cerebrovascular|gastrointestinal|"
    r"endocrine|psychiatric|immunological|immunologic|metabolic))+)"
    r"\s+(?P<head>(?:impairment|dysfunction|insufficiency|failure|diseases?|disorders?|illness(?:es)?)\b)"
)
_ABUSE_EN = re.compile(
    r"\b(?P<list>(?:alcohol|drugs?|substances?)(?:\s*(?:,\s*(?:or|and)?|/|and/or|"
    r"and|or)\s*(?:alcohol|drugs?|substances?|other drugs?))+)\s+(?:use\s+)?(?P<head>abuse|"
    r"dependence|addiction|misuse|dependency)\b"
)
_ABUSE_ZH = re.compile(
    r"(?P<list>(?:酒精|药物|毒品)(?:(?:[、,/或和及与]|和/或)(?:酒精|药物|毒品))+)(?P<head>滥用|依赖|成瘾)"
)
_JOINTS = re.compile(r"\s*(?:,\s*(?:and/or|and|or)?|/|and/or|\band\b|\bor\b)\s*")
_LISTS = (_ORGANS_ZH, _ORGANS_EN, _ABUSE_EN, _ABUSE_ZH)
_ABUSED = re.compile(r"\A(?:other )?(alcohol|drug|substance)s? (?:dependence|dependency|addiction|misuse|abuse)\Z")


def organs(text: str, findings: Findings | None) -> Iterator[Claim]:
    """One condition a part of each list, any of them."""
    for pattern in _LISTS:
        yield from _organs(text, pattern, findings)


def _organs(text: str, pattern: re.Pattern[str], findings: Findings | None) -> Iterator[Claim]:
    """`心、肝、肾功能不全`: one condition an organ, any of them."""
    for match in pattern.finditer(text):
        zh = pattern in (_ORGANS_ZH, _ABUSE_ZH)
        parts = _ORGAN.findall(match["list"]) if zh else [one for one in _JOINTS.split(match["list"]) if one]
        if len(parts) < 2:
            continue
        conditions = []
        for part in dict.fromkeys(parts):
            name = (_SHORT.sub("", part) + match["head"]) if zh else f"{part} {match['head']}"
            name = name if zh else _ABUSED.sub(r"\1 abuse", name)
            entry = things().get(name) or (things().get(part + match["head"]) if zh else None)
            codes = entry.codes + (findings.codes(entry) if findings else ()) if entry else ()
            conditions.append(
                Condition(
                    kind="diagnosis",
                    concept=entry.concept if entry else name,
                    op="present",
                    start=match.start(),
                    end=match.end(),
                    codes=codes,
                    qualifiers=tuple(q for w, q in QUALIFIER_ZH if w in match[0]),
                )
            )
        yield Claim(match.start(), match.end(), "diagnosis", (tuple(conditions),))
