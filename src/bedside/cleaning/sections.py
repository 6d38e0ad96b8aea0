"""Cuts a note into its sections by the headers clinicians write, in English and Chinese.

Names follow LOINC's document sections (HL7 C-CDA R2.1) and 病历书写基本规范 (2010).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bedside.lang import tr

HEADERS: dict[str, tuple[str, ...]] = {
    "chief_complaint": (
        "chief complaint",
        "cc",
        "reason for visit",
        "reason for admission",
        "presenting complaint",
        "主诉",
    ),
    "present_illness": ("history of present illness", "history of the present illness", "hpi", "现病史"),
    "past_history": ("past medical history", "pmh", "pmhx", "past surgical history", "既往史", "既往病史"),
    "medications": (
        "medications",
        "current medications",
        "home medications",
        "discharge medications",
        "meds",
        "用药史",
        "出院带药",
    ),
    "allergies": ("allergies", "drug allergies", "过敏史", "药物过敏史"),
    "social_history": ("social history", "sh", "个人史"),
    "family_history": ("family history", "fh", "家族史"),
    "obstetric_history": ("obstetric history", "menstrual history", "月经史", "婚育史", "婚姻史", "月经及婚育史"),
    "review_of_systems": ("review of systems", "ros", "系统回顾"),
    "vital_signs": ("vital signs", "vitals", "生命体征"),
    "physical_exam": (
        "physical exam",
        "physical examination",
        "exam",
        "pe",
        "体格检查",
        "查体",
        "专科检查",
        "专科情况",
    ),
    "results": (
        "results",
        "laboratory data",
        "labs",
        "imaging",
        "data",
        "pertinent results",
        "辅助检查",
        "实验室检查",
        "检查结果",
    ),
    "findings": ("findings", "检查所见", "影像所见", "影像表现", "镜下所见", "肉眼所见"),
    "impression": ("impression", "检查结论", "影像诊断", "诊断意见", "检查提示", "病理诊断"),
    "assessment": ("assessment", "assessment and plan", "assessment & plan", "assessment/plan", "a/p", "a&p", "评估"),
    "diagnosis": (
        "diagnosis",
        "diagnoses",
        "admission diagnosis",
        "discharge diagnosis",
        "初步诊断",
        "入院诊断",
        "出院诊断",
        "诊断",
        "临床诊断",
        "鉴别诊断",
    ),
    "hospital_course": ("hospital course", "brief hospital course", "诊疗经过", "治疗经过", "住院经过"),
    "procedures": ("procedures", "operative note", "procedure", "手术记录", "手术经过", "手术名称"),
    "plan": ("plan", "recommendations", "disposition", "诊疗计划", "处理", "处理意见", "治疗方案"),
    "instructions": ("discharge instructions", "follow-up", "follow up", "出院医嘱", "随访", "医嘱"),
}
OPENING = "opening"
"""The name of what stands before the first header."""

_NAME = {title: name for name, titles in HEADERS.items() for title in titles}
_ENGLISH = sorted((title for title in _NAME if title.isascii()), key=len, reverse=True)
_CHINESE = sorted((title for title in _NAME if not title.isascii()), key=len, reverse=True)
_HEADER = re.compile(
    r"(?:^[ \t#*【\[]*(?P<en>" + "|".join(map(re.escape, _ENGLISH)) + r")[ \t*】\]]*(?:[:：]|$))"
    r"|(?:(?:^|(?<=[\s。；;.】]))[ \t#*【\[]*(?P<zh>" + "|".join(_CHINESE) + r")[ \t*】\]]*(?:[:：]|[】\]]|$))",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Section:
    """A section's name, and where its text starts and ends (after the header; code points, end exclusive)."""

    name: str
    start: int
    end: int


def section_name(name: str) -> str:
    """A section's name as a reader meets it: in Chinese, the header most used for it.

    >>> from bedside.lang import speaking
    >>> with speaking("zh"):
    ...     section_name("chief_complaint"), section_name(OPENING)
    ('主诉', '首个标题之前')
    """
    return tr(name, next((title for title in HEADERS.get(name, ()) if not title.isascii()), "首个标题之前"))


def sections(text: str) -> list[Section]:
    """The sections in order; a note without headers is one section, `opening`.

    >>> [s.name for s in sections("主诉：咳嗽3天。现病史：患者3天前受凉。")]
    ['chief_complaint', 'present_illness']
    """
    heads = list(_HEADER.finditer(text))
    found = []
    first = heads[0].start() if heads else len(text)
    if text[:first].strip():
        found.append(Section(OPENING, 0, first))
    for place, head in enumerate(heads):
        end = heads[place + 1].start() if place + 1 < len(heads) else len(text)
        found.append(Section(_NAME[(head["en"] or head["zh"]).lower()], head.end(), end))
    return found
