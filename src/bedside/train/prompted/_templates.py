"""What a model is asked where the recipe has no `prompt`: templates in English and Chinese, as data."""

from __future__ import annotations

from collections.abc import Sequence

from bedside.backbones._load import HAN, HAN_SHARE
from bedside.config import FitRecipe
from bedside.errors import DataError
from bedside.lang import tr

TEMPLATES = {
    ("decoder", "en"): "Each text is about one of these: {labels}.\n\n{examples}Text: {text}\nIt is about:",
    ("decoder", "zh"): "每段文本属于以下类别之一：{labels}。\n\n{examples}文本：{text}\n类别：",
    ("decoder pair", "en"): (
        "How do two texts stand to each other? One of: {labels}.\n\n{examples}First: {text}\nSecond: {text_b}\nAnswer:"
    ),
    ("decoder pair", "zh"): (
        "两段文本是什么关系？选项：{labels}。\n\n{examples}第一段：{text}\n第二段：{text_b}\n回答："
    ),
    ("mask", "en"): "{text} This is about {mask}.",
    ("mask", "zh"): "{text} 以上内容的类别是{mask}。",
    ("mask pair", "en"): "{text} {mask}, {text_b}",
    ("mask pair", "zh"): "{text} {mask}，{text_b}",
    ("description", "en"): "This text is about {label}.",
    ("description", "zh"): "这段文本的内容属于{label}。",
}
"""By what reads it and the language of the training texts."""


def template_of(kind: str, fit: FitRecipe, texts: Sequence[str]) -> str:
    """The recipe's own, or the one of that kind in the language of the texts."""
    return fit.prompt or TEMPLATES[kind, language(texts)]


def language(texts: Sequence[str]) -> str:
    """Whether templates are English or Chinese.

    >>> language(["胸痛三天"]), language(["chest pain"])
    ('zh', 'en')
    """
    sample = "".join(text[:200] for text in texts[:500])
    return "zh" if len(HAN.findall(sample)) > HAN_SHARE * max(1, len(sample)) else "en"


def words_of(labels: Sequence[str], fit: FitRecipe) -> list[str]:
    """Each label in words: the recipe's, or its name with spaces for underscores; DataError for what is no label."""
    if strange := sorted(set(fit.label_words) - set(labels)):
        raise DataError(
            tr("label_words names what is no label of the training part", "label_words 中有训练部分没有的标签"),
            value=", ".join(strange),
            allowed=list(labels),
        )
    words = [fit.label_words.get(label, label.replace("_", " ")).strip() for label in labels]
    if not all(words) or len(set(words)) < len(words):
        raise DataError(
            tr("two labels have the same words, or one has none", "有标签的用词相同或为空"),
            value=f"label_words = {dict(zip(labels, words, strict=True))}",
            next=tr("give each its own: --set label_words.LABEL=WORD", "请分别指定：--set label_words.LABEL=WORD"),
        )
    return words


def joined(template: str, word: str) -> str:
    """A word as it follows a template: after a space, unless a blank, a line or a Chinese mark ends it.

    >>> joined("Answer:", "yes"), joined("类别：", "心内科")
    (' yes', '心内科')
    """
    return word if not template or template[-1].isspace() or ord(template[-1]) > 0x2E80 else f" {word}"
