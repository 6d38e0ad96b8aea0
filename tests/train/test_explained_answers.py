"""Answers that are no labels, explained: what is followed is what is told, and the words that made it come first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from entity_rows import marked_rows
from fit_rows import recipe_for, write_rows
from test_entity_models import recipe as entity_recipe
from test_rank_fit import pairs
from test_rank_fit import recipe as rank_recipe
from test_relate_runs import relation_rows
from test_survival_and_answer_fits import MADE
from test_survival_and_answer_fits import recipe as course_recipe

from bedside.commands._call import call
from bedside.errors import UsageError
from bedside.explain.attribute import explain
from bedside.explain.faithfulness import check
from bedside.explain.render import summary, to_html
from bedside.lang import speaking
from bedside.model.folder import Model
from bedside.model.given import Given
from bedside.model.relations import read_entities
from bedside.train.fit import fit
from bedside.types import Excerpt, Ranking, Relating, Survival, Tagging, Written

STRONG = {"learning_rate": 5e-3, "head_learning_rate": 2e-2}


@pytest.fixture(scope="module", params=["tag", "nested"])
def tagger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    place = tmp_path_factory.mktemp(request.param)
    asked = entity_recipe(write_rows(place / "t.jsonl", marked_rows(180)), label="entities")
    head = asked.fit.model_copy(update={"head": request.param})
    return fit(asked.model_copy(update={"fit": head}), out=place / "M")


@pytest.mark.parametrize(("text", "word"), [("no fever on aspirin", "aspirin"), ("无发热服用甲硝唑", "甲硝唑")])
def test_an_entity_is_explained_at_its_place_and_its_own_words_come_first(tagger: Model, text: str, word: str) -> None:
    (answer,) = tagger.predict([text])
    assert isinstance(answer, Tagging)
    drug = next(one for one in answer.entities if one.type == "drug")
    found = explain(tagger, text, label="drug")
    assert found.label == f"drug: {word}"
    assert found.probability == pytest.approx(drug.probability, abs=1e-6)
    assert found.how == "blank"
    top = max(found.words, key=lambda one: one.score)
    assert drug.start <= top.start
    assert top.end <= drug.end
    assert "blanked out" in summary(found)[1]
    with speaking("zh"):
        assert "占位字符" in summary(found)[1]
    assert word in to_html(found, check(tagger, found))


def test_what_is_not_found_cannot_be_explained_and_no_gradient_is_taken_at_a_place(tagger: Model) -> None:
    notes = ["no fever", "chest pain since Monday", "无发热", "胸痛三天", "伴胸痛"]
    without = [one for one in notes if all(e.type != "drug" for e in tagger.predict([one])[0].entities)]  # type: ignore[union-attr]
    assert without, "a note of symptoms has no drug in it"
    with pytest.raises(UsageError, match=r"nothing to explain.*Next: bedside predict"):
        explain(tagger, without[0], label="drug")
    with speaking("zh"), pytest.raises(UsageError, match="无可解释"):
        explain(tagger, without[0], label="drug")
    with pytest.raises(UsageError, match="no such label"):
        explain(tagger, "aspirin", label="gene")
    with pytest.raises(UsageError, match="gradients"):
        explain(tagger, "no fever on aspirin", method="integrated_gradients")


def test_a_relation_is_explained_between_the_entities_given_or_found(tmp_path: Path) -> None:
    rows = relation_rows(90)
    model = fit(recipe_for(write_rows(tmp_path / "t.jsonl", rows), epochs=5, **STRONG), out=tmp_path / "M")
    row = next(one for one in rows if any(pair["type"] == "causes" for pair in one["label"]))
    entities = read_entities(row["text"], row["entities"]).entities
    found = explain(model, row["text"], entities=entities, label="causes")
    (answer,) = model.predict([row["text"]], [Given(entities=entities)])
    assert isinstance(answer, Relating)
    told = next(one for one in answer.relations if one.type == "causes")
    assert found.probability == pytest.approx(told.probability, abs=1e-6)
    assert found.label.startswith("causes: aspirin")
    assert check(model, found).curve[0] == pytest.approx(found.probability)
    with pytest.raises(UsageError, match="fewer than two entities"):
        explain(model, row["text"])
    marks = ("start", "end", "type")
    tags = [{**one, "label": [{name: each[name] for name in marks} for each in one["entities"]]} for one in rows]
    table = write_rows(tmp_path / "tags.jsonl", tags)
    fit(recipe_for(table, head="tag", epochs=6, **STRONG), out=tmp_path / "T")
    _, heard = call("explain", str(tmp_path / "M"), row["text"], "--entities-from", str(tmp_path / "T"), "--json")
    assert json.loads(heard.splitlines()[-1])["how"] == "blank"


@pytest.mark.parametrize("head", ["survive", "cox"])
def test_a_course_is_explained_by_the_words_that_raise_its_hazard(head: str, tmp_path: Path) -> None:
    model = fit(course_recipe(MADE[head](tmp_path), head), out=tmp_path / "M")
    bad, good = "liver metastases", "complete resection"
    shares = []
    for text in (f"seen today, {bad}", f"seen today, {good}"):
        (answer,) = model.predict([text])
        assert isinstance(answer, Survival)
        found = explain(model, text)
        assert found.probability == pytest.approx(1 - answer.chances[-1], abs=1e-5)
        assert found.completeness_error is not None
        assert found.completeness_error < 0.05
        shares.append(sum(one.score for one in found.words if found.word(one) in text.split(", ")[1]))
    assert shares[0] > shares[1]
    with pytest.raises(UsageError, match="no labels"):
        explain(model, bad, label="death")
    with speaking("zh"):
        assert "发生事件" in explain(model, "肝转移").label


def test_an_answer_in_a_text_is_explained_with_the_question_or_that_there_is_none(tmp_path: Path) -> None:
    model = fit(course_recipe(MADE["answer"](tmp_path), "answer"), out=tmp_path / "M")
    for context in ("x take ASPIRIN now", "x y rest now"):
        (answer,) = model.predict(["drug?"], [Given(second=context)])
        assert isinstance(answer, Excerpt)
        found = explain(model, "drug?", context)
        assert found.probability == pytest.approx(answer.probability, abs=1e-6)
        assert {word.part for word in found.words} == {0, 1}
        assert found.label == (context[answer.start : answer.end] or "the text gives no answer")
    with pytest.raises(UsageError, match="reads two texts"):
        explain(model, "drug?")


def test_a_document_is_explained_by_what_brings_it_near_to_the_question(tmp_path: Path) -> None:
    table = write_rows(tmp_path / "t.jsonl", pairs(60, 0))
    model = fit(rank_recipe(table, epochs=1), out=tmp_path / "M")
    question, document = "fever cough", "REVEF HGUOC 3"
    (answer,) = model.predict([question], [Given(documents=(document,))])
    assert isinstance(answer, Ranking)
    found = explain(model, question, document)
    assert found.value == pytest.approx(answer.documents[0].score, abs=1e-5)
    assert found.probability is None
    assert "nearness of the document" in summary(found)[0]
    assert {word.part for word in found.words} == {0, 1}


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    pytest.importorskip("transformers")
    from test_generate import recipe_for as writer_recipe
    from test_generate import rows_of
    from tiny_decoders import tiny_decoder

    place = tmp_path_factory.mktemp("writer")
    rows = write_rows(place / "notes.jsonl", rows_of(60))
    return fit(writer_recipe(rows, tiny_decoder(place / "tiny"), epochs=6), out=place / "M")


def test_a_text_that_was_written_is_explained_by_the_sentences_it_was_written_from(writer: Model) -> None:
    text = "chest pain. 头痛。 nausea"
    found = explain(writer, text)
    assert [found.word(one) for one in found.words] == ["chest pain.", "头痛。", "nausea"]
    assert found.how == "sentence"
    (answer,) = writer.predict([text])
    assert isinstance(answer, Written)
    assert found.label == answer.text
    assert found.probability == pytest.approx(answer.probability, abs=1e-4)
    verdict = check(writer, found)
    assert verdict.trusted is None, "three sentences are too few to tell"
    with speaking("zh"):
        assert "逐句" in summary(found)[1]
        assert "过短" in str(verdict)


def test_one_sentence_is_explained_by_its_words(writer: Model) -> None:
    found = explain(writer, "chest pain chest pain")
    assert found.how == "word"
    assert len(found.words) == 4
