"""How often the true disease is first, in the first three, ten, fifty of 8,351, from findings alone; beside rivals.

    python benchmarks/diagnosis.py                                     # every row, and the speed
    python benchmarks/diagnosis.py --rival-python /tmp/hpo3/bin/python # hpo3 beside it, in its own environment
    python benchmarks/diagnosis.py --fit-calibration                   # what _lr_weights.CALIBRATION should be

Rows: A all cases of an annotated disease; B leak-free cases, whose publication is not among the references of their
disease's annotations. Genes, variants and denied findings are not used. A hit is the exact OMIM id; ties count as
their mid-rank; intervals are drawn over diseases; macro is the mean over diseases. "test" are the diseases that
neither weights nor calibration saw (bedside.knowledge._lr_weights.is_tuning).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bedside.evaluate.bootstrap import clusters_of, draws
from bedside.knowledge._lr_weights import ABSTAIN_BELOW, is_tuning
from bedside.knowledge._onset import years_of
from bedside.knowledge._ranker import Findings, Ranker
from bedside.knowledge.hpo import Hpo, open_hpo

FILES = ("train.jsonl", "dev.jsonl", "more.jsonl")
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "phenopackets_rare_disease"
CUTS = (1, 3, 10, 50)


@dataclass(frozen=True)
class Case:
    """One patient: what was found, and the number of the disease it was."""

    id: str
    findings: Findings
    truth: int
    disease: str
    leaky: bool


@dataclass
class Result:
    """Ranks of one method over cases; `sure` are calibrated chances of the first, `raw` what the softmax gave it."""

    rank: np.ndarray
    sure: np.ndarray
    raw: np.ndarray
    hit: np.ndarray
    ms: np.ndarray


def read_cases(folder: Path, hpo: Hpo) -> tuple[list[Case], int]:
    """The usable cases of a folder's files, streamed, and how many lines there were."""
    cases, lines = [], 0
    for row in _rows(folder):
        lines += 1
        truth = hpo.disease_number.get(row["disease"]["id"], hpo.ranked)
        present = sorted({hpo.number[one["id"]] for one in row["present"] if one["id"] in hpo.number})
        if truth >= hpo.ranked or not present:
            continue
        found = Findings(tuple(present), sex=row.get("sex") or "", onset_years=years_of(row.get("onset"), hpo))
        leaky = truth in hpo.citing.get(row["pmid"], ())
        cases.append(Case(row["id"], found, truth, row["disease"]["id"], leaky))
    return cases, lines


def _rows(folder: Path) -> Iterator[dict]:
    for name in FILES if all((folder / name).is_file() for name in FILES) else sorted(folder.glob("*.jsonl")):
        with (folder / name).open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def measure(ranker: Ranker, cases: list[Case]) -> Result:
    """Rank every case."""
    rows = []
    for case in cases:
        begun = time.perf_counter()
        scores = ranker.score(case.findings)
        ms = (time.perf_counter() - begun) * 1000
        told, _ = ranker.probabilities(scores, case.findings)
        top = int(scores.total.argmax())
        raw = 1 / np.exp((scores.total - scores.total[top]).astype(float)).sum()
        rows.append((mid_rank(scores.total, case.truth), told[top], raw, top == case.truth, ms))
    return Result(*(np.array(column, dtype=float) for column in zip(*rows, strict=True)))


def mid_rank(scores: np.ndarray, truth: int) -> float:
    """The mean rank over all orders of those that tie with the truth."""
    return float((scores > scores[truth]).sum() + ((scores == scores[truth]).sum() - 1) / 2 + 1)


def line(name: str, rank: np.ndarray, cases: list[Case], seed: int) -> str:
    """Shares in the first k with intervals over diseases, their macro means, and the mean reciprocal rank."""
    diseases = [case.disease for case in cases]
    groups = clusters_of(diseases, len(cases))
    hits = np.stack([rank <= cut for cut in CUTS] + [1 / rank]).astype(float)
    sums = np.stack([np.bincount(groups.of_row, weights=one, minlength=groups.count) for one in hits])
    size = np.bincount(groups.of_row, minlength=groups.count)
    drawn = np.concatenate([sums @ block / (size @ block) for block in draws(groups.count, seed)], axis=1)
    cells = []
    for values in drawn[:4]:
        low, high = np.percentile(values[1:], [2.5, 97.5])
        cells.append(f"{100 * values[0]:.1f} [{100 * low:.1f}, {100 * high:.1f}]")
    macro = " / ".join(f"{100 * value:.1f}" for value in (sums / size).mean(axis=1)[:3])
    return f"| {name} | {len(cases)} / {groups.count} | {' | '.join(cells)} | {drawn[4, 0]:.3f} | {macro} |"


