"""What `bedside import` writes: where it may, for whom, and nothing of it under its name until it is whole."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from _imports import NOTES, run, write
from typer.testing import CliRunner

from bedside.cli import build
from bedside.errors import UsageError


def test_the_report_and_the_charts_cannot_be_one_file(tmp_path: Path) -> None:
    source, out = write(tmp_path / "in" / "a.csv", NOTES), tmp_path / "c.jsonl"
    arguments = ["import", str(source), "-o", str(out), "--report", str(tmp_path / "in" / ".." / "c.jsonl")]
    done = CliRunner().invoke(build(), arguments)
    assert isinstance(done.exception, UsageError)
    assert not out.exists()


def test_an_output_that_is_an_input_is_refused_and_the_input_stays(tmp_path: Path) -> None:
    source = write(tmp_path / "x.csv", NOTES)
    done = CliRunner().invoke(build(), ["import", str(source), "-o", str(source)])
    assert "replace an input" in str(done.exception)
    assert source.read_text() == NOTES


def test_the_folder_one_stands_in_is_named_in_the_refusal(tmp_path: Path) -> None:
    source = write(tmp_path / "x.csv", NOTES)
    done = CliRunner().invoke(build(), ["import", str(source), "-o", "."])
    assert str(done.exception).endswith("./")


def test_an_output_that_is_a_folder_is_a_wrong_use_at_once(tmp_path: Path) -> None:
    (tmp_path / "out" / "charts.jsonl").mkdir(parents=True)
    with pytest.raises(UsageError):
        run(tmp_path, write(tmp_path / "in" / "a.csv", NOTES))


def test_the_output_of_an_earlier_run_is_no_input(tmp_path: Path) -> None:
    write(tmp_path / "out" / "a.csv", NOTES)
    for _ in range(2):
        code, report, charts = run(tmp_path, tmp_path / "out")
        assert (code, len(charts), len(report["files"])) == (0, 2, 1)


def test_outputs_are_for_the_owner_only(tmp_path: Path) -> None:
    run(tmp_path, write(tmp_path / "in" / "a.csv", NOTES))
    for path in (tmp_path / "out").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


KILLED = """
import os, signal
from bedside import charts
from bedside.cli import main

def killed(out, rows, write=charts.write_charts):
    def until_half():
        for n, row in enumerate(rows):
            if n == 50:
                print(len(os.listdir(out.parent)), "under way")
                os.kill(os.getpid(), signal.SIGTERM)
            yield row
    return write(out, until_half())

charts.write_charts = killed
main()
"""


def test_a_killed_run_leaves_nothing_under_the_final_name(tmp_path: Path) -> None:
    source = write(tmp_path / "in" / "a.csv", "patient_id,text\n" + "".join(f"{n},note {n}\n" for n in range(100)))
    out = tmp_path / "out" / "charts.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, "import", str(source), "-o", str(out)], capture_output=True, check=False
    )
    assert done.returncode == 130, done.stderr
    assert int(done.stdout.split(b" under way")[0]) > 0
    assert b"Traceback" not in done.stderr
    assert list(out.parent.iterdir()) == []
