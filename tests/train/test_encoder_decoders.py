"""An encoder-decoder (T5, BART) learns to write as a decoder does: fitted, saved apart, kept to a form, measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fit_rows import write_rows
from safetensors.torch import load_file
from test_generate import SAYS, recipe_for, rows_of
from typer.testing import CliRunner

from bedside import open_model
from bedside.advise import advise
from bedside.backbones._load import load_backbone
from bedside.backbones._writer import load_writer
from bedside.cli import build
from bedside.config.writing import Writing
from bedside.errors import ConfigError, ModelError, UsageError
from bedside.heads._tags import NOT_JUDGED
from bedside.heads.generate import GenerateHead
from bedside.lang import speaking
from bedside.model.engines.causal import writer_of
from bedside.model.engines.torch import pad
from bedside.model.int8 import in_8_bits
from bedside.model.writing.decode import write
from bedside.model.writing.prompts import Prompt, taught, taught_apart
from bedside.train.fit import fit
from bedside.train.packing import packed
from bedside.types import Abstained, Advice, Written

transformers = pytest.importorskip("transformers")

SIZES = {"d_model": 32, "vocab_size": 259, "pad_token_id": 0, "eos_token_id": 2}
SMALL = {
    "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 2, "decoder_attention_heads": 2,
    "encoder_ffn_dim": 64, "decoder_ffn_dim": 64, "max_position_embeddings": 128, "bos_token_id": 1,
    "forced_eos_token_id": None, "init_std": 0.2,
}  # fmt: skip
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "t5": ("T5", {"d_kv": 16, "d_ff": 64, "num_layers": 2, "num_heads": 2, "decoder_start_token_id": 0}),
    "mt5": ("MT5", {"d_kv": 16, "d_ff": 64, "num_layers": 2, "num_heads": 2, "decoder_start_token_id": 0,
                    "tie_word_embeddings": False, "feed_forward_proj": "gated-gelu"}),
    "bart": ("Bart", SMALL | {"decoder_start_token_id": 2, "scale_embedding": True}),
    "mbart": ("MBart", SMALL | {"decoder_start_token_id": 2}),
    "pegasus": ("Pegasus", SMALL | {"decoder_start_token_id": 0}),
}  # fmt: skip


def made(kind: str, folder: Path, *, bias: float = 0.0) -> Path:
    """A tiny untrained network of that kind, over bytes; `bias` is the spread of what it adds to each word's score."""
    torch.manual_seed(0)
    family, sizes = KINDS[kind]
    model = getattr(transformers, f"{family}ForConditionalGeneration")(
        getattr(transformers, f"{family}Config")(**SIZES, **sizes)
    )
    if hasattr(model, "final_logits_bias"):
        model.final_logits_bias.normal_(std=bias)
    model.save_pretrained(folder)
    load_backbone("echo").tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("rows") / "notes.jsonl", rows_of(60))


