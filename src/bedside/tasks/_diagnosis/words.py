"""The parts of a diagnosis in words, English or Chinese: what a bar is and rests on, answers, chances."""

from __future__ import annotations

from bedside.knowledge._waterfall import Bar
from bedside.knowledge._workup import Kind, Suggested
from bedside.knowledge.hpo import Hpo
from bedside.lang import current, tr
from bedside.phenotypes.called import Called
from bedside.tasks._diagnosis.aside import FusedAnswer, LocalAnswer, Twins
from bedside.tasks._diagnosis.written import BEHIND, MixedAnswer, MixedDisease, WrittenAnswer, WrittenDisease


def bar_name(bar: Bar, called: Called) -> str:
    """What a bar is of: the finding's name, or the part of the score that is no finding."""
    if bar.kind == "finding":
        return called.name(bar.term, bar.label)
    return {
        "breadth": tr("how narrow the disease's annotation is", "疾病注释的专一程度"),
        "orphanet": tr("Orphanet says so too", "Orphanet 的佐证"),
        "linked": tr("a disease that Orphanet describes", "Orphanet 收录的疾病"),
        "gene": tr("a causal gene is known", "已知致病基因"),
        "genes": tr("a listed gene", "所列基因"),
        "onset": tr("age at onset", "起病年龄"),
        "sex": tr("X-linked recessive, in a female", "女性，X 连锁隐性"),
        "denied": tr("denied findings", "被否认的表型"),
        "likeness": tr("the findings as a whole are like its annotation", "整体表型与疾病注释的相似度"),
        "likeness_orphanet": tr("... and like Orphanet's", "整体表型与 Orphanet 注释的相似度"),
        "variants": tr("variants found", "检出的变异"),
        "prevalence": tr("how common it is, by your table", "患病率（用户提供）"),
    }.get(bar.kind, bar.kind)


def match_said(bar: Bar, called: Called) -> str:
    """How a finding matched the disease's annotation."""
    return {
        "exact": tr("annotated", "有注释"),
        "narrower": tr("a kind of it is annotated", "注释为其下位表型"),
        "broader": tr(f"by {called.name(bar.by, bar.by_label)}", f"经由{called.name(bar.by, bar.by_label)}"),
        "none": tr("not annotated", "无注释"),
    }[bar.match]


def often(bar: Bar) -> str:
    """In how many patients of the disease: a count or a percentage as annotated, else about how many."""
    said = bar.frequency if "/" in bar.frequency or "%" in bar.frequency else f"~{100 * bar.share:.0f} %"
    return tr(f"{said} of its patients", f"该病患者中 {said}")


def background(bar: Bar) -> str:
    """In how many of all diseases."""
    share = f"{100 * bar.background:.2g} %"
    return tr(f"{share} of all diseases", f"全部疾病中 {share}")


def facts(bar: Bar, called: Called) -> tuple[str, ...]:
    """What a bar rests on, each a phrase: match, frequency there, frequency everywhere, references."""
    if bar.kind != "finding":
        return (_source(bar, called),) if bar.source else ()
    if bar.match == "none":
        return (match_said(bar, called),)
    said = (match_said(bar, called), often(bar), background(bar))
    return (*said, ", ".join(bar.references)) if bar.references else said


def expected_said(name: str, share: float) -> str:
    """A usual finding with its share of patients."""
    return tr(f"{name} (~{100 * share:.0f} %)", f"{name}（约 {100 * share:.0f} %）")


def answer_said(answer: str) -> str:
    """An answer to a question."""
    return {"yes": tr("yes", "有"), "no": tr("no", "无"), "unknown": tr("not known", "不清楚")}[answer]


def chance(probability: float) -> str:
    """A calibrated chance as a percentage."""
    return f"{100 * probability:.1f} %"


def disease_said(hpo: Hpo, id: str) -> str:
    """A disease by its title and id."""
    return f"{hpo.titles[hpo.disease_number[id]]} ({id})"


def none_of_these(listed: int) -> str:
    """What is left when the listed diseases are none of it."""
    return tr(f"none of these {listed}", f"以上 {listed} 种均不是")


def classes_said(test: Kind) -> tuple[str, str]:
    """The classes of a test's cost and burden."""
    classes = {
        "low": tr("low cost", "费用低"),
        "moderate": tr("moderate cost", "费用中"),
        "high": tr("high cost", "费用高"),
        "none": tr("no burden", "无创"),
        "sample": tr("blood or needle", "采血或针刺"),
        "sedation": tr("may need sedation", "可能需镇静"),
        "lumbar": tr("lumbar puncture", "腰椎穿刺"),
        "scope": tr("endoscopy", "内镜"),
        "biopsy": tr("biopsy or cells", "活检或细胞"),
    }
    return classes[test.cost], classes[test.burden]


