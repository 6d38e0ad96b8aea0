"""Rebuilds a SentencePiece unigram tokenizer from its pieces and scores.

The table of character replacements (nmt_nfkc) is the one inside the `sentencepiece` library: a throw-away model is
trained on one line and its normaliser taken, which needs no file from anywhere.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from bedside.errors import MissingExtra

if TYPE_CHECKING:
    from tokenizers import Tokenizer

NORMALIZER_SPEC, CHARSMAP = 3, 2
"""Field numbers in SentencePiece's ModelProto and NormalizerSpec (sentencepiece_model.proto)."""


def unigram_tokenizer(pieces: list[tuple[str, float]], special: dict[str, int]) -> Tokenizer:
    """A tokenizer that adds the begin and end marks; `special` gives the ids of bos, eos and unk."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=special["unk"], byte_fallback=False))
    blanks = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.Precompiled(nmt_nfkc()), blanks])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always")
    begin, end = special["bos"], special["eos"]
    first, last = pieces[begin][0], pieces[end][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}", special_tokens=[(first, begin), (last, end)]
    )
    return tokenizer


def nmt_nfkc() -> bytes:
    """SentencePiece's compiled table of character replacements."""
    try:
        import sentencepiece
    except ImportError:
        raise MissingExtra("sentencepiece", "embedded") from None
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c d e f g"]),
        model_writer=model,
        vocab_size=12,
        model_type="unigram",
        normalization_rule_name="nmt_nfkc",
        hard_vocab_limit=False,
        minloglevel=2,
    )
    return _field(_field(model.getvalue(), NORMALIZER_SPEC), CHARSMAP)


def _field(message: bytes, wanted: int) -> bytes:
    """The bytes of a length-delimited field of a protobuf message."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, wire = key >> 3, key & 7
        if wire == 2:
            size, at = _varint(message, at)
            if number == wanted:
                return message[at : at + size]
            at += size
        elif wire == 0:
            _, at = _varint(message, at)
        else:
            at += {1: 8, 5: 4}[wire]
    raise ValueError(f"no field {wanted} in the message")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
