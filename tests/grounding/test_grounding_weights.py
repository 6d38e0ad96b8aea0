"""What is shipped as data: weights of every feature, names that are told apart."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from bedside.grounding._apart import marks, sets
from bedside.grounding._compare import Comparison
from bedside.grounding._features import CONFLICTS, NAMES, Features
from bedside.grounding.weigh import weights


def test_every_feature_has_a_weight_and_none_speaks_for_a_sentence() -> None:
    assert set(weights().of) == set(NAMES)
    assert min(weights().of.values()) >= 0


def test_a_conflict_alone_is_enough() -> None:
    doubts = [weights().doubt(Comparison(Features(**{name: 1.0}), (), 1)) for name in CONFLICTS]
    assert min(doubts) > weights().bar


def test_each_word_of_a_set_is_found_in_a_text() -> None:
    read = tomllib.loads(files("bedside.grounding").joinpath("data/apart.toml").read_text(encoding="utf-8"))
    letters = ("L", "R", "F", "M")
    for name, row in read.items():
        for value, words in ((key, said.split("|")) for key, said in row.items() if isinstance(said, str)):
            for word in words:
                found = {(one.set, one.value) for one in marks(f"x {word} y")}
                assert word in letters or (name, value) in found, (name, value, word)


def test_what_has_fallen_may_still_be_high_but_not_have_risen() -> None:
    amount = sets()["amount"]
    assert not amount.clash("down", "high")
    assert amount.clash("down", "up")
    assert sets()["side"].agree("both", "left")
