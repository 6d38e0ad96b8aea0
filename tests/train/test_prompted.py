"""Models that are asked and not trained: a decoder's likelihoods, words in a gap, and likeness to a description."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fit_rows import write_rows
from tiny_decoders import tiny_decoder, tiny_masked

from bedside import open_model
from bedside.advise import advise
from bedside.backbones._load import load_backbone
from bedside.commands._call import call
from bedside.config import UNTRAINED, Recipe, Space
from bedside.errors import BedsideError, ConfigError, DataError, ModelError, UsageError
from bedside.lang import speaking
from bedside.model.asked import encode_asked
from bedside.model.branches import Branches, Scorer
from bedside.model.engines.likelihood import PROMPT
from bedside.model.given import Given
from bedside.train.fit import fit
from bedside.train.pretraining.extend import with_mask
from bedside.train.prompted import methods
from bedside.train.prompted._decoder import drawn
from bedside.types import Advice

transformers = pytest.importorskip("transformers")

SAYS = {"heart": ["chest pain", "胸痛"], "gut": ["nausea", "腹泻"]}
ABSENT = {"identity": "absent", "identity_reason": "made up"}


@pytest.fixture(scope="module")
def decoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny untrained Llama over bytes."""
    return tiny_decoder(
        tmp_path_factory.mktemp("decoder") / "tiny", max_position_embeddings=1024, initializer_range=0.2
    )


