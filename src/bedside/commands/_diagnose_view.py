"""A differential as a terminal shows it: the list, the bars of one disease, its rival, and what to ask next."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bedside.commands._io import say, table
from bedside.knowledge._ranker import Scores
from bedside.knowledge._waterfall import Bar
from bedside.knowledge.hpo import LICENCE, Hpo
from bedside.lang import disclaimer, tr
from bedside.tasks._diagnosis_answer import Differential, Why

WIDTH = 12
"""Characters of the longest bar."""


def told(answer: Differential, why: Why, hpo: Hpo) -> dict[str, Any]:
    """All of it as one JSON object."""
    return {**answer.line(), "why": asdict(why), "release": hpo.release, "licence": LICENCE, "note": disclaimer()}


def show(answer: Differential, why: Why, hpo: Hpo, *, scores: Scores, most: int) -> None:
    """Print it in the language in force."""
    title = tr(f"Ranked differential (HPO {hpo.release})", f"鉴别诊断排序（HPO {hpo.release}）")
    head = ("#", "id", tr("disease", "疾病"), tr("chance", "概率"), tr("score", "得分"), tr("genes", "基因"))
    rows = [
        (place, one.id, one.label, f"{100 * one.probability:.1f} %", f"{one.score:.2f}", ", ".join(one.genes[:3]))
        for place, one in enumerate(answer.ranking[:most], 1)
    ]
    table(title, head, rows)
    left = 100 * (1 - sum(one.probability for one in answer.ranking[:most]))
    say(tr(f"none of these: {left:.1f} %", f"均不是：{left:.1f} %"))
    if answer.abstained:
        say(tr("The evidence is too thin to propose a diagnosis.", "证据不足，不提出诊断。"))
    if answer.unread:
        say(f"{tr('not in this ontology', '本体中没有')}: {', '.join(answer.unread)}")
    _bars(why, hpo, float(scores.total[hpo.disease_number[why.disease]]))
    _open(why, hpo)
    say()
    say(LICENCE)
    say(disclaimer())


def _bars(why: Why, hpo: Hpo, total: float) -> None:
    say()
    say(f"{tr('Why', '依据')}: {_titled(hpo, why.disease)}")
    longest = max((abs(bar.value) for bar in why.bars), default=1.0) or 1.0
    for bar in why.bars:
        size = round(WIDTH * abs(bar.value) / longest)
        drawn = (("█" if bar.value > 0 else "░") * size).ljust(WIDTH)
        say(f"  {bar.value:+6.2f} {drawn} {_said(bar)}")
    say(f"  {total:+6.2f} {''.ljust(WIDTH)} {tr('score: the sum of the bars', '得分：各项之和')}")


def _said(bar: Bar) -> str:
    """What a bar stands for, in words."""
    if bar.kind != "finding":
        name = {
            "breadth": tr("how narrow the disease's annotation is", "疾病注释的专一程度"),
            "orphanet": tr("Orphanet says so too", "Orphanet 的佐证"),
            "linked": tr("a disease that Orphanet describes", "Orphanet 收录的疾病"),
            "gene": tr("a causal gene is known", "已知致病基因"),
            "genes": tr("a listed gene", "所列基因"),
            "likeness": tr("likeness of all findings to its annotation", "整体表型与疾病注释的相似度"),
            "likeness_orphanet": tr("likeness of all findings to Orphanet's annotation", "整体表型与 Orphanet 注释的相似度"),
            "variants": tr("variants found", "检出的变异"),
            "prevalence": tr("how common it is, by your table", "患病率（用户提供）"),
            "onset": tr("age at onset", "起病年龄"),
            "sex": tr("X-linked recessive, in a female", "女性，X 连锁隐性"),
            "denied": tr("denied findings", "被否认的表型"),
        }[bar.kind]
        return f"{name} ({bar.source})" if bar.source else name
    if bar.match == "none":
        return f"{bar.label} — {tr('not annotated', '无注释')}"
    how = {
        "exact": tr("annotated", "有注释"),
        "narrower": tr("a kind of it is annotated", "注释为其下位表型"),
        "broader": tr(f"by {bar.by_label}", f"经由 {bar.by_label}"),
    }[bar.match]
    often = bar.frequency if "/" in bar.frequency or "%" in bar.frequency else f"~{100 * bar.share:.0f} %"
    against = tr(f"{100 * bar.background:.2g} % of all diseases", f"全部疾病中 {100 * bar.background:.2g} %")
    return f"{bar.label} — {how}, {often}; {against}; {', '.join(bar.references)}"


def _open(why: Why, hpo: Hpo) -> None:
    """What remains open: findings without an account, what should have been there, the rival, the questions."""
    if why.unexplained:
        say(f"{tr('Not explained by it', '不能解释')}: {', '.join(why.unexplained)}")
    if why.expected:
        usual = ", ".join(f"{name} (~{100 * share:.0f} %)" for _, name, share in why.expected)
        say(f"{tr('Usual in it, not reported', '常见而未报告')}: {usual}")
    if why.against and why.rival != why.disease:
        say(f"{tr('Against', '对比')} {_titled(hpo, why.rival)}:")
        for _, name, gap in why.against[:5]:
            say(f"  {gap:+6.2f} {name}")
    if why.questions:
        say(tr("Ask next (expected gain in bits):", "建议追问（预期信息增益，比特）："))
        for id, name, bits in why.questions:
            say(f"  {bits:.2f} {name} ({id})")


def _titled(hpo: Hpo, id: str) -> str:
    return f"{hpo.titles[hpo.disease_number[id]]} ({id})"
