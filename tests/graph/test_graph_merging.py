"""Which concept a name means: by inflection, abbreviation, wording or likeness, or none; never two ids made one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.graph import Graph, _keys
from bedside.graph._abbreviations import abbreviations
from bedside.graph._dictionary import Dictionary, longest
from bedside.graph._schema import open_database
from bedside.graph._writer import Writer
from bedside.graph.merging import Merger, merges
from bedside.graph.near import ByVectors
from bedside.phenotypes.linking import BOUNDS

NAMES = st.text(st.sampled_from("aA tumourskidnéy的 痛风-,()1²"), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("name", "id", "how"),
    [
        ("gout", "OMIM:100002", "exact"),
        ("GOUT", "OMIM:100002", "exact"),
        ("seizures", "HP:0001250", "inflection"),
        ("joint swellings", "HP:0001386", "inflection"),
        ("episodic ataxia", "OMIM:100003", "exact"),
        ("二甲双胍", "drugs:1", "exact"),
        ("Glucophage", "drugs:1", "exact"),
        ("kidney failure (end stage)", "HP:0000083", "inflection"),
        ("HP:0001250", "HP:0001250", "id"),
    ],
)
def test_a_name_finds_its_concept(graph_folder: Path, name: str, id: str, how: str) -> None:
    merger = Merger(Writer(open_database(graph_folder)))
    found = merger.resolve(name)
    assert found is not None
    with Graph(graph_folder) as graph:
        assert (graph.concept(found.concept).id, found.how) == (id, how)


@pytest.mark.parametrize("name", ["gout 2", "pseudogout", "seizure of property rights", "假性痛风"])
def test_a_name_like_another_is_not_it(graph_folder: Path, name: str) -> None:
    assert Merger(Writer(open_database(graph_folder))).resolve(name) is None


def test_two_vocabularies_of_one_name_stay_two_and_the_one_not_taken_is_told(graph_folder: Path) -> None:
    with Graph(graph_folder) as graph:
        both = {one.id for one in graph.find("Kabuki syndrome")}
        assert both == {"OMIM:100001", "ORPHA:77"}
        (told,) = [one for one in merges(graph.database) if one["name"] == "Kabuki syndrome"]
        assert (told["id"], told["how"], told["rivals"]) == ("OMIM:100001", "exact", ["ORPHA:77"])


def test_a_name_of_a_finding_and_a_disease_is_what_the_relation_wants(graph_folder: Path) -> None:
    writer = Writer(open_database(graph_folder))
    with writer.batch():
        source = writer.source("x", "vocabulary", "CC0", "1")
        writer.names(writer.concept("x:1", "finding", "x", "Gout", "", source), [("Gout", 0)])
    merger = Merger(writer)
    kinds = {kind: merger.resolve("gout", (kind,)) for kind in ("disease", "finding")}
    assert {kind: found and merger.kind(found.concept) for kind, found in kinds.items()} == {
        "disease": "disease",
        "finding": "finding",
    }
    assert merger.resolve("gout", ("drug",)) is None


def test_an_unknown_name_is_a_mention_once_for_all_its_inflections(graph_folder: Path) -> None:
    writer = Writer(open_database(graph_folder))
    merger = Merger(writer)
    with writer.batch():
        one, other = merger.settle("Blue spells"), merger.settle("blue spell")
        merger.save()
    assert one == other
    assert merger.kind(one) == "mention"


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("He has gastro-oesophageal reflux disease (GORD).", "GORD", "gastro-oesophageal reflux disease"),
        ("Chronic kidney disease (CKD) is common.", "CKD", "Chronic kidney disease"),
        ("慢性阻塞性肺疾病（COPD）", "COPD", "慢性阻塞性肺疾病"),
        ("He was seen by us (see below).", "see", None),
        ("The trial ended early (NCT0001).", "NCT0001", None),
    ],
)
def test_an_abbreviation_needs_its_letters(text: str, short: str, long: str | None) -> None:
    assert abbreviations(text).get(short) == long


class Fake:
    """Two directions: x for what is asked, and what is near it."""

    def vectors(self, texts: list[str]) -> np.ndarray:
        return np.array([[1.0, 0.0] for _ in texts], np.float32)


@pytest.mark.parametrize(
    ("likeness", "kin", "linked"),
    [((0.95, 0.5), False, True), ((0.80, 0.79), False, False), ((0.80, 0.79), True, True), ((0.5, 0.1), False, False)],
    ids=["like", "no lead", "the next is above it", "unlike"],
)
def test_likeness_links_with_a_margin_or_not_at_all(likeness: tuple[float, float], kin: bool, linked: bool) -> None:
    table = np.array([[one, 0.0] for one in (*likeness, 0.0)], np.float32)
    near = ByVectors([(1, "a"), (2, "b"), (3, "c")], Fake(), BOUNDS["minilm"], table, {(1, 2)} if kin else set())
    assert (near("x") is not None) == linked


@given(NAMES)
def test_a_key_is_the_key_of_itself_and_of_the_name_in_capitals(name: str) -> None:
    assert _keys.key(_keys.exact(name)) == _keys.key(name) == _keys.key(name.upper())
    assert _keys.exact(_keys.exact(name)) == _keys.exact(name)


@given(
    st.lists(st.sampled_from(["kidney failure", "kidney", "gout", "KF", "痛风", "风"]), max_size=6), st.text(max_size=5)
)
def test_what_is_found_is_a_name_at_its_place_and_nothing_overlaps(names: list[str], between: str) -> None:
    text = f" {between} ".join(names)
    known = {"kidney failure": 1, "gout": 2, "痛风": 3}
    found = longest(Dictionary(known.items()).find(text))
    taken: set[int] = set()
    for one in found:
        assert [known[text[one.start : one.end].lower()]] == list(one.concepts)
        assert taken.isdisjoint(range(one.start, one.end))
        taken.update(range(one.start, one.end))
