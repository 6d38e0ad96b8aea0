"""A process that reads notes for weeks does not remember ever more of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from bedside.deid import find_many
from bedside.deid.patterns.anchors import CHARACTERS, WORDS

HAN = [chr(code) for code in range(0x4E00, 0x5C00)]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def notes(seed: int) -> list[str]:
    """Notes that name someone and somewhere, each in words of its own."""
    dice = Random(seed)

    def han(most: int) -> str:
        return "".join(dice.choices(HAN, k=dice.randint(2, most)))

    def word() -> str:
        return "".join(dice.choices(LETTERS, k=7)).capitalize()

    return [
        f"姓名：{han(3)}，籍贯：{han(5)}{han(4)}，现住{han(4)}市{han(3)}镇{han(3)}村。{han(4)}人，由{han(2)}医生接诊，转自{han(5)}医院。"
        f"\nPatient {word()} {word()} of {word()}, {word()} was seen by Dr. {word()} at {word()} {word()} Hospital."
        for _ in range(60)
    ]


def without_bound() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every memory of de-identification that never lets go of anything."""
    for name, module in list(sys.modules.items()):
        if name.startswith("bedside.deid"):
            for one in vars(module).values():
                if hasattr(one, "cache_parameters") and one.cache_parameters()["maxsize"] is None:
                    yield f"{one.__module__}.{one.__qualname__}", one


def test_what_is_remembered_for_good_does_not_grow_with_the_notes_that_are_read() -> None:
    WORDS.file()
    CHARACTERS.file()
    find_many(notes(1))
    held = {name: memory.cache_info().currsize for name, memory in without_bound()}  # type: ignore[attr-defined]
    assert len(held) > 20
    find_many(notes(2))
    grown = {name: memory.cache_info().currsize for name, memory in without_bound()}  # type: ignore[attr-defined]
    assert {name: size for name, size in grown.items() if size != held.get(name)} == {}
