"""The knowledge graph: how fast it is built and asked, and how far relations read from texts agree with HPO.

    python benchmarks/graph.py OUT.json [--documents 2000] [--pairs 200]

1. HPO alone, from its index to the finished graph: edges a CPU second, peak memory, size of the file.
2. Documents of MedQuAD's train part (drawn with seed 0) read as a library of words: passages a CPU second, and
   "has the finding" edges between a disease of OMIM or Orphanet and a finding, against HPO's annotations as silver
   truth: right where HPO annotates the finding or one below it to the disease, under any id of its name. Beside it,
   the weak edges of the same kinds (co-occurrence). Documents that say they list HPO's own annotations are told
   apart: they copy an earlier release, so that their share is about what agreement can reach. HPO is not complete;
   what it lacks counts as wrong here. Intervals: bootstrap over diseases, seed 0.
3. Questions: neighbours, one and five best paths between random pairs of concepts, and paths by shape.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bedside.graph import Graph
from bedside.graph._arcs import open_arcs
from bedside.graph._keys import key
from bedside.graph._reader import How
from bedside.graph._schema import open_database
from bedside.graph._writer import Writer
from bedside.graph.from_hpo import add_hpo
from bedside.graph.from_library import add_library
from bedside.graph.paths import Paths
from bedside.graph.query import answer, read
from bedside.knowledge.hpo import Hpo, open_hpo
from bedside.library import About, Item, add_items

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
RESAMPLES = 2000
COPIED = "Human Phenotype Ontology"
"""A document with these words lists HPO's annotations."""
SHAPES = (
    'gene <-associated_with_gene- disease -has_phenotype-> "Ectopia lentis"',
    'disease -has_phenotype-> "Seizure"',
    '"Marfan syndrome" -has_phenotype-> finding -is_a-> finding',
)


