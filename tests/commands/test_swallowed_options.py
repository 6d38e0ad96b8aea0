"""The name of an option is never taken for the value of the one before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedside.commands._call import call
from bedside.errors import UsageError


@pytest.mark.parametrize(
    "words",
    [
        ("runs", "--report", "--help"),
        ("runs", "compare", "last", "last", "--report", "--json"),
        ("fit", "train.csv", "--text", "--label", "urgent"),
        ("deidentify", "notes.jsonl", "-o", "--spans"),
    ],
)
def test_an_option_followed_by_another_is_told_to_need_a_value_and_nothing_is_written(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="needs a value"):
        call(*words)
    assert list(tmp_path.iterdir()) == []


def test_a_value_that_begins_with_a_dash_but_names_no_option_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BEDSIDE_HOME", str(tmp_path / "home"))
    assert call("runs", "--report", "-runs.html")[0] == 0
    assert Path("-runs.html").exists()
