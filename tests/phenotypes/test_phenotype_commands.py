"""`bedside phenotypes` and `bedside context` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from bedside.commands import context, phenotypes
from bedside.errors import UsageError
from bedside.lang import speaking

NOTES = [
    {"id": "a", "text": "Mr John Smith has fever, no rash.", "lang": "en"},
    {"id": "b", "text": "患者无发热，有抽搐。", "lang": "zh"},
]


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_notes_become_lines_of_present_and_excluded_without_their_text(release: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    phenotypes.run(str(write(tmp_path / "n.jsonl", NOTES)), out=out, hpo=release)
    first, second = lines(out)
    assert first["present"] == [{"id": "HP:0001945", "label": "Fever", "start": 18, "end": 23}]
    assert first["excluded"] == [{"id": "HP:0000988", "label": "Skin rash", "start": 28, "end": 32}]
    assert [second["id"], [one["label"] for one in second["excluded"]]] == ["b", ["Fever"]]  # type: ignore[attr-defined]
    assert "Smith" not in out.read_text(encoding="utf-8")


def test_a_stopped_run_goes_on_where_it_was(release: Path, tmp_path: Path) -> None:
    notes, out = write(tmp_path / "n.jsonl", NOTES), tmp_path / "out.jsonl"
    phenotypes.run(str(notes), out=out, hpo=release)
    whole = out.read_bytes()
    (tmp_path / "out.jsonl.part").write_bytes(whole[:-5])
    out.unlink()
    phenotypes.run(str(notes), out=out, hpo=release, resume=True)
    assert out.read_bytes() == whole


def test_the_page_for_curators_shows_no_identity(release: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    phenotypes.run(str(write(tmp_path / "n.jsonl", NOTES)), html=page, hpo=release)
    shown = page.read_text(encoding="utf-8")
    assert "Smith" not in shown
    assert 'class="present"' in shown
    assert 'class="excluded"' in shown


def test_one_text_is_shown_in_the_terminal(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    phenotypes.run("Mr John Smith has fever.", hpo=release)
    shown = capsys.readouterr().out
    assert "HP:0001945" in shown
    assert "Smith" not in shown


@pytest.mark.parametrize(("lang", "name"), [("zh", "发热"), ("en", "Fever")])
def test_findings_are_named_in_the_language_of_the_terminal(
    release: Path, capsys: pytest.CaptureFixture[str], lang: str, name: str
) -> None:
    with speaking(lang):
        phenotypes.run("He has pyrexia." if lang == "zh" else "患者有高热。", hpo=release)
    assert name in capsys.readouterr().out


def test_a_table_that_is_not_there_is_no_text(release: Path) -> None:
    with pytest.raises(UsageError):
        phenotypes.run("missing.jsonl", hpo=release)


def test_contexts_are_five_booleans_and_a_bad_place_is_told(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "lang": "zh", "text": "无发热", "start": 1, "end": 3},
        {"id": "b", "lang": "en", "text": "fever", "start": 3, "end": 99},
    ]
    out = tmp_path / "out.jsonl"
    with pytest.raises(typer.Exit):
        context.run(write(tmp_path / "s.jsonl", rows), out=out)
    first, second = lines(out)
    flags = {"negated": True, "historical": False, "family": False, "hypothetical": False, "uncertain": False}
    assert first == {"id": "a", **flags}
    assert "error" in second
