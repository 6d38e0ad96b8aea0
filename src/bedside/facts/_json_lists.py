"""Lists of a person as JSON has them: texts, allergies and laboratory values, as objects, strings or both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bedside.errors import DataError
from bedside.facts._json_values import number
from bedside.lang import tr
from bedside.types import Allergy, Lab

_NONE = re.compile(
    r"(?:no|none|nil|nka|nkda|nil known|n/a|no(?: known)?(?: drug)? allerg(?:y|ies)|none known|无|否认|没有|未见|不详|"
    r"(?:无|否认)(?:已知)?(?:药物)?(?:及食物)?过敏(?:史)?)[.。]?",
    re.IGNORECASE,
)
_NAMES = ("text", "name", "substance", "display", "名称")
_BRACKETS = re.compile(r"(.+?)\s*[（(\[:：]\s*(.+?)\s*[)）\]]?\s*")
_ALLERGY_TO = re.compile(r"(?:allerg(?:y|ic) to|对)\s*", re.IGNORECASE)
_ALLERGIC = re.compile(r"\s*(?:allergy|过敏史?)$", re.IGNORECASE)
_LAB = re.compile(r"(.*?[^\d\s.,:：=<>≤≥])\s*[:：=]?\s*([<>≤≥]?\s*-?\d+(?:\.\d+)?)\s*(\S*)\s*")
_BOUND = re.compile(r"[<>≤≥]=?\s*\d+(?:\.\d+)?")


def texts(value: Any, where: str) -> tuple[str, ...]:
    """Texts: a list of them, of objects with a `text` or `name`, or one string with several between semicolons.

    >>> texts("asthma; CKD", "conditions"), texts([{"name": "warfarin", "dose": "5 mg"}, None], "medications")
    (('asthma', 'CKD'), ('warfarin 5 mg',))
    """
    return tuple(_text(one, place) for one, place in _items(value, where))


def allergies(value: Any, where: str) -> tuple[Allergy, ...]:
    """Allergies: objects with a `substance` and a `reaction`, or strings such as "penicillin (rash)"; "none" is none.

    >>> [(one.substance, one.reaction) for one in allergies(["青霉素（皮疹）", {"substance": "latex"}], "allergies")]
    [('青霉素', '皮疹'), ('latex', '')]
    """
    found = []
    for one, place in _items(value, where):
        if isinstance(one, Mapping):
            reaction = _joined(one.get("reaction") or one.get("reactions") or one.get("反应"), f"{place}.reaction")
            severity = one.get("severity")
            more = [severity] if isinstance(severity, str) and severity not in reaction else []
            name = {key: said for key, said in one.items() if key in _NAMES}
            found.append(Allergy(_text(name, place), ", ".join(filter(None, [reaction, *more]))))
        else:
            said = _text(one, place)
            parts = _BRACKETS.fullmatch(said)
            substance, reaction = (parts[1], parts[2]) if parts else (said, "")
            found.append(Allergy(_ALLERGIC.sub("", _ALLERGY_TO.sub("", substance)), reaction))
    return tuple(found)


def labs(value: Any, where: str) -> tuple[Lab, ...]:
    """Laboratory values: objects with `name`, `value`, `unit`; strings "K 6.8 mmol/L"; or an object of names to values.

    One without a value is none.

    >>> [(one.name, one.value, one.unit) for one in labs(["K 6.8 mmol/L", {"name": "INR", "value": "2.1"}], "labs")]
    [('K', 6.8, 'mmol/L'), ('INR', 2.1, '')]
    """
    if isinstance(value, Mapping) and "name" not in value:
        value = [
            {"name": name, **said} if isinstance(said, Mapping) else f"{name} {said}" for name, said in value.items()
        ]
    told = (_lab(one, place) for one, place in _items(value, where))
    return tuple(lab for lab in told if lab is not None)


def _lab(told: Any, where: str) -> Lab | None:
    if isinstance(told, Mapping):
        value = told.get("value")
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        bound = isinstance(value, str) and _BOUND.fullmatch(value.strip())
        words = isinstance(value, str) and not re.search(r"\d", value)
        read: float | str = str(value).strip() if bound or words else number(value, f"{where}.value")
        time = told.get("time") or told.get("date")
        return Lab(_text(told, where, just=True), read, str(told.get("unit") or ""), str(time) if time else None)
    said = _LAB.fullmatch(_text(told, where))
    if said is None:
        raise DataError(tr("no value in this laboratory result", "该检验结果没有数值"), where=where)
    name, value, unit = said[1].strip(), said[2].replace(" ", ""), said[3]
    return Lab(name, value if value[0] in "<>≤≥" else float(value), unit)


def _items(value: Any, where: str) -> Iterator[tuple[Any, str]]:
    """Each thing of a list with its place; what says nothing, or that there is none, is passed over."""
    if isinstance(value, str):
        value = re.split(r"[;；\n]+", value)
    elif isinstance(value, Mapping):
        value = [value]
    elif not isinstance(value, (list, tuple)):
        raise DataError(tr("not a list", "不是列表"), where=where, allowed="[...]")
    for place, one in enumerate(value):
        empty = one is None or (isinstance(one, str) and (not one.strip() or _NONE.fullmatch(one.strip())))
        if not empty:
            yield one, f"{where}[{place}]"


def _text(told: Any, where: str, *, just: bool = False) -> str:
    """The words of a string, or of an object: its name, then, unless `just` that, what else it says."""
    if isinstance(told, str):
        return told.strip()
    if isinstance(told, Mapping):
        name = next((told[key] for key in _NAMES if isinstance(told.get(key), str) and told[key].strip()), None)
        if name is not None:
            more = [] if just else [said for key, said in told.items() if key not in _NAMES]
            return " ".join([name.strip(), *(str(one) for one in more if isinstance(one, (str, int, float)))])
    raise DataError(tr("no words in this item", "该项没有文字"), where=where, allowed='"text" | {"name": "text"}')


def _joined(value: Any, where: str) -> str:
    """Words, or several of them."""
    parts = [value] if isinstance(value, str) else value or []
    if not isinstance(parts, list) or not all(isinstance(one, str) for one in parts):
        raise DataError(tr("not text", "不是文字"), where=where)
    return ", ".join(part.strip() for part in parts)
