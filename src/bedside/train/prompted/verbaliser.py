"""Labels as words in a gap: an encoder that was trained to guess masked words scores each label's words at the mask.

Source: Schick & Schütze 2021, "Exploiting Cloze Questions for Few Shot Text Classification and Natural Language
Inference" (PET), without its training.
"""

from __future__ import annotations

from bedside import registry
from bedside.backbones._base import Backbone
from bedside.backbones._causal import is_decoder
from bedside.backbones._hub import resolve
from bedside.backbones._load import load_backbone
from bedside.backbones._word_head import MaskedWordHead, find_word_head
from bedside.config import Recipe
from bedside.errors import DataError, UsageError
from bedside.lang import tr
from bedside.model.asked import EXAMPLES, MASK, SECOND, TEXT, fixed_tokens, marks_of
from bedside.model.engines.mask import MaskEngine
from bedside.model.inputs import BLANK, UNKNOWN
from bedside.train.data import Parts
from bedside.train.defaults import Choice
from bedside.train.pretraining.extend import MASKS
from bedside.train.prompted._base import Asked, chosen_prior, mean_prior, needs, room_for_text
from bedside.train.prompted._templates import template_of, words_of


def verbaliser(recipe: Recipe, parts: Parts) -> Asked:
    """The mean log probability of each label's pieces at the mask."""
    fit, two = recipe.fit, parts.form.two
    backbone, head = _loaded(fit.backbone)
    tokenizer = backbone.tokenizer
    template = template_of("mask pair" if two else "mask", fit, parts.train.texts)
    needs(template, TEXT, MASK, *((SECOND,) if two else ()), without=(EXAMPLES,) if two else (EXAMPLES, SECOND))
    found = next((id for mark in MASKS if (id := tokenizer.token_to_id(mark)) is not None), None)
    if found is None:
        raise _no_head(backbone.name)
    mask: int = found
    words = words_of(parts.labels, fit)
    answers = [_pieces(backbone, word) for word in words]
    opening, closing = marks_of(tokenizer)
    fixed = len(opening) + len(closing) + fixed_tokens(tokenizer, template)
    limit = min(fit.max_tokens, backbone.max_tokens - max(map(len, answers)))
    room_for_text(fixed, limit)

    def engine(prior: list[float]) -> MaskEngine:
        return MaskEngine(backbone.network, head, tokenizer, backbone.pad_id, mask=mask, answers=answers, prior=prior)

    return Asked(
        backbone=backbone,
        engine=engine([0.0] * len(words)),
        settle=lambda scores: engine(mean_prior(scores).tolist()),
        limits={
            "prefix": backbone.prefix,
            "max_tokens": limit,
            "template": template,
            "marks": [opening, closing, [mask]],
        },
        prior=chosen_prior(fit.prior, "content_free"),
        settings={"engine": "mask"},
        choices=[
            Choice(
                "prompt",
                template,
                tr("the recipe's", "配方所定") if fit.prompt else tr("by head and language", "按输出层与语言"),
            ),
            Choice(
                "pieces",
                max(map(len, answers)),
                tr("masks that the longest label's words fill", "最长标签词所占的掩码数"),
            ),
        ],
    )


def _loaded(name: str) -> tuple[Backbone, MaskedWordHead]:
    """An encoder with its masked-word head, from a folder or the hub; those that are embedded come without one."""
    if name == "auto" or name in registry.names("backbones"):
        raise _no_head(name)
    backbone = load_backbone(name)
    head = None if is_decoder(backbone.network) else find_word_head(resolve(name), backbone.network)
    if head is None:
        raise _no_head(name)
    return backbone, head


def _no_head(name: str) -> UsageError:
    return UsageError(
        tr("this backbone cannot guess masked words", "该骨干没有掩码词输出层，无法填空"),
        value=name,
        allowed=tr(
            "the folder of a masked language model (BERT, RoBERTa, DistilBERT), or of bedside pretrain",
            "掩码语言模型目录（BERT、RoBERTa、DistilBERT），或 bedside pretrain 所得目录",
        ),
        next=tr(
            "bedside pretrain CORPUS --objective mlm -o FOLDER, then --backbone FOLDER",
            "bedside pretrain CORPUS --objective mlm -o FOLDER，再用 --backbone FOLDER",
        ),
    )


def _pieces(backbone: Backbone, word: str) -> list[int]:
    """A word as ids; DataError where the vocabulary has no such pieces."""
    tokenizer = backbone.tokenizer
    drop = {tokenizer.token_to_id(mark) for mark in (*UNKNOWN, BLANK)}
    found = list(tokenizer.encode(word, add_special_tokens=False).ids)
    kept = [id for id in found if id not in drop]
    unknown = [id for id in found if id in {tokenizer.token_to_id(mark) for mark in UNKNOWN}]
    if unknown or not kept:
        raise DataError(
            tr("the backbone does not know this label's words", "骨干的词表不含该标签的用词"),
            value=word,
            next=tr("give it others: --set label_words.LABEL=WORD", "请另行指定：--set label_words.LABEL=WORD"),
        )
    return kept


METHOD = verbaliser
