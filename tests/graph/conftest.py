"""The made-up release, vocabulary and documents of _graph_cases.py as a library and its graph."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from _graph_cases import DRUGS, ITEMS, write_release

from bedside.graph._reader import How
from bedside.graph._schema import open_database
from bedside.graph._writer import Writer
from bedside.graph.from_files import add_vocabulary
from bedside.graph.from_hpo import add_hpo
from bedside.graph.from_library import Read, add_library
from bedside.knowledge.hpo import Hpo, open_hpo
from bedside.library import About, Item, add_items


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return write_release(tmp_path / "release")


@pytest.fixture
def hpo(release: Path) -> Hpo:
    return open_hpo(release)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "lib"


Fill = Callable[..., None]
Build = Callable[..., Read]


@pytest.fixture
def fill(folder: Path) -> Fill:
    """Puts items into the library; with `whole` they are all there are."""

    def filled(items: list[Item], whole: bool = True) -> None:
        add_items(folder, About(name="guides", licence="CC BY 4.0", version="1"), items, whole=whole)

    return filled


@pytest.fixture
def build(folder: Path, hpo: Hpo, release: Path, tmp_path: Path) -> Build:
    """Brings the graph up to date, with the vocabulary of drugs."""
    drugs = tmp_path / "drugs.jsonl"
    drugs.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in DRUGS), encoding="utf-8")

    def built(**how: object) -> Read:
        database = open_database(folder, make=True)
        writer = Writer(database)
        add_hpo(writer, hpo, release)
        add_vocabulary(writer, drugs, "drugs", "CC0")
        read = add_library(writer, folder, How(hpo=hpo, **how))  # type: ignore[arg-type]
        writer.finish()
        database.close()
        return read

    return built


@pytest.fixture
def graph_folder(fill: Fill, build: Build, folder: Path) -> Path:
    fill(ITEMS)
    build()
    return folder