@pytest.fixture(scope="module")
def masked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder that guesses masked words."""
    return tiny_masked(tmp_path_factory.mktemp("masked") / "bert")


def rows_of(count: int) -> list[dict[str, Any]]:
    both = sorted(SAYS)
    return [
        {"text": f"{SAYS[both[n % 2]][n // 2 % 2]} {n}", "label": both[n % 2], "patient": f"p{n}"} for n in range(count)
    ]


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("rows") / "notes.jsonl", rows_of(40))


def recipe_for(path: Path, adapt: str, **settings: Any) -> Recipe:
    data = {"train": path, "patient": "patient", **ABSENT}
    return Recipe.from_dict({"data": data, "fit": {"head": "classify", "adapt": adapt, "max_tokens": 64, **settings}})


@pytest.fixture(scope="module")
def asked(notes: Path, decoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("model") / "M"
    code, _ = call(
        "fit", str(notes), "--head", "classify", "--adapt", "few_shot", "--backbone", str(decoder), "--patient",
        "patient", "--identity", "absent", "made up", "--set", "max_tokens=64", "-o", str(out),
    )  # fmt: skip
    assert code == 0
    return out


def test_answers_read_together_are_as_likely_as_each_read_alone(decoder: Path) -> None:
    backbone = load_backbone(str(decoder))
    model = transformers.AutoModelForCausalLM.from_pretrained(decoder).eval()
    ids = {one: backbone.tokenizer.encode(one, add_special_tokens=False).ids for one in (
        "Answer one:", "denies chest pain", "胸痛三天", " heart", " heart failure", "心", " gut"
    )}  # fmt: skip
    before, texts = ids["Answer one:"], [ids["denies chest pain"], ids["胸痛三天"]]
    answers = [ids[one] for one in (" heart", " heart failure", "心", " gut")]
    together = Scorer(model, before, answers, 0).scores(texts)
    for row, text in enumerate(texts):
        for column, answer in enumerate(answers):
            with torch.no_grad():
                chances = torch.log_softmax(model(torch.tensor([before + text + answer])).logits[0], -1)
            start = len(before) + len(text) - 1
            alone = sum(float(chances[start + at, id]) for at, id in enumerate(answer))
            assert together[row, column] == pytest.approx(alone, abs=1e-3)
    without = Scorer(model, [], answers, 0).scores(texts)
    assert without.shape == together.shape
    assert not np.allclose(without, together)


def test_answers_that_begin_alike_share_their_pieces() -> None:
    tree = Branches([[5, 6, 7], [5, 6, 8], [9]])
    assert tree.ways == [(5,), (5, 6)]
    assert [node for node, _ in tree.steps[1]] == [0, 1, 2]


def test_a_text_in_a_template_loses_its_middle_and_never_the_question() -> None:
    tokenizer = load_backbone("echo").tokenizer
    how: dict[str, Any] = {"prefix": "", "max_tokens": 40, "template": "Note: {text}\n类别："}
    found = encode_asked(tokenizer, ["fever", "chest pain " * 30, "高热" * 40], **how)
    said = [tokenizer.decode(ids) for ids in found.ids]
    assert found.cut == (1, 2)
    assert all(one.startswith("Note: ") and one.endswith("类别：") for one in said)
    assert [len(ids) for ids in found.ids][1:] == [40, 40]


def test_a_mask_in_a_patients_text_is_not_the_gap() -> None:
    tokenizer, mask, _ = with_mask(load_backbone("echo").tokenizer)
    found = encode_asked(
        tokenizer, ["see [MASK] note"], prefix="", max_tokens=64, template="{text} is {mask}.", marks=([], [], [mask])
    )
    assert found.ids[0].count(mask) == 1


def test_a_model_that_is_asked_is_a_model_as_any_other(asked: Path, notes: Path, tmp_path: Path) -> None:
    model = open_model(asked)
    assert model.settings["engine"] == "likelihood"
    assert model.fitting["trained_parameters"] == 0
    assert "Nothing was trained" in model.cards["en"]
    assert "未经训练" in model.cards["zh"]
    assert {"majority", "tfidf"} <= set(model.fitting["baselines"])
    out = tmp_path / "o.jsonl"
    assert call("predict", str(asked), str(notes), "-o", str(out))[0] == 0
    told = json.loads(out.read_text(encoding="utf-8").splitlines()[0])
    assert sum(told["probabilities"].values()) == pytest.approx(1)
    _, heard = call("evaluate", str(asked), str(notes), "--json")
    assert set(json.loads(heard.splitlines()[-1])["baselines"]) >= {"majority"}
    (one,) = advise(model, ["chest pain"])
    assert isinstance(one, Advice)


def test_saved_and_opened_it_says_the_same_and_its_examples_are_balanced(asked: Path, decoder: Path) -> None:
    model, again = open_model(asked), open_model(asked)
    before = again.tokenizer.decode(again.engine.scorer.before)
    assert before.startswith("<s>每段文本属于以下类别之一：gut、heart。")
    assert before.count("类别：heart") == before.count("类别：gut") == 2
    texts = ["chest pain today", "今日腹泻"]
    assert np.allclose(model.logits(texts), again.logits(texts))


def test_a_text_without_content_points_to_no_label(notes: Path, decoder: Path, tmp_path: Path) -> None:
    words = {"label_words": {"heart": "心", "gut": "the stomach and the bowels"}}
    for prior, near in (("content_free", True), ("none", False)):
        recipe = recipe_for(notes, "zero_shot", backbone=str(decoder), prior=prior, **words)
        model = fit(recipe, out=tmp_path / prior)
        free = np.mean([model.logits([one])[0] for one in ("N/A", "", "[MASK]")], axis=0)
        assert np.allclose(free, 0, atol=1e-4) == near
        assert open_model(tmp_path / prior).labels == ("gut", "heart")


def test_a_killed_run_goes_on_with_what_it_has_scored(notes: Path, decoder: Path, tmp_path: Path) -> None:
    recipe = recipe_for(notes, "few_shot", backbone=str(decoder))
    whole = fit(recipe, out=tmp_path / "whole")

    class Killed(Exception):
        pass

    def die(event: dict[str, Any]) -> None:
        if event["event"] == "advance" and event["amount"] == 3:  # the texts without content are scored
            raise Killed

    with pytest.raises(Killed):
        fit(recipe, out=tmp_path / "M", on_event=die)
    heard: list[dict[str, Any]] = []
    done = fit(recipe, out=tmp_path / "M", on_event=heard.append)
    assert [one["step"] for one in heard if one["event"] == "resumed"] == [3]
    assert np.allclose(done.logits(["chest pain"]), whole.logits(["chest pain"]))
    other = recipe_for(notes, "few_shot", backbone=str(decoder), shots=2)
    with pytest.raises(Killed):
        fit(recipe, out=tmp_path / "N", on_event=die)
    with pytest.raises(UsageError, match="unfinished"):
        fit(other, out=tmp_path / "N")


def test_words_in_a_gap_need_a_head_that_guesses_them(notes: Path, masked: Path, tmp_path: Path) -> None:
    model = fit(recipe_for(notes, "verbaliser", backbone=str(masked)), out=tmp_path / "M")
    again = open_model(tmp_path / "M")
    texts = ["chest pain since Monday", "否认胸痛"]
    assert again.settings["engine"] == "mask"
    assert np.allclose(model.logits(texts), again.logits(texts), atol=1e-5)
    assert not np.allclose(again.logits(texts)[0], again.logits(texts)[1])
    for name in ("auto", "echo", "e5"):
        with pytest.raises(UsageError, match="pretrain CORPUS --objective mlm"):
            fit(recipe_for(notes, "verbaliser", backbone=name), out=tmp_path / "N")
    with speaking("zh"), pytest.raises(UsageError, match="填空"):
        fit(recipe_for(notes, "verbaliser", backbone="echo"), out=tmp_path / "N")


def test_a_gap_is_scored_as_the_network_scores_it(notes: Path, masked: Path, tmp_path: Path) -> None:
    """Against the objective's own head, one label at a time."""
    words = {"gut": "g", "heart": "he"}
    model = fit(
        recipe_for(notes, "verbaliser", backbone=str(masked), label_words=words, prior="none"), out=tmp_path / "M"
    )
    (ids,) = model.encode(["胸痛"]).ids
    at, network = ids.index(model.engine.mask), model.engine.network
    for column, word in enumerate(("g", "he")):
        pieces = model.tokenizer.encode(word, add_special_tokens=False).ids
        shown = [*ids[:at], *[model.engine.mask] * len(pieces), *ids[at + 1 :]]
        with torch.no_grad():
            vectors = network(torch.tensor([shown]), torch.ones(1, len(shown)))[0, at : at + len(pieces)]
            head = model.engine.word_head
            scores = head(vectors) @ network.embeddings.word_embeddings.weight.T + head.bias
        each = [float(torch.log_softmax(scores, -1)[n, id]) for n, id in enumerate(pieces)]
        assert model.logits(["胸痛"])[0, column] == pytest.approx(np.mean(each), abs=1e-4)


