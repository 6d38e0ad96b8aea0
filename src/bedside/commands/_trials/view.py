"""A match on the terminal: trials in order, the criteria of the first, what to ask; for a cohort, trial by trial."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bedside.commands._io import say, table
from bedside.lang import counted, disclaimer, tr
from bedside.trials.matching.telling import (
    ago_said,
    eligibility_said,
    question_said,
    rule_said,
    unparsed_said,
    verdict_said,
)

if TYPE_CHECKING:
    from bedside.trials.criterion import Judged
    from bedside.trials.matching.cohort import Cohort
    from bedside.trials.matching.found import Rules
    from bedside.trials.matching.match import ChartMatch, Matched

TRIALS, QUESTIONS, LONGEST = 20, 10, 110


def show(match: ChartMatch, rules: Rules, html: Path | None) -> None:
    """One chart."""
    head = (
        "#",
        "id",
        tr("trial", "试验"),
        tr("overall", "总体"),
        tr("met", "符合"),
        tr("not met", "不符合"),
        tr("unknown", "未知"),
        tr("none found", "其中未见记录"),
    )
    rows = [
        (
            n,
            one.trial,
            _cut(one.title, 44),
            eligibility_said(one.eligibility),
            one.count("met"),
            one.count("not met"),
            one.count("unknown"),
            one.none_found,
        )
        for n, one in enumerate(match.trials[:TRIALS], 1)
    ]
    table(tr("Trials for this chart", "适用试验"), head, rows)
    if len(match.trials) > TRIALS:
        more = len(match.trials) - TRIALS
        say(tr(f"... and {more} more (--json shows all)", f"……另有 {more} 项（--json 查看全部）"))
    if match.trials:
        _criteria(match.trials[0])
    if match.questions:
        say()
        say(tr("What to ask, by how many trials it decides:", "建议追问（按可判定的试验数排序）："))
        for question in match.questions[:QUESTIONS]:
            decides = counted(len(question.trials), "trial")
            alone = f", {len(question.alone)} alone" if question.alone else ""
            alone_zh = f"，其中 {len(question.alone)} 项仅待此项" if question.alone else ""
            said = tr(f"{decides}{alone}", f"{len(question.trials)} 项试验{alone_zh}")
            say(f"  {question_said(question.condition)}  ({said})")
    say()
    say(tr(f"Rule: {rule_said(rules)}.", f"判定规则：{rule_said(rules)}。"))
    if html:
        say(tr(f"page: {html}", f"页面：{html}"))
    say(disclaimer())


def show_cohort(cohort: Cohort, rules: Rules, *, quiet: bool) -> None:
    """Many charts: each trial with its counts and first charts, and the charts that were refused."""
    if not quiet:
        head = (
            "id",
            tr("trial", "试验"),
            *(eligibility_said(one) for one in ("eligible", "possibly", "not eligible")),
            tr("first charts", "排序靠前的病历"),
        )
        rows = []
        for id, side in list(cohort.sides.items())[:TRIALS]:
            first = [chart for chart, said in side.ranked() if said["eligibility"] != "not eligible"][:5]
            counts = (side.counts[one] for one in ("eligible", "possibly", "not eligible"))
            rows.append((id, _cut(side.title, 40), *counts, ", ".join(first) or "-"))
        table(tr("Charts for each trial", "各试验的候选病历"), head, rows)
    for id, why in cohort.refused[:10]:
        say(tr(f"not matched: {id}: {why}", f"未匹配：{id}：{why}"), quiet=True)
    if repeated := cohort.repeated_said():
        say(repeated, quiet=quiet)
    say(tr(f"Rule: {rule_said(rules)}.", f"判定规则：{rule_said(rules)}。"), quiet=quiet)


def _criteria(first: Matched) -> None:
    say()
    say(f"{first.trial} {first.title}".strip())
    for judged in first.judged:
        side = tr("include", "入选") if judged.criterion.side == "include" else tr("exclude", "排除")
        say(f"  [{verdict_said(judged)}] {side}: {_cut(judged.criterion.text, LONGEST)}")
        for line in _behind(judged):
            say(f"      {line}")


def _behind(judged: Judged) -> list[str]:
    """What a verdict rests on, and what would settle it."""
    lines = [f"{one.said} ({ago_said(one.days_before)}; {one.place or one.entry})" for one in judged.evidence]
    if judged.note:
        lines.append(judged.note)
    if judged.verdict == "unknown" and not judged.none_found and not judged.asks:
        lines.append(_cut(unparsed_said(judged), LONGEST))
    return lines


def _cut(text: str, most: int) -> str:
    said = " ".join(text.split())
    return said if len(said) <= most else said[: most - 1] + "…"
