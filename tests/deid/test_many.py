"""Many notes read in one go: each as if it were read alone, whatever stands beside it; one that fails fails alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from _marked import read_notes
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.commands._deidentify.notes import Job, scrub_rows
from bedside.deid import Note, Policy, _find, find, find_many, scrub_texts
from bedside.deid.tagger import network, review
from bedside.deid.tagger.review import rule_numbers
from bedside.deid.tagger.tokens import tokens
from bedside.errors import IdentityError
from bedside.types import Identifier

NOTES = [note.text for path in sorted((Path(__file__).parent / "notes").glob("*.txt")) for note in read_notes(path)]
ENGLISH = st.text(alphabet="Dr. Smith saw Ann 03/14/2024\nMRN58", max_size=60)
CHINESE = st.text(alphabet="患者张伟王芳医师查房后诉头痛，。0123年月日 ", max_size=40)
NOTHING_TO_READ = ["", "   ", "\n\n", "\u200b", "?!"]
LONG = "Discussed with Hatcher, who agrees.\n今日高峰主任查房后停用抗生素。\n" * 60


@settings(deadline=None)
@given(st.lists(st.sampled_from([*NOTES, *NOTHING_TO_READ]) | ENGLISH | CHINESE, max_size=6))
def test_notes_read_together_give_the_spans_of_each_read_alone(texts: list[str]) -> None:
    assert find_many(texts) == [find(text) for text in texts]


@pytest.mark.parametrize("beside", NOTHING_TO_READ)
def test_a_note_with_nothing_to_read_and_a_very_long_one_change_no_neighbour(beside: str) -> None:
    texts = ["Admitted 5/6/2024. Per Hatcher, hold heparin.", beside, LONG, "陪护白雪诉老人夜间咳嗽加重。", beside]
    assert find_many(texts) == [find(text) for text in texts]
    assert find_many(texts)[1] == []
    assert find_many(texts)[3] != []


@pytest.mark.parametrize("together", [1, 30, 10_000])
def test_it_makes_no_difference_how_many_are_worked_on_together(monkeypatch: pytest.MonkeyPatch, together: int) -> None:
    texts = ["Seen by Dr. Okafor on 03/14/2024.", "", "患者张伟，电话13812345678。", "No fever, no cough."]
    alone = [find(text) for text in texts]
    monkeypatch.setattr(_find, "_TOGETHER", together)
    assert find_many(texts) == alone


def test_the_network_sees_no_text_from_another() -> None:
    texts = ["Per Hatcher, hold heparin.", "白雪诉咳嗽", "Mercy is a nurse on the ward."]
    known = [tokens(text) for text in texts]
    read = [found.keys for found in known]
    rules = [rule_numbers(found, []) for found in known]
    tagger = network.load()
    alone = np.concatenate([tagger.probabilities([one], [said]) for one, said in zip(read, rules, strict=True)])
    np.testing.assert_allclose(tagger.probabilities(read, rules), alone, atol=1e-6)


def test_tokens_met_before_are_read_as_the_first_time_when_their_shelf_has_been_cleared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tagger = network.Tagger(network.load().weights, network.load().words)
    monkeypatch.setattr(network, "_KNOWN_TOKENS", 12)
    for text in ("Per Hatcher, hold heparin.", "白雪诉咳嗽，夜间加重", "Per Hatcher, hold heparin."):
        known = tokens(text)
        read, rules = known.keys, rule_numbers(known, [])
        expected = network.load().probabilities([read], [rules])
        np.testing.assert_allclose(tagger.probabilities([read], [rules]), expected, atol=1e-6)


def test_short_texts_are_read_in_one_go_and_a_long_one_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "_CHUNK", 10)
    assert list(review._groups([4, 0, 5, 3, 25])) == [[(0, 0), (2, 0)], [(3, 0)], [(4, 0)], [(4, 10)], [(4, 20)]]


def test_each_note_is_read_with_what_its_own_chart_knows() -> None:
    texts = ["Brook said so.", "Brook said so."]
    known = [[Identifier("ID", "A1 5")], [Identifier("NAME", "Ada Brook")]]
    assert find_many(texts, known=known) == [find(text, known=own) for text, own in zip(texts, known, strict=True)]


def test_a_note_that_cannot_be_read_leaves_the_others_of_its_batch_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = _find.recognisers_for

    def fails_on_one(text: str, lang: str | None) -> object:
        if "unreadable" in text:
            raise ValueError(text)
        return honest(text, lang)

    monkeypatch.setattr(_find, "recognisers_for", fails_on_one)
    before, bad, after = scrub_texts(
        [Note("Call 617-555-0123."), Note("unreadable: 617-555-0124"), Note("电话13812345678。")], policy=Policy()
    )
    assert isinstance(before, tuple)
    assert before[0] == "Call [PHONE]."
    assert isinstance(after, tuple)
    assert after[0] == "电话[PHONE]。"
    assert isinstance(bad, IdentityError)
    assert "617" not in str(bad)


def test_rows_with_and_without_a_note_keep_their_order() -> None:
    chart = {"patient": "7", "sex": "male", "entries": []}
    rows = [
        ("a:1", {"id": 1, "text": "Call 617-555-0123."}),
        ("a:2", {"id": 2}),
        ("a:3", chart),
        ("a:4", {"id": 4, "text": "No fever."}),
    ]
    done = scrub_rows(Job(policy=Policy()), rows)
    assert [one.fault is not None for one in done[:2]] == [False, True]
    assert '"text": "Call [PHONE]."' in done[0].line
    assert '"text": "No fever."' in done[3].line
    assert '"entries"' in done[2].line
