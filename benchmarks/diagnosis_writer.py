"""Whether a language model's own list of diseases helps the knowledge's ranking: each alone, and both by fitted weight.

    python benchmarks/diagnosis_writer.py                          # the embedded SmolLM2 and two made writers
    python benchmarks/diagnosis_writer.py --writer http://127.0.0.1:11434/v1#qwen3:8b --cases 200

Cases of the dev file, leak-free or not, each disease at most `--most` times; fused by reciprocal rank with a weight
fitted on other diseases (five folds), so that a list no better than chance must get 0. Made writers: "oracle with
noise" knows the true disease of 4 cases in 10 and puts it at a place drawn from 1 to 5 among names drawn by chance;
"chance" draws all its names. They show the machinery, not any model. A hit is the exact OMIM id; intervals are drawn
over diseases. Columns: top-1, top-3, top-10, mean reciprocal rank.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bedside.commands._diagnose.writer import open_writer
from bedside.commands._stack.writer import CUTS, ENGINES, Fitted, fit_writer
from bedside.knowledge._ranker import Ranker
from bedside.knowledge.hpo import Hpo, open_hpo
from bedside.tasks._diagnosis.writer import Writer
from bedside.tasks._disease_links import DiseaseLinks
from bedside.types import Advice, Decision, Written

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "phenopackets_rare_disease"


def made(hpo: Hpo, truths: Sequence[int], known: float, seed: int) -> Callable[[Sequence[str]], list[Decision]]:
    """A writer that is asked for the cases in their order and knows a share of the answers."""
    rng, left = np.random.default_rng(seed), iter(truths)

    def ask(questions: Sequence[str]) -> list[Decision]:
        return [Advice(prediction=Written("\n".join(names(next(left))))) for _ in questions]

    def names(truth: int) -> list[str]:
        drawn = [hpo.titles[int(n)] for n in rng.choice(hpo.ranked, 10, replace=False)]
        if rng.random() < known:
            drawn[int(rng.integers(5))] = hpo.titles[truth]
        return [f"{place}. {name}" for place, name in enumerate(drawn, 1)]

    return ask


def rows_of(path: Path, hpo: Hpo, most: int, count: int, seed: int) -> list[dict]:
    """A seeded sample of cases, each disease at most so often."""
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    rows = [row for row in rows if hpo.disease_number.get(row["disease"]["id"], hpo.ranked) < hpo.ranked]
    seen: Counter[str] = Counter()
    kept = []
    for at in np.random.default_rng(seed).permutation(len(rows)):
        disease = rows[at]["disease"]["id"]
        seen[disease] += 1
        if seen[disease] <= most:
            kept.append(rows[at])
    return kept[:count]


def tell(name: str, fitted: Fitted) -> None:
    """Its rows."""
    about = fitted.weighed
    share = f"{fitted.matched}/{fitted.names} names linked, no list for {fitted.silent}"
    print(f"{name}: {about.cases} cases of {about.diseases} diseases; {share}; weight {about.weight:g}", flush=True)
    for engine in ENGINES:
        cells = " | ".join(str(fitted.figures[engine][what]) for what in (*(f"top{cut}" for cut in CUTS), "mrr"))
        print(f"| {name}: {engine} | {cells} |", flush=True)


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--data", type=Path, default=SHARED / "dev.jsonl")
    asked.add_argument("--writer", default="smollm2")
    asked.add_argument("--cases", type=int, default=60)
    asked.add_argument("--most", type=int, default=4)
    asked.add_argument("--made-only", action="store_true", help="leave out the real writer")
    asked.add_argument("--exclude-evidence", default="pmid")
    asked.add_argument("--seed", type=int, default=0)
    said = asked.parse_args()
    hpo = open_hpo()
    ranker = Ranker(hpo)
    rows = rows_of(said.data, hpo, said.most, said.cases, said.seed)
    truths = [hpo.disease_number[row["disease"]["id"]] for row in rows]
    links = DiseaseLinks(ranker)
    writers = {
        "oracle with noise": Writer("oracle", "made", made(hpo, truths, 0.4, said.seed), links, ranker),
        "chance": Writer("chance", "made", made(hpo, truths, 0.0, said.seed), links, ranker),
    }
    if not said.made_only:
        writers[said.writer] = open_writer(said.writer, ranker)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        for name, writer in writers.items():
            tell(name, fit_writer(path, writer, label="label", evidence=said.exclude_evidence, seed=said.seed))


if __name__ == "__main__":
    main()
