"""The baseline of a reader: the sentence of a text that shares most with the question, rare words counting more."""

from __future__ import annotations

import re

import numpy as np

from bedside.evaluate.baselines.rivals import Rows, is_chinese
from bedside.types import Excerpt

SENTENCE = re.compile(r"\S(?:(?![。！？!?\n]|\.(?=\s)).)*(?:[。！？!?]|\.(?=\s|$))?")


def sentences_of(text: str) -> list[Excerpt]:
    """The sentences of a text, at their places.

    >>> [one.text for one in sentences_of("No fever. 咳嗽三天。无痰。")]
    ['No fever.', '咳嗽三天。', '无痰。']
    """
    return [Excerpt(found.start(), found.end(), found[0]) for found in SENTENCE.finditer(text)]


def likest_sentences(train: Rows, test: Rows) -> list[Excerpt]:
    """Of each second text the sentence of highest TF-IDF cosine with the first; weights from the training part."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    known = [*train.texts, *(one.text for given in train.given for one in sentences_of(given.second))]
    unit = {"analyzer": "char", "ngram_range": (1, 2)} if is_chinese(known) else {}
    vectors = TfidfVectorizer(**unit, sublinear_tf=True)
    try:
        vectors.fit(known)
    except ValueError:  # no text holds a word: nothing is like anything
        return [Excerpt()] * len(test.texts)
    found = []
    for question, given in zip(test.texts, test.given, strict=True):
        sentences = sentences_of(given.second)
        likeness = vectors.transform([one.text for one in sentences]) @ vectors.transform([question]).T
        found.append(sentences[int(np.argmax(likeness.toarray()))])
    return found
