"""The verbs that a job may run, and which words each may be given: no other program, no path outside its folders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bedside.errors import UnknownName, UsageError
from bedside.lang import tr

Kind = Literal["in", "out", "word", "number", "set", "text"]
"""`in` and `out` are places in the folder of jobs (`in` also in that of models); a `word` names a column or a choice,
without a path; `text` is free."""
WORK, MODELS = "work", "models"
MOST_WORDS, MOST_CHARACTERS = 64, 400
_PATTERNS = {
    "word": re.compile(r"(?![-.~])[^/\\\x00-\x1f]+"),
    "number": re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?(e-?[0-9]{1,2})?"),
    "set": re.compile(r"[a-z_]+(\.[a-z_]+)*=(?![.~])[^/\\\x00-\x1f]*"),
    "text": re.compile(r"(?!-)[^\x00-\x1f]+"),
}


@dataclass(frozen=True)
class Verb:
    """What may follow a verb: `first` words that must, the kind of its `positional` words, options and their values.

    `again` is what lets it write over its own unfinished or unacknowledged work when it is run a second time.
    """

    positional: Kind | tuple[Kind, ...]
    options: dict[str, tuple[Kind, ...]] = field(default_factory=dict)
    first: tuple[str, ...] = ()
    again: tuple[str, ...] = ()


def _options(words: str, kind: Kind) -> dict[str, tuple[Kind, ...]]:
    return {f"--{word}": (kind,) for word in words.split()}


_OUT: dict[str, tuple[Kind, ...]] = {"-o": ("out",), "--out": ("out",)}
_FIT = _options("text text-b entities label patient id head backbone adapt", "word") | _options("epochs seed", "number")
_FORCE: dict[str, tuple[Kind, ...]] = {"--force": ()}
_IDENTITY: dict[str, tuple[Kind, ...]] = {"--identity": ("word", "text")}
_SET: dict[str, tuple[Kind, ...]] = {"--set": ("set",)}

VERBS: dict[str, Verb] = {
    "fit": Verb(("in",), _OUT | _FIT | _FORCE | _IDENTITY | _SET | _options("dev", "in"), again=("--force",)),
    "pretrain": Verb(
        "in",
        _OUT
        | _FORCE
        | _IDENTITY
        | _SET
        | _options("objective text backbone", "word")
        | _options("epochs max-minutes max-tokens seed", "number"),
        again=("--force",),
    ),
    "update": Verb(
        ("in", "in"),
        _OUT | _FORCE | _options("train", "in") | _options("epochs tolerance seed", "number"),
        again=("--force",),
    ),
    "compress": Verb(
        ("in",),
        _OUT
        | _FORCE
        | _options("data", "in")
        | _options("text label metric", "word")
        | _options("tolerance", "number"),
        again=("--force",),
    ),
    "evaluate": Verb(
        ("in", "in"),
        _options("against train", "in")
        | _options("report", "out")
        | _options("text text-b entities label patient subgroup", "word")
        | _options("seed", "number")
        | _SET
        | {"--no-texts": ()},
    ),
    "drift": Verb(
        ("in", "in"),
        _options("report", "out")
        | _options("text label truth patient time columns", "word")
        | _options("seed", "number"),
    ),
    "import": Verb(
        "in", _OUT | _options("report", "out") | _options("map", "set") | _options("format encoding sheet", "word")
    ),
    "knowledge": Verb(
        "in",
        _options("library", "out")
        | _options("name version kind id title text url date encoding encoder", "word")
        | _options("licence citation", "text")
        | {"--replace": ()},
        first=("add",),
    ),
}


def check(verb: str, words: Sequence[str], data: Path) -> list[str]:
    """The words as the verb will get them, paths whole; raises `UsageError` for whatever is not allowed.

    >>> check("fit", ["../clinic.db", "-o", "M"], Path("data"))
    Traceback (most recent call last):
    bedside.errors.UsageError: a path outside the folder of jobs: ../clinic.db. ...
    """
    if verb not in VERBS:
        raise UnknownName(tr("no such job", "没有该类作业"), value=verb, allowed=VERBS)
    if len(words) > MOST_WORDS or any(len(word) > MOST_CHARACTERS for word in words):
        raise UsageError(tr("too many words", "参数过多"), allowed=f"{MOST_WORDS} x {MOST_CHARACTERS}")
    spec = VERBS[verb]
    if tuple(words[: len(spec.first)]) != spec.first:
        raise UsageError(tr("not a job", "不可作为作业"), value=verb, allowed=f"{verb} {' '.join(spec.first)}")
    rest = words[len(spec.first) :]
    return [*spec.first, *(_checked(word, kind, data) for word, kind in _kinds(verb, rest))]


def outputs(verb: str, words: Sequence[str]) -> list[str]:
    """The places that a checked job writes to."""
    return [word for word, kind in _kinds(verb, words[len(VERBS[verb].first) :]) if kind == "out"]


def forced(verb: str, words: Sequence[str]) -> list[str]:
    """The words of a second attempt: what stands at its place is the first one's."""
    return [*words, *(word for word in VERBS[verb].again if word not in words)]


def _kinds(verb: str, words: Sequence[str]) -> Iterator[tuple[str, Kind | None]]:
    """Each word with its kind; None for an option's own name."""
    spec, waiting = VERBS[verb], iter(words)
    places: Iterator[Kind] = iter(
        spec.positional if isinstance(spec.positional, tuple) else [spec.positional] * MOST_WORDS
    )
    for word in waiting:
        if not word.startswith("-"):
            kind = next(places, None)
            if kind is None:
                raise UsageError(tr("one word too many", "多余的参数"), value=word)
            yield word, kind
            continue
        if word not in spec.options:
            raise UsageError(
                tr("an option that a job may not have", "作业不可使用该选项"), value=word, allowed=spec.options
            )
        yield word, None
        for kind in spec.options[word]:
            value = next(waiting, None)
            if value is None:
                raise UsageError(tr("a value is missing", "缺少取值"), value=word)
            yield value, kind


def _checked(word: str, kind: Kind | None, data: Path) -> str:
    if kind is None:
        return word
    if kind in ("in", "out"):
        return str(place(word, kind, data))
    if not _PATTERNS[kind].fullmatch(word):
        raise UsageError(tr("not a value that a job may have", "作业参数取值无效"), value=word, allowed=kind)
    return word


def place(word: str, kind: Kind | None, data: Path) -> Path:
    """The whole path; links are followed before it is asked where it leads."""
    work, models = (data / WORK).resolve(), (data / MODELS).resolve()
    asked = data / word if kind == "in" and word.startswith(f"{MODELS}/") else work / word
    try:
        found = asked.resolve()
    except (OSError, RuntimeError, ValueError):  # a NUL, a loop of links: no path at all
        raise UsageError(tr("a path that cannot be", "路径无法解析"), value=repr(word)) from None
    inside = found.is_relative_to(work) and found != work
    if not inside and not (kind == "in" and found.is_relative_to(models)):
        what = tr("a path outside the folder of jobs", "路径不在作业目录内")
        raise UsageError(what, value=word, allowed=str(work))
    if found.suffix == ".toml":
        what = tr("a recipe may name files anywhere: give the table", "配方可指向任意文件：请直接给出表格")
        raise UsageError(what, value=word)
    if kind == "in" and not found.exists():
        raise UsageError(tr("no such file or folder", "文件或目录不存在"), value=word, where=str(work))
    return found
