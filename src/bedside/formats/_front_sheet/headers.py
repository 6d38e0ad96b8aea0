"""Which field of 病案首页 a header stands for: by its pinyin name, by a code of HQMS, or by Chinese words."""

from __future__ import annotations

import re
import unicodedata

from bedside.formats._front_sheet.fields import FIELDS, REPEATED

HQMS_DIAGNOSES = (
    "P324 P325 P806, P327 P328 P807, P3291 P3292 P808, P3294 P3295 P809, P3297 P3298 P810, P3281 P3282 P811, "
    "P3284 P3285 P812, P3287 P3288 P813, P3271 P3272 P814, P3274 P3275 P815"
)
HQMS_PROCEDURES = (
    "P490 P491 P820 P492, P4911 P4912 P821 P4913, P4922 P4923 P822 P4924, P4533 P4534 P823 P4535, "
    "P4544 P4545 P824 P4546, P45002 P45003 P825 P45004"
)

_OPERATION = ("SSJCZBM", "SSJCZMC", "SSJCZRQ", "SSJB", "SZ", "YZ", "EZ", "QKYHLB", "MZFS", "MZYS")
HQMS_REPEATED: dict[str, tuple[str, int]] = {
    "C06": ("JBDM", 0),
    "C07": ("QTZD", 0),
    "C08": ("RYBQ", 0),
    **{f"C{14 + i}": (stem, 0) for i, stem in enumerate(_OPERATION)},
    **{f"C{35 + i}": (stem, 5) for i, stem in enumerate(_OPERATION)},
}
"""Letter codes with a number (C06x01C, C35x02C): the field, and what is added to the number, so that the other
operations (C35 on) come after the principal one and its up to four fellows (C14 on)."""

HQMS_CODE = re.compile(r"[A-F]\d{2}(X\d{2})?[CN]?|P\d{1,5}")
"""What a column of either HQMS interface is called; one that is not known here may hold a name."""


def canonical(header: str) -> str | None:
    """The canonical name of a column, with its number if it has one; None when it is no front-sheet field.

    >>> canonical("其他诊断1编码"), canonical("ssjczmc2"), canonical("P321"), canonical("C07x02N"), canonical("备注")
    ('JBDM1', 'SSJCZMC2', 'JBDM', 'QTZD2', None)
    """
    name = _plain(header)
    if name in _EXACT:
        return _EXACT[name]
    found = re.fullmatch(r"(C\d{2})X(\d{2})[CN]?", name)
    if found and found[1] in HQMS_REPEATED:
        stem, before = HQMS_REPEATED[found[1]]
        return f"{stem}{before + int(found[2])}"
    if found := re.fullmatch(r"(\D+?)0*(\d{1,2})(\D*)", name):
        numbered = _NUMBERED.get(found[1] + found[3])
        return f"{numbered}{found[2]}" if numbered and found[2] else None
    return None


def coded(header: str) -> bool:
    """Whether a column is named by a code of HQMS, known or not, that says nothing to a reader.

    >>> coded("F12"), coded("B22C"), coded("备注")
    (True, True, False)
    """
    return bool(HQMS_CODE.fullmatch(_plain(header)))


def _plain(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).upper()
    return re.sub(r"[\s\-:：、,，/\\()（）\[\]【】.。]+", "", text)


def _exact() -> dict[str, str]:
    names = {_plain(word): name for name, words in FIELDS.items() for word in (name, *words.split())}
    for number, group in enumerate(HQMS_DIAGNOSES.split(", "), 1):
        names.update(zip(group.split(), (f"JBDM{number}", f"QTZD{number}", f"RYBQ{number}"), strict=True))
    for number, group in enumerate(HQMS_PROCEDURES.split(", "), 1):
        fields = (f"SSJCZBM{number}", f"SSJCZRQ{number}", f"SSJB{number}", f"SSJCZMC{number}")
        names.update(zip(group.split(), fields, strict=True))
    return names


_EXACT = _exact()
_NUMBERED = {_plain(word): name for name, words in REPEATED.items() for word in (name, *words.split())}
