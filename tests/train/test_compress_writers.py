"""A decoder that learnt to write writes the same from CTranslate2 and from a GGUF file, opened as any model is."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fit_rows import write_rows
from tiny_decoders import tiny_decoder

from bedside import open_model
from bedside.config import Recipe
from bedside.errors import ModelError, UsageError
from bedside.train.compress import compress, parse_ways
from bedside.train.fit import fit

pytest.importorskip("transformers")

SAYS = {"chest pain": "heart", "头痛": "神经", "nausea": "gut"}
TEXTS = ["chest pain", "头痛", "nausea", "chest pain 头痛"]


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A tiny decoder that has learnt to answer three complaints; what it learnt lies apart from it."""
    place, dice = tmp_path_factory.mktemp("writer"), random.Random(0)
    drawn = [dice.choice(sorted(SAYS)) for _ in range(120)]
    rows = write_rows(place / "rows.jsonl", [{"text": one, "label": SAYS[one]} for one in drawn])
    data = {"train": rows, "identity": "absent", "identity_reason": "made up"}
    how = {"head": "generate", "backbone": str(tiny_decoder(place / "tiny")), "learning_rate": 2e-2, "epochs": 12}
    more = {"prompt": "<s>Complaint: {text} =>", "batch_tokens": 256, "max_tokens": 96, "adapt": "full", "dropout": 0.0}
    return fit(Recipe.from_dict({"data": data, "fit": how | more | {"precision": "fp32"}}), out=place / "M")


def written(model: Any) -> list[str]:
    return [answer.text for answer in model.predict(TEXTS)]


@pytest.mark.parametrize("way", ["ctranslate2=32", "gguf"])
def test_it_writes_the_same_after_being_saved_and_opened(writer: Any, way: str, tmp_path: Path) -> None:
    pytest.importorskip(way.partition("=")[0])
    small = compress(writer, TEXTS, ways=parse_ways(way))
    opened = open_model(small.save(tmp_path / "S"))
    assert written(writer)[:3] == ["heart", "神经", "gut"]
    assert written(opened) == written(small) == written(writer)
    assert opened.settings["engine"] == way.partition("=")[0]
    assert [path.name for path in (tmp_path / "S").rglob("*.safetensors")] == []


def test_the_chances_of_what_ctranslate2_wrote_are_those_of_torch(writer: Any) -> None:
    pytest.importorskip("ctranslate2")
    small = compress(writer, TEXTS, ways=parse_ways("ctranslate2=32"))
    for before, after in zip(writer.logits(TEXTS), small.logits(TEXTS), strict=True):
        assert np.array_equal(before[2:], after[2:])
        assert before[0] == after[0]
        assert abs(before[1] - after[1]) < 1e-4


def test_a_prompt_answers_alike_whether_its_beginning_is_kept_from_another_or_not(writer: Any) -> None:
    pytest.importorskip("ctranslate2")
    small = compress(writer, TEXTS, ways=parse_ways("ctranslate2"))
    ids = small.encode(TEXTS).ids
    assert len(small.engine.before) > 5
    kept = [small.engine.logits([one])[0] for one in ids]
    small.engine.before = []
    for one, other in zip(kept, small.engine.logits(ids), strict=True):
        assert np.array_equal(one[2:], other[2:])


def in_blocks(weight: Any) -> Any:
    """Rounded as the GGUF specification says of Q8_0: 32 weights in a row share a scale of 16 bits."""
    import torch

    if weight.dim() < 2 or weight.shape[1] % 32:
        return weight
    blocks = weight.reshape(-1, 32)
    scale = blocks.abs().amax(1, keepdim=True) / 127
    whole = torch.where(scale > 0, blocks / scale, blocks).round()
    return (whole * scale.half().float()).reshape(weight.shape)


def test_a_gguf_files_scores_are_those_of_the_decoder_with_its_weights_so_rounded(writer: Any) -> None:
    import copy

    import torch

    small = compress(writer, TEXTS, ways=parse_ways("gguf"))
    rounded = copy.deepcopy(writer.network.model)
    rounded.load_state_dict({name: in_blocks(value) for name, value in rounded.state_dict().items()})
    ids = torch.tensor([writer.encode(TEXTS[:1]).ids[0]])
    with torch.inference_mode():
        before, wanted, after = (net(ids).logits for net in (writer.network.model, rounded, small.engine.writer.model))
    assert (wanted - after).abs().max() < 0.1 * (before - after).abs().max() < before.std()


def test_llama_cpp_would_ask_with_the_prompt_it_was_fitted_with(writer: Any, tmp_path: Path) -> None:
    import gguf
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    folder = compress(writer, TEXTS, ways=parse_ways("gguf")).save(tmp_path / "S")
    fields = gguf.GGUFReader(str(folder / "model.gguf")).fields
    template = fields["tokenizer.chat_template"].contents()
    messages = [{"role": "user", "content": "it's \n {x}"}]
    made = ImmutableSandboxedEnvironment().from_string(template).render(messages=messages)
    assert made == writer.settings["prefix"].replace("{text}", "it's \n {x}")
    kinds = fields["tokenizer.ggml.token_type"].contents()
    assert [kinds[mark] for mark in (0, 1, 2, 3)] == [3, 3, 3, 1], "marks end a text and are no text"


