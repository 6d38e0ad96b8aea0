"""ROUGE of a text against the one wanted: F of shared words, pairs of words, and the longest common sequence.

Words are runs of letters and digits in lower case, without stemming; a Chinese character is a word by itself.

Source: Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

HAN = "\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(f"[{HAN}]|[^\\W_{HAN}]+")


def words(text: str) -> list[str]:
    """The words of a text.

    >>> words("BP 120/80, 胸痛3天")
    ['bp', '120', '80', '胸', '痛', '3', '天']
    """
    return WORD.findall(text.lower())


def rouge(wanted: str, written: str) -> dict[str, float]:
    """`rouge1`, `rouge2` and `rougeL`, F from 0 to 1.

    >>> rouge("chest pain since Monday", "chest pain")["rouge1"]
    0.6666666666666666
    """
    one, two = words(wanted), words(written)
    found = {f"rouge{n}": _shared(_runs(one, n), _runs(two, n)) for n in (1, 2)}
    return {**found, "rougeL": _f(common(one, two), len(one), len(two))}


def common(one: Sequence[str], two: Sequence[str]) -> int:
    """The length of the longest sequence that both hold in order, gaps allowed.

    A row of the usual table is held as the bits of one whole number (Hyyrö 2004), so that long notes take no time.
    """
    places: dict[str, int] = {}
    for at, word in enumerate(one):
        places[word] = places.get(word, 0) | 1 << at
    everything = (1 << len(one)) - 1
    row = everything
    for word in two:
        met = row & places.get(word, 0)
        row = ((row + met) | (row - met)) & everything
    return len(one) - row.bit_count()


def _runs(found: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(found[at : at + n]) for at in range(len(found) - n + 1))


def _shared(one: Counter[tuple[str, ...]], two: Counter[tuple[str, ...]]) -> float:
    return _f((one & two).total(), one.total(), two.total())


def _f(shared: int, one: int, two: int) -> float:
    return 2 * shared / (one + two) if shared else 0.0
