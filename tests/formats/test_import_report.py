"""What an import tells: a table without names of columns, and very many problems."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bedside.cli import build


def imported(folder: Path, text: str) -> dict[str, object]:
    (folder / "t.csv").write_text(text, encoding="utf-8")
    out, report = folder / "charts.jsonl", folder / "report.json"
    said = CliRunner().invoke(build(), ["import", str(folder / "t.csv"), "-o", str(out), "--report", str(report)])
    assert said.exit_code == 3
    (file,) = json.loads(report.read_text())["files"]
    return {**file, "said": said.output}


@pytest.mark.parametrize(
    "first", ["101,The patient has had pain in the left hip,2024-01-01", "7,患者左髋疼痛。,2024-01-01"]
)
def test_a_table_whose_first_line_is_a_row_is_told_and_its_words_are_not_shown(tmp_path: Path, first: str) -> None:
    file = imported(tmp_path, f"{first}\n102,No pain today,2024-01-02\n")
    assert "looks like a row" in file["problems"][0]["what"]
    assert "hip" not in str(file["said"]) + str(file["notes"])
    assert "髋" not in str(file["said"]) + str(file["notes"])


def test_very_many_problems_are_counted_and_none_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.commands._import_report.MOST", 3)
    rows = "".join(f"{n},cough,2024-13-45\n" for n in range(8))
    file = imported(tmp_path, f"patient,text,date\n{rows}")
    *told, rest = file["problems"]
    assert len(told) == 3
    assert rest["what"].startswith("5 more: impossible date")
