"""Wordings that no list has: which phrases are tried, when one is linked, and that without linking torch stays out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.knowledge.hpo import open_hpo
from bedside.phenotypes import linking
from bedside.phenotypes._phrases import phrases
from bedside.phenotypes._vectors import Encoder
from bedside.phenotypes.reader import Reader

LIKE = {"cold white fingers": ("Tachycardia", 0.9), "his odd gait": ("Fever", 0.6), "手脚冰凉发白": ("Fever", 0.97)}


@pytest.fixture
def linked(release: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """A reader whose encoder knows three phrases by heart: each is as near to one name as is said, and to no other."""
    hpo = open_hpo(release)
    axes = {name.lower(): number for number, name in enumerate(hpo.names)}

    def vectors(self: Encoder, texts: list[str], advance: object = None) -> np.ndarray:
        made = np.zeros((len(texts), len(axes)), np.float32)
        for line, text in enumerate(texts):
            name, near = LIKE.get(text.lower(), (text, 1.0))
            if name.lower() in axes:
                made[line, axes[name.lower()]] = near
        return made

    monkeypatch.setattr(Encoder, "vectors", vectors)
    monkeypatch.setattr(linking, "_check_installed", lambda name: None)
    return Reader(hpo, linker=linking.Linker(hpo))


def test_a_near_wording_is_linked_and_a_far_one_is_not(linked: Reader) -> None:
    found, near = linked.read_all("He has cold white fingers. We saw odd gait of his.")
    assert [(one.label, round(one.likeness or 0, 2)) for one in found] == [("Tachycardia", 0.9)]
    assert near == []


def test_a_linked_wording_has_its_context(linked: Reader) -> None:
    denied, kin = (linked.read(text)[0] for text in ("No cold white fingers.", "Her mother has cold white fingers."))
    assert denied.excluded
    assert not kin.present
    assert not kin.excluded


def test_a_chinese_wording_is_linked_and_a_number_is_not(linked: Reader) -> None:
    assert [one.label for one in linked.read("近日有手脚冰凉发白。")] == ["Fever"]
    assert phrases("血氧饱和度97%。", []) == []


@pytest.mark.parametrize("text", ["Her vision is normal today.", "Reflexes were entirely normal.", "各项检查均正常。"])
def test_what_is_normal_is_no_candidate(text: str) -> None:
    assert phrases(text, []) == []


def test_places_that_a_list_names_are_left_out() -> None:
    text = "Her fingers turn white, and her hair falls out."
    assert phrases(text, [(4, 11)]) == phrases(text, [(0, 24)])


@given(st.text("abno teh,. 无痛，。发 has with", max_size=60))
def test_phrases_lie_within_the_text_and_are_not_empty(text: str) -> None:
    assert all(0 <= start < end <= len(text) for start, end in phrases(text, []))


def test_without_linking_torch_is_not_imported(release: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bedside.knowledge.hpo import open_hpo; "
        "from bedside.phenotypes.reader import Reader; "
        f"Reader(open_hpo(Path({str(release)!r}))).read('No fever. 发热'); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
