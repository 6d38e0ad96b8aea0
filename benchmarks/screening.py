"""Screening for a systematic review: work saved by the reading order, and whether the rule to stop kept its word.

    python benchmarks/screening.py OUT.json [--papers 1000] [--relevant 25] [--seeds 2] [--rows ours,peer] [--chinese]

A review is made of real labelled abstracts: one class is "relevant", thinned to the prevalence asked for, the rest is
the others. Topics: ten hallmarks of cancer, five conditions of medical_abstracts (train and dev parts; for measuring
only). Each topic is drawn once a seed; one relevant and one irrelevant paper are known to every row, the same ones.

Rows: `ours` and `ours+question` (the name of the class as the question); `peer`: ASReview's default model of version 2
(ELAS u4) written out, since the program cannot be installed here: TF-IDF of words and pairs, sublinear, max_df 0.95,
LinearSVC C 0.11, balanced weights 9.8, the likeliest next; `peer-nb`: the one before it (ELAS u3: naive Bayes alpha
3.822, weights 1.2); `random`: by chance. All learn again after each twentieth more of decisions. The terms and the
penalty of `ours` were chosen on the six topics in CHOSEN_ON, seeds 0 and 1; `held_out` is the other nine.

`--rule RUNS` asks only whether the rule to stop and the random draw keep their word, on orders drawn with known odds.

Intervals: bootstrap over topics, seed 0. Tests: paired differences over topics, the same bootstrap.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bedside.literature.screening.certify import most_in_urn
from bedside.literature.screening.ranker import Ranker, weights
from bedside.literature.screening.simulate import ByChance, Run, first_stop, simulate

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
CHOSEN_ON = (
    "Activating invasion and metastasis",
    "Cellular energetics",
    "Evading growth suppressors",
    "Inducing angiogenesis",
    "Cardiovascular diseases",
    "Digestive system diseases",
)
ROWS = ("ours", "ours+question", "peer", "peer-nb", "random")
RESAMPLES = 2000


def main() -> None:
    """Measure and write, a row at a time."""
    words = argparse.ArgumentParser()
    words.add_argument("out", type=Path)
    words.add_argument("--data", type=Path, default=DATA)
    words.add_argument("--papers", type=int, default=1000)
    words.add_argument("--relevant", type=int, default=25)
    words.add_argument("--seeds", type=int, default=2)
    words.add_argument("--chinese", action="store_true", help="departments of Chinese questions with their answers")
    words.add_argument("--rows", default=",".join(ROWS))
    words.add_argument("--rule", type=int, metavar="RUNS", help="only the rule and the bound, on made-up orders")
    asked = words.parse_args()
    if asked.rule:
        report = {"rule": list(rule_kept(asked.papers, asked.relevant, asked.rule))}
        asked.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        return
    topics = (chinese_topics if asked.chinese else all_topics)(asked.data)
    runs: dict[str, dict[str, list[Run]]] = {}
    report: dict[str, Any] = {name: getattr(asked, name) for name in ("papers", "relevant", "seeds")}
    report["topics"] = list(topics)
    for row in asked.rows.split(","):
        start = time.process_time()
        runs[row] = {
            name: [one_run(row, name, *topics[name], seed, asked) for seed in range(asked.seeds)] for name in topics
        }
        report[row] = {**told(runs[row]), "cpu_s": round(time.process_time() - start, 1)}
        for rival in ("peer", "ours"):
            if rival in runs and rival != row:
                report[row][f"minus {rival}"] = difference(runs[row], runs[rival])
        print(json.dumps({row: report[row]}, ensure_ascii=False), flush=True)
        asked.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def all_topics(data: Path) -> dict[str, tuple[list[str], list[bool]]]:
    """Each topic's texts, and which are relevant."""
    found: dict[str, tuple[list[str], list[bool]]] = {}
    cancer = _read(data / "hallmarks_of_cancer")
    texts = [" ".join(one["text"] for one in row["sentences"]) for row in cancer]
    for name in sorted({label for row in cancer for label in row["hallmarks"]}):
        found[name] = texts, [name in row["hallmarks"] for row in cancer]
    conditions = _read(data / "medical_abstracts")
    for name in sorted({row["label"] for row in conditions}):
        found[name] = [row["text"] for row in conditions], [row["label"] == name for row in conditions]
    return found


def chinese_topics(data: Path) -> dict[str, tuple[list[str], list[bool]]]:
    """Departments of Chinese questions with their answers: there is no labelled set of Chinese abstracts."""
    rows = _read(data / "toyhom_im_dialogue_zh")
    texts = ["\n".join((row["title"], row["question"], row["answer"])) for row in rows]
    names = ("消化科", "神经科", "心血管科", "内分泌科", "呼吸科", "肾内科")
    return {name: (texts, [row["department"] == name for row in rows]) for name in names}


def one_run(row: str, topic: str, texts: Sequence[str], relevant: Sequence[bool], seed: int, asked: Any) -> Run:
    """One made-up review read in one order."""
    chance, truth = np.random.default_rng(seed), np.asarray(relevant)
    wanted, others = chance.permutation(np.flatnonzero(truth)), chance.permutation(np.flatnonzero(~truth))
    kept = chance.permutation(np.concatenate([wanted[: asked.relevant], others[: asked.papers - asked.relevant]]))
    papers = [texts[at] for at in kept]
    return simulate([bool(truth[at]) for at in kept], _ranks(row, papers, topic, seed), seed=seed)


