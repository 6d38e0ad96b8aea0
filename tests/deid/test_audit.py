"""The audit log: every re-identification leaves a line, and no line can be taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bedside.deid.vault.audit import AuditLog, Disclosure
from bedside.errors import VaultError


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    return AuditLog(tmp_path / "audit.jsonl", b"k" * 32)


def ask(log: AuditLog, name: str = "P-1", why: str = "随访") -> str:
    return log.append(Disclosure(who="dr.li", why=why, pseudonym=name))


def test_who_when_why_and_which_are_written(log: AuditLog) -> None:
    ask(log)
    line = json.loads(log.path.read_text())
    assert (line["who"], line["why"], line["pseudonym"]) == ("dr.li", "随访", "P-1")
    assert line["when"].startswith("20")
    assert log.verify() == 1


def test_without_a_reason_nothing_is_written(log: AuditLog) -> None:
    with pytest.raises(VaultError, match="reason"):
        ask(log, why="  ")
    assert not log.path.exists()


@pytest.mark.parametrize("fault", ["changed", "removed", "swapped", "forged", "garbled"])
def test_a_log_that_was_touched_is_noticed(log: AuditLog, fault: str) -> None:
    for name in ("P-1", "P-2", "P-3"):
        ask(log, name)
    lines = log.path.read_text().splitlines()
    if fault == "changed":
        lines[1] = lines[1].replace("P-2", "P-9")
    elif fault == "removed":
        del lines[1]
    elif fault == "swapped":
        lines[0], lines[1] = lines[1], lines[0]
    elif fault == "forged":
        lines.append(json.dumps({"n": 4, "who": "x", "why": "y", "pseudonym": "P-4", "when": "2024", "mark": "0" * 64}))
    else:
        lines[2] = "{"
    log.path.write_text("\n".join(lines) + "\n")
    with pytest.raises(VaultError, match="changed"):
        log.verify()
    with pytest.raises(VaultError, match="changed"):
        ask(log)


def test_lines_cut_off_at_the_end_are_noticed_with_the_end_that_was_kept(log: AuditLog) -> None:
    ends = [ask(log, name) for name in ("P-1", "P-2")]
    assert log.verify(ends[1]) == 2
    log.path.write_text(log.path.read_text().splitlines()[0] + "\n")
    assert log.verify() == 1
    with pytest.raises(VaultError, match="changed"):
        log.verify(ends[1])


def test_a_log_that_vanished_is_noticed(log: AuditLog) -> None:
    end = ask(log)
    log.path.unlink()
    with pytest.raises(VaultError, match="changed"):
        log.verify(end)


def test_a_log_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="cannot be written"):
        ask(AuditLog(tmp_path / "no folder" / "audit.jsonl", b"k" * 32))
