"""A line a row, over one process or several: the same lines in the same order, whatever becomes of a row."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import typer

from bedside.commands._lines import TableRow, answer_each, table_rows, tell, write_lines
from bedside.commands._pool import in_order
from bedside.errors import DataError
from bedside.lang import speaking, tr

DEADLY, FAULTY, UNFORESEEN = "deadly", "faulty", "unforeseen"


def seen(row: TableRow) -> dict[str, Any]:
    """What a worker makes of a note: it may die of it, refuse it, or come upon what nobody foresaw."""
    text = row.row["text"]
    if text == DEADLY:
        os._exit(9)
    if text == FAULTY:
        raise DataError(tr("no findings", "没有表型"))
    if text == UNFORESEEN:
        raise KeyError("chest pain since Monday")
    return {"present": [len(text)]}


def opens() -> Any:
    return partial(answer_each, seen)


def notes(folder: Path, *texts: str) -> Path:
    path = folder / "notes.jsonl"
    path.write_text("".join(json.dumps({"id": f"n{n}", "text": text}) + "\n" for n, text in enumerate(texts)))
    return path


def written(folder: Path, table: Path, name: str = "out.jsonl", **how: Any) -> tuple[list[dict[str, Any]], Any]:
    out = folder / name
    did = write_lines(out, table_rows(table), opens(), title="reading", batch=4, opens=opens, **how)
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()], did


def test_two_processes_write_what_one_does(tmp_path: Path) -> None:
    table = notes(tmp_path, *("a" * (n % 5 + 1) for n in range(30)), FAULTY, "b")
    one, did_one = written(tmp_path, table)
    two, did_two = written(tmp_path, table, "two.jsonl", jobs=2)
    assert [line["id"] for line in two] == [f"n{n}" for n in range(32)]
    assert (one, did_one) == (two, did_two)
    assert did_two == {"rows": 32, "failed": 1, "skipped": 0}


def test_a_note_that_kills_its_process_is_told_and_all_others_are_answered(tmp_path: Path) -> None:
    table = notes(tmp_path, *"abcde", DEADLY, *"ghijklm")
    with speaking("zh"):
        lines, did = written(tmp_path, table, jobs=2)
    assert [line["id"] for line in lines if "error" in line] == ["n5"]
    assert "进程" in lines[5]["error"]
    assert (len(lines), did["failed"]) == (13, 1)


def test_processes_that_never_begin_are_no_table_of_errors() -> None:
    with pytest.raises(DataError, match="end as soon as they begin"):
        list(in_order(_dies, [["a", "b"]], 1, str))


def _dies() -> Callable[[list[Any]], list[Any]]:
    os._exit(9)


@pytest.mark.parametrize(("text", "why"), [(FAULTY, "no findings"), (UNFORESEEN, "could not be processed (KeyError)")])
def test_why_a_row_has_no_answer_is_told_without_its_text(tmp_path: Path, text: str, why: str) -> None:
    lines, did = written(tmp_path, notes(tmp_path, "a", text, "b"))
    assert [line.get("error") for line in lines] == [None, why, None]
    assert did["failed"] == 1


def test_what_cannot_be_opened_in_another_process_is_told_here() -> None:
    with pytest.raises(DataError, match=r"no such release\. Next: --hpo"):
        list(in_order(_refuses, [["a"]], 1, str))


def _refuses() -> Callable[[list[Any]], list[Any]]:
    raise DataError("no such release", next="--hpo")


def test_a_run_that_is_broken_off_leaves_no_process_and_keeps_whole_lines(tmp_path: Path) -> None:
    table, out = notes(tmp_path, *("a" for _ in range(40))), tmp_path / "out.jsonl"
    rows = table_rows(table)

    def stopped() -> Iterator[TableRow]:
        yield from islice(rows, 30)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_lines(out, stopped(), opens(), title="", batch=4, opens=opens, jobs=2)
    assert multiprocessing.active_children() == []
    assert not out.exists()
    kept = len((tmp_path / "out.jsonl.part").read_text(encoding="utf-8").splitlines())
    assert 0 < kept < 30
    _, did = written(tmp_path, table, resume=True, jobs=2)
    assert (did["skipped"], did["rows"]) == (kept, 40 - kept)


def test_processes_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "run.py"
    program.write_text(PARENT)
    parent = subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    for _ in range(6000):
        if not _alive(worker):
            return
        time.sleep(0.05)
    os.kill(worker, signal.SIGKILL)
    raise AssertionError("the worker outlived its parent")


PARENT = """
import os, time
from bedside.commands._pool import in_order

def work(rows):
    if rows[0]:
        time.sleep(60)
    return [os.getpid()]

def opens():
    return work

if __name__ == "__main__":
    for process in in_order(opens, iter([[0], [1], [1]]), 1, str):
        print(process, flush=True)
"""


def _alive(process: int) -> bool:
    """Whether it runs still; one that has ended and waits to be told of is no longer alive."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def test_a_row_without_an_answer_makes_the_run_done_in_part(capsys: pytest.CaptureFixture[str]) -> None:
    tell({"failed": 0}, "written", as_json=False)
    with pytest.raises(typer.Exit) as partly:
        tell({"failed": 1}, "", as_json=True)
    assert partly.value.exit_code == 3
    assert capsys.readouterr().out == 'written\n{"failed": 1}\n'
