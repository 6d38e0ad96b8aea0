"""HPO into the graph: terms and their hierarchy, diseases with findings and how often, genes; each row is cited."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bedside.graph._schema import keep, kept
from bedside.graph._writer import AFFIRMED, NEGATED, Writer
from bedside.knowledge._hpo_files import ANNOTATIONS, find
from bedside.knowledge._hpoa import read_hpoa
from bedside.knowledge.hpo import LICENCE, Hpo

NAME = "hpo"
DONE, KEY = "hpo_done", "hpo_key"
TERMS, DISEASES = 4000, 500
"""Terms, and diseases, a transaction."""
Advance = Callable[[float], object]


def add_hpo(writer: Writer, hpo: Hpo, folder: Path | None = None, advance: Advance = lambda amount: None) -> bool:
    """Bring HPO's part up to the release; whether anything was to be done. A stopped run is taken up where it stood."""
    database = writer.database
    if kept(database, KEY) == hpo.key and kept(database, DONE) == "all":
        return False
    if kept(database, KEY) != hpo.key:
        with writer.batch():
            writer.forget_source(NAME, NAME)
            keep(database, KEY, hpo.key)
            keep(database, DONE, 0)
    done = int(kept(database, DONE))
    for number, step in enumerate(_steps(hpo, folder), 1):
        if number > done:
            with writer.batch():
                step(writer)
                keep(database, DONE, number)
        advance(1)
    with writer.batch():
        keep(database, DONE, "all")
    return True


def steps(hpo: Hpo) -> int:
    """How many batches there are."""
    return 2 * -(-len(hpo.ids) // TERMS) + -(-len(hpo.diseases) // DISEASES) + 1


Step = Callable[[Writer], None]


def _steps(hpo: Hpo, folder: Path | None) -> Iterator[Step]:
    from bedside.phenotypes.names import FINDINGS, chinese_names

    top = hpo.number[FINDINGS]
    chinese: dict[int, list[tuple[int, str]]] = {}
    for rank, term, name in chinese_names(hpo):
        chinese.setdefault(term, []).append((rank, name))
    for some in _ranges(len(hpo.ids), TERMS):
        yield partial(_terms, hpo=hpo, some=some, top=top, chinese=chinese)
    for some in _ranges(len(hpo.ids), TERMS):
        yield partial(_hierarchy, hpo=hpo, some=some)
    for some in _ranges(len(hpo.diseases), DISEASES):
        yield partial(_diseases, hpo=hpo, some=some)
    yield partial(_denied, hpo=hpo, folder=folder)


def _ranges(count: int, size: int) -> list[range]:
    return [range(at, min(at + size, count)) for at in range(0, count, size)]


def _source(writer: Writer, hpo: Hpo) -> int:
    return writer.source(NAME, NAME, LICENCE, hpo.release)


def _terms(writer: Writer, hpo: Hpo, some: range, top: int, chinese: dict[int, list[tuple[int, str]]]) -> None:
    source = _source(writer, hpo)
    for term in some:
        finding = top in hpo.ancestors(term).tolist()
        zh = [name for _, name in sorted(chinese.get(term, []), key=lambda one: one[0] if one[0] != -1 else 3)]
        own = writer.concept(
            hpo.ids[term],
            "finding" if finding and term != top else "attribute",
            "HPO",
            hpo.names[term],
            zh[0] if zh else "",
            source,
        )
        names = [(hpo.names[term], 0), *((name, at) for at, name in enumerate(zh))]
        other = {"EXACT": 1, "NARROW": 3, "RELATED": 4}
        names += [(text, other[scope]) for text, scope, _ in hpo.synonyms(term) if scope in other]
        writer.names(own, names)


def _hierarchy(writer: Writer, hpo: Hpo, some: range) -> None:
    source = _source(writer, hpo)
    release = writer.reference(f"hp/{hpo.about['ontology'] or hpo.release}", source)
    numbers = _Numbers(writer)
    for term in some:
        for parent in hpo.parents(term).tolist():
            edge = writer.edge(numbers[hpo.ids[term]], "is_a", numbers[hpo.ids[parent]])
            writer.evidence(edge, release, AFFIRMED, "annotation")


def _diseases(writer: Writer, hpo: Hpo, some: range) -> None:
    source = _source(writer, hpo)
    numbers, references = _Numbers(writer), _References(writer, source)
    release = f"phenotype.hpoa/{hpo.release}"
    for disease in some:
        id = hpo.diseases[disease]
        own = writer.concept(id, "disease", id.split(":")[0], hpo.titles[disease], "", source)
        writer.names(own, [(name.strip(), at) for at, name in enumerate(hpo.titles[disease].split(";"))])
        for row in hpo.rows(disease):
            edge = writer.edge(own, "has_phenotype", numbers[hpo.ids[int(hpo.row_term[row])]])
            absent = hpo.row_of[row] > 0 and hpo.row_seen[row] == 0
            often = hpo.frequency(row)
            for said in hpo.references(row) or [release]:
                writer.evidence(
                    edge, references[said], NEGATED if absent else AFFIRMED, "annotation", hpo.label(often) or often
                )
        for gene in hpo.genes[disease]:
            other = writer.concept(f"gene:{gene}", "gene", "gene", gene, "", source)
            writer.names(other, [(gene, 0)])
            edge = writer.edge(own, "associated_with_gene", other)
            writer.evidence(edge, references[f"genes_to_phenotype/{hpo.release}"], AFFIRMED, "annotation")
        for relation, terms in (("has_inheritance", hpo.inheritance[disease]), ("has_course", hpo.course[disease])):
            for term in terms:
                edge = writer.edge(own, relation, numbers[hpo.ids[term]])
                writer.evidence(edge, references[release], AFFIRMED, "annotation")


def _denied(writer: Writer, hpo: Hpo, folder: Path | None) -> None:
    """What the annotations say a disease has not (`NOT`), which no index of the release holds."""
    source = _source(writer, hpo)
    numbers, references = _Numbers(writer), _References(writer, source)
    for row in read_hpoa(find(folder)[ANNOTATIONS])[1]:
        if row.denied and row.aspect == "P" and row.disease in hpo.disease_number and row.term in hpo.number:
            term = numbers[hpo.ids[hpo.number[row.term]]]
            edge = writer.edge(numbers[row.disease], "has_phenotype", term)
            for said in row.references:
                writer.evidence(edge, references[said], NEGATED, "annotation", "NOT")


class _Numbers(dict[str, int]):
    """The number of each concept by its id."""

    def __init__(self, writer: Writer) -> None:
        super().__init__()
        self._database = writer.database

    def __missing__(self, id: str) -> int:
        self[id] = int(self._database.execute("SELECT no FROM concept WHERE id = ?", (id,)).fetchone()[0])
        return self[id]


class _References(dict[str, int]):
    """The number of each reference of one source by its id."""

    def __init__(self, writer: Writer, source: int) -> None:
        super().__init__()
        self._writer, self._source = writer, source

    def __missing__(self, id: str) -> int:
        self[id] = self._writer.reference(id, self._source)
        return self[id]
