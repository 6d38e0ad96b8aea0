"""Learns a vocabulary from the training texts, for a backbone that starts from nothing: Chinese, English, any script.

Pieces of words by byte-pair encoding; Chinese characters, digits and marks stand alone. A word that fewer than
`SHARED_BY` patients share is not learnt from, so that no name or number of one patient is written into a model: it is
read in pieces of words that are. There are no bytes to fall back on: a character that was never learnt is `<unk>`, and
a text of little else is told to be unreadable instead of being answered from weights that never saw it.

Source: Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword Units".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bedside.errors import DataError
from bedside.lang import tr

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SPECIAL = ("<pad>", "<s>", "</s>", "<unk>")
PIECES = 8_000
"""At most: about 2,500 Chinese characters and the commoner half of a clinic's English words."""

SHARED_BY = 3

WORD = r"[\p{L}\p{M}&&[^\p{Han}]]+"
ALONE = r"\p{Han}|[^\p{L}\p{M}]"


def learn_vocabulary(texts: Sequence[str], patients: Sequence[str]) -> Tokenizer:
    """A tokenizer of at most `PIECES` pieces, the same for the same texts; `patients` says whose each text is.

    >>> texts = ["chest pain 胸痛"] * 3
    >>> learn_vocabulary(texts, ["a", "b", "c"]).encode("Chest 痛").tokens
    ['<s>', 'chest', '痛', '</s>']

    Raises DataError when no word is shared by `SHARED_BY` patients.
    """
    from tokenizers import processors, trainers

    tokenizer = _empty()
    words = _shared(tokenizer, texts, patients)
    if not words:
        raise DataError(
            tr(
                f"no word is shared by {SHARED_BY} patients: too little text to learn a vocabulary from",
                f"没有 {SHARED_BY} 名患者共有的词：文本过少，无法建立词表",
            ),
            next=tr(
                "more texts, or a pretrained backbone: bedside backbones",
                "增加文本，或改用预训练骨干：bedside backbones",
            ),
        )
    trainer = trainers.BpeTrainer(vocab_size=PIECES, special_tokens=list(SPECIAL), show_progress=False)
    tokenizer.train_from_iterator(([word] * count for word, count in words.items()), trainer)
    begin, end = SPECIAL[1:3]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, 1), (end, 2)]
    )
    return tokenizer


def _empty() -> Tokenizer:
    """Case and width of letters are laid aside: few texts, and `ＣＲＰ`, `CRP` and `crp` should be one word."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.BPE(unk_token=SPECIAL[3], fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(WORD), "isolated"),
            pre_tokenizers.Split(Regex(ALONE), "isolated"),
        ]
    )
    return tokenizer


def _shared(tokenizer: Tokenizer, texts: Sequence[str], patients: Sequence[str]) -> dict[str, int]:
    """How many patients have each word, for those that enough have; in alphabetical order."""
    having: dict[str, set[str]] = defaultdict(set)
    for text, patient in zip(texts, patients, strict=True):
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(text)):
            having[word].add(patient)
    return {word: len(those) for word, those in sorted(having.items()) if len(those) >= SHARED_BY}