def test_an_encoder_compares_a_text_with_what_describes_each_label(notes: Path, tmp_path: Path) -> None:
    words = {"heart": "chest pain 胸痛", "gut": "nausea 腹泻"}
    plain = recipe_for(notes, "zero_shot", backbone="echo", label_words=words, prompt="{label}")
    model = fit(plain, out=tmp_path / "M")
    assert model.settings["engine"] == "torch"
    assert [one.label for one in model.predict(["chest pain", "nausea nausea"])] == ["heart", "gut"]
    crossed = recipe_for(notes, "zero_shot", backbone="echo", prompt="{label}",
                         label_words={"gut": words["heart"], "heart": words["gut"]})  # fmt: skip
    other = fit(crossed, out=tmp_path / "N")
    assert [one.label for one in other.predict(["chest pain", "nausea nausea"])] == ["gut", "heart"]


def test_a_pair_is_asked_of_a_decoder_and_of_a_gap_but_not_of_likeness(
    decoder: Path, masked: Path, tmp_path: Path
) -> None:
    rows = [{"text": "Is there fever?", "note": f"{n} " + ("fever", "denies it")[n % 2], "label": ("yes", "no")[n % 2]}
            for n in range(24)]  # fmt: skip
    path = write_rows(tmp_path / "p.jsonl", rows)
    data = {"train": path, "text_b": "note", **ABSENT}
    for number, (adapt, name) in enumerate((("few_shot", decoder), ("verbaliser", masked))):
        recipe = Recipe.from_dict({"data": data, "fit": {"head": "pair", "adapt": adapt, "backbone": str(name)}})
        model = fit(recipe, out=tmp_path / str(number))
        said = model.logits(["有无发热？"] * 2, [Given(second="高热三天"), Given(second="未见异常")])
        assert not np.allclose(said[0], said[1])
    recipe = Recipe.from_dict({"data": data, "fit": {"head": "pair", "adapt": "zero_shot", "backbone": "echo"}})
    with pytest.raises(UsageError, match="two texts stand"):
        fit(recipe, out=tmp_path / "N")


