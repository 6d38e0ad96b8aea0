"""The trained tagger: what only the surroundings tell, the same answer wherever a sentence stands, the same network."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.deid._find import find, find_by_rules
from bedside.deid._recogniser import Candidate
from bedside.deid.tagger import edges, network
from bedside.deid.tagger import review as tagger
from bedside.deid.tagger.checks import plausible, possible
from bedside.deid.tagger.network import Tagger
from bedside.deid.tagger.review import review, rule_numbers
from bedside.deid.tagger.tokens import FEATURES, feature_rows, tokens
from bedside.types import IDENTITY_TYPES, Span

TOOLS = Path(__file__).resolve().parents[2] / "tools" / "tagger"


def found(text: str) -> set[str]:
    return {text[span.start : span.end] for span in find(text)}


@pytest.mark.parametrize(
    ("name", "as_a_name", "as_a_word"),
    [
        ("Hatcher", "Admitted 5/6/2024. Per Hatcher, hold heparin.", "Admitted 5/6/2024. Per protocol, hold heparin."),
        ("高峰", "住院号 20240311。高峰主任查房后停用抗生素。", "住院号 20240311。体温高峰出现在午后。"),
        ("白雪", "陪护白雪诉老人夜间咳嗽加重。", "面色苍白，雪天受凉后咳嗽加重。"),
        ("甘甜", "交班：甘甜已通知家属，夜间平稳。", "口中甘甜，舌淡红，夜间平稳。"),
    ],
)
def test_a_word_that_is_also_a_name_is_told_by_its_surroundings(name: str, as_a_name: str, as_a_word: str) -> None:
    assert name in found(as_a_name)
    assert name not in found(as_a_word)


@pytest.mark.parametrize(
    "finding",
    [
        "磨玻璃为主结节，横径7 mm，高6 mm。边缘清晰，无毛刺，无分叶，类圆形，无钙化，易于察觉。",
        "Solid nodule, 12 mm across, 10 mm high. Margins sharp, no spiculation, round, no calcification, obvious.",
    ],
)
def test_a_radiologists_finding_comes_back_word_for_word(finding: str) -> None:
    assert find(finding) == []


def test_the_tagger_finds_what_no_rule_found() -> None:
    text = "Admitted 5/6/2024. Per Hatcher, hold heparin."
    by_rules = find_by_rules(text)
    assert [text[s.start : s.end] for s in by_rules] == ["5/6/2024"]
    assert "Hatcher" in [text[c.start : c.end] for c in review([text], [by_rules])[0].found]


def test_a_name_that_rests_on_a_rule_alone_is_let_go_and_a_number_never(monkeypatch: pytest.MonkeyPatch) -> None:
    """Doubt is for names; were it for numbers too, a record number in an odd place would pass."""
    text = "Aldrete score 9, Bromage 1 on 5/7, filed 03/14/2024. 20240311"
    found_by_rules = [("Aldrete", "NAME"), ("5/7", "DATE"), ("03/14/2024", "DATE"), ("20240311", "ID")]
    spans = [Span(text.index(part), text.index(part) + len(part), kind) for part, kind in found_by_rules]
    assert "NAME" in [s.type for s in review([text], [spans])[0].doubted]
    none = np.eye(len(IDENTITY_TYPES) + 1)[:1]
    monkeypatch.setattr(tagger, "_chances", lambda found, rules: none.repeat(sum(map(len, found)), 0))
    assert [text[s.start : s.end] for s in review([text], [spans])[0].doubted] == ["Aldrete", "5/7"]


@pytest.mark.parametrize(
    ("shown", "kind", "can_be"),
    [
        ("2290", "PHONE", True),
        ("passcode", "PHONE", False),
        ("ninety-three", "AGE_OVER_89", True),
        ("yrs", "AGE_OVER_89", False),
        ("樊", "STAFF", True),
        ("巾", "STAFF", False),
        ("小", "ADDRESS", False),
        ("21", "DATE", False),
        ("21st", "DATE", True),
    ],
)
def test_numbers_have_figures_in_them_and_a_lone_sign_is_at_most_a_surname(shown: str, kind: str, can_be: bool) -> None:
    assert plausible(shown, Candidate(0, len(shown), kind, 0.5, "tagger")) is can_be


def test_a_long_note_read_in_pieces_is_read_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Discussed with Hatcher, who agrees.\n今日高峰主任查房后停用抗生素。\n" * 12
    known = tokens(text)
    rules = rule_numbers(known, find_by_rules(text))
    monkeypatch.setattr(tagger, "_CHUNK", 50)
    pieces = tagger._chances([known.keys], [rules])
    np.testing.assert_allclose(pieces, network.load().probabilities([known.keys], [rules]), atol=1e-6)


def test_the_package_runs_the_network_that_was_trained() -> None:
    torch = pytest.importorskip("torch")
    sys.path.insert(0, str(TOOLS))
    from network import TaggerNetwork, exported

    torch.manual_seed(0)
    network = TaggerNetwork(torch.cat([torch.zeros(1, 8), torch.randn(3, 8)])).eval()
    torch.nn.init.normal_(network.table.weight, std=0.3)
    with torch.no_grad():
        network.table.weight[0] = 0
    text = "Seen by the nurse Mercy on 3/4. 患者张伟诉头痛"
    ours = Tagger({name: value.numpy() for name, value in exported(network).items()}, {"nurse": 0, "患者": 1, "张": 2})
    known = tokens(text)
    rules = rule_numbers(known, [Span(18, 23, "NAME")])
    rows = {"nurse": 1, "患者": 2, "张": 3}
    words = [[rows.get(key[0].lower(), 0), rows.get(key[1], 0) if len(key[1]) > 1 else 0] for key in known.keys]
    features = torch.tensor([feature_rows(key) for key in known.keys])[None]
    with torch.no_grad():
        theirs = network(features, torch.tensor(words)[None], torch.tensor(rules)[None]).softmax(-1)[0].numpy()
    assert features.shape[2] == FEATURES
    np.testing.assert_allclose(ours.probabilities([known.keys], [rules]), theirs, atol=1e-5)


def test_a_title_is_no_part_of_a_name_and_alone_is_nobody() -> None:
    text = "Rabbi Teitz called. Rabbi. Dreyfus called."
    people = [
        Candidate(0, 11, "NAME", 0.8, ""),
        Candidate(20, 25, "STAFF", 0.8, ""),
        Candidate(27, 34, "NAME", 0.8, ""),
    ]
    assert [text[c.start : c.end] for c in (edges.untitled(text, one) for one in people)] == [
        "Teitz",
        "",
        "Dreyfus",
    ]


def test_rules_are_shown_to_the_tagger_by_kind_and_by_where_they_begin() -> None:
    text = "Ann Lee, MRN 77"
    numbers = rule_numbers(tokens(text), [Span(0, 7, "NAME"), Span(13, 15, "ID")])
    first, inside = numbers[0], numbers[1]
    assert inside == first + 1
    assert numbers[2] == numbers[3] == 0
    assert numbers[4] not in (0, first)


@given(st.text(max_size=60))
def test_any_text_is_read_and_every_find_lies_within_it(text: str) -> None:
    for one in review([text], [[]])[0].found:
        assert 0 <= one.start < one.end <= len(text)
        assert one.type != ""


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("李某，男，心率80次/分，心律齐，未闻及杂音。", "查房：齐医生，李某心率80次/分。"),
        ("李某，抗感染：亚安培南1g。", "李某，主管：亚医师。"),
    ],
)
def test_one_character_is_a_name_only_where_it_stands_alone_or_has_a_title(part: str, name: str) -> None:
    text, run = part, next(i for i, sign in enumerate(part) if sign in "齐亚")
    assert not possible(text, Candidate(run, run + 1, "STAFF", 0.6, "tagger"), alone=True)
    run = next(i for i, sign in enumerate(name) if sign in "齐亚")
    assert possible(name, Candidate(run, run + 1, "STAFF", 0.8, "tagger"), alone=True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Arthritis Rheum. 2005;34(6):785-792. Call 617-555-0123.", ["617-555-0123"]),
        ("The problems may first appear in May 2019.", ["May 2019"]),
        ("Groups were compared by the Hosmer-Lemeshow test.", []),
        ("NIHSS（National Institutes of Health Stroke Scale）评分≤20分", []),
    ],
)
def test_references_tests_and_scales_are_nobody(text: str, found: list[str]) -> None:
    assert [text[span.start : span.end] for span in find(text)] == found
