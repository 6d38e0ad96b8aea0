"""The command line as a user meets it: quick help, two languages, errors that say what to do, exit codes."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from bedside import cli, registry
from bedside.commands._call import call
from bedside.config import Recipe
from bedside.errors import ConfigError, UsageError

HEAVY = ("torch", "sklearn", "transformers", "onnxruntime", "lxml", "fastapi", "matplotlib", "duckdb", "numpy")


def bedside(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bedside", *words]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **env}, check=False)


def test_help_lists_every_verb_with_its_purpose() -> None:
    text = bedside("--help").stdout
    for name in registry.names("commands"):
        assert name in text


def test_a_purpose_is_told_in_full_and_without_a_verb_the_list_is_shown_as_wrong_use() -> None:
    told = " ".join(bedside("--help").stdout.split())
    for name in registry.names("commands"):
        assert registry.purpose("commands", name).partition(" | ")[0] in told
    group = bedside("data")
    assert (group.returncode, group.stderr) == (2, "")
    alone = bedside()
    assert alone.returncode == 2
    assert " ".join(alone.stdout.split()) == told


@pytest.mark.parametrize("verb", ["runs", "recipes", "data"])
def test_the_help_of_a_verb_with_words_of_its_own_offers_nothing_that_is_not_bedsides(verb: str) -> None:
    heard = bedside(verb, "--help").stdout
    assert "--help" in heard
    assert "completion" not in heard


def test_help_speaks_chinese_when_asked_and_english_when_not() -> None:
    assert "命令" not in bedside("--help").stdout.replace("命令行", "")
    assert "由临床医生决定" in bedside("--lang", "zh", "--help").stdout
    assert "由临床医生决定" in bedside("--help", BEDSIDE_LANG="zh").stdout


def test_an_unknown_language_is_refused_with_the_two_there_are() -> None:
    done = bedside("--lang", "fr", "--help")
    assert done.returncode == 2
    assert "en, zh" in done.stderr


def test_an_unknown_verb_is_wrong_use() -> None:
    assert bedside("diagnoze").returncode == 2


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (("diagnoze",), "no such command: diagnoze", "没有这个命令: diagnoze"),
        (("data", "splitt"), "no such command: splitt", "没有这个命令: splitt"),
        (("evaluate", "MODEL"), "must be given", "必须给出"),
        (("predict", "MODEL", "--teext", "x"), "no such option: --teext", "没有这个选项: --teext"),
        (("evaluate", "MODEL", "rows.csv", "--seed"), "this option needs a value: --seed", "该选项需要给出值: --seed"),
        (("evaluate", "MODEL", "rows.csv", "--seed", "x"), "must be a whole number", "应为整数"),
        (("evaluate", "MODEL", "rows.csv", "chest pain"), "more words than it takes", "多余的参数"),
    ],
)
def test_wrong_use_is_told_in_the_users_language_with_the_help_to_read(
    words: tuple[str, ...], english: str, chinese: str
) -> None:
    for lang, said, next in (("en", english, "Next: bedside"), ("zh", chinese, "下一步：bedside")):
        done = bedside("--lang", lang, *words)
        assert done.returncode == 2
        assert said in done.stderr
        assert next in done.stderr
        assert "chest pain" not in done.stderr


@pytest.mark.parametrize("verb", registry.names("commands"))
def test_a_verbs_help_loads_no_heavy_library(verb: str) -> None:
    script = (
        "import sys; sys.argv = ['bedside', sys.argv[1], '--help']\n"
        "from bedside.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script, verb], capture_output=True, text=True, check=False)
    assert "LOADED []" in done.stdout


@pytest.mark.parametrize("seed", ["-1", str(2**32), "99999999999999999999"])
@pytest.mark.parametrize(
    "words",
    [
        ("evaluate", "MODEL", "rows.csv"),
        ("explain", "MODEL", "chest pain"),
        ("crossval", "rows.csv"),
        ("quickstart",),
        ("data", "check", "rows.csv"),
        ("data", "split", "rows.csv", "-o", "parts"),
    ],
)
def test_a_seed_no_library_takes_is_wrong_use_and_the_range_is_told(words: tuple[str, ...], seed: str) -> None:
    with pytest.raises(UsageError, match=r"--seed: no such seed: .* Allowed: 0 - 4294967295") as caught:
        call(words[0], *words[1:], "--seed", seed)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_recipe_with_such_a_seed_is_refused_and_the_largest_is_taken(seed: int) -> None:
    with pytest.raises(ConfigError, match=r"fit\.seed"):
        Recipe.from_dict({"data": {"train": "notes.csv"}, "fit": {"seed": seed}})
    assert Recipe.from_dict({"data": {"train": "notes.csv"}, "fit": {"seed": 2**32 - 1}}).fit.seed == 2**32 - 1


def test_threads_that_wait_sleep_soon_unless_the_user_says_how_they_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    cli._waits_politely()
    assert "GOMP_SPINCOUNT" not in os.environ
    monkeypatch.delenv("OMP_WAIT_POLICY")
    monkeypatch.setenv("GOMP_SPINCOUNT", "7")
    cli._waits_politely()
    assert os.environ["GOMP_SPINCOUNT"] == "7"
    monkeypatch.delenv("GOMP_SPINCOUNT")
    cli._waits_politely()
    assert os.environ.pop("GOMP_SPINCOUNT") == "1000"


def test_a_full_disk_is_told_and_the_same_command_goes_on_when_there_is_room(tmp_path: Path) -> None:
    mention = {"text": "Denies chest pain.", "start": 7, "end": 17, "lang": "en"}
    spans, out = tmp_path / "spans.jsonl", tmp_path / "contexts.jsonl"
    spans.write_text("".join(json.dumps({"id": str(n), **mention}) + "\n" for n in range(200)), encoding="utf-8")
    command = [sys.executable, "-m", "bedside", "context", str(spans), "-o", str(out), "--resume"]
    small = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (8000, resource.RLIM_INFINITY))
    full = subprocess.run(command, capture_output=True, text=True, preexec_fn=small, check=False)
    told = "error: cannot be read or written (File too large). Next: make room, then the same command again"
    assert (full.returncode, full.stderr.strip()) == (2, told)
    assert not out.exists()
    assert subprocess.run(command, capture_output=True, text=True, check=False).returncode == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(line["id"], line["negated"]) for line in lines] == [(str(n), True) for n in range(200)]


@pytest.mark.parametrize(
    ("words", "said"), [((), "error: bedside itself failed"), (("--json",), '{"error": "OwnFault"')]
)
def test_a_fault_of_our_own_is_told_by_kind_and_place_without_the_text_it_quotes(
    words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise ValueError("Mrs. Gray, 81, denies chest pain")

    monkeypatch.setattr(cli, "build", lambda: lambda **_: fails())
    monkeypatch.setattr(sys, "argv", ["bedside", "context", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr().err
    assert ended.value.code == 1
    assert told.startswith(said)
    assert "ValueError at" in told
    assert "Gray" not in told
    monkeypatch.setenv("BEDSIDE_TRACEBACK", "1")
    with pytest.raises(ValueError, match="Gray"):
        cli.main()
