"""A decoder that writes greedily, in 8 bits on CTranslate2; `ctranslate2=32` rounds nothing."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.errors import MissingExtra, UsageError
from bedside.lang import tr
from bedside.train.compress._base import Way, Work
from bedside.train.compress._decoder import our_decoder, settings_on

if TYPE_CHECKING:
    from bedside.model.folder import Model

KINDS = {8: "int8", 32: "float32"}
PLAIN = {"beams": 1, "temperature": 0.0, "repetition": 1.0, "no_repeat": 0}
"""How a text must be written for this engine to write the same: the likeliest piece each time, in no given form."""
FORMS = ("json_schema", "pattern", "grammar")


def on_ctranslate2(model: Model, work: Work, number: int | None) -> Model:
    """The model on the CTranslate2 engine, in `number` bits (8 unless said)."""
    from bedside.model.engines.ctranslate2 import INSIDE, Ctranslate2Engine

    kind = KINDS.get(number or 8)
    if kind is None:
        raise UsageError(tr("no such number of bits", "不支持该位数"), value=f"ctranslate2={number}", allowed="8, 32")
    decoder, settings = our_decoder(model, "ctranslate2"), settings_on(model, "ctranslate2")
    _refuse_other_writing(settings["write"])
    keeper = tempfile.TemporaryDirectory()
    place = Path(keeper.name) / INSIDE
    _convert(decoder, model.tokenizer, settings["ends"][0], place, kind)
    engine = Ctranslate2Engine(place, model.tokenizer, settings, keeper)
    return dataclasses.replace(model, engine=engine, settings=settings)


def _refuse_other_writing(write: dict[str, Any]) -> None:
    odd = [name for name, usual in PLAIN.items() if write.get(name, usual) != usual]
    odd += [name for name in FORMS if write.get(name) is not None]
    if odd:
        raise UsageError(
            tr("this engine writes greedily and in no given form", "该引擎仅支持贪心生成，不支持限定格式"),
            where="fit.write",
            value=", ".join(odd),
            next=tr("serve it as it is, or --ways gguf", "直接使用原模型，或 --ways gguf"),
        )


def _convert(decoder: Any, tokenizer: Any, end: int, place: Path, kind: str) -> None:
    try:
        from ctranslate2.converters import TransformersConverter
    except ImportError:
        raise MissingExtra("ctranslate2", "ctranslate2") from None
    from bedside.backbones._causal import silence

    silence()
    mark = tokenizer.id_to_token(end)
    marks = {"bos_token": mark, "eos_token": mark, "unk_token": mark}
    with tempfile.TemporaryDirectory() as folder:
        decoder.save_pretrained(folder)
        tokenizer.save(str(Path(folder) / "tokenizer.json"))
        told = {"tokenizer_class": "PreTrainedTokenizerFast", **marks}
        (Path(folder) / "tokenizer_config.json").write_text(json.dumps(told), encoding="utf-8")
        try:
            TransformersConverter(folder).convert(str(place), quantization=kind)
        except (ValueError, KeyError, AttributeError, NotImplementedError) as fault:
            raise UsageError(
                tr("CTranslate2 cannot take this decoder", "CTranslate2 不支持该解码器") + f" ({type(fault).__name__})",
                value=decoder.config.model_type,
            ) from None


WAY = Way(
    on_ctranslate2,
    ("CTranslate2, weights in 8 bits unless 32 were asked for.", "CTranslate2，除非指定 32 位，否则权重为 8 位。"),
    number=("bits: 8 or 32", "位数：8 或 32"),
    last=True,
)
