"""A library over time: only what changed is indexed, what is gone is never found, a kill loses one batch at most."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from _library_items import ABOUT, ASTHMA, GOUT, ZH, Letters, add, found

from bedside.errors import UsageError
from bedside.formats._base import Problem
from bedside.library import Item, Library, add_items
from bedside.library import _writer as writing
from bedside.library._database.database import only_writer, open_database


def test_the_version_and_licence_of_a_document_go_before_those_of_its_source(place: Path) -> None:
    add(place, replace(GOUT, version="rev 3", licence="CC0", citation="Li W. Gout. 2024."), ZH)
    with Library(place) as library:
        one, two = library.search("gout")[0], library.search("二甲双胍")[0]
    assert (one.version, one.licence, one.citation) == ("rev 3", "CC0", "Li W. Gout. 2024.")
    assert (two.version, two.licence) == ("2026", "CC BY 4.0")


@pytest.mark.parametrize("missing", ["name", "licence", "version"])
def test_a_source_without_name_licence_or_version_is_refused_with_words(tmp_path: Path, missing: str) -> None:
    with pytest.raises(UsageError, match=f"--{missing}"):
        add_items(tmp_path / "new", replace(ABOUT, **{missing: " "}), [GOUT])
    assert not (tmp_path / "new").exists()


def test_the_same_again_is_not_indexed_again_and_of_a_changed_one_only_the_changed_passage(place: Path) -> None:
    long = Item(id="a", title="A", text="\n\n".join(f"{word} " * 150 for word in ("rest", "ice", "heat")))
    encoder = Letters()
    assert add(place, long, ZH, encoder=encoder).passages == 4
    with Library(place, encoder) as library:
        before = {one.text[:4]: one.id for one in library.passages()}
    encoder.encoded.clear()
    same = add(place, long, ZH, encoder=encoder)
    assert (same.same, same.passages, encoder.encoded) == (2, 0, [])
    changed = add(place, replace(long, text="New words first.\n\n" + long.text.replace("ice", "snow")), encoder=encoder)
    assert (changed.changed, changed.passages) == (1, len(encoder.encoded))
    assert all(text.startswith(("A\nNew", "A\nsnow")) for text in encoder.encoded)
    with Library(place, encoder) as library:
        after = {one.text[:4]: one.id for one in library.passages()}
        assert after["heat"] == before["heat"]
        assert all(library.text_of(one)[one.start : one.end] == one.text for one in library.passages())
        assert library.get(before["ice "]).status == "superseded"


@pytest.mark.parametrize("encoder", [None, Letters()])
def test_what_is_no_longer_in_a_whole_source_is_withdrawn_and_never_found(place: Path, encoder: Letters | None) -> None:
    add(place, GOUT, ZH, encoder=encoder)
    with Library(place, encoder) as library:
        cited, open_before = library.search("colchicine")[0], library
        assert add(place, ZH, whole=True, encoder=encoder).withdrawn == 1
        assert "gout" not in [one.item for one in open_before.search("colchicine ice pain")]
    assert "gout" not in found(place, "colchicine ice pain", encoder)
    with Library(place, encoder) as library:
        old = library.get(cited.id)
        assert (old.status, old.text) == ("withdrawn", cited.text)
        assert library.sources()[0]["items"] == {"current": 1, "withdrawn": 1}
    add(place, GOUT, encoder=encoder)
    assert "gout" in found(place, "colchicine", encoder)


def test_nothing_is_withdrawn_where_a_part_of_the_source_could_not_be_read(place: Path) -> None:
    add(place, GOUT, ZH)
    changes, problems = add_items(place, ABOUT, [ZH, Problem("line 2", "damaged")], whole=True)
    assert changes.withdrawn == 0
    assert [one.place for one in problems] == ["line 2", "guides"]
    assert found(place, "colchicine") == ["gout"]


def test_a_retracted_article_is_kept_and_never_found_and_one_retracted_later_neither(place: Path) -> None:
    add(place, replace(GOUT, retracted="retracted publication"), ASTHMA)
    assert found(place, "colchicine") == []
    add(place, replace(ASTHMA, retracted="retracted publication"))
    assert found(place, "steroids") == []


def test_a_guideline_that_replaces_another_takes_its_place_whichever_came_first(places: Callable[[str], Path]) -> None:
    newer = Item(id="gout-2", title="Gout", text="Colchicine in low dose.", replaces=("gout",))
    for order in ((GOUT, newer), (newer, GOUT)):
        folder = places(order[0].id)
        assert add(folder, *order).superseded == 1
        assert found(folder, "colchicine") == ["gout-2"]
    with Library(folder) as library:
        old = next(one for one in (library.get(id) for id in _ids(library)) if one.item == "gout")
        assert (old.status, old.replaced_by) == ("superseded", "gout-2")


def _ids(library: Library) -> list[str]:
    return [id for (id,) in library._database.execute("SELECT id FROM passage")]


def test_two_documents_of_one_id_are_told_and_the_first_is_kept(place: Path) -> None:
    _, problems = add_items(place, ABOUT, [GOUT, replace(ASTHMA, id="gout"), replace(ZH, text=" ")])
    assert [(one.place, one.what) for one in problems] == [
        ("gout", "another item has this id; left out"),
        ("dm", "no text; left out"),
    ]


def test_a_document_without_an_id_is_named_after_what_it_says(place: Path) -> None:
    add(place, replace(GOUT, id=""))
    assert add(place, replace(GOUT, id="")).same == 1


def test_ten_additions_answer_as_one(places: Callable[[str], Path]) -> None:
    items = [Item(id=str(n), title=f"T{n}", text=f"gout {'ice ' * n} rest {n}") for n in range(30)]
    add(places("one"), *items)
    for item in items:
        add(places("many"), item)
    answers = []
    for name in ("one", "many"):
        with Library(places(name)) as library:
            answers.append([(one.item, one.score) for one in library.search("ice for gout 7", 30)])
    assert answers[0] == answers[1]
    assert len(list((places("many") / "lexical").iterdir())) < 12


def test_a_halves_of_a_character_and_a_null_do_not_move_what_follows(place: Path) -> None:
    add(place, Item(id="x", title="", text="a\x00b\ud800c\n\nColchicine 痛风"))
    with Library(place) as library:
        one = library.search("colchicine")[0]
        assert library.text_of(one)[one.start : one.end] == one.text


def test_a_second_writer_is_refused_and_a_reader_is_not(place: Path) -> None:
    add(place, GOUT)
    with closing(open_database(place)) as tables, only_writer(place, tables):
        assert found(place, "gout") == ["gout"]
        with pytest.raises(UsageError, match="another process"):
            add(place, ZH)
    add(place, ZH)


def test_a_fault_midway_leaves_what_was_committed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "ITEMS", 2)

    def items():
        yield from (GOUT, ZH, ASTHMA)
        raise RuntimeError("a fault")

    with pytest.raises(RuntimeError):
        add_items(place, ABOUT, items(), encoder=Letters())
    assert found(place, "colchicine") == ["gout"]
    assert found(place, "steroids") == []
    assert add(place, GOUT, ZH, ASTHMA, encoder=Letters()).same == 2


KILLED = """
import os, signal, sys
sys.path.insert(0, {tests!r})
import test_library_life as life
from bedside.library import _writer

