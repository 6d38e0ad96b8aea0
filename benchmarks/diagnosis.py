"""How often the true disease is first, in the first three, ten, fifty of 8,351, from findings alone; beside rivals.

    python benchmarks/diagnosis.py                                     # every row, and the speed
    python benchmarks/diagnosis.py --rival-python /tmp/hpo3/bin/python # hpo3 beside it, in its own environment
    python benchmarks/diagnosis.py --fit-calibration                   # what _lr_weights.CALIBRATION should be
    python benchmarks/diagnosis.py --noise                             # with findings added or told vaguely
    python benchmarks/diagnosis.py --folder PHENOPACKETS --list NAMES  # any phenopackets, only those named

Rows: A all cases of an annotated disease; B leak-free cases, whose publication is not among the references of their
disease's annotations. Genes, variants and denied findings are not used. A hit is the exact OMIM id; ties count as
their mid-rank; intervals are drawn over diseases; macro is the mean over diseases. "test" are the diseases that
neither weights nor calibration saw (bedside.knowledge._lr_weights.is_tuning): printed only with --test, for it wears
out by being looked at. "series" and "gene" count a disease of the same numbered series, or of the same gene, as right.

Exomiser, phenotype only, on the 5,213 cases of Reese et al. 2026 (10.1038/s41431-026-02054-5): 35.5 / 46.3 / 58.5
(top-1 from the abstract, the others read off the authors' plot). Its annotations were of mid-2024; those here are
newer and have taken up more of the cases' own publications, so row A beside it is no fair race. The list of those
cases (`correct_results.tsv` of monarch-initiative/malco) is not shipped here: give it with --list.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from _diagnosis_cases import Case, listed, noisy, read_cases, vague
from _diagnosis_sure import Result, fit_calibration, sureness
from bedside.evaluate.bootstrap import clusters_of, draws
from bedside.knowledge._groups import series_of
from bedside.knowledge._lr_weights import is_tuning
from bedside.knowledge._ranker import Ranker
from bedside.knowledge.hpo import Hpo, open_hpo
from bedside.tasks._diagnosis.answer import diagnose
from bedside.tasks._diagnosis.case import DiagnosisCase

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "phenopackets_rare_disease"
CUTS = (1, 3, 10, 50)
EXOMISER = "| Exomiser phenotype-only, PUBLISHED, older annotations | 5213 | 35.5 | 46.3 | 58.5 | | | |"


def measure(ranker: Ranker, cases: list[Case]) -> Result:
    """Rank every case."""
    rows, twins = [], _twins(ranker.hpo)
    for case in cases:
        begun = time.perf_counter()
        scores = ranker.score(case.findings)
        ms = (time.perf_counter() - begun) * 1000
        told, _ = ranker.probabilities(scores, case.findings)
        top = int(scores.total.argmax())
        raw = 1 / np.exp((scores.total - scores.total[top]).astype(float)).sum()
        near = [best_rank(scores.total, [*few.get(case.truth, ()), case.truth]) for few in twins]
        rows.append((mid_rank(scores.total, case.truth), told[top], raw, top == case.truth, ms, *near))
    return Result(*(np.array(column, dtype=float) for column in zip(*rows, strict=True)))


def _twins(hpo: Hpo) -> list[dict[int, list[int]]]:
    """For each disease those of its series, and those that share a gene with it."""
    of_series: dict[str, list[int]] = {}
    for disease, title in enumerate(hpo.titles[: hpo.ranked]):
        of_series.setdefault(series_of(title), []).append(disease)
    series = {one: few for few in of_series.values() for one in few}
    of_gene = hpo.diseases_of
    gene = {one: [two for name in hpo.genes[one] for two in of_gene[name]] for one in range(hpo.ranked)}
    return [series, gene]


def best_rank(scores: np.ndarray, members: list[int]) -> float:
    """The mid-rank of the best of several."""
    return mid_rank(scores, max(members, key=lambda one: scores[one]))


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
    ranker = Ranker(hpo)
    ours, (busy, listed_busy) = measure(ranker, use), processor_ms(ranker, use)
    lines = [line("bedside, same cases", ours.rank, use, seed)]
    for name, found in told.items():
        n = len(found["ranks"])
        lines.append(line(name, np.array(found["ranks"]), use[:n], seed))
        lines.append(f"{name}: median {np.median(found['ms']):.1f} ms a case; bedside {np.median(ours.ms):.2f} ms")
        theirs = float(np.median(found["processor_ms"]))
        lines.append(
            f"{name}, of the processor: {theirs:.1f} ms; bedside {busy:.2f} ms, {theirs / busy:.0f} times as fast"
        )
    lines.append(f"bedside with chances, names and genes of the first 100: {listed_busy:.2f} ms of the processor")
    return lines


def processor_ms(ranker: Ranker, cases: list[Case]) -> tuple[float, float]:
    """The median milliseconds of the processor a case: from terms to all scores, and to the list that is written."""
    scored, told = [], []
    for case in cases:
        begun = time.process_time()
        ranker.score(case.findings)
        scored.append(time.process_time() - begun)
        begun = time.process_time()
        diagnose(ranker, DiagnosisCase(case.id, case.findings), top=100)
        told.append(time.process_time() - begun)
    return float(np.median(scored)) * 1000, float(np.median(told)) * 1000


def report(name: str, cases: list[Case], result: Result, seed: int) -> None:
    """A row by exact id, then by series and by gene."""
    print(line(name, result.rank, cases, seed))
    print(line(f"{name}, right series", result.series, cases, seed))
    print(line(f"{name}, right gene", result.gene, cases, seed))


def rows_of(leak_free: np.ndarray, tuning: np.ndarray, *, test: bool) -> dict[str, np.ndarray]:
    """Which cases each row is of."""
    rows = {"A": np.ones(len(tuning), bool), "B leak-free": leak_free}
    return rows | ({"A, test diseases": ~tuning, "B, test diseases": leak_free & ~tuning} if test else {})


def tell(rows: dict[str, np.ndarray], cases: list[Case], result: Result, seed: int) -> None:
    """Print every row, the published one, and how far the chances can be believed."""
    for name, use in rows.items():
        if use.any():
            few = Result(*(getattr(result, field)[use] for field in Result.__dataclass_fields__))
            report(name, [case for case, used in zip(cases, use, strict=True) if used], few, seed)
    print(EXOMISER)
    for name, use in rows.items():
        if name.startswith("B") and use.any():
            sureness(name, result, cases, use, seed)


def noise(ranker: Ranker, cases: list[Case], seed: int) -> None:
    """The same cases with findings added, or told one step more generally."""
    hpo = ranker.hpo
    kinds = {"as written": cases}
    kinds |= {f"{added} findings of others added": noisy(cases, added, seed) for added in (1, 3, 5)}
    kinds |= {f"{share:.0%} of findings as a parent": vague(cases, hpo, share, seed) for share in (0.5, 1.0)}
    for name, changed in kinds.items():
        print(line(name, measure(ranker, changed).rank, changed, seed))


def asked() -> argparse.Namespace:
    """What to measure."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--folder", "--data", type=Path, default=SHARED, help="folder of JSONL rows or of phenopackets")
    ask.add_argument("--list", type=Path, help="file that names the only cases to rank, one a line")
    ask.add_argument("--hpo", type=Path, help="folder of a newer HPO release")
    ask.add_argument("--every", type=int, default=1, help="only each n-th case of a row, for a quick look")
    ask.add_argument("--test", action="store_true", help="print the rows of the test diseases")
    ask.add_argument("--noise", action="store_true", help="only this: noise on leak-free cases of the tuning diseases")
    ask.add_argument("--rival-python", help="an interpreter that has hpo3")
    ask.add_argument("--rival-cases", type=int, default=100)
    ask.add_argument("--fit-calibration", action="store_true")
    ask.add_argument("--seed", type=int, default=0)
    return ask.parse_args()