def main() -> None:
    """Measure and write."""
    words = argparse.ArgumentParser()
    words.add_argument("out", type=Path)
    words.add_argument("--data", type=Path, default=DATA)
    words.add_argument("--documents", type=int, default=2000)
    words.add_argument("--pairs", type=int, default=200)
    asked = words.parse_args()
    hpo, report = open_hpo(), dict[str, Any]()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, measure in (
            ("hpo", lambda: built(folder, hpo)),
            ("questions", lambda: questions(folder, asked.pairs)),
            ("medquad", lambda: agreement(folder, hpo, asked.data / "medquad" / "train.jsonl", asked.documents)),
        ):
            report[name] = measure()
            print(json.dumps({name: report[name]}, ensure_ascii=False, indent=1), flush=True)
            asked.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def built(folder: Path, hpo: Hpo) -> dict[str, Any]:
    """HPO into an empty graph."""
    start, wall = time.process_time(), time.perf_counter()
    writer = Writer(open_database(folder, make=True))
    add_hpo(writer, hpo)
    writer.finish()
    took, waited = time.process_time() - start, time.perf_counter() - wall
    count = {
        name: writer.database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("edge", "evidence")
    }
    writer.database.close()
    start = time.process_time()
    with Graph(folder) as graph:
        open_arcs(graph)
    return {
        "edges": count["edge"],
        "evidence": count["evidence"],
        "cpu_s": round(took, 1),
        "wall_s": round(waited, 1),
        "edges_a_cpu_s": round(count["edge"] / took),
        "arcs_cpu_s": round(time.process_time() - start, 1),
        "file_mb": round((folder / "graph.sqlite").stat().st_size / 1e6, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def questions(folder: Path, pairs: int) -> dict[str, Any]:
    """Milliseconds of each kind of question; the graph and its arcs are open."""
    dice = random.Random(0)
    with Graph(folder) as graph:
        rows = graph.database.execute("SELECT id FROM concept WHERE degree > 0 AND kind != 'attribute' ORDER BY no")
        ids = [id for (id,) in rows]
        drawn = [(graph.get(dice.choice(ids)), graph.get(dice.choice(ids))) for _ in range(pairs)]
        drawn = [pair for pair in drawn if pair[0].no != pair[1].no]
        told = {
            "neighbours": timed(lambda pair: graph.edges(pair[0]), drawn),
            "best path": timed(lambda pair: Paths(graph).best(*pair), drawn),
            "five best paths": timed(lambda pair: Paths(graph).best(*pair, 5), drawn),
        }
        shapes = [read(said) for said in SHAPES for _ in range(7)]
        return {**told, "paths by shape": timed(lambda shape: answer(graph, shape), shapes)}


def timed(ask: Callable[[Any], object], asked: Sequence[Any]) -> dict[str, float]:
    """CPU and wall milliseconds a question, after one that is not counted."""
    ask(asked[0])
    cpu, wall = [], []
    for one in asked:
        start, clock = time.process_time(), time.perf_counter()
        ask(one)
        cpu.append(time.process_time() - start)
        wall.append(time.perf_counter() - clock)
    return {
        f"{name}_p{at}_ms": round(1000 * float(np.percentile(took, at)), 1)
        for name, took in (("cpu", cpu), ("wall", wall))
        for at in (50, 99)
    }


def agreement(folder: Path, hpo: Hpo, path: Path, documents: int) -> dict[str, Any]:
    """Read documents, and hold what they say against the annotations."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    random.Random(0).shuffle(rows)
    rows = rows[:documents]
    items = [Item(id=row["id"], title=row["question"], text=row["answer"], url=row["url"]) for row in rows]
    copied = {row["id"] for row in rows if COPIED in row["answer"]}
    add_items(folder, About(name="medquad", licence="CC BY 4.0", version="577bd37"), items)
    start = time.process_time()
    writer = Writer(open_database(folder))
    done = add_library(writer, folder, How(hpo=hpo))
    writer.finish()
    took = time.process_time() - start
    found = said(writer, copied)
    writer.database.close()
    truth = _Truth(hpo)
    told: dict[str, Any] = {
        "documents": len(rows),
        "passages": done.passages,
        "evidence": done.evidence,
        "passages_a_cpu_s": round(done.passages / took, 1),
    }
    for where in ("own words", "copied from HPO"):
        for how in ("structure", "pattern", "together"):
            for polarity in (1, -1):
                pairs = sorted({one[:2] for one in found if one[2:] == (how, polarity, where)})
                if pairs:
                    told[f"{where}, {how}, {'affirmed' if polarity == 1 else 'negated'}"] = share(pairs, truth)
    return told


def said(writer: Writer, copied: set[str]) -> set[tuple[str, str, str, int, str]]:
    """(disease, finding, how, polarity, whose words) of what passages say."""
    rows = writer.database.execute(
        "SELECT h.id, t.id, how, polarity, reference.id, h.kind FROM evidence JOIN edge ON edge.no = evidence.edge "
        "JOIN relation ON relation.no = relation JOIN reference ON reference.no = reference "
        "JOIN source ON source.no = reference.source JOIN concept h ON h.no = head JOIN concept t ON t.no = tail "
        "WHERE source.kind = 'library' AND relation.name IN ('has_phenotype', 'co_occurs_with')"
    )
    found = set()
    for head, tail, how, polarity, passage, kind in rows:
        disease, finding = (head, tail) if kind == "disease" else (tail, head)
        if disease.startswith(("OMIM:", "ORPHA:")) and finding.startswith("HP:"):
            own = passage.split(":", 1)[1].split("#")[0]
            found.add((disease, finding, how, polarity, "copied from HPO" if own in copied else "own words"))
    return found


class _Truth:
    """What HPO annotates to a disease under any id of its name: findings, and all above them."""

    def __init__(self, hpo: Hpo) -> None:
        self._hpo = hpo
        self._twins: dict[str, list[int]] = {}
        self._names = [key(title.split(";")[0]) for title in hpo.titles]
        for disease, name in enumerate(self._names):
            self._twins.setdefault(name, []).append(disease)
        self._known: dict[str, set[int]] = {}

    def holds(self, disease: str, finding: str) -> bool:
        name = self._names[self._hpo.disease_number[disease]]
        if name not in self._known:
            rows = [row for twin in self._twins[name] for row in self._hpo.rows(twin)]
            terms = {int(self._hpo.row_term[row]) for row in rows}
            self._known[name] = {above for term in terms for above in self._hpo.ancestors(term).tolist()}
        return self._hpo.number[finding] in self._known[name]


def share(pairs: Sequence[tuple[str, str]], truth: _Truth) -> dict[str, Any]:
    """How many of the pairs HPO has, with an interval over diseases."""
    number = {disease: at for at, disease in enumerate(dict.fromkeys(disease for disease, _ in pairs))}
    right, all_ = np.zeros(len(number)), np.zeros(len(number))
    for disease, finding in pairs:
        right[number[disease]] += truth.holds(disease, finding)
        all_[number[disease]] += 1
    drawn = np.random.default_rng(0).multinomial(len(number), np.full(len(number), 1 / len(number)), RESAMPLES)
    low, high = np.percentile((drawn @ right) / (drawn @ all_), [2.5, 97.5])
    shown = f"{right.sum() / all_.sum():.3f} [{low:.3f}, {high:.3f}]"
    return {"in HPO": shown, "pairs": len(pairs), "diseases": len(number)}


if __name__ == "__main__":
    main()
