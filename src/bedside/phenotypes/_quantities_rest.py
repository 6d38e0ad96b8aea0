"""Quantities of further panels of the laboratory, and of lung and eye; letters often give them without a unit."""

from __future__ import annotations

from bedside.phenotypes._quantity import ALL, MOLES, Quantity

_UNITS = r"(?:I?U|units)\s*/\s*L"
_MILLI = r"mmol\s*/\s*L|mg\s*/\s*dL"

REST = (
    Quantity("chloride", r"\b(?:(?<!sweat )chloride|Cl-?)(?=[\s:=])|血氯|氯离子", MOLES, ALL, (60, 150), True),
    Quantity("bicarbonate", r"\b(?:bicarb(?:onate)?|HCO3-?)|碳酸氢根|碳酸氢盐", MOLES, ALL, (2, 60), True),
    Quantity("magnesium", r"\b(?:magnesium|Mg(?:2\+)?(?=[\s:=]))|血镁", _MILLI, ((r"mg", 0.411), (r"", 1.0)), (0.2, 5)),
    Quantity(
        "phosphate",
        r"\b(?:(?:serum |blood )?phosph(?:ate|orus))\b|血磷",
        _MILLI,
        ((r"mg", 0.323), (r"", 1.0)),
        (0.1, 6),
    ),
    Quantity(
        "urea",
        r"\b(?:(?:blood )?urea(?: nitrogen)?|BUN)\b|(?:血)?尿素氮?",
        _MILLI,
        ((r"mg", 0.357), (r"", 1.0)),
        (0.5, 100),
        True,
    ),
    Quantity("acidity of blood", r"(?<![A-Za-z])pH(?![A-Za-z])|酸碱度", r"(?!)", ALL, (6.5, 8.0), True),
    Quantity("mean cell volume", r"\bMCV\b|平均红细胞体积", r"f[lL]", ALL, (40, 150), True),
    Quantity("lactate dehydrogenase", r"\bLDH\b|乳酸脱氢酶", _UNITS, ALL, (20, 50000), True),
    Quantity("gamma-glutamyltransferase", r"\b(?:GGT|gamma[- ]?GT)\b|谷氨酰转[肽移]酶", _UNITS, ALL, (2, 10000), True),
    Quantity("amylase", r"\bamylase\b|淀粉酶", _UNITS, ALL, (5, 30000), True),
    Quantity("lipase", r"\blipase\b|脂肪酶", _UNITS, ALL, (2, 50000), True),
    Quantity(
        "natriuretic peptide", r"(?<!pro)(?<!pro-)\bBNP\b|(?<!前体)脑钠肽", r"p[gm]\s*/\s*m?L", ALL, (1, 90000), True
    ),
    Quantity("natriuretic peptide, N-terminal", r"\bNT-?pro-?BNP\b", r"p[gm]\s*/\s*m?L", ALL, (1, 300000), True),
    Quantity(
        "D-dimer",
        r"\bD-?dimers?\b|D-?二聚体",
        r"(?:[uµμmn]g\s*/\s*m?L)",
        ((r"mg\s*/\s*L|[uµμ]g\s*/\s*mL", 1000.0), (r"", 1.0)),
        (10, 200000),
        True,
    ),
    Quantity("normalized ratio", r"\bINR\b|国际标准化比值", r"(?!)", ALL, (0.5, 20), True),
    Quantity(
        "prostate-specific antigen", r"\bPSA\b|前列腺特异(?:性)?抗原", r"[nuµμ]g\s*/\s*m?L", ALL, (0, 10000), True
    ),
    Quantity("procalcitonin", r"\b(?:procalcitonin|PCT)\b|降钙素原", r"[nuµμ]g\s*/\s*m?L", ALL, (0, 1000), True),
    Quantity(
        "cholesterol", r"\b(?:total )?cholesterol\b|总?胆固醇", _MILLI, ((r"mg", 0.02586), (r"", 1.0)), (1, 40), True
    ),
    Quantity("triglycerides", r"\btriglycerides?\b|甘油三酯", _MILLI, ((r"mg", 0.01129), (r"", 1.0)), (0.1, 150), True),
    Quantity("prolactin", r"\bprolactin\b|泌乳素|催乳素", r"[nuµμ]g\s*/\s*m?L", ALL, (0.5, 50000)),
    Quantity(
        "forced expiratory volume",
        r"\bFEV\s*1\b(?!\s*/)|第一秒用力呼气(?:容积|量)",
        r"[%％]|per ?cent",
        ALL,
        (5, 150),
    ),
    Quantity(
        "intraocular pressure", r"\b(?:IOP|(?:intraocular|eye) pressures?)\b|眼压", r"mm\s*Hg", ALL, (2, 90), True
    ),
)
