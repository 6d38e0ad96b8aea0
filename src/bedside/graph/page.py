"""A neighbourhood as one page: who is related to a concept and how, drawn as a picture, with the evidence on a click.

It asks no other machine for anything; its script is named by its hash, so that nothing in a passage can run. Both
languages are in it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import Any

from bedside.graph.graph import Graph
from bedside.graph.parts import Concept, Edge, Evidence
from bedside.graph.relations import relations
from bedside.lang import LANGS, Lang, current, disclaimer, speaking, tr

LONGEST = 320
"""Characters of a passage on the page."""


def page(graph: Graph, centre: Concept, edges: Sequence[Edge], most: int = 5) -> str:
    """The page as HTML; `most` references of each edge are on it."""
    script = _data("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    data = told(graph, centre, edges, most)
    lang = "zh-CN" if current() == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy, quote=True)}">'
        f"<title>{escape(centre.name)} · bedside</title><style>{_data('page.css')}</style></head><body><main>"
        f'<header><div><h1>{escape(centre.name)}</h1><p class="soft" id="about">{escape(centre.id)}</p></div>'
        f'<button id="lang" type="button">{tr("中文", "English")}</button></header>'
        '<div id="legend" class="legend"></div>'
        '<div class="both"><figure id="picture"></figure>'
        '<section id="evidence" aria-live="polite" tabindex="-1"></section></div>'
        f"<noscript>{_listed(graph, centre, edges)}</noscript>"
        f'<footer id="note">{escape(disclaimer())}</footer></main>'
        f'<script type="application/json" id="told">{data}</script>\n<script>{script}</script></body></html>\n'
    )


def told(graph: Graph, centre: Concept, edges: Sequence[Edge], most: int = 5) -> str:
    """What the script draws the picture from, as JSON that may stand in a page."""
    values = {
        "centre": _concept(centre),
        "edges": [_edge(graph, centre, one, graph.evidence(one, most)) for one in edges],
        "words": {lang: _words(lang) for lang in LANGS},
        "lang": current(),
    }
    return json.dumps(values, ensure_ascii=False).replace("<", "\\u003c")


def _concept(one: Concept) -> dict[str, Any]:
    return {"id": one.id, "kind": one.kind, "en": one.en or one.zh or one.id, "zh": one.zh or one.en or one.id}


def _edge(graph: Graph, centre: Concept, one: Edge, evidence: Sequence[Evidence]) -> dict[str, Any]:
    onward = one.head == centre.no
    kind = relations().get(one.relation)
    plain = one.relation.replace("_", " ")
    return {
        "other": _concept(graph.concept(one.tail if onward else one.head)),
        "out": onward,
        "directed": kind is None or kind.directed,
        "relation": {"en": kind.en if kind else plain, "zh": kind.zh if kind else plain},
        "counts": [one.affirmed, one.negated, one.uncertain],
        "years": one.years,
        "weak": one.weak,
        "evidence": [_evidence(each) for each in evidence],
    }


def _evidence(one: Evidence) -> dict[str, Any]:
    passage = one.passage
    return {
        "polarity": one.polarity,
        "live": one.live,
        "how": one.how,
        "detail": one.detail,
        "year": one.year,
        "licence": one.licence,
        "id": one.id,
        "citation": passage.citation if passage else f"{one.source} {one.version}: {one.id}",
        "text": one.quote(LONGEST),
    }


def kinds() -> dict[str, str]:
    """What the kinds of concepts are called, in the language in force."""
    return {
        "disease": tr("disease", "疾病"),
        "finding": tr("finding", "表型"),
        "drug": tr("drug", "药物"),
        "gene": tr("gene", "基因"),
        "attribute": tr("attribute", "属性"),
        "mention": tr("mention", "提及"),
    }


def _words(lang: Lang) -> dict[str, str]:
    with speaking(lang):
        return {
            "other": tr("中文", "English"),
            **kinds(),
            "affirmed": tr("affirmed", "肯定"),
            "negated": tr("denied", "否定"),
            "uncertain": tr("uncertain", "不确定"),
            "contradicted": tr("contradicted", "证据矛盾"),
            "withdrawn": tr("withdrawn, not counted", "已撤回，不计数"),
            "licence": tr("licence", "许可"),
            "references": tr("references", "条证据"),
            "more": tr("more are in the graph", "条更多见图谱"),
            "choose": tr(
                "Choose a concept in the picture to see who says so. Tab and the arrow keys move, Enter opens.",
                "在图中选择一个概念查看证据。Tab 或方向键移动，回车打开。",
            ),
            "none": tr("Nothing of that sort in the graph.", "图谱中没有此类关系。"),
            "picture": tr("What it is related to", "相关概念"),
            "annotation": tr("annotation", "注释"),
            "user": tr("table", "表格"),
            "pattern": tr("sentence", "语句"),
            "model": tr("model", "模型"),
            "structure": tr("section or title", "标题或章节"),
            "together": tr("named together", "共同出现"),
            "note": disclaimer(),
        }


def _listed(graph: Graph, centre: Concept, edges: Sequence[Edge]) -> str:
    """The same without a script."""
    rows = []
    for one in edges:
        head, tail = graph.concept(one.head).name, graph.concept(one.tail).name
        rows.append(
            f"<li>{escape(head)} —{escape(one.relation)}→ {escape(tail)} "
            f"({one.affirmed}/{one.negated}/{one.uncertain})</li>"
        )
    return f"<ul>{''.join(rows)}</ul>"


def _data(name: str) -> str:
    return files("bedside.graph").joinpath(f"data/{name}").read_text(encoding="utf-8")
