"""Fits the weights of sentence roles on structured abstracts (headings are the labels) and measures them on others.

    python tools/train_roles.py train.jsonl dev.jsonl [-o src/bedside/literature/data/roles_en.tsv]

A row holds `contexts` (the parts of an abstract), `sections` (their headings) and, as PubMedQA's do, `long_answer` (its
conclusion). A heading that names two roles labels nothing; an aim stated under the heading of the background is an
objective, and figures by headings alone are printed too. No text is kept: words in at least `RARE` abstracts alone
get a weight. Printed: macro-F1 and accuracy by sentence, intervals by resampling abstracts (2,000 draws, seed 7).
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from bedside.cleaning.sentences import spans
from bedside.literature._headings import ROLES, role_of
from bedside.literature._role_features import AIM, features, placed
from bedside.literature._role_model import NEXT, judged

RARE, STRENGTH, SMALL = 4, 0.3, 0.08
Labelled = list[tuple[str, str]]
_BOTH = (
    "background",
    "introduction",
    "context",
    "aim",
    "objective",
    "purpose",
    "method",
    "result",
    "conclusion",
    "finding",
)


def abstracts(path: Path, *, aims: bool = True) -> list[Labelled]:
    """The sentences of each abstract with the role that their heading names, and stated aims as objectives."""
    found = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line.strip():
            continue
        row = json.loads(line)
        parts = [*list(zip(row["sections"], row["contexts"], strict=True)), ("CONCLUSIONS", row.get("long_answer", ""))]
        said: Labelled = []
        for heading, text in parts:
            role = "" if sum(one in heading.lower() for one in _BOTH) > 1 else role_of(heading)
            for start, end in spans(text):
                aim = aims and role == "background" and AIM.search(text, start, end)
                said.append((text[start:end], "objective" if aim else role))
        if any(role for _, role in said):
            found.append(said)
    return found


def fitted(train: Sequence[Labelled], kind: Callable[..., object] = features) -> dict[str, np.ndarray]:
    """Weights by name: those of the features, and how likely a role is after another."""
    rows, labels = [], []
    seen: Counter[str] = Counter()
    for said in train:
        names = [set(_named(kind, text, number, len(said))) for number, (text, _) in enumerate(said)]
        seen.update({name for some in names for name in some})
        rows += [dict.fromkeys(some, 1.0) for some, (_, role) in zip(names, said, strict=True) if role]
        labels += [ROLES.index(role) for _, role in said if role]
    kept = [{name: one for name, one in row.items() if seen[name] >= RARE} for row in rows]
    vectors = DictVectorizer()
    model = LogisticRegression(C=STRENGTH, max_iter=300).fit(vectors.fit_transform(kept), labels)
    weights = {name: model.coef_[:, number] for number, name in enumerate(vectors.feature_names_)}
    weights = {name: one for name, one in weights.items() if np.abs(one).max() >= SMALL}
    return {**weights, "@bias": model.intercept_, **_followed(train)}


def _named(kind: Callable[..., object], text: str, number: int, total: int) -> list[str]:
    return list(kind(text, number, total) if kind is features else kind(number, total))  # type: ignore[call-overload]


def _followed(train: Sequence[Labelled]) -> dict[str, np.ndarray]:
    counts = {NEXT + role: np.ones(len(ROLES)) for role in ("", *ROLES)}
    for said in train:
        roles = ["", *(role for _, role in said if role)]
        for one, two in itertools.pairwise(roles):
            counts[NEXT + one][ROLES.index(two)] += 1
    prior = sum(counts[NEXT + role] for role in ROLES)
    told = {}
    for name, row in counts.items():
        # the model of a sentence holds the roles' frequencies already: what is added is how the neighbour changes them
        told[name] = np.log(row / row.sum()) - (0.5 * np.log(prior / prior.sum()) if name != NEXT else 0)
    return told


def measured(test: Sequence[Labelled], answer: Callable[[list[str]], list[str]]) -> str:
    """Macro-F1 and accuracy with intervals."""
    pairs = []
    for said in test:
        given = answer([text for text, _ in said])
        pairs.append([(role, one) for (_, role), one in zip(said, given, strict=True) if role])
    draws = np.random.default_rng(7).integers(0, len(pairs), (2000, len(pairs)))
    own = _figures([pair for some in pairs for pair in some])
    drawn = np.array([_figures([pair for number in draw for pair in pairs[number]]) for draw in draws])
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    n = sum(map(len, pairs))
    return (
        ", ".join(
            f"{name} {own[at]:.3f} ({low[at]:.3f} to {high[at]:.3f})"
            for at, name in enumerate(("macro-F1", "accuracy"))
        )
        + f"; {n} sentences of {len(pairs)} abstracts"
    )


def _figures(pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    truth, given = zip(*pairs, strict=True)
    labels = list(ROLES)
    return (
        f1_score(truth, given, labels=labels, average="macro", zero_division=0),
        float(np.mean([one == two for one, two in pairs])),
    )


def main() -> None:
    """Fit, measure, write."""
    asked = argparse.ArgumentParser()
    asked.add_argument("train", type=Path)
    asked.add_argument("test", type=Path)
    asked.add_argument("-o", "--out", type=Path)
    given = asked.parse_args()
    train, test = abstracts(given.train), abstracts(given.test)
    weights, places = fitted(train), fitted(train, placed)
    often = Counter(role for said in train for _, role in said if role).most_common(1)[0][0]
    for name, rows in (("aims are objectives", test), ("headings alone", abstracts(given.test, aims=False))):
        print(name)
        print("  majority     ", measured(rows, lambda said: [often] * len(said)))
        print("  position only", measured(rows, lambda said: [role for role, _ in judged(said, places)]))
        print("  model        ", measured(rows, lambda said: [role for role, _ in judged(said, weights)]))
    if given.out:
        head = (
            f"#! feature and its weight for {', '.join(ROLES)}; fitted by tools/train_roles.py on {len(train)} "
            f"abstracts of PubMedQA (MIT)"
        )
        lines = [f"{name}\t" + "\t".join(f"{one:.2f}" for one in row) for name, row in sorted(weights.items())]
        given.out.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        print(f"{len(weights)} features, {given.out.stat().st_size / 1000:.0f} kB written")


if __name__ == "__main__":
    main()
