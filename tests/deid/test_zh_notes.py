"""Whole hand-written Chinese notes: bars of recall and precision, and notes without identity that must not change."""

from __future__ import annotations

from pathlib import Path

import pytest
from _marked import read_notes, score

from bedside.deid._find import find

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("file", "recall"),
    [
        ("zh_notes.txt", 0.98),
        ("zh_notes_second.txt", 0.95),
        ("zh_notes_third.txt", 0.95),
        ("zh_notes_fourth.txt", 0.95),
        ("zh_notes_fifth.txt", 0.94),
        ("zh_notes_sixth.txt", 0.95),
        ("zh_notes_seventh.txt", 0.85),
        ("zh_notes_eighth.txt", 0.97),
        ("zh_notes_ninth.txt", 0.95),
        ("zh_notes_tenth.txt", 0.97),
        ("zh_notes_eleventh.txt", 0.97),
    ],
)
def test_identity_in_notes_is_found_and_little_else(file: str, recall: float) -> None:
    result = score((note, find(note.text, lang="zh")) for note in read_notes(HERE / file))
    assert result.recall >= recall, result.missed
    assert result.precision >= 0.93, result.false


@pytest.mark.parametrize(
    "file",
    [f"zh_decoys{which}.txt" for which in ("", "_second", "_third", "_fourth", "_fifth", "_sixth")],
)
def test_notes_without_identity_stay_as_they_are(file: str) -> None:
    notes = list(read_notes(HERE / file))
    changed = [note.title for note in notes if find(note.text, lang="zh")]
    assert len(changed) <= 0.1 * len(notes), changed
