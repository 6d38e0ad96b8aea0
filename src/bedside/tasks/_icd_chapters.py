"""The chapters of ICD-10 as ranges of codes: WHO, ICD-10 (2019 version), list of chapters."""

from __future__ import annotations

import re

CHAPTERS = {
    "A00-B99": ("Infectious and parasitic diseases", "某些传染病和寄生虫病"),
    "C00-D48": ("Neoplasms", "肿瘤"),
    "D50-D89": ("Blood and immune mechanism", "血液及造血器官疾病和某些免疫疾患"),
    "E00-E90": ("Endocrine, nutritional and metabolic", "内分泌、营养和代谢疾病"),
    "F00-F99": ("Mental and behavioural", "精神和行为障碍"),
    "G00-G99": ("Nervous system", "神经系统疾病"),
    "H00-H59": ("Eye and adnexa", "眼和附器疾病"),
    "H60-H95": ("Ear and mastoid", "耳和乳突疾病"),
    "I00-I99": ("Circulatory system", "循环系统疾病"),
    "J00-J99": ("Respiratory system", "呼吸系统疾病"),
    "K00-K93": ("Digestive system", "消化系统疾病"),
    "L00-L99": ("Skin", "皮肤和皮下组织疾病"),
    "M00-M99": ("Musculoskeletal system", "肌肉骨骼系统和结缔组织疾病"),
    "N00-N99": ("Genitourinary system", "泌尿生殖系统疾病"),
    "O00-O99": ("Pregnancy and childbirth", "妊娠、分娩和产褥期"),
    "P00-P96": ("Perinatal period", "起源于围生期的某些情况"),
    "Q00-Q99": ("Congenital malformations", "先天性畸形、变形和染色体异常"),
    "R00-R99": ("Symptoms and signs", "症状、体征和异常所见"),
    "S00-T98": ("Injury and poisoning", "损伤、中毒"),
    "V01-Y98": ("External causes", "外因"),
    "Z00-Z99": ("Contact with health services", "影响健康状态的因素"),
    "U00-U99": ("Special purposes", "特殊目的编码"),
}
"""First to last category, and the name in English and Chinese."""


def chapter_of(code: str) -> str | None:
    """The chapter of a code, None where it is none of ICD-10's.

    >>> chapter_of("I21.0"), chapter_of("D50.9"), chapter_of("d45"), chapter_of("718-7")
    ('I00-I99', 'D50-D89', 'C00-D48', None)
    """
    if not re.match(r"[A-Za-z]\d[0-9A-Za-z](?:\.|$|[0-9A-Za-z])", code):
        return None
    category = code[:3].upper()
    return next((name for name in CHAPTERS if name[:3] <= category <= name[4:] + "Z"), None)
