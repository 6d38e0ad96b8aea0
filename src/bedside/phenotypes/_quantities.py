"""What is measured: how charts name it in two languages, its units, and the one unit of the table of ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COUNT = (
    r"(?:[x×*]\s*10\s*\^?\s*[9⁹]\s*/\s*L|10\^9/L|G/L|k/[uµμ]L|[x×]\s*10\s*\^?\s*3\s*/\s*[uµμ]L|"
    r"/\s*(?:[uµμ]L|mm3|mm³|cumm)|万)"
)
_COUNTS = ((r"^/|mm", 1e-3), (r"万", 10.0), (r"", 1.0))
_MOLES = r"mmol\s*/\s*L|mEq\s*/\s*L"


_OF_THE_BODY = frozenset(
    (
        *("temperature", "temperature, axillary", "heart rate", "respiratory rate", "systolic pressure"),
        *("oxygen saturation", "body mass index", "height SD", "weight SD", "head circumference SD"),
    )
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """`scales`: the first pattern that the unit matches says by what a value is multiplied; `bare`: the unit may lack.

    `plausible` bounds, after scaling, guard against numbers that mean something else.
    """

    name: str
    names: str
    units: str
    scales: tuple[tuple[str, float], ...]
    plausible: tuple[float, float]
    bare: bool = False
    second: str = ""

    @property
    def blood(self) -> bool:
        """Is it measured in blood, and means something else in other fluids?"""
        return self.name not in _OF_THE_BODY

    def standard(self, value: float, unit: str) -> float | None:
        """The value in the table's unit, None where it cannot be that quantity."""
        if self.name.startswith("temperature") and "F" in unit.upper() and "C" not in unit.upper():
            value = (value - 32) / 1.8
        elif self.name == "haemoglobin" and not unit:
            value *= 10 if value < 25 else 1
        else:
            value *= next((by for pattern, by in self.scales if re.search(pattern, unit, re.IGNORECASE)), 1.0)
        return value if self.plausible[0] <= value <= self.plausible[1] else None


_SD = r"SDS?\b|s\.d\.|standard deviations?|z-?scores?|个?标准差|[zZ]"
_ALL = ((r"", 1.0),)
_GRAMS = ((r"g\s*/\s*L", 1.0), (r"g\s*/\s*dL|g%|克", 10.0))

