"""Documents of a library made for a test, an encoder by letters, and adding and asking in one line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bedside.formats._base import Problem
from bedside.library import About, Item, Library, add_items
from bedside.library._items import Changes

ABOUT = About(name="guides", licence="CC BY 4.0", version="2026")

GOUT = Item(id="gout", title="Gout", text="Colchicine is given within 36 hours.\n\nIce eases the pain.")

ZH = Item(id="dm", title="糖尿病", text="二甲双胍是2型糖尿病的首选药物。")

ASTHMA = Item(id="asthma", title="Asthma", text="Inhaled steroids prevent attacks.")


class Letters:
    """Encodes a text by its letters; counts what it encoded."""

    name = origin = "letters"
    size = 64

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += texts
        return self.questions(texts)

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(texts), self.size), np.float32)
        for row, text in enumerate(texts):
            for letter in text.lower():
                rows[row, ord(letter) % self.size] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def add(folder: Path, *items: Item | Problem, whole: bool = False, encoder: Letters | None = None) -> Changes:
    return add_items(folder, ABOUT, items, whole=whole, encoder=encoder)[0]


def found(folder: Path, query: str, encoder: Letters | None = None) -> list[str]:
    with Library(folder, encoder) as library:
        return [one.item for one in library.search(query)]
