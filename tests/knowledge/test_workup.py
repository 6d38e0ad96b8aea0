"""Which test separates the candidates: the gain is the mutual information, and the ontology says what a test shows."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.knowledge import _workup
from bedside.knowledge._ranker import Findings, Ranker
from bedside.knowledge._workup import BURDENS, COSTS, Kind, joint_gain, workup
from bedside.lang import speaking

EYE = Kind("eye", ("Eye examination", "眼科检查"), "low", "none", ("HP:0000478",))
HEART = Kind("heart", ("Echocardiography", "超声心动图"), "high", "biopsy", ("HP:0001626",))
SHARE = st.floats(0.02, 0.95)


def by_definition(yes: list[list[float]], chances: list[float]) -> float:
    """H(disease) - E[H(disease | outcome)], outcome by outcome."""

    def entropy(parts: list[float]) -> float:
        return -sum(p * np.log2(p) for p in parts if p > 0)

    left = 0.0
    for outcome in product([True, False], repeat=len(yes)):
        joint = [
            chance * float(np.prod([row[k] if seen else 1 - row[k] for row, seen in zip(yes, outcome, strict=True)]))
            for k, chance in enumerate(chances)
        ]
        total = sum(joint)
        left += total * entropy([part / total for part in joint]) if total else 0
    return entropy(chances) - left


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.lists(SHARE, min_size=3, max_size=3), min_size=1, max_size=4),
    st.lists(st.floats(0.01, 1), min_size=3, max_size=3),
)
def test_the_gain_is_the_expected_drop_of_entropy(yes: list[list[float]], weights: list[float]) -> None:
    chances = np.array(weights) / sum(weights)
    gain = joint_gain(np.array(yes), chances)
    assert gain == pytest.approx(by_definition(yes, chances.tolist()), abs=1e-9)
    assert -1e-9 <= joint_gain(np.array(yes[:1]), chances) <= gain + 1e-9


@pytest.fixture
def two_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_workup, "tests", lambda: (EYE, HEART))


def suggested(ranker: Ranker, *diseases: str, found: tuple[str, ...] = (), by: str = "gain") -> list[str]:
    numbers = [ranker.hpo.disease_number[id] for id in diseases]
    findings = Findings(tuple(ranker.hpo.number[id] for id in found))
    told = workup(ranker, findings, numbers, np.ones(len(numbers)), by=by)  # type: ignore[arg-type]
    return [one.test.id for one in told]


@pytest.mark.usefixtures("two_tests")
def test_the_eye_is_looked_at_where_one_candidate_has_cataract_and_not_where_both_have(ranker: Ranker) -> None:
    assert suggested(ranker, "OMIM:100003", "OMIM:100002") == ["eye"]
    assert suggested(ranker, "OMIM:100003", "OMIM:100006") == []


@pytest.mark.usefixtures("two_tests")
def test_what_is_known_already_is_not_looked_for_again(ranker: Ranker) -> None:
    assert suggested(ranker, "OMIM:100003", "OMIM:100002", found=("HP:0000518",)) == []


@pytest.mark.usefixtures("two_tests")
def test_cost_and_burden_are_weighed_only_when_asked(ranker: Ranker) -> None:
    every = ("OMIM:100003", "OMIM:100004", "OMIM:100002")
    plain, eased = suggested(ranker, *every), suggested(ranker, *every, by="ease")
    assert next(id for id in plain if id != "gene-panel") == "heart"  # 9 of 10 have it, of the cataract half is known
    assert next(id for id in eased if id != "gene-panel") == "eye"


@pytest.mark.usefixtures("two_tests")
def test_sequencing_is_told_as_a_bound_and_last(ranker: Ranker) -> None:
    numbers = [ranker.hpo.disease_number[id] for id in ("OMIM:100001", "OMIM:100004")]
    last = workup(ranker, Findings(()), numbers, np.array([0.5, 0.5]))[-1]
    assert (last.test.id, last.at_most, set(last.genes)) == ("gene-panel", True, {"AAA1", "HRT1"})
    assert last.gain_bits == pytest.approx(1.0)
    with speaking("zh"):
        assert _workup.told(last, ranker.hpo)["name"] == "候选疾病致病基因测序"


def test_every_row_of_the_table_names_its_branches_in_both_languages() -> None:
    rows = tomllib.loads(files("bedside.knowledge").joinpath("data/workup.toml").read_text("utf-8"))["test"]
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["cost"] in COSTS
        assert row["burden"] in BURDENS
        assert len(row["name"]) == 2
        assert all(id.startswith("HP:") and name for id, name in row["roots"].items())
