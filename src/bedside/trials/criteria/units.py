"""Units as criteria write them, each as one: `x10^9/L`, `109/L` and `×10⁹/L` are 10^9/L."""

from __future__ import annotations

import re

_PLAIN = (
    (r"g/dl", "g/dL"),
    (r"g/l(?![a-z])", "g/L"),
    (r"mg/dl", "mg/dL"),
    (r"mg/l(?![a-z])", "mg/L"),
    (r"u?g/ml|mcg/ml", "ug/mL"),
    (r"ug/l(?![a-z])", "ug/L"),
    (r"ng/ml", "ng/mL"),
    (r"ng/dl", "ng/dL"),
    (r"pg/ml", "pg/mL"),
    (r"ng/l(?![a-z])", "ng/L"),
    (r"mmol/mol", "mmol/mol"),
    (r"mmo[l1i]/l", "mmol/L"),
    (r"umo[l1i]/l", "umol/L"),
    (r"nmol/l", "nmol/L"),
    (r"meq/l", "mEq/L"),
    (r"(?:miu|mu)/l", "mIU/L"),
    (r"(?:miu|mu)/ml", "mIU/mL"),
    (r"(?:iu|u|units)/l", "U/L"),
    (r"(?:iu|u)/ml", "IU/mL"),
    (r"(?:copies|cps|拷贝|copy)/ml", "copies/mL"),
    (r"ml/min/1\.?73\s?m(?:\^?2)?|ml/\(?min[x·.*/]1\.?73\s?m\^?2\)?", "mL/min/1.73m2"),
    (r"ml/min", "mL/min"),
    (r"kg/m\s?\^?2|kg/㎡|kg/m", "kg/m2"),
    (r"mm\s?hg|毫米汞柱", "mmHg"),
    (r"kpa", "kPa"),
    (r"bpm|beats\s?(?:/|per)\s?min(?:ute)?|次/分钟?|次/min|/min", "/min"),
    (r"msec|ms(?![a-z])|毫秒", "ms"),
    (r"mg/g(?![a-z])", "mg/g"),
    (r"mg/mmol", "mg/mmol"),
    (r"mg/(?:24\s?h(?:ours)?|d(?:ay)?)", "mg/24h"),
    (r"g/(?:24\s?h(?:ours)?|d(?:ay)?)(?!l)", "g/24h"),
    (r"°?\s?c(?![a-z])|℃|度", "Cel"),
    (r"%", "%"),
    (r"g(?![a-z/])|克", "g"),
    (r"cm|厘米", "cm"),
    (r"mm(?!o)|毫米", "mm"),
    (r"kg|公斤", "kg"),
    (r"(?:k|x\s?10\s?\^?\s?3|103)/(?:ul|mm\^?3)", "10^3/uL"),
    (r"(?:个|cells|cell)?/\s?(?:ul|mm\^?3|cumm)|/\s?microlit(?:er|re)", "/uL"),
    (r"个?/ml", "/mL"),
    (r"mm/h(?:r|our)?", "mm/h"),
    (r"周岁|岁|years?(?:\s?-?\s?old|\s?of\s?age)?|yrs?|y(?![a-z])", "years"),
    (r"个月|月龄|月|months?(?:\s?-?\s?old|\s?of\s?age)?", "months"),
    (r"周|weeks?(?:\s?-?\s?old|\s?of\s?(?:age|gestation))?", "weeks"),
    (r"天|日龄|days?(?:\s?-?\s?old|\s?of\s?age)?", "days"),
    (r"分钟|minutes?|min(?![a-z])", "minutes"),
    (r"小时|hours?|hrs?(?![a-z])", "hours"),
    (r"秒|seconds?|s(?![a-z])", "s"),
    (r"分(?!钟|之)|points?|级|期", ""),
)
_COUNT = r"(?:[x*·]\s*)10\s*\^?\s*(?P<power>9|12|3|6)\s*(?:个|cells)?\s*/\s*(?P<volume>ul|mm\^?3|ml|l)"
_UNIT = re.compile(
    rf"\s*(?:(?P<count>{_COUNT})|" + "|".join(f"(?P<u{n}>{one})" for n, (one, _) in enumerate(_PLAIN)) + ")"
)
_VOLUMES = {"l": "L", "ul": "uL", "mm3": "uL", "mm^3": "uL", "ml": "mL"}
_GAPS = re.compile(r"(?<=[a-z/\d]) (?=/)|(?<=/) (?=[a-z])")


def unit_at(text: str, at: int) -> tuple[str, int]:
    """The unit that stands at a place of a text in small letters, and where it ends; ("", at) where there is none.

    >>> unit_at("90 x 10^9/l", 2)
    ('10^9/L', 11)
    """
    match = _UNIT.match(text, at)
    if match is None:
        return "", at
    if match["count"]:
        return f"10^{match['power']}/{_VOLUMES[match['volume']]}", match.end()
    kind = str(match.lastgroup)
    return _PLAIN[int(kind[1:])][1], match.end()
