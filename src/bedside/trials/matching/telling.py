"""A match in words and as JSON: questions as one asks them, when a thing was, verdicts, counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bedside.lang import disclaimer, tr
from bedside.trials.criterion import Condition, Evidence, Judged
from bedside.trials.matching.called import called
from bedside.trials.matching.found import Rules
from bedside.trials.matching.match import ChartMatch, Matched, Question

RULES = {
    "unknown": (
        "what a chart does not mention is unknown; in the order of trials an exclusion that is not mentioned counts as"
        " likely not to apply",
        "病历未提及的内容视为未知；排序时，未提及的排除标准按很可能不适用计",
    ),
    "listed": (
        "what a chart does not mention is absent where it keeps a coded list of that kind, and unknown elsewhere",
        "病历有相应编码清单时，未列出的内容视为没有；否则视为未知",
    ),
    "absent": ("what a chart does not mention is taken for absent", "病历未提及的内容一律视为没有"),
}


def rule_said(rules: Rules) -> str:
    """The rule that was used for a chart's silence and for old values, in a sentence."""
    days = f"{rules.recent_days:g}"
    old = tr(f"a value older than {days} days decides nothing", f"超过 {days} 天的结果不作判定依据")
    return f"{tr(*RULES[rules.unmentioned])}{tr('; ', '；')}{old}"


def verdict_said(judged: Judged) -> str:
    """The verdict, and of an unknown one which way it leans."""
    return _verdict(judged.verdict, judged.likely, judged.none_found)


def verdict_of(said: Mapping[str, Any]) -> str:
    """The same of a criterion as JSON."""
    return _verdict(said["verdict"], said.get("likely") or "", bool(said.get("none_found")))


def _verdict(verdict: str, likely: str, none_found: bool) -> str:
    if verdict == "met":
        return tr("met", "符合")
    if verdict == "not met":
        return tr("not met", "不符合")
    if none_found:
        return tr("unknown, none found", "未知，未见记录")
    if likely == "met":
        return tr("unknown, likely met", "未知，很可能符合")
    return tr("unknown, likely not met", "未知，很可能不符合") if likely else tr("unknown", "未知")


def eligibility_said(eligibility: str) -> str:
    """Overall."""
    return {
        "eligible": tr("eligible", "符合入组"),
        "possibly": tr("possibly", "可能符合"),
        "not eligible": tr("not eligible", "不符合"),
    }[eligibility]


def ago_said(days: int | None) -> str:
    """How long before today.

    >>> ago_said(0), ago_said(12), ago_said(800), ago_said(None)
    ('today', '12 days ago', '2.2 years ago', 'no date')
    """
    if days is None:
        return tr("no date", "无日期")
    if days == 0:
        return tr("today", "当天")
    if days < 0:
        return tr(f"in {-days} days", f"{-days} 天后")
    if days < 90:
        return tr(f"{days} {'day' if days == 1 else 'days'} ago", f"{days} 天前")
    if days < 730:
        return tr(f"{days / 30.4375:.0f} months ago", f"{days / 30.4375:.0f} 个月前")
    return tr(f"{days / 365.25:.1f} years ago", f"{days / 365.25:.1f} 年前")


def question_said(condition: Condition) -> str:
    """What to ask.

    >>> question_said(Condition(kind="measurement", concept="eGFR", op=">=", start=0, end=4, low=30.0))
    'What is the latest eGFR?'
    """
    what = called(condition.concept)
    narrowed = ", ".join(condition.qualifiers)
    what_zh = f"{what}（{'、'.join(condition.qualifiers)}）" if narrowed else what
    what = f"{what} ({narrowed})" if narrowed else what
    within = condition.within_days
    window = "" if within is None else tr(f" in the last {_days(within)}", f"最近{_days(within)}内")
    if condition.kind in ("measurement", "status") and condition.op not in ("present", "absent"):
        return tr(f"What is the latest {what}{window}?", f"{window}最近一次 {what_zh} 是多少？")
    if condition.kind == "age":
        return tr("How old is the patient?", "患者年龄多大？")
    if condition.kind == "sex":
        return tr("What is the patient's sex?", "患者性别？")
    if condition.kind == "medicine":
        return tr(f"Does or did the patient take: {what}{window}?", f"患者{window}是否使用：{what_zh}？")
    if condition.kind == "allergy":
        return tr(f"Is the patient allergic to: {what}?", f"患者是否对以下过敏：{what_zh}？")
    if condition.kind == "procedure":
        return tr(f"Has the patient had: {what}{window}?", f"患者{window}是否接受过：{what_zh}？")
    if condition.kind == "pregnancy":
        return tr(f"Does this hold: {what}?", f"是否属于：{what_zh}？")
    return tr(f"Does the patient have: {what}{window}?", f"患者{window}是否有：{what_zh}？")