QUANTITIES = (
    Quantity(
        "haemoglobin",
        r"\b(?:ha?emoglobin|Hgb|Hb)\b(?!\s*A)|血红蛋白|血色素",
        r"g\s*/\s*d?L|g%|克",
        _GRAMS,
        (20, 260),
        True,
    ),
    Quantity("platelets", r"\b(?:platelets?|PLT|thrombocytes?)\b|血小板", _COUNT, _COUNTS, (1, 3000), True),
    Quantity(
        "leukocytes",
        r"\b(?:WBC|WCC|white (?:blood )?cells?(?: count)?|leu[ck]ocytes?)\b|白细胞",
        _COUNT,
        _COUNTS,
        (0.1, 500),
        True,
    ),
    Quantity("sodium", r"\b(?:sodium|Na\+?)(?=[\s:=])|血钠|钠", _MOLES, _ALL, (90, 200), True),
    Quantity("potassium", r"\b(?:potassium|K\+?)(?=[\s:=])|血钾|钾", _MOLES, _ALL, (1, 10), True),
    Quantity(
        "calcium",
        r"\b(?:calcium|Ca(?:2\+)?)(?=[\s:=])|血钙|总钙",
        r"mmol\s*/\s*L|mg\s*/\s*dL",
        ((r"mg", 0.2495), (r"", 1.0)),
        (0.5, 6),
    ),
    Quantity(
        "fasting glucose",
        r"\bfasting (?:plasma |blood )?(?:glucose|sugar)\b|空腹(?:血)?(?:葡萄)?糖",
        r"mmol\s*/\s*L|mg\s*/\s*dL",
        ((r"mg", 0.0555), (r"", 1.0)),
        (0.3, 80),
    ),
    Quantity(
        "glucose",
        r"(?<!fasting )(?<!plasma )(?<!blood )\b(?:(?:blood |plasma |random )"
        r"?(?:glucose|sugar)|Glu)\b|(?<!空腹)(?:血|随机血)(?:葡萄)?糖",
        r"mmol\s*/\s*L|mg\s*/\s*dL",
        ((r"mg", 0.0555), (r"", 1.0)),
        (0.3, 80),
    ),
    Quantity(
        "creatinine",
        r"\b(?:creatinine|Cr|SCr|Crea)\b|(?:血)?肌酐",
        r"[uµμ]mol\s*/\s*L|mg\s*/\s*dL",
        ((r"mg", 88.4), (r"", 1.0)),
        (5, 3000),
    ),
    Quantity(
        "urate",
        r"\b(?:uric acid|urate)\b|尿酸",
        r"[uµμm]mol\s*/\s*L|mg\s*/\s*dL",
        ((r"mg", 59.48), (r"mmol", 1000.0), (r"", 1.0)),
        (20, 3000),
    ),
    Quantity(
        "bilirubin",
        r"\b(?:total )?bilirubin\b|\bTBIL\b|总胆红素",
        r"[uµμ]mol\s*/\s*L|mg\s*/\s*dL",
        ((r"mg", 17.1), (r"", 1.0)),
        (1, 1200),
    ),
    Quantity(
        "alanine aminotransferase",
        r"\b(?:ALT|alanine (?:amino)?transaminase|SGPT)\b|谷丙转氨酶|丙氨酸氨基转移酶",
        r"(?:I?U|units)\s*/\s*L",
        _ALL,
        (1, 30000),
        True,
    ),
    Quantity(
        "aspartate aminotransferase",
        r"\b(?:AST|SGOT)\b|谷草转氨酶|天门冬氨酸氨基转移酶",
        r"(?:I?U|units)\s*/\s*L",
        _ALL,
        (1, 30000),
        True,
    ),
    Quantity("albumin", r"(?<!micro)\balbumin\b|(?<!尿)(?<!微量)白蛋白", r"g\s*/\s*d?L", _GRAMS, (5, 70)),
    Quantity(
        "creatine kinase",
        r"\b(?:CK|CPK|creatine (?:phospho)?kinase)\b|肌酸激酶",
        r"(?:I?U|units)\s*/\s*L",
        _ALL,
        (5, 500000),
        True,
    ),
    Quantity(
        "C-reactive protein",
        r"\b(?:CRP|C-reactive protein)\b|C反应蛋白",
        r"mg\s*/\s*d?L",
        ((r"dL", 10.0), (r"", 1.0)),
        (0, 900),
    ),
    Quantity("ferritin", r"\bferritin\b|铁蛋白", r"(?:ng\s*/\s*mL|[uµμ]g\s*/\s*L)", _ALL, (0.1, 200000)),
    Quantity("lactate", r"\b(?:lactate|lactic acid)\b|乳酸(?!脱氢)", r"mmol\s*/\s*L", _ALL, (0.1, 40)),
    Quantity("ammonia", r"\bammonia\b|血氨", r"[uµμ]mol\s*/\s*L", _ALL, (1, 3000)),
    Quantity(
        "temperature",
        r"\b(?:temp(?:erature)?|T|fever|febrile)\b",
        r"(?:°\s*|º\s*|degrees\s*)?[CF]\b|℃|℉",
        _ALL,
        (25, 44),
    ),
    Quantity("temperature, axillary", r"体温|发热|高热|高烧|发烧|烧到|\bT(?=[:：\d])", r"°\s*C|℃|度", _ALL, (25, 44)),
    Quantity(
        "heart rate",
        r"\b(?:heart rate|pulse(?: rate)?|HR)\b|心率|脉搏",
        r"(?:/\s*min|bpm|beats(?: per minute| a minute|/min)?|per minute|次\s*[/每]\s*分钟?)",
        _ALL,
        (15, 350),
        True,
    ),
    Quantity(
        "respiratory rate",
        r"\b(?:respiratory rate|RR)\b|呼吸(?:频率)?",
        r"(?:/\s*min|breaths(?: per minute|/min)?|per minute|次\s*[/每]\s*分钟?)",
        _ALL,
        (4, 150),
    ),
    Quantity(
        "systolic pressure", r"\b(?:BP|blood pressure)\b|血压", r"mm\s*Hg", _ALL, (40, 300), True, "diastolic pressure"
    ),
    Quantity(
        "oxygen saturation",
        r"\b(?:SpO2|SaO2|oxygen saturations?|sats?|O2 sat\w*)\b|血氧饱和度|氧饱和度|血氧|SpO2",
        r"[%％]",
        _ALL,
        (30, 100),
    ),
    Quantity(
        "body mass index",
        r"\b(?:BMI|body mass index)\b|体(?:重|质)指数|BMI",
        r"kg\s*/\s*m\s*\^?[2²]",
        _ALL,
        (8, 90),
        True,
    ),
    Quantity("height SD", r"\b(?:height|length|stature)\b|身高|身长", _SD, _ALL, (-15, 15)),
    Quantity("weight SD", r"\b(?:weight)\b|体重", _SD, _ALL, (-15, 15)),
    Quantity(
        "head circumference SD",
        r"\b(?:head circumference|OFC|occipitofrontal circumference|HC)\b|头围",
        _SD,
        _ALL,
        (-15, 15),
    ),
)
