"""The graph as GraphML: concepts as nodes, edges with their counts, the ids of what says so as one attribute.

Specification: http://graphml.graphdrawing.org/specification.html (Brandes et al. 2002).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from bedside.graph.graph import Graph

_NODE = (("id", "string"), ("kind", "string"), ("vocabulary", "string"), ("en", "string"), ("zh", "string"))
_EDGE = (
    *(("relation", "string"), ("affirmed", "int"), ("negated", "int"), ("uncertain", "int"), ("first_year", "int")),
    *(("last_year", "int"), ("evidence", "string")),
)
_NO_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def graphml(graph: Graph, *, weak: bool = False) -> Iterator[str]:
    """The document piece by piece; edges that are only named together are left out unless `weak`."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for of, keys in (("node", _NODE), ("edge", _EDGE)):
        for name, type in keys:
            yield f'<key id="{of}_{name}" for="{of}" attr.name="{name}" attr.type="{type}"/>\n'
    yield '<graph id="graph" edgedefault="directed">\n'
    for no, *row in graph.database.execute("SELECT no, id, kind, vocabulary, en, zh FROM concept ORDER BY no"):
        yield f'<node id="n{no}">{"".join(_data("node", _NODE, row))}</node>\n'
    columns = "edge.no, head, tail, relation.name, affirmed, negated, uncertain, first_year, last_year"
    rows = graph.database.execute(
        f"SELECT {columns} FROM edge JOIN relation ON relation.no = relation "
        f"WHERE affirmed + negated + uncertain > 0 {'' if weak else 'AND weak = 0 '}ORDER BY edge.no"
    )
    for no, head, tail, *row in rows:
        said = graph.database.execute(
            "SELECT id FROM evidence JOIN reference ON reference.no = reference WHERE edge = ? AND live ORDER BY 1",
            (no,),
        )
        cited = " ".join(dict.fromkeys(id.replace(" ", "_") for (id,) in said))
        told = "".join(_data("edge", _EDGE, [*row, cited]))
        yield f'<edge id="e{no}" source="n{head}" target="n{tail}">{told}</edge>\n'
    yield "</graph>\n</graphml>\n"


def _data(of: str, keys: tuple[tuple[str, str], ...], row: list[object]) -> Iterator[str]:
    for (name, _), value in zip(keys, row, strict=True):
        if value is not None and value != "":
            yield f"<data key={quoteattr(f'{of}_{name}')}>{text(str(value))}</data>"


def text(said: str) -> str:
    """A text as XML 1.0 can hold it.

    >>> text("a < b\\x00")
    'a &lt; b�'
    """
    return escape(_NO_XML.sub("\ufffd", said), {"\r": "&#13;"})