def test_a_writer_in_8_bits_already_is_put_on_other_engines_too(writer: Any) -> None:
    import copy
    import dataclasses

    from bedside.model.engines.causal import CausalEngine
    from bedside.model.int8 import in_8_bits

    found = writer.engine
    network = copy.deepcopy(found.network)
    in_8_bits(network.model)
    rounded = CausalEngine(network, found.head, found.tokenizer, found.writer, None)
    base = {**writer.settings["backbone"], "where": "backbone"}
    whole = dataclasses.replace(writer, engine=rounded, settings={**writer.settings, "backbone": base})
    assert written(compress(whole, TEXTS, ways=parse_ways("gguf")))[:3] == written(writer)[:3]


def test_ctranslate2_opens_without_torch(writer: Any, tmp_path: Path) -> None:
    pytest.importorskip("ctranslate2")
    folder = compress(writer, TEXTS, ways=parse_ways("ctranslate2")).save(tmp_path / "S")
    code = (
        f"import sys; from bedside import open_model; open_model({str(folder)!r}).predict(['nausea']); "
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_writer_kept_to_a_form_is_not_put_on_an_engine_that_keeps_none(writer: Any) -> None:
    import dataclasses

    write = {**writer.settings["write"], "pattern": "heart|gut"}
    kept = dataclasses.replace(writer, settings={**writer.settings, "write": write})
    with pytest.raises(UsageError, match="no given form"):
        compress(kept, TEXTS, ways=parse_ways("ctranslate2"))


def test_what_ctranslate2_cannot_do_for_a_writer_is_said(writer: Any) -> None:
    pytest.importorskip("ctranslate2")
    from bedside.explain.attribute import explain
    from bedside.model.writing.licensed import licensed

    small = compress(writer, TEXTS, ways=parse_ways("ctranslate2"))
    with pytest.raises(UsageError, match="compressed from"):
        explain(small, "chest pain")
    with pytest.raises(UsageError, match="not compressed"):
        licensed(small, [])


def test_a_changed_gguf_file_is_refused(writer: Any, tmp_path: Path) -> None:
    folder = compress(writer, TEXTS, ways=parse_ways("gguf")).save(tmp_path / "S")
    data = bytearray((folder / "model.gguf").read_bytes())
    data[-1] ^= 255
    (folder / "model.gguf").write_bytes(data)
    with pytest.raises(ModelError, match="hash"):
        open_model(folder)


def test_ways_for_encoders_refuse_a_writer_and_those_for_writers_an_encoder(writer: Any) -> None:
    for way in ("vocabulary", "layers", "heads", "distil", "int8", "openvino"):
        with pytest.raises(UsageError):
            compress(writer, TEXTS, ways=parse_ways(way))


def test_what_all_prompts_begin_with_is_read_once_and_the_answers_stay_the_same(writer: Any, tmp_path: Path) -> None:
    import dataclasses
    from unittest.mock import patch

    from bedside.model.engines.causal import writer_of
    from bedside.model.writing.decode import write

    ids, settings = writer.encode(TEXTS).ids, writer.settings
    plain = writer.engine.writer
    assert plain.prefix is None, "a network that learns changes what its prompts' beginning means"
    marks = (plain.writing, plain.ends, plain.pad_id)
    keeps = writer_of(writer.network, writer.tokenizer, *marks, prompt=settings["prefix"])
    for one, other in zip(write(plain, ids), write(keeps, ids), strict=True):
        assert np.array_equal(one[2:], other[2:])
        assert abs(one[1] - other[1]) < 1e-4
    with patch.object(keeps.model, "generate", wraps=keeps.model.generate) as asked:
        write(keeps, ids[:1])
        write(dataclasses.replace(keeps, prefix=None), ids[:1])
    first, second = (call.kwargs.get("past_key_values") for call in asked.call_args_list)
    assert second is None
    assert first is not None
    assert len(keeps.prefix.ids) > 5


def test_a_prompt_that_begins_otherwise_is_read_whole(writer: Any) -> None:
    from bedside.model.writing.prefix import Prefix

    prefix = Prefix(range(10))
    assert prefix.begins([[*range(10), 7], [*range(12)]])
    assert not prefix.begins([[*range(10)]]), "nothing would be left to read"
    assert not prefix.begins([[*range(9), 8, 7]])
    assert not Prefix(range(3)).begins([[*range(9)]]), "too short to be worth it"


def test_a_decoder_that_sees_a_window_reads_each_prompt_whole(writer: Any) -> None:
    from types import SimpleNamespace as Named

    from bedside.model.writing.prefix import Prefix

    def suits(**config: Any) -> bool:
        return Prefix(range(10)).suits(Named(config=Named(**config)))

    assert Prefix(range(10)).suits(writer.network.model)
    assert suits(layer_types=["full_attention"] * 2, sliding_window=None)
    assert not suits(layer_types=["full_attention", "sliding_attention"])
    assert not suits(sliding_window=4096)