from bedside.library._index import files as _indexes
_writer.BATCH_ENCODED = 8
done = _indexes.Indexes.add
def add(self, fresh):
    done(self, fresh)
    if fresh[-1][0] > {after}:
        os.kill(os.getpid(), signal.SIGKILL)  # vectors and segment are on the disk, the transaction is not
_indexes.Indexes.add = add
life.add(life.Path({folder!r}), *life.many(), encoder=life.Letters())
"""


def many() -> list[Item]:
    return [
        Item(id=str(n), title=f"Drug {n}", text=f"Drug {n} treats disease {n * 7}. 药物{n}治疗疾病。")
        for n in range(40)
    ]


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
def test_a_library_whose_writer_was_killed_opens_and_goes_on_to_the_same_answers(places: Callable[[str], Path]) -> None:
    folder = places("killed")
    code = KILLED.format(tests=str(Path(__file__).parent), folder=str(folder), after=16)
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-800:]
    with Library(folder, Letters()) as library:
        kept = len(list(library.passages()))
        assert kept == 16
        assert library.search("drug 3", mode="lexical")[0].item == "3"
    assert add(folder, *many(), encoder=Letters()).same == kept
    add(places("whole"), *many(), encoder=Letters())
    answers = []
    for name in ("killed", "whole"):
        with Library(places(name), Letters()) as library:
            answers.append([[one.item for one in library.search(f"disease {n * 7}", 20)] for n in range(40)])
    assert answers[0] == answers[1]
    named = {name for (name,) in Library(folder)._database.execute("SELECT name FROM segment")}
    assert {one.name for one in (folder / "lexical").iterdir()} == named
