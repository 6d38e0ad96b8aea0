"""Findings point to the disease that shows them, and every score is the sum of its bars."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.knowledge._ask import next_questions
from bedside.knowledge._links import turns
from bedside.knowledge._lr_table import logs_of, match
from bedside.knowledge._ranker import Findings, Ranker
from bedside.knowledge._waterfall import contrast, expected, unexplained, waterfall


def findings(ranker: Ranker, *ids: str, **more: object) -> Findings:
    return Findings(tuple(ranker.hpo.number[id] for id in ids), **more)  # type: ignore[arg-type]


def first(ranker: Ranker, found: Findings) -> str:
    return ranker.hpo.diseases[int(ranker.score(found).total.argmax())]


def test_seizures_with_delay_point_to_epilepsy_and_cardiomyopathy_to_the_heart(ranker: Ranker) -> None:
    assert first(ranker, findings(ranker, "HP:0001250", "HP:0001263")) == "OMIM:100001"
    assert first(ranker, findings(ranker, "HP:0001638")) == "OMIM:100004"


def test_a_disease_that_shows_everything_ranks_below_one_that_shows_just_this(ranker: Ranker) -> None:
    total = ranker.score(findings(ranker, "HP:0001638")).total
    assert total[ranker.hpo.disease_number["OMIM:100004"]] > total[ranker.hpo.disease_number["OMIM:100005"]]


def test_orphanet_adds_what_omim_does_not_say(ranker: Ranker) -> None:
    scores = ranker.score(findings(ranker, "HP:0000545"))
    heart, ataxia = (ranker.hpo.disease_number[id] for id in ("OMIM:100004", "OMIM:100002"))
    assert scores.parts["orphanet"][heart] > 0
    assert scores.parts["orphanet"][ataxia] == 0
    assert ranker.hpo.diseases[ranker.orphanet_entry(scores, heart)] == "ORPHA:77"
    assert ranker.orphanet_entry(scores, ataxia) == -1


def test_of_several_orphanet_entries_the_one_that_says_most_counts_wherever_it_stands(ranker: Ranker) -> None:
    found = findings(ranker, "HP:0000545")
    heart, ataxia = (ranker.hpo.disease_number[id] for id in ("OMIM:100004", "OMIM:100002"))
    best = ranker.orphanet_entry(ranker.score(found), heart)
    alone = ranker.score(found).parts["orphanet"][heart]
    for entries in ([best, ataxia, heart], [ataxia, best, heart], [ataxia, heart, best]):
        starts = np.repeat([0, len(entries)], [heart + 1, ranker.hpo.ranked - heart])
        ranker.link, ranker.link_start = np.array(entries, dtype=np.int32), starts
        ranker.linked, ranker.link_turns = np.array([heart]), turns(ranker.link, starts)
        scores = ranker.score(found)
        assert ranker.orphanet_entry(scores, heart) == best
        assert scores.parts["orphanet"][heart] == pytest.approx(alone)


@given(st.lists(st.lists(st.integers(0, 9), max_size=4), min_size=1, max_size=8))
def test_taken_in_turns_every_linked_entry_is_looked_at_once(linked: list[list[int]]) -> None:
    starts = np.cumsum([0, *map(len, linked)]).astype(np.int32)
    seen: dict[int, list[int]] = {place: [] for place in range(sum(map(bool, linked)))}
    for places, entries in turns(np.array([one for some in linked for one in some], dtype=np.int32), starts):
        for place, entry in zip(places.tolist(), entries.tolist(), strict=True):
            seen[place].append(entry)
    assert list(seen.values()) == [some for some in linked if some]


def test_a_disease_without_annotations_is_like_nothing_and_leaves_the_others_as_they_are(ranker: Ranker) -> None:
    profiles, present = ranker.profiles, findings(ranker, "HP:0001250").present
    sizes = np.diff(profiles.start)
    full = np.flatnonzero(sizes)[:3]
    profiles.start = np.insert(profiles.start, 1, profiles.start[1])  # a column of no terms behind the first
    profiles.length = np.insert(profiles.length, 1, 0.0)
    moved = np.where(full >= 1, full + 1, full)
    plain = profiles.likeness(present, moved, {})
    for place in range(len(moved) + 1):
        with_none = profiles.likeness(present, np.insert(moved, place, 1), {})
        assert with_none[place] == 0
        assert np.delete(with_none, place) == pytest.approx(plain)


def test_a_boy_may_have_the_x_linked_disease_sooner_than_a_girl(ranker: Ranker) -> None:
    boy, girl = (ranker.score(findings(ranker, "HP:0000518", sex=sex)).total for sex in ("male", "female"))
    linked, autosomal = (ranker.hpo.disease_number[id] for id in ("OMIM:100003", "OMIM:100006"))
    assert boy[linked] == boy[autosomal]
    assert girl[linked] < girl[autosomal]


def test_the_age_at_onset_speaks_for_the_disease_of_that_age(ranker: Ranker) -> None:
    young, old = (ranker.score(findings(ranker, "HP:0000707", onset_years=y)).parts["onset"] for y in (0.5, 75.0))
    infantile, late = (ranker.hpo.disease_number[id] for id in ("OMIM:100001", "OMIM:100002"))
    assert young[infantile] > 0 > young[late]
    assert old[late] > 0 > old[infantile]


def test_a_denied_finding_counts_against_its_disease_only_when_it_is_given_weight(ranker: Ranker) -> None:
    found = findings(ranker, "HP:0000518", denied=(ranker.hpo.number["HP:0001250"],))
    everything = ranker.hpo.disease_number["OMIM:100005"]
    plain = ranker.score(findings(ranker, "HP:0000518")).total
    assert ranker.score(found).total[everything] == plain[everything]
    assert ranker.score(found, denied_weight=1.0).parts["denied"][everything] < 0


def test_genes_move_a_disease_only_when_they_are_given(ranker: Ranker) -> None:
    plain = ranker.score(findings(ranker, "HP:0000707")).parts
    listed = ranker.score(findings(ranker, "HP:0000707", genes=frozenset({"AAA1"}))).parts["genes"]
    assert "genes" not in plain
    assert [ranker.hpo.diseases[n] for n in np.flatnonzero(listed)] == ["OMIM:100001"]


def test_every_cell_of_the_table_is_what_it_is_by_hand(ranker: Ranker) -> None:
    from bedside.knowledge._closure import closure_without

    for disease in range(len(ranker.hpo.diseases)):
        closure = closure_without(ranker.hpo, disease, ())
        for term in range(len(ranker.hpo.ids)):
            by_hand = match(ranker.hpo, ranker.background, term, *closure)[0]
            assert by_hand == pytest.approx(float(logs_of(ranker.table[term, disease : disease + 1])[0]), abs=1e-6)


@pytest.mark.parametrize("without", [(), ("PMID:1",)])
def test_the_bars_of_every_disease_sum_to_its_score(ranker: Ranker, without: tuple[str, ...]) -> None:
    found = findings(
        ranker, "HP:0001250", "HP:0000518", "HP:0001638", "HP:0000545", sex="female", onset_years=0.5,
        denied=(ranker.hpo.number["HP:0001251"],), genes=frozenset({"HRT1"}),
    )  # fmt: skip
    scores = ranker.score(found, without=without, denied_weight=0.5)
    for disease in range(ranker.hpo.ranked):
        bars = waterfall(ranker, found, scores, disease, without=without)
        assert sum(bar.value for bar in bars) == pytest.approx(float(scores.total[disease]), abs=1e-5)


def test_a_bar_says_how_it_matched_how_often_and_who_says_so(ranker: Ranker) -> None:
    found = findings(ranker, "HP:0007359", "HP:0001250", "HP:0000518")
    disease = ranker.hpo.disease_number["OMIM:100001"]
    bars = {bar.label: bar for bar in waterfall(ranker, found, ranker.score(found), disease)}
    exact, kind, other = bars["Focal-onset seizure"], bars["Seizure"], bars["Cataract"]
    assert (exact.match, exact.frequency, exact.references) == ("exact", "8/12", ("PMID:1", "PMID:2"))
    assert (kind.match, kind.by) == ("narrower", "HP:0001250")
    assert (other.match, other.references) == ("none", ())


def test_evidence_left_out_changes_only_the_diseases_that_cite_it(ranker: Ranker) -> None:
    found = findings(ranker, "HP:0001263")
    full, less = ranker.score(found).total, ranker.score(found, without=("PMID:1",)).total
    assert [ranker.hpo.diseases[n] for n in np.flatnonzero(full != less)] == ["OMIM:100001"]
    assert less[0] < full[0]


def test_what_a_disease_leaves_open_is_told_on_both_sides(ranker: Ranker) -> None:
    found = findings(ranker, "HP:0001250", "HP:0000518")
    disease = ranker.hpo.disease_number["OMIM:100001"]
    scores = ranker.score(found)
    assert [ranker.hpo.names[t] for t in unexplained(found, scores, disease)] == ["Cataract"]
    assert [ranker.hpo.names[t] for t, _ in expected(ranker, found, disease)] == ["Global developmental delay"]


def test_two_diseases_are_told_apart_by_the_finding_that_differs(ranker: Ranker) -> None:
    found = findings(ranker, "HP:0007359", "HP:0001638")
    one, other = (ranker.hpo.disease_number[id] for id in ("OMIM:100001", "OMIM:100004"))
    gaps = contrast(found, ranker.score(found), one, other)
    said = {ranker.hpo.names[term]: gap for term, gap in gaps}
    assert said["Focal-onset seizure"] > 0 > said["Cardiomyopathy"]


def test_the_next_question_separates_the_candidates_and_is_not_asked_twice(ranker: Ranker) -> None:
    number = ranker.hpo.number
    pair = [ranker.hpo.disease_number[id] for id in ("OMIM:100004", "OMIM:100005")]
    asked = next_questions(ranker, findings(ranker, "HP:0001638"), pair, np.array([0.5, 0.5]))
    assert asked[0][1] > 0
    assert number["HP:0001638"] not in {term for term, _ in asked}
    told = Findings((number["HP:0001638"],), denied=(asked[0][0],))
    assert asked[0][0] not in {term for term, _ in next_questions(ranker, told, pair, np.array([0.5, 0.5]))}


def test_chances_are_at_most_one_together_and_follow_the_scores(ranker: Ranker) -> None:
    found = findings(ranker, "HP:0001250", "HP:0001263")
    scores = ranker.score(found)
    chances, other = ranker.probabilities(scores, found)
    assert chances.sum() + other == pytest.approx(1.0)
    assert np.argsort(-chances, kind="stable")[0] == scores.total.argmax()
    assert other >= 0


def test_the_disease_that_the_findings_fit_as_a_whole_gains_more_by_the_second_look_than_one_that_shows_everything(
    ranker: Ranker,
) -> None:
    number = ranker.hpo.disease_number
    seizures_and_delay = (ranker.hpo.number["HP:0001250"], ranker.hpo.number["HP:0001263"])
    gained = ranker.score(Findings(seizures_and_delay)).parts["likeness"]
    epilepsy, everything, cataract = (gained[number[f"OMIM:10000{n}"]] for n in (1, 5, 3))
    assert epilepsy > everything > cataract >= 0
    assert epilepsy > 1