def calibration_error(sure: np.ndarray, hit: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error of the first of the list, bins of equal width."""
    where = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [abs(sure[where == b].sum() - hit[where == b].sum()) for b in range(bins)]
    return float(sum(gaps) / len(sure))


def fit_calibration(result: Result, cases: list[Case], use: np.ndarray) -> tuple[float, ...]:
    """Logistic regression of "the first is right" on the softmax's log odds and the log number of findings."""
    from sklearn.linear_model import LogisticRegression

    raw = np.clip(result.raw[use], 1e-9, 1 - 1e-9)
    counts = np.array([len(case.findings.present) for case in cases])[use]
    model = LogisticRegression(C=1e6).fit(np.stack([np.log(raw / (1 - raw)), np.log(counts)], axis=1), result.hit[use])
    return (float(model.intercept_[0]), *map(float, model.coef_[0]))


def rivals(python: str, cases: list[Case], hpo: Hpo, data: Path, seed: int, most: int) -> list[str]:
    """hpo3's two rankers on a seeded sample of the leak-free test cases, with the same annotation files."""
    use = [case for case in cases if not case.leaky and not is_tuning(case.disease)]
    pick = np.random.default_rng(seed).permutation(len(use))[:most]
    use = [use[i] for i in sorted(pick)]
    jobs = [{"terms": [hpo.ids[t] for t in case.findings.present], "truth": case.disease} for case in use]
    with tempfile.TemporaryDirectory() as folder:
        job, out = Path(folder) / "job.json", Path(folder) / "out.json"
        job.write_text(json.dumps({"data": str(data), "cases": jobs}), encoding="utf-8")
        script = Path(__file__).with_name("_diagnosis_rival.py")
        subprocess.run([python, "-I", str(script), str(job), str(out)], check=True)
        told = json.loads(out.read_text(encoding="utf-8"))
    ours = measure(Ranker(hpo), use)
    lines = [line("bedside, same cases", ours.rank, use, seed)]
    for name, found in told.items():
        n = len(found["ranks"])
        lines.append(line(name, np.array(found["ranks"]), use[:n], seed))
        lines.append(f"{name}: median {np.median(found['ms']):.1f} ms a case; bedside {np.median(ours.ms):.2f} ms")
    return lines


def main() -> None:
    """Print the table."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--data", type=Path, default=SHARED, help="folder of JSONL rows as in phenopackets_rare_disease")
    ask.add_argument("--hpo", type=Path, help="folder of a newer HPO release")
    ask.add_argument("--every", type=int, default=1, help="only each n-th case of a row, for a quick look")
    ask.add_argument("--rival-python", help="an interpreter that has hpo3")
    ask.add_argument("--rival-cases", type=int, default=100)
    ask.add_argument("--fit-calibration", action="store_true")
    ask.add_argument("--seed", type=int, default=0)
    given = ask.parse_args()
    begun = time.perf_counter()
    hpo = open_hpo(given.hpo)
    ranker = Ranker(hpo)
    opened = time.perf_counter() - begun
    cases, lines = read_cases(given.data, hpo)
    leak_free = np.array([not case.leaky for case in cases])
    print(f"HPO {hpo.release}; {lines} cases read, {len(cases)} usable, {leak_free.sum()} of them leak-free")
    cases = cases[:: given.every]
    leak_free = leak_free[:: given.every]
    tuning = np.array([is_tuning(case.disease) for case in cases])
    result = measure(ranker, cases)
    if given.fit_calibration:
        print("calibration:", *(f"{value:.3f}" for value in fit_calibration(result, cases, tuning & leak_free)))
    print(f"| row | cases / diseases | {' | '.join(f'top-{cut}' for cut in CUTS)} | MRR | macro top-1 / 3 / 10 |")
    print("|---|---|---|---|---|---|---|---|")
    rows = {
        "A": np.ones(len(cases), bool),
        "B leak-free": leak_free,
        "A, test diseases": ~tuning,
        "B, test diseases": leak_free & ~tuning,
    }
    for name, use in rows.items():
        print(line(name, result.rank[use], [case for case, used in zip(cases, use, strict=True) if used], given.seed))
    print(f"chance: top-1 {100 / hpo.ranked:.3f}, top-10 {1000 / hpo.ranked:.2f}")
    for name in ("B leak-free", "B, test diseases"):
        use, told = rows[name], rows[name] & (result.sure >= ABSTAIN_BELOW)
        right = 100 * result.hit[told].mean() if told.any() else float("nan")
        error, raw = (calibration_error(values[use], result.hit[use]) for values in (result.sure, result.raw))
        print(
            f"{name}: ECE of the first {error:.3f} (raw {raw:.3f}); {told.sum()} of {use.sum()} not abstained, ", end=""
        )
        print(f"{right:.1f} % of them right at the first")
    print(f"opened in {opened:.2f} s; {np.median(result.ms):.2f} ms a case (median), mean {result.ms.mean():.2f}")
    if given.rival_python:
        from bedside.knowledge._hpo_files import find

        for text in rivals(given.rival_python, cases, hpo, find(given.hpo).folder, given.seed, given.rival_cases):
            print(text)


if __name__ == "__main__":
    main()
