"""Relations in tables: every shape is read or refused with the reason, marks stand where the entities are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.backbones._load import load_backbone
from bedside.config import DataRecipe
from bedside.lang import speaking
from bedside.model.forms import form_of
from bedside.model.given import Given
from bedside.model.marked import Schema, encode_marked
from bedside.model.reading import read_labelled
from bedside.model.relations import read_entities, read_relations, schema_of
from bedside.types import Entity, Relation

TEXT = "Aspirin raises the effect of warfarin."
ASPIRIN, WARFARIN = Entity(0, 7, "drug"), Entity(29, 37, "drug")
DRUGS = [
    {"id": "T1", "start": 0, "end": 7, "type": "drug", "text": "Aspirin"},
    {"id": "T2", "start": 29, "end": 37, "type": "drug", "text": "warfarin"},
]
ZH = "阿司匹林可致胃溃疡，胃溃疡需停药。"
ANY = Schema(directed=frozenset([("drug", "drug")]))


@pytest.mark.parametrize(
    "relation",
    [
        {"e1": "T1", "e2": "T2", "type": "effect"},
        {"head": 0, "tail": 1, "relation": "effect"},
        {"head": DRUGS[0], "tail": DRUGS[1], "type": "effect"},
        {"head": {"id": "T1"}, "tail": {"id": "T2"}, "type": "effect"},
        {"subject": "Aspirin", "object": "warfarin", "predicate": "effect"},
    ],
    ids=["ids", "numbers", "places", "objects with ids", "words"],
)
def test_a_pair_of_listed_drugs_is_found_however_it_is_named(relation: dict[str, Any]) -> None:
    entities = read_entities(TEXT, DRUGS)
    if relation.get("head") == 0:
        entities = read_entities(TEXT, [{key: one[key] for key in ("start", "end", "type")} for one in DRUGS])
    given_, found = read_relations(TEXT, entities, [relation])
    assert found == (Relation(ASPIRIN, WARFARIN, "effect"),)
    assert given_.entities == (ASPIRIN, WARFARIN)
    assert given_.by_words == 0


def test_a_triple_of_words_alone_takes_where_they_first_stand_and_says_so() -> None:
    triple = {
        "subject": "阿司匹林",
        "subject_type": "药物",
        "predicate": "不良反应",
        "object": {"@value": "胃溃疡"},
        "object_type": {"@value": "疾病"},
    }
    given_, (found,) = read_relations(ZH, Given(), json.dumps([triple], ensure_ascii=False))
    assert (found.head, found.tail) == (Entity(0, 4, "药物"), Entity(6, 9, "疾病"))
    assert given_.by_words == 2


def test_a_pair_in_no_relation_is_no_relation_but_an_interaction_is() -> None:
    pairs = [{"e1": "T1", "e2": "T2", "type": kind} for kind in ("none", "effect")]
    entities = read_entities(TEXT, DRUGS)
    assert read_relations(TEXT, entities, pairs[:1])[1] == ()
    assert len(read_relations(TEXT, entities, pairs)[1]) == 1


@pytest.mark.parametrize(("words", "fits"), [("loop diuretics", True), ("diuretics loop", False), ("thiazides", False)])
def test_an_entity_may_skip_words_that_stand_in_it_but_not_change_them(words: str, fits: bool) -> None:
    cell = [{"start": 0, "end": 26, "type": "group", "text": words}]
    if fits:
        assert read_entities("loop and thiazide diuretics", [{**cell[0], "end": 27}]).entities[0].end == 27
    else:
        with pytest.raises(ValueError, match="not what stands there"):
            read_entities("loop and thiazide diuretics", cell)


@pytest.mark.parametrize(
    ("cell", "why", "warum"),
    [
        ("effect", "no list of relations", "不是关系列表"),
        ([{"e1": "T1", "type": "effect"}], "lacks head, tail or type", "缺少"),
        ([{"e1": "T1", "e2": "T9", "type": "effect"}], "names no entity of its row", "不在该行中"),
        ([{"e1": "T1", "e2": "T1", "type": "effect"}], "to itself", "同一实体"),
    ],
)
def test_a_cell_that_does_not_fit_is_refused_with_the_reason_and_without_the_text(
    cell: Any, why: str, warum: str
) -> None:
    entities = read_entities(TEXT, DRUGS)
    with pytest.raises(ValueError, match=why) as fault:
        read_relations(TEXT, entities, cell)
    assert "Aspirin" not in str(fault.value)
    with speaking("zh"), pytest.raises(ValueError, match=warum):
        read_relations(TEXT, entities, cell)


def test_rows_with_relations_call_for_relate_and_bad_ones_are_told(tmp_path: Path) -> None:
    good = {"text": TEXT, "entities": DRUGS, "label": [{"e1": "T1", "e2": "T2", "type": "effect"}]}
    bad = {"text": "Aspirin", "entities": DRUGS, "label": []}
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, [good, bad, good])))
    rows = read_labelled(path, DataRecipe(train=path))
    assert (rows.head, len(rows)) == ("relate", 2)
    assert [(one.place, one.what) for one in rows.refused] == [("line 2", "an entity lies outside its text; left out")]


def test_what_is_always_in_the_order_of_the_text_has_no_direction_and_what_is_not_has() -> None:
    forth, back = Relation(ASPIRIN, WARFARIN, "effect"), Relation(WARFARIN, ASPIRIN, "effect")
    assert schema_of([[forth], [forth]]).undirected == {"effect"}
    assert schema_of([[forth, back]]).undirected == {"effect"}
    assert schema_of([[forth], [back]]).undirected == frozenset()


def test_a_relation_written_both_ways_round_throughout_is_one(tmp_path: Path) -> None:
    forth, back = Relation(ASPIRIN, WARFARIN, "effect"), Relation(WARFARIN, ASPIRIN, "effect")
    labels = form_of("relate").labels
    assert labels([(forth, back), (back, forth)]) == [(forth,), (forth,)]
    assert labels([(forth, back), (back,)]) == [(forth, back), (back,)]


def test_only_types_seen_together_are_candidates() -> None:
    gene, illness = Entity(0, 5, "gene"), Entity(10, 15, "disease")
    schema = schema_of([[Relation(illness, gene, "of")]])
    assert schema.pairs([gene, illness, Entity(20, 25, "gene")]) == [
        (illness, gene),
        (illness, Entity(20, 25, "gene")),
    ]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 6)), min_size=2, max_size=6, unique=True),
    st.integers(24, 120),
    st.sampled_from(["abcdefghij" * 5, "头痛发热咳嗽腹泻" * 7]),
)
def test_every_pair_is_read_once_with_both_marks_or_told_to_be_too_far(
    places: list[tuple[int, int]], room: int, text: str
) -> None:
    tokenizer = load_backbone("echo").tokenizer
    entities = [Entity(start, start + size, "drug") for start, size in places]
    done = encode_marked(tokenizer, [text], [entities], prefix="", max_tokens=room, schema=ANY)
    assert done.marked is not None
    assert len(done.marked.pairs[0]) + done.marked.too_far[0] == len(ANY.pairs(entities))
    numbers = [number for tails in done.marked.tails for _, number in tails]
    assert numbers == list(range(len(done.marked.pairs[0])))
    for ids, tails in zip(done.ids, done.marked.tails, strict=True):
        assert len(ids) <= room
        assert tokenizer.decode(ids).count("@ drug *") == 1
        for at, _ in tails:
            assert tokenizer.decode(ids[at:]).startswith("# drug ^")


def test_the_marks_stand_around_the_words() -> None:
    tokenizer = load_backbone("echo").tokenizer
    drug, illness = Entity(0, 4, "药物"), Entity(6, 9, "疾病")
    schema = Schema(directed=frozenset([("药物", "疾病")]))
    done = encode_marked(tokenizer, [ZH], [[drug, illness]], prefix="", max_tokens=200, schema=schema)
    assert tokenizer.decode(done.ids[0]) == "<s>@ 药物 *阿司匹林@可致# 疾病 ^胃溃疡#，胃溃疡需停药。</s>"


def test_drugs_far_apart_are_told_and_near_ones_are_not() -> None:
    tokenizer = load_backbone("echo").tokenizer
    far = "Aspirin. " + "Nothing else of note. " * 20 + "Warfarin."
    entities = [Entity(0, 7, "drug"), Entity(len(far) - 9, len(far) - 1, "drug")]
    form = form_of("relate")
    limits = {"prefix": "", "max_tokens": 128, "directed": [["drug", "drug"]]}
    encoded = form.encode(
        tokenizer, [far, TEXT], [Given(entities=tuple(entities)), read_entities(TEXT, DRUGS)], **limits
    )
    assert encoded.marked is not None
    assert encoded.marked.too_far == [2, 0]


def test_entities_move_with_the_text_and_those_removed_take_their_relations_along() -> None:
    text = "Mr. John Smith, phone 555-0134, took aspirin with warfarin."
    drugs = (Entity(37, 44, "drug"), Entity(50, 58, "drug"))
    person = Entity(4, 14, "person")
    form = form_of("relate")
    from bedside.model.rows import Labelled

    relations = (Relation(*drugs, "effect"), Relation(person, drugs[0], "took"))
    rows = Labelled([text], [Given(entities=(person, *drugs))], [relations], ["p"], ["1"], ["line 1"], [], "relate")
    done = form.scrub(rows, "scrub")
    assert "Smith" not in done.texts[0]
    (left,) = done.labels[0]
    assert [done.texts[0][one.start : one.end] for one in (left.head, left.tail)] == ["aspirin", "warfarin"]
    assert set(done.given[0].entities) == {left.head, left.tail}


def test_a_row_written_and_read_again_is_the_same() -> None:
    form = form_of("relate")
    entities = read_entities(TEXT, DRUGS)
    label = (Relation(WARFARIN, ASPIRIN, "effect"),)
    cells = json.loads(json.dumps(form.cells(TEXT, entities, label)))
    text, again, found = form.read(cells, DataRecipe(train=Path("x")))
    assert (text, again.entities, found) == (TEXT, entities.entities, label)
