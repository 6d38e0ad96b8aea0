"""Questions as a path of kinds, names and relations: `drug -treats-> disease -has_phenotype-> "Seizure"`.

A step is `-RELATION->`, `<-RELATION-` or `-RELATION-` (either way); `*` is any relation that is not weak, `a|b` either.
A place is a kind, `*`, an id, or a name in quotes, with a kind before it where the name is of several: `drug "..."`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bedside.errors import UsageError
from bedside.graph.graph import Graph
from bedside.graph.parts import ANY, Wanted
from bedside.graph.paths import Path
from bedside.graph.relations import named, relations
from bedside.lang import tr

LOOKED_AT = 20_000
"""Paths of which the best are given; where there are more, these are the first found."""
EXAMPLE = "'drug -treats-> disease -has_phenotype-> \"Seizure\"'"
_STEP = re.compile(r"\s*(?P<left><)?-+\s*(?P<names>[\w*|: ]+?)\s*-+(?P<right>>)?\s*")
_PLACE = re.compile(
    r'\s*(?:(?P<kind>[a-z]+)\s+)?(?:"(?P<name>(?:[^"\\]|\\.)*)"|(?P<id>[^\s"<>-][^\s"<>]*?))(?=\s*(?:<?-|\Z))'
)
KINDS = ("disease", "finding", "drug", "gene", "attribute", "mention")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path passes: of a kind, or through one concept, or anywhere."""

    kind: str = ""
    said: str = ""

    def __str__(self) -> str:
        quoted = '"' + self.said.replace("\\", "\\\\").replace('"', '\\"') + '"' if self.said else ""
        return " ".join(filter(None, (self.kind, quoted))) or "*"


@dataclass(frozen=True, slots=True)
class Step:
    """How a path goes on: by one of the relations (none: any), onward, backward or either way."""

    relations: tuple[str, ...] = ()
    way: str = "out"

    def __str__(self) -> str:
        names = "|".join(self.relations) or "*"
        return {"out": f"-{names}->", "in": f"<-{names}-", "both": f"-{names}-"}[self.way]


@dataclass(frozen=True, slots=True)
class Question:
    """Places with a step between each and the next."""

    places: tuple[Place, ...]
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        parts = [str(self.places[0])]
        for step, place in zip(self.steps, self.places[1:], strict=True):
            parts += [str(step), str(place)]
        return " ".join(parts)


def read(said: str) -> Question:
    """A question as it is written; UsageError says where it is none.

    >>> str(read('drug -treats-> disease <-has_complication- "Gout"'))
    'drug -treats-> disease <-has_complication- "Gout"'
    """
    at, places, steps = 0, list[Place](), list[Step]()
    while True:
        place = _PLACE.match(said, at)
        if place is None:
            raise _wrong(said, at, tr("a kind, an id, * or a name in quotes", "类别、编号、* 或引号内的名称"))
        places.append(_place(place))
        at = place.end()
        if not said[at:].strip():
            break
        step = _STEP.match(said, at)
        if step is None or (step["left"] and step["right"]):
            raise _wrong(said, at, "-RELATION->, <-RELATION-, -RELATION-")
        steps.append(_step(step))
        at = step.end()
    if not steps or len(steps) > 5:
        raise _wrong(said, at, tr("one to five steps", "一至五步"))
    return Question(tuple(places), tuple(steps))


def answer(graph: Graph, question: Question, most: int = 20, wanted: Wanted = ANY) -> list[Path]:
    """The paths of that shape, those of most evidence first, each concept once. Raises UsageError for unknown names."""
    sql, values = _sql(graph, question, wanted)
    found = []
    for row in graph.database.execute(
        f"SELECT * FROM ({sql} LIMIT {LOOKED_AT}) ORDER BY {_order(len(question.steps))} LIMIT ?", (*values, most)
    ):
        n = len(question.steps)
        nodes, edges = row[: n + 1], row[n + 1 : 2 * n + 1]
        path = tuple(graph.edge(no) for no in edges)
        found.append(Path(tuple(nodes), path, float(sum(1 / max(1, getattr(one, wanted.polarity)) for one in path))))
    return found