def main() -> None:
    """Print the table."""
    given = asked()
    begun = time.perf_counter()
    hpo = open_hpo(given.hpo)
    ranker = Ranker(hpo)
    opened = time.perf_counter() - begun
    cases, lines = read_cases(given.folder, hpo)
    if given.list:
        cases, names = listed(cases, given.list)
        print(f"{given.list.name}: {names} named, {len(cases)} of them here and usable")
    cases = cases[:: given.every]
    leak_free = np.array([not case.leaky for case in cases])
    tuning = np.array([is_tuning(case.disease) for case in cases])
    print(f"HPO {hpo.release}; {lines} cases read, {len(cases)} used, {leak_free.sum()} of them leak-free")
    print(f"| row | cases / diseases | {' | '.join(f'top-{cut}' for cut in CUTS)} | MRR | macro top-1 / 3 / 10 |")
    print("|---|---|---|---|---|---|---|---|")
    if given.noise:
        noise(ranker, [case for case, use in zip(cases, leak_free & tuning, strict=True) if use], given.seed)
        return
    result = measure(ranker, cases)
    rows = rows_of(leak_free, tuning, test=given.test)
    tell(rows, cases, result, given.seed)
    print(f"chance: top-1 {100 / hpo.ranked:.3f}, top-10 {1000 / hpo.ranked:.2f}")
    if given.fit_calibration:
        use = tuning & leak_free
        print("calibration:", *(f"{value:.3f}" for value in fit_calibration(result, cases, use)))
    print(f"opened in {opened:.2f} s; {np.median(result.ms):.2f} ms a case (median), mean {result.ms.mean():.2f}")
    if given.rival_python:
        from bedside.knowledge._hpo_files import find

        for text in rivals(given.rival_python, cases, hpo, find(given.hpo).folder, given.seed, given.rival_cases):
            print(text)


if __name__ == "__main__":
    main()
