"""What a job may be told: verbs of a list, words of their kinds, and no path outside its folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.clinic.jobs.verbs import VERBS, check, forced, outputs
from bedside.errors import BedsideError, UsageError
from bedside.registry import names


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "work" / "in").mkdir(parents=True)
    (folder / "models" / "triage" / "1").mkdir(parents=True)
    (folder / "clinic.db").write_text("secret")
    (folder / "work" / "a.csv").write_text("text\n")
    (folder / "work" / "db").symlink_to(folder / "clinic.db")
    (folder / "work" / "etc").symlink_to("/etc")
    return folder


def test_every_verb_of_the_list_is_a_verb_of_bedside() -> None:
    assert set(VERBS) <= set(names("commands"))


def test_a_fit_reads_and_writes_in_the_folder_of_jobs(data: Path) -> None:
    words = ["a.csv", "--text", "title+note", "-o", "m", "--epochs", "3", "--set", "fit.lr=1e-4", "--force"]
    checked = check("fit", words, data)
    assert checked[0] == str(data / "work" / "a.csv")
    assert outputs("fit", checked) == [str(data / "work" / "m")]


def test_a_registered_model_may_be_read_and_never_written(data: Path) -> None:
    assert check("evaluate", ["models/triage/1", "a.csv"], data)[0] == str(data / "models" / "triage" / "1")
    with pytest.raises(UsageError, match="outside"):
        check("compress", ["models/triage/1", "-o", "../models/triage/1"], data)


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("serve", ["--data", "x"]),
        ("users", ["add", "eve", "--role", "admin"]),
        ("knowledge", ["search", "gout"]),
        ("fit", ["../clinic.db", "-o", "m"]),
        ("fit", ["/etc/passwd", "-o", "m"]),
        ("fit", ["db", "-o", "m"]),
        ("fit", ["etc/passwd", "-o", "m"]),
        ("fit", ["a.csv", "-o", "."]),
        ("fit", ["a.csv", "-o", "../audit"]),
        ("fit", ["a.csv", "-o", "etc/cron.d"]),
        ("fit", ["none.csv", "-o", "m"]),
        ("fit", ["a.csv", "a.csv", "-o", "m"]),
        ("fit", ["a.csv", "--backbone", "/models/x"]),
        ("fit", ["a.csv", "--backbone", "../x"]),
        ("fit", ["a.csv", "--set", "data.corpus=/etc/passwd"]),
        ("fit", ["a.csv", "--set", "data.corpus=../x"]),
        ("fit", ["a.csv", "--epochs", "many"]),
        ("fit", ["a.csv", "--out"]),
        ("fit", ["a.csv", "--text", "--force"]),
        ("evaluate", ["models/triage/1", "a.csv", "--entities-from", "m"]),
        ("import", ["a.csv", "--recipe", "x.toml"]),
        ("import", ["a.csv"] * 65),
    ],
)
def test_what_leaves_the_folder_or_the_list_is_refused(data: Path, verb: str, words: list[str]) -> None:
    with pytest.raises(UsageError):
        check(verb, words, data)


def test_a_recipe_may_name_files_anywhere_so_a_job_takes_a_table(data: Path) -> None:
    (data / "work" / "recipe.toml").write_text('[data]\ntrain = "/etc/passwd"\n')
    with pytest.raises(UsageError, match="recipe"):
        check("fit", ["recipe.toml", "-o", "m"], data)


def test_a_second_attempt_may_write_over_the_first(data: Path) -> None:
    assert forced("fit", ["a", "-o", "m"]) == ["a", "-o", "m", "--force"]
    assert forced("import", ["a", "-o", "m"]) == ["a", "-o", "m"]


WORDS = st.sampled_from(
    ["-o", "--out", "--set", "--text", "--force", "..", "/", "~", "a.csv", "models/triage/1", "etc/x"]
)


@given(st.sampled_from(sorted(VERBS)), st.lists(WORDS | st.text(max_size=12), max_size=8))
def test_whatever_is_said_no_path_leaves_the_folders(data: Path, verb: str, words: list[str]) -> None:
    try:
        checked = check(verb, words, data)
    except BedsideError:
        return
    roots = (str(data / "work") + os.sep, str(data / "models") + os.sep)
    for word in checked:
        for part in (word, *word.split("=")[1:]):
            assert not (os.path.isabs(part) or ".." in Path(part).parts) or part.startswith(roots)
    assert all(place.startswith(roots[0]) for place in outputs(verb, checked))
