"""Summaries as JSON and as Markdown: papers by question, findings by outcome, figures as a table, all cited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bedside.lang import disclaimer, tr
from bedside.literature.checks import told as flag_told
from bedside.literature.design import design_name
from bedside.literature.findings import ALONE, Outcome, told
from bedside.literature.summary import PARTS, Level, part_name, summary_of

Line = Mapping[str, Any]
Told = dict[str, Any]


def paper_told(line: Line, level: Level) -> Told:
    """The summary of one paper as JSON holds it."""
    sentences = [
        {"part": one.part, "sentence": one.sentence, "citations": [one.citation], "start": one.start, "end": one.end}
        for one in summary_of(line, level)
    ]
    about = {name: line[name] for name in ("id", "title", "year", "journal", "doi", "url", "citation", "retracted")}
    return {**about, "design": line["design"]["name"], "sample_size": line["sample_size"], "summary": sentences}


def outcome_told(one: Outcome) -> Told:
    """The findings of one outcome as JSON holds them."""
    findings = [{**asdict(two), "citations": [f"{two.paper}#{two.start}-{two.end}"]} for two in one.findings]
    return {"outcome": one.name, "verdict": one.verdict, "papers": len(one.papers), "findings": findings}


def markdown(
    papers: Sequence[Told], outcomes: Sequence[Outcome], left_out: Sequence[Told], *, most: int
) -> Iterator[str]:
    """The summary as Markdown: agreement first, then paper by paper, then what the citations are."""
    several = len(papers) > 1
    title = (
        papers[0]["title"]
        if len(papers) == 1
        else tr(f"What {len(papers)} papers say", f"{len(papers)} 篇文献综合摘要")
    )
    yield f"# {_line(title)}\n"
    yield f"*{disclaimer()}*\n"
    yield tr(
        "Every sentence is quoted from a paper; the mark behind it is the paper's id and the place in its text.\n",
        "以下每句均摘自原文；其后标记为文献编号及原文位置。\n",
    )
    for one in left_out:
        yield tr(
            f"> **Retracted, left out:** {_line(one['title'])} [{one['id']}]\n",
            f"> **已撤稿，未纳入：** {_line(one['title'])} [{one['id']}]\n",
        )
    if several and outcomes:
        yield from _outcomes(outcomes, most)
    for paper in papers:
        yield from _paper(paper, several)
    yield f"## {tr('References', '参考文献')}\n"
    for paper in papers:
        yield f"- **{paper['id']}** {_line(paper['citation'] or paper['title'])}" + (
            f" <{paper['url']}>" if paper["url"] else ""
        )
    yield ""


def figures_table(outcomes: Sequence[Outcome], most: int) -> Iterator[str]:
    """The figures that compare, a row each, grouped by outcome."""
    head = (
        tr("outcome", "结局"),
        tr("paper", "文献"),
        tr("year", "年份"),
        tr("figure", "数字"),
        tr("points to", "方向"),
        tr("doubts", "存疑"),
    )
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for outcome in outcomes[:most]:
        for one in outcome.findings:
            doubts = "; ".join(flag_told(flag) for flag in one.doubts)
            cells = (outcome.name, one.paper, str(one.year or ""), one.figure, told(one.direction), doubts)
            yield "| " + " | ".join(_line(cell).replace("|", "\\|") for cell in cells) + " |"
    yield ""


def _outcomes(outcomes: Sequence[Outcome], most: int) -> Iterator[str]:
    yield f"## {tr('Findings by outcome', '按结局汇总')}\n"
    yield tr(
        "More or less is as printed, of the comparison that the sentence makes; comparators may differ between "
        "papers.\n",
        "升高或降低以原文所述比较为准；各文献的对照可能不同。\n",
    )
    shared = [one for one in outcomes if one.verdict != ALONE][:most]
    for outcome in shared:
        mark = told(outcome.verdict)
        yield f"### {_line(outcome.name)} — {mark}\n"
        for one in outcome.findings:
            doubts = "".join(f" ({flag_told(flag)})" for flag in one.doubts)
            yield f"- **{told(one.direction)}**: {_line(one.sentence)} [{one.paper}#{one.start}-{one.end}]{doubts}"
        yield ""
    if not shared:
        yield tr("No outcome is told of by two papers.\n", "没有两篇文献报告同一结局。\n")
    yield f"### {tr('Table of figures', '数字一览')}\n"
    yield from figures_table(outcomes, most)


def _paper(paper: Told, several: bool) -> Iterator[str]:
    about = [str(paper["year"] or ""), paper["journal"], design_name(paper["design"]) if paper["design"] else ""]
    if paper["sample_size"]:
        about.append(f"n = {paper['sample_size']['value']}")
    if several:
        yield f"## {_line(paper['title'])}\n"
    if said := ", ".join(filter(None, about)):
        yield f"*{said}* [{paper['id']}]\n"
    for part in PARTS:
        own = [one for one in paper["summary"] if one["part"] == part]
        if own:
            yield (
                f"**{part_name(part)}.** "
                + " ".join(f"{_line(one['sentence'])} [{one['citations'][0]}]" for one in own)
                + "\n"
            )


def _line(said: str) -> str:
    return " ".join(str(said).split())
