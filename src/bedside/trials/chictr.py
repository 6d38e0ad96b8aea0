"""Trials of the Chinese registry (ChiCTR) as users have them: a page saved as HTML, or its text copied out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ID = re.compile(r"ChiCTR[-A-Z]*\d{8,12}|ChiCTR-\w{3,4}-\d{8}")
_FIELDS = {
    "title": r"注册题目|研究题目|试验题目|Public title|Scientific title",
    "condition": r"研究疾病|疾病名称|Target disease",
    "inclusion": r"纳入标准|入选标准|Inclusion criteria",
    "exclusion": r"排除标准|Exclusion criteria",
    "minimum": r"最小|Min(?:imum)? age",
    "maximum": r"最大|Max(?:imum)? age",
    "age": r"年龄范围|Participant age|Age range",
    "sex": r"性别|Gender|Sex",
    "status": r"征募研究对象情况|招募状态|Recruiting status",
    "phase": r"研究所处阶段|研究阶段|Study phase",
    "other": r"注册号|最近更新日期|注册时间|注册号状态|申请人|研究负责人|研究实施|经费|研究类型|"
    r"研究设计|研究目的|药物成分|干预措施|样本总量|测量指标|采集人体标本|随机方法|"
    r"盲法|试验主办单位|伦理|"
    r"Registration number|Date of|Applicant|Study leader|Primary sponsor|Source\(s\) "
    r"of funding|Study type|Study design|Objectives|Interventions|Outcomes|Collecting "
    r"sample|Countries of recruitment",
}
_FIELD = re.compile(
    r"(?im)^[ \t]*(?:【)?(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _FIELDS.items())
    + r")(?:】)?[^:：\n]{0,24}[:：](?!\s*//)"
)
_MARKUP = re.compile(r"<(?:!doctype|html|table|div|td|p)\b", re.IGNORECASE)
_YEARS = re.compile(r"(\d{1,3})\s*(?:周?岁|years?|$)", re.IGNORECASE)
_SEXES = {"男": "male", "male": "male", "女": "female", "female": "female"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChictrTrial:
    """What a registry page says of who may take part; ages in years, `sex` is "any" where both may."""

    id: str
    title: str = ""
    condition: str = ""
    status: str = ""
    phase: str = ""
    inclusion: str = ""
    exclusion: str = ""
    min_age: float | None = None
    max_age: float | None = None
    sex: str = "any"

    @property
    def eligibility(self) -> str:
        """Both lists under their headings, as one text."""
        parts = (("入选标准：", self.inclusion), ("排除标准：", self.exclusion))
        return "\n\n".join(f"{head}\n{body}" for head, body in parts if body)


def is_chictr(text: str) -> bool:
    """Does a text hold a registry page: its number and a list of criteria?"""
    return bool(_ID.search(text) and re.search(r"纳入标准|入选标准|排除标准|Inclusion criteria", text, re.IGNORECASE))


def read_chictr(path: Path) -> Iterator[ChictrTrial]:
    """The trials of a saved page or text; several pages in one text begin each with its number."""
    from bedside.formats._files.lines import text_lines
    from bedside.formats._syntax.narrative import html_text

    text = "".join(line for _, line in text_lines(path, None, lambda _: None))
    yield from trials_of(html_text(_cells(text)) if _MARKUP.search(text[:4000]) else text)


def trials_of(text: str) -> Iterator[ChictrTrial]:
    """The trials of a text, each from its number on.

    >>> page = "注册号：ChiCTR2000012345\\n纳入标准：\\n1）成人\\n排除标准：\\n1）妊娠\\n性别：男女均可"
    >>> (one,) = trials_of(page)
    >>> one.id, one.inclusion, one.exclusion, one.sex
    ('ChiCTR2000012345', '1）成人', '1）妊娠', 'any')
    """
    numbers = list(_ID.finditer(text))
    begins: list[tuple[int, str]] = []
    for match in numbers:
        if not begins or match[0] not in {id for _, id in begins}:
            begins.append((match.start(), match[0]))
    for number, (start, id) in enumerate(begins):
        first = 0 if number == 0 else start
        end = begins[number + 1][0] if number + 1 < len(begins) else len(text)
        said = _fields(text[first:end])
        if "inclusion" in said or "exclusion" in said:
            yield _trial(id, said)


def _trial(id: str, said: dict[str, str]) -> ChictrTrial:
    ages = re.findall(r"\d{1,3}", said.get("age", "")) or []
    sex = said.get("sex", "").strip().lower()
    return ChictrTrial(
        id=id,
        title=said.get("title", ""),
        condition=said.get("condition", ""),
        status=said.get("status", ""),
        phase=said.get("phase", ""),
        inclusion=said.get("inclusion", ""),
        exclusion=said.get("exclusion", ""),
        min_age=_years(said.get("minimum")) if "minimum" in said else float(ages[0]) if ages else None,
        max_age=_years(said.get("maximum")) if "maximum" in said else float(ages[1]) if len(ages) > 1 else None,
        sex=_SEXES.get(sex, "any"),
    )


def _fields(text: str) -> dict[str, str]:
    """What stands after each field's name, up to the next one's; the first filled one of a name counts."""
    found: dict[str, str] = {}
    matches = list(_FIELD.finditer(text))
    for match, after in zip(matches, [*matches[1:], None], strict=True):
        body = text[match.end() : after.start() if after else len(text)].strip()
        name = str(match.lastgroup)
        if body and not found.get(name):
            found[name] = body if name in ("inclusion", "exclusion") else " ".join(body.split())[:500]
    return found


def _years(said: str | None) -> float | None:
    match = _YEARS.search(said or "")
    return float(match[1]) if match else None


def _cells(markup: str) -> str:
    """A table cell and a line break end a line of text."""
    return re.sub(r"(?i)<br\s*/?>|</(?:td|th|tr|p|div|li)>", "\n", markup)