@pytest.fixture(scope="module", params=["t5", "bart"])
def network(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(request.param, tmp_path_factory.mktemp("network") / request.param)


@pytest.fixture(scope="module")
def folder(notes: Path, network: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fitted model's folder."""
    out = tmp_path_factory.mktemp("model") / "M"
    fit(recipe_for(notes, network, prompt=None, epochs=20), out=out)
    return out


@pytest.mark.parametrize("kind", KINDS)
def test_the_loss_is_the_networks_own_over_the_target_alone(kind: str, tmp_path: Path) -> None:
    backbone = load_writer(str(made(kind, tmp_path / kind, bias=1.0)))
    texts, answers = [[7, 8, 9], [10, 11, 12, 13, 14]], [[20, 21, 2], [22, 2]]
    rows = taught_apart(Prompt([], []), texts, answers, starts=backbone.starts, max_tokens=64)
    ids, _ = pad(rows.ids, 0)
    parts, _ = pad(rows.parts or [], 0)
    head = GenerateHead(32, out=backbone.network.language_head)
    wanted = torch.nn.utils.rnn.pad_sequence(list(map(torch.tensor, rows.wanted)), True, NOT_JUDGED)
    with torch.no_grad():
        found = head.loss(head(backbone.network.run(backbone.network.embed(ids), parts), parts), wanted)
        sums = [
            len(answer)
            * backbone.network.model(
                input_ids=torch.tensor([text]),
                decoder_input_ids=torch.tensor([[*backbone.starts, *answer[:-1]]]),
                labels=torch.tensor([[NOT_JUDGED] * (len(backbone.starts) - 1) + answer]),
            ).loss
            for text, answer in zip(texts, answers, strict=True)
        ]
    assert float(found) == pytest.approx(float(sum(sums)) / 5, rel=1e-5)


def test_it_writes_what_it_learnt_and_its_folder_reopens_with_equal_answers(folder: Path, notes: Path) -> None:
    model = open_model(folder)
    said = model.predict(["chest pain", "头痛 头痛", "nausea"])
    assert [one.text for one in said if isinstance(one, Written)] == ["heart", "神经", "gut"]
    assert model.settings["prefix"] == "<s>{text}</s>", "its tokenizer's marks stand around what is read"
    history = model.fitting["history"]
    assert history[-1]["loss"] < history[0]["loss"] / 4
    assert {path.name for path in folder.iterdir()} >= {"learnt.safetensors", "model.json", "card.zh.md"}
    assert not (folder / "backbone").exists()


def test_texts_side_by_side_are_written_as_each_alone(folder: Path) -> None:
    model = open_model(folder)
    ids = model.encode(["nausea", "chest pain chest pain chest pain", "头痛"]).ids
    for beams in (1, 3):
        asked = Writing(new_tokens=16, beams=beams, length_penalty=0.5, no_repeat=3)
        marks = (model.settings["ends"], model.settings["pad_id"], model.settings["starts"])
        writer = writer_of(model.network, model.tokenizer, asked, *marks)
        together = write(writer, ids)
        for one, alone in zip(together, (write(writer, [row])[0] for row in ids), strict=True):
            assert one[2:].tolist() == alone[2:].tolist()
            assert one[1] == pytest.approx(alone[1], abs=1e-5)


def test_what_it_tells_of_its_text_is_the_probability_that_the_network_gives(folder: Path) -> None:
    model = open_model(folder)
    (ids,) = model.encode(["chest pain"]).ids
    (output,) = model.logits(["chest pain"])
    written = [int(one) for one in output[2:]] + [2]
    starts = model.settings["starts"]
    with torch.inference_mode():
        asked = torch.tensor([[*starts, *written[:-1]]])
        scores = model.network.model(input_ids=torch.tensor([ids]), decoder_input_ids=asked).logits[0]
    chances = torch.log_softmax(scores, -1)[len(starts) - 1 :]
    mean = np.mean([float(chances[at, id]) for at, id in enumerate(written)])
    assert float(output[1]) == pytest.approx(mean, abs=1e-4)


def test_a_form_is_kept_to_as_by_a_decoder(folder: Path) -> None:
    model = open_model(folder)
    forms: list[dict[str, Any]] = [
        {"json_schema": {"type": "object", "properties": {"部位": {"enum": ["心", "脑"]}}, "required": ["部位"]}},
        {"pattern": "(left|right) lung"},
        {"grammar": 'root ::= "(" root ")" | "(" [左右] "肺)"'},
    ]
    for form in forms:
        for beams in (1, 3):
            asked = Writing.model_validate({"new_tokens": 40, "beams": beams, **form})
            marks = (model.settings["ends"], model.settings["pad_id"], model.settings["starts"])
            writer = writer_of(model.network, model.tokenizer, asked, *marks)
            encoded = model.encode(["nausea"])
            (said,) = model.form.answers(write(writer, encoded.ids), encoded, (), model.calibration)
            assert isinstance(said, Written)
            assert writer.constraint is not None
            assert said.refused or writer.constraint.accepts(said.text)
            if "grammar" not in form:
                assert said.text


def test_lora_goes_around_every_map_of_both_stacks(notes: Path, network: Path, tmp_path: Path) -> None:
    fitted = fit(recipe_for(notes, network, prompt=None, adapt="lora", lora_rank=4, epochs=1), out=tmp_path / "M")
    names = set(load_file(tmp_path / "M/learnt.safetensors"))
    assert any(".encoder." in name for name in names)
    assert any(".decoder." in name for name in names)
    assert all(name.endswith((".down", ".up")) for name in names)
    for one, two in zip(fitted.logits(["头痛"]), open_model(tmp_path / "M").logits(["头痛"]), strict=True):
        assert np.array_equal(one, two)


def test_a_long_text_gets_no_answer_or_loses_its_middle_and_both_are_told(
    notes: Path, network: Path, tmp_path: Path
) -> None:
    long = "chest pain " * 40
    heard: list[dict[str, Any]] = []
    short: dict[str, Any] = {"prompt": None, "epochs": 1, "max_tokens": 24}
    refusing = fit(recipe_for(notes, network, **short), out=tmp_path / "A", on_event=heard.append)
    (told,) = advise(refusing, [long])
    assert isinstance(told, Abstained)
    assert "too long" in told.reason
    cutting = fit(recipe_for(notes, network, **short, write={"long": "cut"}), out=tmp_path / "B")
    for model in (cutting, open_model(tmp_path / "B")):
        (told,) = advise(model, [long])
        assert isinstance(told, Advice)
        assert any("middle" in one for one in told.limits)
        assert model.encode([long]).cut == (0,)
    (fits,) = advise(cutting, ["nausea"])
    assert isinstance(fits, Advice)
    assert not any("middle" in one for one in fits.limits)
    (event,) = (one for one in heard if one["event"] == "tokens")
    longer = sum(len(row["text"].encode()) + 2 > 24 for row in rows_of(60))
    assert sum(event["cut"].values()) == longer > 0
    assert refusing.fitting["cut"]["train"] > 0


def test_columns_are_read_by_name_and_the_commands_tell_of_it(
    network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bedside.evaluate.measures.texts.choose_backbone", lambda texts: "echo")
    rows = [{"id": f"q{n}", "question": row["text"], "summary": row["label"]} for n, row in enumerate(rows_of(48))]
    train, test = write_rows(tmp_path / "train.jsonl", rows[:36]), write_rows(tmp_path / "test.jsonl", rows[36:])
    words = ["fit", str(train), "--head", "generate", "--text", "question", "--label", "summary", "--id", "id"]
    words += ["--backbone", str(network), "-o", str(tmp_path / "M"), "--set", "precision=fp32"]
    words += ["--set", "epochs=1", "--set", "batch_tokens=256", "--identity", "absent", "made up"]
    done = CliRunner().invoke(build(), words)
    assert done.exit_code == 0, done.output
    done = CliRunner().invoke(build(), ["evaluate", str(tmp_path / "M"), str(test), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output.splitlines()[-1])
    for name in ("rouge1", "rouge2", "rougeL"):
        assert {"value", "low", "high", "n", "n_patients", "method", "seed"} <= set(told["metrics"][name])
        assert all(name in figures for figures in told["baselines"].values())
    out = tmp_path / "out.jsonl"
    assert CliRunner().invoke(build(), ["predict", str(tmp_path / "M"), str(test), "-o", str(out)]).exit_code in (0, 3)
    first = json.loads(out.read_text(encoding="utf-8").splitlines()[0])
    assert "text" in first or "error" in first


def test_packed_rows_teach_exactly_what_the_rows_alone_teach(tmp_path: Path) -> None:
    config = transformers.LlamaConfig(
        vocab_size=259, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, max_position_embeddings=128, pad_token_id=0, bos_token_id=1, eos_token_id=2,
    )  # fmt: skip
    torch.manual_seed(0)
    for attention in ("sdpa", "eager"):
        transformers.LlamaForCausalLM(config).save_pretrained(tmp_path / attention)
        load_backbone("echo").tokenizer.save(str(tmp_path / attention / "tokenizer.json"))
        backbone = load_writer(str(tmp_path / attention))
        backbone.network.model.set_attn_implementation(attention)
        texts, answers = [[7, 8, 9], [10, 11], [12] * 9], [[20, 21, 2], [22, 2], [23, 24, 25, 2]]
        rows = taught(Prompt([], []), texts, answers, max_tokens=64)
        pack = packed(rows, backbone, tokens=64, seed=0)
        assert len(pack.ids) == 1
        found = []
        for one, mask in ((rows, None), (pack, pack.parts)):
            ids, seen = pad(one.ids, 0)
            seen = seen if mask is None else pad(mask, 0)[0]
            head = GenerateHead(32, out=backbone.network.language_head)
            wanted = torch.nn.utils.rnn.pad_sequence(list(map(torch.tensor, one.wanted)), True, NOT_JUDGED)
            backbone.network.zero_grad()
            loss = head.loss(head(backbone.network.run(backbone.network.embed(ids), seen), seen), wanted)
            torch.autograd.backward(loss)
            gradient = backbone.network.model.model.layers[0].self_attn.q_proj.weight.grad
            found.append((float(loss.detach()), gradient.clone()))
        assert found[0][0] == pytest.approx(found[1][0], abs=1e-6)
        assert torch.allclose(found[0][1], found[1][1], atol=1e-7)


def test_what_cannot_be_fitted_so_is_refused(notes: Path, network: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="apart"):
        fit(recipe_for(notes, network, prompt=None, packing=True), out=tmp_path / "M")
    with pytest.raises(ConfigError, match="packing"):
        recipe_for(notes, network, head="classify", prompt=None, adapt="full", packing=True)
    with pytest.raises(ConfigError, match="grammar"):
        fit(recipe_for(notes, network, prompt=None, write={"grammar": "root := x"}), out=tmp_path / "M")
    mine = made("bart", tmp_path / "other")
    fit(recipe_for(notes, mine, prompt=None, epochs=1), out=tmp_path / "M")
    made("mbart", mine)
    with pytest.raises(ModelError, match="is not the one"):
        open_model(tmp_path / "M")


def test_the_draft_is_marked_in_both_languages(folder: Path) -> None:
    said = []
    for lang in ("en", "zh"):
        with speaking(lang):
            said.append(CliRunner().invoke(build(), ["predict", str(folder), "--text-value", "头痛"]).output)
    assert "DRAFT" in said[0]
    assert "草稿" in said[1]
    assert all(SAYS["头痛"] in one for one in said)


def test_in_8_bits_it_writes_nearly_as_sure_and_reopens_as_it_was_fitted(
    folder: Path, notes: Path, network: Path, tmp_path: Path
) -> None:
    eight: dict[str, Any] = {"prompt": None, "epochs": 1, "write": {"precision": "int8", "new_tokens": 8}}
    fitted, again = fit(recipe_for(notes, network, **eight), out=tmp_path / "M"), open_model(tmp_path / "M")
    texts = ["nausea", "chest pain chest pain", "头痛"]
    together = again.logits(texts)
    for number, text in enumerate(texts):
        for model in (again, fitted):
            (alone,) = model.logits([text])
            assert together[number][2:].tolist() == alone[2:].tolist()
            assert together[number][1] == pytest.approx(alone[1], abs=1e-5)
    assert torch.int8 in {value.dtype for value in again.network.state_dict().values()}
    plain = open_model(folder)
    before = plain.logits(texts)
    in_8_bits(plain.network.model)
    for one, two in zip(before, plain.logits(texts), strict=True):
        assert one[2:].tolist() == two[2:].tolist(), "the same texts"
        assert 0 < abs(float(one[1]) - float(two[1])) < 0.1, "not quite as sure"