def match_to_json(match: ChartMatch, *, whole: bool = True) -> dict[str, Any]:
    """All of a chart's match as plain values; without `whole`, criteria that are met are counted only."""
    return {
        "patient": match.patient,
        "trials": [matched_to_json(one, whole=whole) for one in match.trials],
        "questions": [question_to_json(one) for one in match.questions],
        "disclaimer": disclaimer(),
    }


def matched_to_json(one: Matched, *, whole: bool = True) -> dict[str, Any]:
    """One trial's part."""
    shown = one.judged if whole else [j for j in one.judged if j.verdict != "met"]
    return {
        "trial": one.trial,
        "title": one.title,
        "eligibility": one.eligibility,
        "score": round(one.score, 4),
        "counts": counts(one),
        "studied": one.studied,
        "criteria": [judged_to_json(judged) for judged in shown],
    }


def counts(one: Matched) -> dict[str, int]:
    """How many criteria came to what; those not mentioned are a part of the unknown ones."""
    said = {verdict.replace(" ", "_"): one.count(verdict) for verdict in ("met", "not met", "unknown")}
    return {**said, "none_found": one.none_found}


def judged_to_json(judged: Judged) -> dict[str, Any]:
    """One criterion's verdict with its evidence."""
    values: dict[str, Any] = {
        "criterion": judged.criterion.id,
        "side": judged.criterion.side,
        "text": judged.criterion.text,
        "verdict": judged.verdict,
        "evidence": [evidence_to_json(one) for one in judged.evidence],
    }
    if judged.verdict == "unknown":
        asks = list(dict.fromkeys(question_said(one) for one in judged.asks)) or [unparsed_said(judged)]
        values.update(likely=judged.likely or None, none_found=judged.none_found, ask=asks)
    return {**values, "note": judged.note} if judged.note else values


def unparsed_said(judged: Judged) -> str:
    """The stretches of a criterion that a person has to read."""
    text = judged.criterion.text
    parts = [text[start:end].strip() for start, end in judged.criterion.unparsed] or [text]
    said = tr("; ", "；").join(filter(None, parts))
    return tr(f"To be judged by a person: {said}", f"需人工判断：{said}")


def evidence_to_json(one: Evidence) -> dict[str, Any]:
    """An entry that a verdict rests on."""
    return {
        "entry": one.entry,
        "place": one.place,
        "said": one.said,
        "days_before": one.days_before,
        "weight": one.weight,
    }


def question_to_json(one: Question) -> dict[str, Any]:
    """A question with the trials that wait for it."""
    kind, concept = one.condition.kind, one.condition.concept
    return {
        "ask": question_said(one.condition),
        "kind": kind,
        "concept": concept,
        "decides": len(one.trials),
        "trials": list(one.trials),
        "alone": list(one.alone),
    }


def _days(days: float) -> str:
    if days >= 365 and abs(days / 365.25 - round(days / 365.25)) < 0.01:
        years = round(days / 365.25)
        return tr(f"{years} years" if years > 1 else "year", f"{years}年")
    if days >= 30 and abs(days / 30.4375 - round(days / 30.4375)) < 0.05:
        months = round(days / 30.4375)
        return tr(f"{months} months" if months > 1 else "month", f"{months}个月")
    return tr(f"{days:g} days", f"{days:g}天")