def _sql(graph: Graph, question: Question, wanted: Wanted) -> tuple[str, list[Any]]:
    """Joins of edges and concepts, with what each must be."""
    n = len(question.steps)
    tables, where, values = ["concept c0"], list[str](), list[Any]()
    for at, place in enumerate(question.places):
        if place.said:
            known = graph.find(place.said, (place.kind,) if place.kind else ()) or [graph.get(place.said)]
            where.append(f"c{at}.no IN ({','.join('?' * len(known))})")
            values += [one.no for one in known]
        elif place.kind:
            where.append(f"c{at}.kind = ?")
            values.append(place.kind)
    for at, step in enumerate(question.steps):
        ends = {
            "out": "e{0}.head = c{0}.no AND e{0}.tail = c{1}.no",
            "in": "e{0}.tail = c{0}.no AND e{0}.head = c{1}.no",
        }
        either = "(e{0}.head = c{0}.no AND e{0}.tail = c{1}.no OR e{0}.tail = c{0}.no AND e{0}.head = c{1}.no)"
        tables += [f"edge e{at}", f"concept c{at + 1}"]
        where.append(ends.get(step.way, either).format(at, at + 1))
        where.append(f"e{at}.{wanted.polarity} >= ?")
        values.append(wanted.least)
        numbers = _relations(graph, step, wanted)
        where.append(f"e{at}.relation IN ({','.join(map(str, numbers)) or '-1'})")
        if wanted.contradicted:
            where.append(f"e{at}.affirmed > 0 AND e{at}.negated > 0")
    where += [f"c{one}.no != c{other}.no" for one in range(n + 1) for other in range(one)]
    columns = [*(f"c{at}.no AS n{at}" for at in range(n + 1)), *(f"e{at}.no AS m{at}" for at in range(n))]
    columns += [f"e{at}.{wanted.polarity} AS a{at}" for at in range(n)]
    return f"SELECT {', '.join(columns)} FROM {', '.join(tables)} WHERE {' AND '.join(where)}", values


def _order(steps: int) -> str:
    return " + ".join(f"1.0 / max(1, a{at})" for at in range(steps)) + ", n0"


def _relations(graph: Graph, step: Step, wanted: Wanted) -> list[int]:
    rows = graph.database.execute("SELECT no, name, weak FROM relation").fetchall()
    names = step.relations or wanted.relations
    return [no for no, name, weak in rows if (name in names if names else wanted.weak or not weak)]


def _place(match: re.Match[str]) -> Place:
    kind, name, id = match["kind"] or "", match["name"], match["id"]
    if name is not None:
        return Place(kind, re.sub(r"\\(.)", r"\1", name))
    if id == "*":
        return Place(kind)
    return Place(id) if id in KINDS and not kind else Place(kind, id)


def _step(match: re.Match[str]) -> Step:
    names, turned = list[str](), set[bool]()
    for said in match["names"].split("|"):
        if said.strip() == "*":
            continue
        name, back = named(said)
        names.append(name)
        turned.add(back)
    way = "in" if match["left"] else "out" if match["right"] else "both"
    if True in turned:
        if len(turned) > 1:
            raise UsageError(
                tr("one of these relations points the other way", "这些关系方向不一致"),
                value=match["names"],
                allowed=list(relations()),
            )
        way = {"in": "out", "out": "in"}.get(way, way)
    return Step(tuple(names), way)


def _wrong(said: str, at: int, allowed: str) -> UsageError:
    what = tr(f"not a question of paths at character {at + 1}", f"第 {at + 1} 个字符处不是路径查询")
    return UsageError(what, value=said[at : at + 30], allowed=allowed, next=f"bedside graph query {EXAMPLE}")
