"""What a differential tells of the chart it was made from: where each finding stands, and where statements differ."""

from __future__ import annotations

from typing import Any

from bedside.lang import counted, tr
from bedside.phenotypes.called import Called
from bedside.phenotypes.chart import ChartFindings
from bedside.phenotypes.statements import Statement


def told_chart(found: ChartFindings) -> dict[str, Any]:
    """Plain JSON: sex, onset, the statements behind each finding, and the conflicts; no text of the chart."""
    held = set(found.present)
    return {
        "sex": found.sex,
        "onset_years": found.onset_years,
        "findings": [_told(one) for one in found.statements if one.present and one.id in held],
        "denied": list(found.denied),
        "conflicts": [{"holds": _told(one), "overruled": _told(other)} for one, other in found.conflicts],
    }


def chart_lines(found: ChartFindings, called: Called, *, most: int = 30) -> list[str]:
    """The same for people: a line a finding with its places, and a line a conflict."""
    lines = [tr("Found in the chart:", "病历中的表型：")]
    where = places(found)
    lines += [f"  {called.name(id)} ({id}) — {where[id]}" for id in found.present[:most]]
    if len(found.present) > most:
        more = len(found.present) - most
        lines.append(tr(f"  … and {more} more", f"  ……另有 {more} 项"))
    sexes = {"male": tr("male", "男"), "female": tr("female", "女")}
    facts = [sexes[found.sex]] if found.sex else []
    if found.onset_years is not None:
        facts.append(tr(f"onset at {found.onset_years:.3g} years", f"起病年龄 {found.onset_years:.3g} 岁"))
    if found.denied:
        facts.append(
            tr(f"{counted(len(found.denied), 'finding')} denied or normal", f"{len(found.denied)} 项被否认或正常")
        )
    if facts:
        lines.append(f"  {tr(', ', '，').join(facts)}")
    return lines + [f"  {said}" for said in conflicts_said(found, called)[:most]]


def places(found: ChartFindings) -> dict[str, str]:
    """Where each finding that holds stands in the chart, and where each denial does: id to words."""
    states = [(id, True) for id in found.present] + [(id, False) for id in found.denied]
    said = ((id, [one for one in found.statements if one.id == id and one.present == here]) for id, here in states)
    return {id: _where(statements) for id, statements in said if statements}


def coded(found: ChartFindings) -> frozenset[str]:
    """The findings that stand in the chart as codes, so that nothing was read."""
    return frozenset(one.id for one in found.statements if one.how == "coded")


def conflicts_said(found: ChartFindings, called: Called) -> list[str]:
    """A sentence for each pair of statements that differ."""
    return [_conflict(*pair, called) for pair in found.conflicts]


def _conflict(holds: Statement, overruled: Statement, called: Called) -> str:
    one, two = (
        f"{_state(part)} {tr(', ', '，').join(filter(None, (_when(part), part.place)))}" for part in (holds, overruled)
    )
    name = called.name(overruled.id if holds.present else holds.id)
    return tr(f"Differs: {name}: {one}; {two}: the later holds", f"不一致：{name}：{one}；{two}：以较晚者为准")


def _state(one: Statement) -> str:
    if one.how == "measured":
        return tr("abnormal", "异常") if one.present else tr("normal", "正常")
    return tr("present", "有") if one.present else tr("denied", "否认")


def _where(statements: list[Statement]) -> str:
    """The latest statement's kind and place, and how many more there are."""
    last = statements[-1]
    how = {
        "coded": tr("coded", "编码"),
        "measured": tr("measured", "检验值"),
        "text": tr("in words", "文字"),
    }[last.how]
    past = tr("past", "既往") if last.past else ""
    parts = [how, last.kind, past, last.place, _when(last)]
    more = len(statements) - 1
    again = tr(f" (+{more} more)", f"（另 {more} 处）") if more else ""
    return tr(", ", "，").join(part for part in parts if part) + again


def _when(one: Statement) -> str:
    if one.days_before is None:
        return tr("undated", "未注明日期")
    if one.days_before == 0:
        return tr("at the chart's last entry", "病历最后一条")
    return tr(f"{counted(one.days_before, 'day')} before its last entry", f"最后一条前 {one.days_before} 天")


def _told(one: Statement) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": one.label,
        "present": one.present,
        "how": one.how,
        "kind": one.kind,
        "place": one.place,
        "days_before_last": one.days_before,
        "past": one.past,
    }