def gain_said(one: Suggested) -> str:
    """The expected gain in bits; a bound from above says so."""
    return f"{'≤ ' if one.at_most else ''}{one.gain_bits:.2f}"


def looked_for(one: Suggested, called: Called, *, most: int = 3) -> str:
    """What a test would look for: findings, or the candidates' genes."""
    return called.names(called.hpo.ids[term] for term, _ in one.findings[:most]) or ", ".join(one.genes[: most + 2])


def twins_said(one: Twins) -> str:
    """Near twins in a sentence: what they share, their places, and their chance together."""
    places = tr(", ", "、").join(map(str, one.places))
    shared = tr("gene", "基因") if one.of_gene else tr("series", "系列")
    en = f"Near twins ({shared} {one.group}): {places}; together {chance(one.probability)}"
    return tr(en, f"近似疾病（同一{shared} {one.group}）：第 {places} 位，合计 {chance(one.probability)}")


def fused_said(one: FusedAnswer) -> str:
    """What a fusion rests on."""
    share = f"{100 * one.share:.0f} %"
    en = f"weight of the local model {share}, fitted on {one.cases} labelled cases"
    return tr(en, f"本地模型权重 {share}，由 {one.cases} 个标注病例拟合")


def silence(local: LocalAnswer | WrittenAnswer) -> str:
    """Why another engine gave no answer; nothing where it gave one."""
    if local.failed:
        return tr(f"failed; see the log under {local.failed}", f"失败，日志编号 {local.failed}")
    return tr(f"no answer: {local.abstained}", f"无结果：{local.abstained}") if local.abstained else ""


def written_title(answer: WrittenAnswer) -> str:
    """Whose list it is."""
    return tr(f"Written by {answer.by}", f"{answer.by} 所写")


def behind_said(one: WrittenDisease) -> str:
    """The diseases that a written name stands for; of a long series the first and how many."""
    said = tr("; ", "；").join(f"{title} ({id})" for id, title in one.diseases[:BEHIND])
    more = len(one.diseases) - BEHIND
    return said + tr(f"; {more} more", f"；另有 {more} 种") if more > 0 else said


def written_notes(answer: WrittenAnswer, mixed: MixedAnswer | None) -> tuple[str, ...]:
    """What a reader of such a list must know: that no chance stands behind it, what has no match, and its weight."""
    if why := silence(answer):
        return (why + tr(" The ranking stands as it is.", "；排序不受影响。"),)
    names = tr(", ", "、").join(answer.unmatched)
    none = len(answer.unmatched)
    lost = tr(f"{none} without a match among ranked diseases: {names}", f"{none} 个名称未对应到可排序的疾病：{names}")
    return (
        tr(
            "Named by a language model: no evidence and no chance stands behind a place on this list.",
            "由语言模型列出：名次之后没有证据，也没有概率。",
        ),
        *([lost] if none else []),
        *([] if mixed else [_unweighed()]),
    )


def mixed_said(answer: MixedAnswer) -> str:
    """What the fused list rests on."""
    if not answer.weight:
        en = f"on {answer.cases} labelled cases its list did not help: its weight is 0 and the order is the knowledge's"
        return tr(en, f"在 {answer.cases} 个标注病例上该列表无益：权重为 0，次序即知识排序")
    en = f"by reciprocal rank, weight of the written list {answer.weight:g}, fitted on {answer.cases} labelled cases"
    return tr(en, f"按倒数名次融合，所写列表权重 {answer.weight:g}，由 {answer.cases} 个标注病例拟合")


def places_said(one: MixedDisease) -> str:
    """Where a disease of the fused list stands on each."""
    if not one.written:
        return tr(f"knowledge {one.knowledge}, not written", f"知识第 {one.knowledge} 位，未列出")
    return tr(
        f"knowledge {one.knowledge}, written {one.written}", f"知识第 {one.knowledge} 位，所写第 {one.written} 位"
    )


def _unweighed() -> str:
    return tr(
        "Not weighed in: how far this writer can be trusted has not been measured (bedside stack --writer).",
        "未计入排序：该语言模型的可信程度尚未测量（bedside stack --writer）。",
    )


def language_note() -> str:
    """Said once where Chinese is spoken: which names stay English."""
    zh = "疾病名称、症状定义以及尚无中文名的表型以英文显示。"
    return zh if current() == "zh" else ""


def _source(bar: Bar, called: Called) -> str:
    """What a part that is no finding rests on; terms in the language in force."""
    if current() != "zh" or bar.kind not in ("onset", "sex"):
        return bar.source
    ids = {name: id for id, name in zip(called.hpo.ids, called.hpo.names, strict=True)}
    return called.names(ids[name] for name in bar.source.split(", ") if name in ids) or bar.source