def told(runs: Mapping[str, Sequence[Run]]) -> dict[str, Any]:
    """Means with intervals over topics, and what the rule to stop did."""
    every = [one for those in runs.values() for one in those]
    stops = [one for one in every if one.stopped is not None]
    reached = [one for one in stops if (one.recall or 0) >= 0.95]
    bounded = [one for one in stops if one.stopped is not None and (one.recall or 0) >= (one.stopped.low or 0)]
    out: dict[str, Any] = {
        name: interval([np.mean([getattr(one.saved, name) for one in runs[topic]]) for topic in runs])
        for name in ("wss_95", "wss_100", "atd", "rrf_10", "read_95")
    }
    for part, those in (("chosen_on", True), ("held_out", False)):
        names = [name for name in runs if (name in CHOSEN_ON) == those]
        if len(names) > 1:
            out[f"wss_95 {part}"] = interval([np.mean([one.saved.wss_95 for one in runs[name]]) for name in names])
    total = len(every[0].order) + len(every[0].priors)
    read = [one.stopped.read if one.stopped else total for one in every]
    out["stop"] = {
        "runs": len(every),
        "said stop": len(stops),
        "reached 95 %": len(reached),
        "least recall": round(min((one.recall or 0 for one in stops), default=1.0), 3),
        "true recall at or above the bound": len(bounded),
        "share read": round(float(np.mean(read)) / total, 3),
    }
    return out


def rule_kept(papers: int, relevant: int, runs: int) -> Iterator[dict[str, Any]]:
    """How often the recall was 95 % where the rule, or the random draw, said stop; orders drawn with odds.

    With odds of 1 the order is by chance; with 20 a relevant paper is twenty times as likely to be the next as another.
    The draw begins after a fifth of the papers in that order.
    """
    truth = np.arange(papers) < relevant
    for odds in (1, 2, 5, 10, 20, 50):
        chance = np.random.default_rng(odds)
        kept = {"rule": [0, 0, 0], "draw": [0, 0, 0]}
        for _ in range(runs):
            order = np.argsort(chance.exponential(size=papers) / np.where(truth, odds, 1))
            found = [bool(one) for one in truth[order]]
            stop = first_stop(found, papers, 1, 0.95, 0.95)
            _count(kept["rule"], stop.read if stop else papers, found)
            _count(kept["draw"], _drawn(found, papers // 5, chance), found)
        told = {
            name: {"said stop early": said, "reached 95 %": reached, "share read": round(read / runs / papers, 3)}
            for name, (said, reached, read) in kept.items()
        }
        print(json.dumps({"papers": papers, "relevant": relevant, "odds": odds, "runs": runs, **told}), flush=True)
        yield {"papers": papers, "relevant": relevant, "odds": odds, "runs": runs, **told}


def _count(sums: list[int], read: int, found: list[bool]) -> None:
    sums[0] += read < len(found)
    sums[1] += read < len(found) and sum(found[:read]) >= 0.95 * sum(found)
    sums[2] += read


def _drawn(found: list[bool], begun: int, chance: np.random.Generator) -> int:
    """How many are read until the bound of a random draw from the unread says stop; `found` is put in that order."""
    rest = found[begun:]
    chance.shuffle(rest)
    found[begun:] = rest
    before = sum(found[:begun])
    for read in range(begun, len(found), 5):
        seen = sum(found[begun:read])
        missed = most_in_urn(len(rest), read - begun, seen) - seen
        if before + seen >= 0.95 * (before + seen + missed) and before + seen:
            return read
    return len(found)


def difference(one: Mapping[str, Sequence[Run]], other: Mapping[str, Sequence[Run]]) -> dict[str, Any]:
    """The measures of one row less those of another, over topics."""
    gaps = {
        part: [
            np.mean(
                [getattr(a.saved, part) - getattr(b.saved, part) for a, b in zip(one[name], other[name], strict=True)]
            )
            for name in one
        ]
        for part in ("wss_95", "atd", "rrf_10")
    }
    won = int(sum(gap > 0 for gap in gaps["wss_95"]))
    return {**{part: interval(those) for part, those in gaps.items()}, "topics won": won, "topics": len(one)}


def interval(values: Sequence[Any]) -> list[float]:
    """Mean, low, high."""
    every = np.asarray(values, float)
    drawn = every[np.random.default_rng(0).integers(0, len(every), (RESAMPLES, len(every)))].mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return [round(float(one), 4) for one in (every.mean(), low, high)]


def _ranks(row: str, papers: Sequence[str], topic: str, seed: int) -> Any:
    if row == "random":
        return ByChance(len(papers), seed)
    if row.startswith("peer"):
        return Peer(papers, naive_bayes=row == "peer-nb")
    return Ranker(papers, topic if row.endswith("question") else "", seed=seed)


class Peer:
    """ASReview's models, from their published settings."""

    def __init__(self, papers: Sequence[str], *, naive_bayes: bool) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        how: dict[str, Any] = {"ngram_range": (1, 2), "sublinear_tf": True, "max_df": 0.95}
        self._rows, self._bayes = TfidfVectorizer(**how).fit_transform(papers), naive_bayes

    def scores(self, decided: Mapping[int, bool]) -> Any:
        """The likelier relevant the higher."""
        from sklearn.naive_bayes import MultinomialNB
        from sklearn.svm import LinearSVC

        truth = np.asarray([int(one) for one in decided.values()])
        machine = MultinomialNB(alpha=3.822) if self._bayes else LinearSVC(C=0.11)
        machine.fit(self._rows[list(decided)], truth, sample_weight=weights(truth, 1.2 if self._bayes else 9.8))
        if self._bayes:
            return np.diff(machine.predict_log_proba(self._rows), axis=1)[:, 0]
        return machine.decision_function(self._rows)


def _read(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for part in ("train", "dev")
        for line in (folder / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    ]


if __name__ == "__main__":
    main()
