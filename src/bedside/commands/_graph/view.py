"""How the terminal and `--json` show what a graph holds: concepts, edges, each piece of evidence with its licence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bedside.commands._io import say
from bedside.graph.graph import Graph
from bedside.graph.parts import Concept, Edge, Evidence
from bedside.graph.paths import Path
from bedside.graph.relations import words
from bedside.lang import tr

WIDTH, LICENCE = 240, 40
"""Characters of a passage, and of a licence, that are shown; `info` and `--json` give licences whole."""


def kind_words(kind: str) -> str:
    """What a kind of concept is called."""
    from bedside.graph.page import kinds

    return kinds().get(kind, kind)


def polarity_words(polarity: str) -> str:
    """What a polarity is called."""
    return {
        "affirmed": tr("affirmed", "肯定"),
        "negated": tr("denied", "否定"),
        "uncertain": tr("uncertain", "不确定"),
    }[polarity]


def how_words(how: str) -> str:
    """How evidence was come by."""
    return {
        "annotation": tr("annotation", "注释"),
        "user": tr("table", "表格"),
        "pattern": tr("sentence", "语句"),
        "model": tr("model", "模型"),
        "structure": tr("section or title", "标题或章节"),
        "together": tr("named together", "共同出现"),
    }.get(how, how)


def concept_json(one: Concept) -> dict[str, Any]:
    """A concept as `--json` gives it."""
    return {
        "id": one.id,
        "kind": one.kind,
        "vocabulary": one.vocabulary,
        "en": one.en,
        "zh": one.zh,
        "degree": one.degree,
    }


def edge_json(graph: Graph, one: Edge, evidence: Sequence[Evidence] | None = None) -> dict[str, Any]:
    """An edge as `--json` gives it, with its evidence where there is any to give."""
    told = {
        "head": concept_json(graph.concept(one.head)),
        "relation": one.relation,
        "tail": concept_json(graph.concept(one.tail)),
        **{
            name: getattr(one, name) for name in ("affirmed", "negated", "uncertain", "first_year", "last_year", "weak")
        },
        "contradicted": one.contradicted,
    }
    return told if evidence is None else {**told, "evidence": [evidence_json(each) for each in evidence]}


def evidence_json(one: Evidence) -> dict[str, Any]:
    """A piece of evidence as `--json` gives it."""
    names = ("id", "source", "licence", "version", "year", "polarity", "how", "detail", "live")
    told = {name: getattr(one, name) for name in names}
    if one.passage is None:
        return told
    return {
        **told,
        "text": one.passage.text,
        "place": [one.first, one.last],
        "citation": one.passage.citation,
        "status": one.passage.status,
    }


def path_json(graph: Graph, path: Path, most: int) -> dict[str, Any]:
    """A path as `--json` gives it: its concepts and its steps in order."""
    steps = [edge_json(graph, one, graph.evidence(one, most)) for one in path.edges]
    return {
        "cost": round(path.cost, 3),
        "concepts": [concept_json(graph.concept(no)) for no in path.concepts],
        "steps": steps,
    }


def counts(one: Edge) -> str:
    """How many references say so: `3`, `3, 1 denied`, `0, 2 uncertain`."""
    parts = [str(one.affirmed)]
    if one.negated:
        parts.append(tr(f"{one.negated} denied", f"否定 {one.negated}"))
    if one.uncertain:
        parts.append(tr(f"{one.uncertain} uncertain", f"不确定 {one.uncertain}"))
    return ", ".join(parts)


def path_line(graph: Graph, path: Path) -> str:
    """A path in one line, each arrow the way its edge points."""
    said = graph.concept(path.concepts[0]).name
    for node, edge in zip(path.concepts[1:], path.edges, strict=True):
        name = f"{words(edge.relation)} ({counts(edge)})"
        arrow = f" —{name}→ " if edge.tail == node else f" ←{name}— "
        said += arrow + graph.concept(node).name
    return said


def say_edge(graph: Graph, one: Edge, evidence: Sequence[Evidence]) -> None:
    """An edge and what says so."""
    head, tail = graph.concept(one.head), graph.concept(one.tail)
    against = tr("  (contradicted)", "  （证据矛盾）") if one.contradicted else ""
    say(f"{head.name} —{words(one.relation)}→ {tail.name}  [{counts(one)}]{against}")
    for each in evidence:
        say_evidence(each)


def say_evidence(one: Evidence) -> None:
    """One piece of evidence: polarity, who says so, the passage's words, and the licence."""
    flag = "" if one.live else tr(" (withdrawn: not counted)", "（已撤回：不计数）")
    about = ", ".join(filter(None, (one.detail, str(one.year or ""), how_words(one.how))))
    said = one.passage.citation if one.passage else f"{one.source}: {one.id}"
    licence = one.licence if len(one.licence) <= LICENCE else one.licence[:LICENCE].rstrip(" ,;:") + " …"
    say(f"    {polarity_words(one.polarity)}{flag} · {said} · {about} · {tr('licence', '许可')}: {licence or '?'}")
    if one.passage:
        say(f"      “{one.quote(WIDTH)}”  {one.id}")
