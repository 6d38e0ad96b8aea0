"""Where charts and answers are written: the place is checked before the work, and appears whole or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from bedside.commands._answers import growing_file, take_up
from bedside.errors import UsageError
from bedside.files import check_out, whole_file
from bedside.lang import set_lang

NOTE = "胸痛三天, chest pain for three days\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.csv"
    path.write_text(NOTE, encoding="utf-8")
    return path


def test_folders_on_the_way_to_a_new_report_are_made(tmp_path: Path, notes: Path) -> None:
    check_out(tmp_path / "ward 3" / "胸科" / "report.html", inputs=[notes, None])
    assert (tmp_path / "ward 3" / "胸科").is_dir()
    with whole_file(tmp_path / "ward 4" / "clean.jsonl") as file:
        file.write(NOTE)
    assert (tmp_path / "ward 4" / "clean.jsonl").read_text(encoding="utf-8") == NOTE


def test_the_notes_themselves_are_no_output_however_they_are_named(
    tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.csv").symlink_to(notes)
    os.link(notes, tmp_path / "hard.csv")
    (tmp_path / "here").symlink_to(tmp_path)
    for name in ("notes.csv", "./notes.csv", "link.csv", "hard.csv", "here/notes.csv"):
        with pytest.raises(UsageError, match="named twice"):
            check_out(Path(name), inputs=[notes])
    check_out(Path("scrubbed.csv"), inputs=[notes])
    assert notes.read_text(encoding="utf-8") == NOTE


def test_two_outputs_that_are_not_there_yet_are_one_file_too(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="named twice"):
        check_out(tmp_path / "a.json", inputs=[tmp_path / "x" / ".." / "a.json"])


def test_a_folder_where_notes_should_go_is_refused_and_told_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ward").mkdir()
    with pytest.raises(UsageError, match=r"a folder stands where the file should go: ward\. Next"):
        check_out(Path("ward"))
    for dots in (".", "", "ward/.."):
        with pytest.raises(UsageError) as refused:
            check_out(Path(dots))
        assert f"{tmp_path}. Next" in str(refused.value)
    with pytest.raises(UsageError, match="a folder stands"), whole_file(Path("ward")):
        raise AssertionError("no work is done for an output that cannot be written")


def test_a_report_may_go_beside_the_files_of_a_model_and_never_over_one(tmp_path: Path) -> None:
    weights = tmp_path / "model" / "head" / "weights"
    weights.parent.mkdir(parents=True)
    weights.write_text("1")
    (tmp_path / "link").symlink_to(weights)
    for report in (weights, tmp_path / "link", tmp_path / "model" / "x" / ".." / "head" / "weights"):
        with pytest.raises(UsageError, match="would be overwritten"):
            check_out(report, whole=[None, tmp_path / "model"])
    for report in (tmp_path / "model" / "page.html", tmp_path / "model.html"):
        check_out(report, whole=[tmp_path / "model"])


def test_a_file_where_a_folder_should_go_is_refused_and_a_folder_that_is_there_is_not(notes: Path) -> None:
    set_lang("zh")
    with pytest.raises(UsageError, match="是一个文件"):
        check_out(notes, folder=True)
    check_out(notes.parent, folder=True)


def test_a_place_under_a_file_or_with_too_long_a_name_cannot_be_written(notes: Path) -> None:
    for out in (notes / "out.jsonl", notes / "a" / "out.jsonl", notes.with_name("x" * 300)):
        with pytest.raises(UsageError, match=r"cannot write there: .*out\.jsonl|cannot write there: .*xxx"):
            check_out(out, inputs=[notes])


def test_a_device_is_never_replaced_by_a_file() -> None:
    with pytest.raises(UsageError, match="not a plain file"):
        check_out(Path("/dev/null"))


def test_the_file_that_standard_output_goes_to_is_no_output_under_any_name(tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; from bedside.files import check_out; check_out(Path(sys.argv[1]))"
    heard = tmp_path / "heard.jsonl"
    for name in ("link", "heard.jsonl"):
        with heard.open("wb") as stream:
            (tmp_path / "link").unlink(missing_ok=True)
            (tmp_path / "link").symlink_to("/dev/stdout")
            command = [sys.executable, "-c", script, str(tmp_path / name)]
            done = subprocess.run(command, stdout=stream, stderr=subprocess.PIPE, text=True, check=False)
        assert "standard output goes there" in done.stderr
        assert "Next: -o -" in done.stderr


def test_a_link_to_where_answers_are_kept_stays_a_link_and_its_file_is_written(tmp_path: Path) -> None:
    kept, link = tmp_path / "kept" / "answers.jsonl", tmp_path / "answers.jsonl"
    kept.parent.mkdir()
    link.symlink_to(kept)
    for write in (whole_file, partial(growing_file, resume=False)):
        for text in (NOTE, NOTE * 2):
            with write(link) as file:
                file.write(text)
            assert kept.read_text(encoding="utf-8") == text
            assert link.is_symlink()
        assert sorted(path.name for path in tmp_path.rglob("*")) == ["answers.jsonl", "answers.jsonl", "kept"]
        kept.unlink()


@pytest.mark.parametrize("resume", [False, True])
def test_a_second_run_onto_the_same_answers_is_refused_and_the_first_goes_on(tmp_path: Path, resume: bool) -> None:
    out = tmp_path / "answers.jsonl"

    def again() -> None:
        if resume:
            take_up(out, iter(["1", "2"]))
        with growing_file(out, resume=resume) as second:
            second.write("among the first one's answers\n")

    with growing_file(out, resume=False) as first:
        first.write('{"id": "1", "error": "no text"}\n{"id": "2"')
        first.flush()
        with pytest.raises(UsageError, match=r"another process is at work there: .*answers\.jsonl\.part"):
            again()
        first.write(', "error": "no text"}\n')
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == ["1", "2"]


@pytest.mark.parametrize("name", ["r" * 250, "病" * 84])
def test_a_name_as_long_as_the_disk_allows_is_written(tmp_path: Path, name: str) -> None:
    with whole_file(tmp_path / name) as file:
        file.write(NOTE)
    assert (tmp_path / name).read_text(encoding="utf-8") == NOTE
