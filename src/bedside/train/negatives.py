"""Hard cases for a ranking: documents of the training part that share a question's words and are not its answer.

Source: Karpukhin et al. 2020, "Dense Passage Retrieval": one BM25 negative a question beside those of the batch.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bedside.model.bm25 import BM25
from bedside.model.forms.ranking import given_documents
from bedside.model.given import Given
from bedside.model.rows import Labelled


def with_negatives(rows: Labelled, count: int) -> Labelled:
    """Each row that came with its right document alone, with `count` wrong ones beside it: a list as others come.

    A document that is right for the same question in another row is no negative.
    """
    documents = list(dict.fromkeys(text for one in rows.given for text in given_documents(one)))
    number = {text: place for place, text in enumerate(documents)}
    right: dict[str, list[int]] = {}
    for text, beside in zip(rows.texts, rows.given, strict=True):
        right.setdefault(text, []).extend(number[one] for one in given_documents(beside))
    scored = BM25(documents).blocks(rows.texts)
    given, labels = list(rows.given), list(rows.labels)
    for row, scores in enumerate(scored):
        if given[row].documents:
            continue
        scores[right[rows.texts[row]]] = 0
        alike = np.argsort(-scores, kind="stable")[:count]
        wrong = [documents[place] for place in alike if scores[place] > 0]
        given[row] = Given(documents=(given[row].second, *wrong))
        labels[row] = (("1", 1), *((str(place), 0) for place in range(2, len(wrong) + 2)))
    return replace(rows, given=given, labels=labels)
