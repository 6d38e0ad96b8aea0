"""A differential as a terminal shows it: the list, the bars of one disease, its rival, and what to ask next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from bedside.commands._io import say, table
from bedside.knowledge.hpo import LICENCE, Hpo, licence
from bedside.lang import disclaimer, tr
from bedside.phenotypes.called import Called
from bedside.tasks._diagnosis.aside import twins
from bedside.tasks._diagnosis.told import Told
from bedside.tasks._diagnosis.words import (
    bar_name,
    chance,
    disease_said,
    expected_said,
    facts,
    language_note,
    none_of_these,
    twins_said,
)

WIDTH = 12
"""Characters of the longest bar."""


def as_told(told: Told, hpo: Hpo) -> dict[str, Any]:
    """All of it as one JSON object."""
    asked = [{**asdict(one), "label": hpo.label(one.id)} for one in told.asked]
    line = {**told.answer.line(), "why": asdict(told.why), **({"asked": asked} if asked else {})}
    return {**line, "release": hpo.release, "licence": LICENCE, "note": disclaimer()}


def show(told: Told, hpo: Hpo, *, most: int, also: Callable[[], None] | None = None) -> None:
    """Print it in the language in force; `also` prints what stands beside it."""
    answer, called = told.answer, Called(hpo)
    title = tr(f"Ranked differential (HPO {hpo.release})", f"鉴别诊断排序（HPO {hpo.release}）")
    head = ("#", "id", tr("disease", "疾病"), tr("chance", "概率"), tr("score", "得分"), tr("genes", "基因"))
    shown = answer.ranking[:most]
    rows = [
        (place, one.id, one.label, chance(one.probability), f"{one.score:.2f}", ", ".join(one.genes[:3]))
        for place, one in enumerate(shown, 1)
    ]
    table(title, head, rows)
    for one in twins(shown):
        say(twins_said(one))
    say(f"{none_of_these(len(shown))}{tr(': ', '：')}{chance(told.rest(len(shown)))}")
    if answer.abstained:
        say(tr("The evidence is too thin to propose a diagnosis.", "证据不足，不提出诊断。"))
    if answer.unread:
        say(f"{tr('not used (? is no id)', '未采用（? 不是编号）')}: {', '.join(answer.unread)}")
    if answer.disputed:
        names = tr(", ", "、").join(f"{called.name(id)} ({id})" for id in answer.disputed)
        said = tr("said to be there and not to be there, counted as there: ", "既说有又说无，按有计：")
        say(said + names)
    _bars(told, hpo, called)
    _open(told, hpo, called)
    if also:
        also()
    say()
    say(licence())
    if language_note():
        say(language_note())
    say(disclaimer())


def _bars(told: Told, hpo: Hpo, called: Called) -> None:
    say()
    say(f"{tr('Why', '依据')}{tr(': ', '：')}{disease_said(hpo, told.why.disease)}")
    bars = told.why.bars
    longest = max((abs(bar.value) for bar in bars), default=1.0) or 1.0
    for bar in bars:
        size = round(WIDTH * abs(bar.value) / longest)
        drawn = (("█" if bar.value > 0 else "░") * size).ljust(WIDTH)
        said = facts(bar, called)
        rest = (" — " + tr("; ", "；").join(said) if bar.kind == "finding" else f" ({said[0]})") if said else ""
        say(f"  {bar.value:+6.2f} {drawn} {bar_name(bar, called)}{rest}")
    say(f"  {told.total:+6.2f} {''.ljust(WIDTH)} {tr('score: the sum of the bars', '得分：各项之和')}")


def _open(told: Told, hpo: Hpo, called: Called) -> None:
    """What remains open: findings without an account, what should have been there, the rival, the questions."""
    why, colon, comma = told.why, tr(": ", "："), tr(", ", "、")
    if why.unexplained:
        names = [called.name(bar.term) for bar in why.bars if bar.kind == "finding" and bar.label in why.unexplained]
        say(f"{tr('Not explained by it', '不能解释')}{colon}{comma.join(names)}")
    if why.expected:
        usual = comma.join(expected_said(called.name(id, name), share) for id, name, share in why.expected)
        say(f"{tr('Usual in it, not reported', '常见而未报告')}{colon}{usual}")
    if why.against and why.rival != why.disease:
        say(f"{tr('Against', '对比')}{colon}{disease_said(hpo, why.rival)}")
        for id, name, gap in why.against[:5]:
            say(f"  {gap:+6.2f} {called.name(id, name)}")
    if why.questions:
        say(tr("Ask next (expected gain in bits):", "建议追问（预期信息增益，比特）："))
        for id, name, bits in why.questions:
            say(f"  {bits:.2f} {called.name(id, name)} ({id})")
