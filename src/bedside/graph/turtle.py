"""The graph as RDF in Turtle 1.1: a triple for what is affirmed, and a reified statement with its counts and evidence.

Evidence is PROV-O: a statement `prov:wasDerivedFrom` each passage, which has its source, licence and year.
Specification: https://www.w3.org/TR/turtle/ (2014), https://www.w3.org/TR/prov-o/ (2013).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from bedside.graph.graph import POLARITY, Graph

BASE = "urn:bedside:"
PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "bs": f"{BASE}vocabulary:",
}
_KNOWN = (
    (re.compile(r"HP:(\d{7})\Z"), "http://purl.obolibrary.org/obo/HP_{}"),
    (re.compile(r"OMIM:(\d+)\Z"), "https://omim.org/entry/{}"),
    (re.compile(r"ORPHA:(\d+)\Z"), "http://www.orpha.net/ORDO/Orphanet_{}"),
    (re.compile(r"PMID:(\d+)\Z"), "https://pubmed.ncbi.nlm.nih.gov/{}"),
    (re.compile(r"gene:([A-Za-z0-9-]+)\Z"), "https://identifiers.org/hgnc.symbol:{}"),
)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_HALF = re.compile("[\ud800-\udfff]")
_UNSAFE = re.compile('[\\\\"\\x00-\\x1f\\x7f]')


def literal(text: str, lang: str = "") -> str:
    """A text as a quoted string; what is no character of Unicode becomes U+FFFD.

    >>> print(literal('says "no"', "en"))
    "says \\"no\\""@en
    """
    quoted = _UNSAFE.sub(lambda match: _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}", _HALF.sub("\ufffd", text))
    return f'"{quoted}"' + (f"@{lang}" if lang else "")


def iri(id: str) -> str:
    """An id as an IRI: that of its vocabulary where it has one, else one of our own.

    >>> iri("HP:0001250"), iri("drugs:a b>")
    ('<http://purl.obolibrary.org/obo/HP_0001250>', '<urn:bedside:concept:drugs:a%20b%3E>')
    """
    for pattern, made in _KNOWN:
        if match := pattern.match(id):
            return f"<{made.format(match[1])}>"
    return own("concept", id)


def own(kind: str, id: str) -> str:
    """An IRI of our own."""
    return f"<{BASE}{kind}:{quote(id, safe=':-._~', errors='replace')}>"


def turtle(graph: Graph, *, weak: bool = False) -> Iterator[str]:
    """The document piece by piece; edges that are only named together are left out unless `weak`."""
    for name, place in PREFIXES.items():
        yield f"@prefix {name}: <{place}> .\n"
    yield "\n"
    yield from _concepts(graph)
    yield from _references(graph)
    yield from _edges(graph, weak)


def _concepts(graph: Graph) -> Iterator[str]:
    rows = graph.database.execute("SELECT id, kind, vocabulary, en, zh FROM concept ORDER BY no")
    for id, kind, vocabulary, en, zh in rows:
        labels = [literal(name, lang) for name, lang in ((en, "en"), (zh, "zh")) if name] or [literal(id)]
        parts = [f"a skos:Concept, bs:{_local(kind)}", f"skos:prefLabel {', '.join(labels)}"]
        parts += [f"skos:notation {literal(id)}", f"dcterms:source {literal(vocabulary)}"]
        yield f"{iri(id)} {' ; '.join(parts)} .\n"


def _references(graph: Graph) -> Iterator[str]:
    rows = graph.database.execute(
        "SELECT reference.no, reference.id, source.name, licence, version, year, live FROM reference "
        "JOIN source ON source.no = source WHERE reference.no IN (SELECT reference FROM evidence) ORDER BY reference.no"
    )
    for no, id, source, licence, version, year, live in rows:
        parts = [
            "a prov:Entity",
            f"dcterms:identifier {literal(id)}",
            f"dcterms:isPartOf {literal(f'{source} {version}'.strip())}",
        ]
        if (cited := iri(id)) != own("concept", id):
            parts.append(f"prov:hadPrimarySource {cited}")
        if licence:
            parts.append(f"dcterms:license {literal(licence)}")
        if year:
            parts.append(f'dcterms:date "{year:04d}"^^xsd:gYear')
        parts.append(f"bs:current {'true' if live else 'false'}")
        yield f"{own('reference', str(no))} {' ; '.join(parts)} .\n"


def _edges(graph: Graph, weak: bool) -> Iterator[str]:
    rows = graph.database.execute(
        "SELECT edge.no, h.id, relation.name, t.id, affirmed, negated, uncertain FROM edge "
        "JOIN relation ON relation.no = relation JOIN concept h ON h.no = head JOIN concept t ON t.no = tail "
        f"{'' if weak else 'WHERE weak = 0 '}ORDER BY edge.no"
    )
    for no, head, relation, tail, affirmed, negated, uncertain in rows:
        triple = (iri(head), f"bs:{_local(relation)}", iri(tail))
        if affirmed:
            yield f"{' '.join(triple)} .\n"
        parts = [
            "a rdf:Statement",
            *(f"rdf:{part} {said}" for part, said in zip(("subject", "predicate", "object"), triple, strict=True)),
        ]
        parts += [
            f"bs:{name} {count}"
            for name, count in (("affirmed", affirmed), ("negated", negated), ("uncertain", uncertain))
        ]
        said = graph.database.execute(
            "SELECT reference, polarity FROM evidence WHERE edge = ? ORDER BY reference", (no,)
        )
        by: dict[int, list[str]] = {}
        for reference, polarity in said:
            by.setdefault(polarity, []).append(own("reference", str(reference)))
        parts += (
            [f"prov:wasDerivedFrom {', '.join(dict.fromkeys(one for some in by.values() for one in some))}"]
            if by
            else []
        )
        parts += [f"bs:{POLARITY[polarity]}By {', '.join(some)}" for polarity, some in sorted(by.items())]
        yield f"{own('statement', str(no))} {' ; '.join(parts)} .\n"


def _local(name: str) -> str:
    """The local part of a prefixed name: letters, digits and underscores, or percent escapes (PLX)."""
    return quote(name, safe="") if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) is None else name


def written(parts: Iterable[str]) -> str:
    """The whole as one text."""
    return "".join(parts)
