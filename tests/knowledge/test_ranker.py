"""Findings point to the disease that shows them, and every score is the sum of its bars."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.knowledge._ask import next_questions
from bedside.knowledge._linked import Linked
from bedside.knowledge._lr_table import logs_of, match
from bedside.knowledge._lr_weights import LINK_COST
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
        ranker.linked = Linked(np.array(entries, dtype=np.int32), starts.astype(np.int32))
        scores = ranker.score(found)
        assert ranker.orphanet_entry(scores, heart) == best
        assert scores.parts["orphanet"][heart] == pytest.approx(alone)


@given(
    st.lists(st.lists(st.integers(0, 9), max_size=8, unique=True), min_size=1, max_size=10),
    st.lists(st.floats(-60, 60, width=32), min_size=10, max_size=10),
)
def test_the_best_entry_of_every_disease_is_the_largest_of_its_entries(
    linked: list[list[int]], says: list[float]
) -> None:
    sources = np.array(says, dtype=np.float32)
    starts = np.cumsum([0, *map(len, linked)]).astype(np.int32)
    one = Linked(np.array([entry for some in linked for entry in some], dtype=np.int32), starts)
    full = [disease for disease, some in enumerate(linked) if some]
    assert one.diseases.tolist() == full
    assert one.best(sources).tolist() == [max(sources[linked[disease]]) for disease in full]
    entries, begin = one.all_of(one.diseases)
    assert [part.tolist() for part in np.split(entries, begin[1:])] == ([linked[one] for one in full] or [[]])
    for disease, gain in enumerate(one.gain(sources, len(linked)).tolist()):
        best = max(sources[linked[disease]], default=-np.inf)
        assert gain == pytest.approx(np.logaddexp(0.0, float(best) - LINK_COST - float(sources[disease])), abs=1e-5)


def test_a_disease_without_annotations_is_like_nothing_and_leaves_the_others_as_they_are(ranker: Ranker) -> None:
    profiles = ranker.profiles
    said = ranker.above.chains(findings(ranker, "HP:0001250").present).terms
    columns = np.arange(3)
    plain = profiles.likeness(said, columns, {})
    assert (plain > 0).any()
    profiles.blocks["term"][profiles.start[1]], profiles.blocks["value"][profiles.start[1]] = 0, 0
    profiles.length[1] = 0
    with_none = profiles.likeness(said, columns, {})
    assert with_none[1] == 0
    assert np.delete(with_none, 1).tolist() == np.delete(plain, 1).tolist()


@pytest.mark.parametrize("ids", [("HP:0001250",), ("HP:0007359", "HP:0001250", "HP:0000518", "HP:0007359")])
def test_a_finding_said_by_others_as_well_stands_less_alone(ranker: Ranker, ids: tuple[str, ...]) -> None:
    """The definition by sets: the content of common ancestors over that of all, summed over the findings."""
    present = findings(ranker, *ids).present
    above = [set(ranker.hpo.ancestors(term).tolist()) for term in present]

    def content(terms: set[int]) -> float:
        return float(-np.log(ranker.background[sorted(terms)]).sum())

    wanted = [1 / sum(content(one & other) / content(one | other) for other in above) for one in above]
    assert ranker.above.alone(ranker.above.chains(present)) == pytest.approx(wanted, rel=1e-4)


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