@pytest.mark.parametrize("adapt", UNTRAINED)
def test_several_labels_a_text_are_refused(adapt: str, tmp_path: Path) -> None:
    rows = [{"text": f"fever {n}", "label": ["a", "b"][: n % 3], "patient": f"p{n}"} for n in range(24)]
    path = write_rows(tmp_path / "n.jsonl", rows)
    recipe = Recipe.from_dict({"data": {"train": path, **ABSENT}, "fit": {"adapt": adapt, "head": "multilabel"}})
    with pytest.raises(UsageError, match="one label a text"):
        fit(recipe, out=tmp_path / "M")


@pytest.mark.parametrize(
    "settings",
    [
        {"adapt": "few_shot", "prompt": "no place"},
        {"adapt": "few_shot", "prompt": "{text} {examples}"},
        {"adapt": "lora", "shots": 4},
        {"adapt": "zero_shot", "shots": 4},
        {"adapt": "full", "label_words": {"1": "malignant"}},
        {"adapt": "zero_shot", "epochs": 3},
    ],
)
def test_contradictions_are_refused_before_any_row_is_read(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Recipe.from_dict({"data": {"train": "notes.csv"}, "fit": settings})


@pytest.mark.parametrize(
    "settings",
    [
        {"label_words": {"lung": "x"}},
        {"label_words": {"gut": "heart"}},
        {"prompt": "{label}"},
        {"prompt": "{text} {mask}"},
        {"shots": 64, "prompt": "{text} is"},
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(
    settings: dict[str, Any], notes: Path, decoder: Path, tmp_path: Path
) -> None:
    adapt = "few_shot" if "shots" in settings else "zero_shot"
    with pytest.raises((UsageError, DataError)) as caught:
        fit(recipe_for(notes, adapt, backbone=str(decoder), **settings), out=tmp_path / "M")
    assert isinstance(caught.value, BedsideError)
    assert "chest" not in str(caught.value)


def test_examples_are_drawn_by_the_seed_a_label_in_turn() -> None:
    labels = ["a"] * 8 + ["b"] * 2
    found = drawn(labels, ["a", "b"], 6, seed=1)
    assert sorted(labels[row] for row in found) == ["a"] * 4 + ["b"] * 2
    assert found == drawn(labels, ["a", "b"], 6, seed=1) != drawn(labels, ["a", "b"], 6, seed=2)


def test_a_folder_whose_questions_do_not_fit_its_labels_is_refused(asked: Path, tmp_path: Path) -> None:
    import shutil

    from bedside.model.manifest import write_manifest

    broken = Path(shutil.copytree(asked, tmp_path / "M"))
    values = json.loads((broken / PROMPT).read_text())
    (broken / PROMPT).write_text(json.dumps({**values, "answers": values["answers"][:1]}))
    write_manifest(broken)
    with pytest.raises(ModelError, match=r"prompt\.json"):
        open_model(broken)


def test_every_method_has_a_file_and_names_its_paper() -> None:
    assert methods() == sorted(UNTRAINED)
    for name in methods():
        assert "Source" in (import_module(f"bedside.train.prompted.{name}").__doc__ or ""), name


def test_what_trains_nothing_is_not_searched() -> None:
    with pytest.raises(ConfigError, match="zero_shot trains nothing"):
        Space.from_dict({"adapt": ["full", "zero_shot"]})
    assert Space.from_dict({"adapt": ["full", "lora"]}).axes[0].choices == ("full", "lora")


def test_what_is_asked_is_not_compressed_and_says_so(asked: Path) -> None:
    from bedside.train.compress import compress

    with pytest.raises(UsageError, match="cannot be compressed"):
        compress(open_model(asked), ["chest pain"])
