"""Quantities that stories give beside the routine tests: clotting, hormones, heart, kidney, scores of the mind."""

from __future__ import annotations

from bedside.phenotypes._quantity import ALL, COUNT, COUNTS, MOLES, Quantity

MORE = (
    Quantity("neutrophils", r"\b(?:neutrophils?|neuts?|ANC)\b|中性粒细胞(?:绝对值|计数)", COUNT, COUNTS, (0, 100)),
    Quantity("eosinophils", r"\b(?:eosinophils?|eos)\b|嗜酸性?粒细胞(?:绝对值|计数)", COUNT, COUNTS, (0, 100)),
    Quantity(
        "glomerular filtration rate",
        r"\be?GFR\b|肾小球滤过率",
        r"m[lL]\s*/\s*min(?:\s*/\s*1\.73\s*m\s*\^?[2²])?",
        ALL,
        (2, 200),
        True,
    ),
    Quantity(
        "haemoglobin A1c",
        r"\bHb\s*A1c\b|\bA1c\b|糖化血红蛋白",
        r"[%％]|mmol\s*/\s*mol",
        ALL,
        (3, 20),
        True,
    ),
    Quantity("sedimentation rate", r"\bESR\b|血沉", r"mm\s*(?:/\s*(?:1?\s*h(?:r|our)?))?", ALL, (1, 200), True),
    Quantity("thromboplastin time", r"\b[Aa]?PTT\b|部分凝血活酶时间", r"s(?:ec(?:onds?)?)?\b|秒", ALL, (10, 300), True),
    Quantity("QT interval", r"\bQTc?(?: interval)?\b|QTc?间期", r"ms(?:ec)?\b|毫秒", ALL, (200, 900), True),
    Quantity("ejection fraction", r"\b(?:LV)?EF\b|\bejection fraction\b|射血分数", r"[%％]", ALL, (5, 90), True),
    Quantity("thyrotropin", r"\bTSH\b|促甲状腺(?:激)?素", r"(?:m|[uµμ])I?U\s*/\s*m?L", ALL, (0, 500), True),
    Quantity(
        "ceruloplasmin",
        r"\bc(?:a)?eruloplasmin\b|铜蓝蛋白",
        r"[mg]g?\s*/\s*d?L",
        ((r"mg\s*/\s*dL", 0.01), (r"mg\s*/\s*L", 0.001), (r"", 1.0)),
        (0.0, 2),
    ),
    Quantity("sweat chloride", r"\bsweat (?:test |chloride )+|汗液?氯(?:离子|化物)?", MOLES, ALL, (2, 200), True),
    Quantity("Montreal assessment", r"\bMoCA\b|蒙特利尔认知评估", r"分", ALL, (0, 30), True, "of thirty"),
    Quantity("mental state examination", r"\bMMSE\b|简易精神状态检查", r"分", ALL, (0, 30), True, "of thirty"),
    Quantity("intelligence quotient", r"\b(?:full[- ]scale )?IQ\b|智商|智力商", r"分", ALL, (20, 170), True),
    Quantity(
        "urine protein",
        r"\b(?:urin\w+ protein|protein(?:uria)?(?: in (?:the |his |her )?urine)?)|尿蛋白(?:定量)?",
        r"m?g\s*/\s*(?:24\s*h(?:ours?)?|day|d)\b",
        ((r"mg", 0.001), (r"", 1.0)),
        (0, 60),
    ),
    Quantity(
        "alkaline phosphatase",
        r"\b(?:ALP|alkaline phosphatase)\b|碱性磷酸酶",
        r"(?:I?U|units)\s*/\s*L",
        ALL,
        (5, 10000),
        True,
    ),
)
