"""A library that many servers share: moved there whole, found alike, and back after its PostgreSQL was away."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_library_life import ABOUT, ASTHMA, GOUT, ZH, Letters, add, found, many

from bedside.errors import BedsideError, DataError, UsageError
from bedside.graph import _passages
from bedside.graph.from_library import gone
from bedside.library import Library, add_items
from bedside.library._database.address import ADDRESS, keep_address, read_address
from bedside.library._database.database import open_database
from bedside.library._database.share import share
from bedside.library._index import pgvector as _pgvector


@pytest.fixture
def address(postgresql: str) -> str:
    """A schema that nobody else uses."""
    return f"{postgresql}&schema=library_{uuid4().hex}"


@pytest.fixture
def two_servers(tmp_path: Path, address: str) -> tuple[Path, Path]:
    """The folders of two servers that share a library of three documents."""
    one, two = tmp_path / "one", tmp_path / "two"
    add(one, GOUT, ZH, ASTHMA, encoder=Letters())
    assert share(one, address) == 3
    assert share(two, address) == 0
    return one, two


def answers(folder: Path) -> list[list[tuple[str, str, float]]]:
    with Library(folder, Letters()) as library:
        asked = [("drug 7", "hybrid"), ("disease 49", "lexical"), ("药物3", "dense")]
        return [
            [(one.id, one.status, round(one.score, 3)) for one in library.search(query, 20, mode=mode)]
            for query, mode in asked
        ]


def test_a_library_answers_the_same_before_and_after_it_is_moved(tmp_path: Path, address: str) -> None:
    add(tmp_path / "one", *many(), encoder=Letters())
    add(tmp_path / "one", *many()[:30], whole=True, encoder=Letters())
    before = answers(tmp_path / "one")
    share(tmp_path / "one", address)
    share(tmp_path / "two", address)
    assert answers(tmp_path / "one") == before
    assert answers(tmp_path / "two") == before


def test_what_one_server_adds_or_withdraws_another_finds_or_finds_no_more(two_servers: tuple[Path, Path]) -> None:
    one, two = two_servers
    assert found(two, "colchicine") == ["gout"]
    add_items(one, ABOUT, [ZH, ASTHMA], whole=True, encoder=Letters())
    add(two, *many()[:3], encoder=Letters())
    assert found(two, "colchicine") == []
    assert found(one, "drug 2")[0] == "2"
    with Library(one) as library:
        assert library.sources()[0]["items"] == {"current": 5, "withdrawn": 1}


def test_a_name_in_the_database_is_no_way_out_of_the_folder(tmp_path: Path, two_servers: tuple[Path, Path]) -> None:
    tables = open_database(two_servers[0])
    (segment,) = tables.execute("SELECT name FROM segment").fetchone()
    tables.execute("INSERT INTO segment_file VALUES (?, ?, ?)", (segment, "../../../evil", b"x"))
    tables.close()
    assert found(two_servers[1], "colchicine") == ["gout"]
    assert not [path for path in tmp_path.rglob("*") if path.name == "evil"]


def test_one_writes_at_a_time_on_whichever_server(two_servers: tuple[Path, Path]) -> None:
    from bedside.library._database.database import only_writer

    one, two = two_servers
    tables = open_database(one)
    with only_writer(one, tables), pytest.raises(UsageError, match="another process"):
        add(two, GOUT, encoder=Letters())
    tables.close()


def test_the_graph_reads_a_shared_library_as_it_reads_a_folder(tmp_path: Path, two_servers: tuple[Path, Path]) -> None:
    label = replace(GOUT, id="colchicine", title="Colchicine [tablets]", citation="Drug label, set id 1. 50% off.")
    alone = tmp_path / "alone"
    add(alone, GOUT, ZH, ASTHMA, encoder=Letters())
    told = []
    for folder in (alone, two_servers[1]):
        add(folder, label, encoder=Letters())
        tables = open_database(folder)
        pieces = [(one.id, one.title, one.text) for one in _passages.pieces(tables, 0, 10)]
        told.append((pieces, list(_passages.entries(tables)), sorted(_passages.titles(tables, 1)), gone(tables)))
        tables.close()
    assert told[0] == told[1]
    assert [one.kind for one in told[0][1]] == ["label"]


def test_two_libraries_are_not_mixed(tmp_path: Path, two_servers: tuple[Path, Path], address: str) -> None:
    add(tmp_path / "other", GOUT)
    with pytest.raises(UsageError, match="already"):
        share(tmp_path / "other", address)
    assert found(tmp_path / "other", "colchicine") == ["gout"]


def test_a_move_that_breaks_off_leaves_both_places_as_they_were(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tmp_path, GOUT, encoder=Letters())

    def breaks(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(_pgvector.Vectors, "append", breaks)
        with pytest.raises(KeyboardInterrupt):
            share(tmp_path, address)
    assert found(tmp_path, "colchicine") == ["gout"]
    assert share(tmp_path, address) == 1
    assert found(tmp_path, "colchicine", Letters()) == ["gout"]


def test_a_lost_connection_is_made_again_but_no_half_transaction_goes_on(two_servers: tuple[Path, Path]) -> None:
    tables, other = (open_database(folder) for folder in two_servers)
    end = "SELECT pg_terminate_backend(?)"

    def cut() -> None:
        other.execute(end, tables.execute("SELECT pg_backend_pid()").fetchone())

    cut()
    assert tables.execute("SELECT count(*) FROM item").fetchone() == (3,)
    tables.execute("BEGIN")
    cut()
    with pytest.raises(DataError, match="does not answer"):
        tables.execute("DELETE FROM item")
    tables.execute("ROLLBACK")
    assert tables.execute("SELECT count(*) FROM item").fetchone() == (3,)
    tables.close()
    other.close()


def test_the_graph_of_many_vectors_finds_what_comparing_all_finds(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_pgvector, "EXACT", 30)
    add(tmp_path / "alone", *many(), encoder=Letters())
    keep_address(tmp_path / "shared", address)
    add(tmp_path / "shared", *many(), encoder=Letters())
    assert answers(tmp_path / "shared") == answers(tmp_path / "alone")
    tables = open_database(tmp_path / "shared")
    assert tables.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 'vector_near'").fetchone()[0] >= 1
    tables.close()


@pytest.mark.parametrize(
    "written",
    [
        "http://db/x",
        "postgresql://db",
        "postgresql://db/x?schema=a;drop",
        "",
        "db",
        "postgresql://[/x",
        "postgresql://db:port/x",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(UsageError, match="postgresql://USER"):
        read_address(written)


@given(st.text() | st.text().map("postgresql://{}".format))
def test_any_words_are_an_address_or_refused(written: str) -> None:
    with suppress(BedsideError):
        assert read_address(written).schema


def test_a_server_that_is_away_and_a_damaged_file_are_told_without_the_password(tmp_path: Path) -> None:
    keep_address(tmp_path, "postgresql://ann:s3cret@127.0.0.1:1/x")
    with pytest.raises(DataError, match="does not answer") as told:
        Library(tmp_path)
    assert "s3cret" not in str(told.value) + repr(read_address("postgresql://ann:s3cret@db/x"))
    assert (tmp_path / ADDRESS).stat().st_mode & 0o077 == 0
    (tmp_path / ADDRESS).write_text(json.dumps(["no"]))
    with pytest.raises(DataError, match="cannot be read"):
        Library(tmp_path)
