"""A library over time: only what changed is indexed, what is gone is never found, a kill loses one batch at most."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bedside.errors import UsageError
from bedside.formats._base import Problem
from bedside.library import About, Item, Library, add_items
from bedside.library import _writer as writing
from bedside.library._items import Changes

ABOUT = About(name="guides", licence="CC BY 4.0", version="2026")
GOUT = Item(id="gout", title="Gout", text="Colchicine is given within 36 hours.\n\nIce eases the pain.")
ZH = Item(id="dm", title="糖尿病", text="二甲双胍是2型糖尿病的首选药物。")
ASTHMA = Item(id="asthma", title="Asthma", text="Inhaled steroids prevent attacks.")


class Letters:
    """Encodes a text by its letters; counts what it encoded."""

    name = origin = "letters"
    size = 64

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += texts
        return self.questions(texts)

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(texts), self.size), np.float32)
        for row, text in enumerate(texts):
            for letter in text.lower():
                rows[row, ord(letter) % self.size] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def add(folder: Path, *items: Item | Problem, whole: bool = False, encoder: Letters | None = None) -> Changes:
    return add_items(folder, ABOUT, items, whole=whole, encoder=encoder)[0]


def found(folder: Path, query: str, encoder: Letters | None = None) -> list[str]:
    with Library(folder, encoder) as library:
        return [one.item for one in library.search(query)]


@pytest.mark.parametrize(
    ("query", "item"), [("colchicine", "gout"), ("二甲双胍", "dm"), ("steroid for asthma", "asthma")]
)
def test_a_question_finds_the_passage_that_speaks_of_it(tmp_path: Path, query: str, item: str) -> None:
    add(tmp_path, GOUT, ZH, ASTHMA)
    assert found(tmp_path, query)[0] == item


def test_nothing_in_common_finds_nothing(tmp_path: Path) -> None:
    add(tmp_path, GOUT, ZH)
    assert found(tmp_path, "fracture") == []
    assert found(tmp_path, "骨折") == []


def test_a_passage_is_the_exact_characters_of_its_document_and_carries_source_version_and_licence(
    tmp_path: Path,
) -> None:
    add(tmp_path, GOUT, ZH, ASTHMA)
    with Library(tmp_path) as library:
        passages = list(library.passages())
        assert len(passages) == 3
        for one in passages:
            assert library.text_of(one)[one.start : one.end] == one.text
            assert (one.source, one.version, one.licence, one.status) == ("guides", "2026", "CC BY 4.0", "current")
            assert library.get(one.id) == one
        assert passages[0].citation == "Gout. guides (2026)"


def test_the_version_and_licence_of_a_document_go_before_those_of_its_source(tmp_path: Path) -> None:
    add(tmp_path, replace(GOUT, version="rev 3", licence="CC0", citation="Li W. Gout. 2024."), ZH)
    with Library(tmp_path) as library:
        one, two = library.search("gout")[0], library.search("二甲双胍")[0]
    assert (one.version, one.licence, one.citation) == ("rev 3", "CC0", "Li W. Gout. 2024.")
    assert (two.version, two.licence) == ("2026", "CC BY 4.0")


@pytest.mark.parametrize("missing", ["name", "licence", "version"])
def test_a_source_without_name_licence_or_version_is_refused_with_words(tmp_path: Path, missing: str) -> None:
    with pytest.raises(UsageError, match=f"--{missing}"):
        add_items(tmp_path / "new", replace(ABOUT, **{missing: " "}), [GOUT])
    assert not (tmp_path / "new").exists()


def test_the_same_again_is_not_indexed_again_and_of_a_changed_one_only_the_changed_passage(tmp_path: Path) -> None:
    long = Item(id="a", title="A", text="\n\n".join(f"{word} " * 150 for word in ("rest", "ice", "heat")))
    encoder = Letters()
    assert add(tmp_path, long, ZH, encoder=encoder).passages == 4
    with Library(tmp_path, encoder) as library:
        before = {one.text[:4]: one.id for one in library.passages()}
    encoder.encoded.clear()
    same = add(tmp_path, long, ZH, encoder=encoder)
    assert (same.same, same.passages, encoder.encoded) == (2, 0, [])
    changed = add(
        tmp_path, replace(long, text="New words first.\n\n" + long.text.replace("ice", "snow")), encoder=encoder
    )
    assert (changed.changed, changed.passages) == (1, len(encoder.encoded))
    assert all(text.startswith(("A\nNew", "A\nsnow")) for text in encoder.encoded)
    with Library(tmp_path, encoder) as library:
        after = {one.text[:4]: one.id for one in library.passages()}
        assert after["heat"] == before["heat"]
        assert all(library.text_of(one)[one.start : one.end] == one.text for one in library.passages())
        assert library.get(before["ice "]).status == "superseded"


@pytest.mark.parametrize("encoder", [None, Letters()])
def test_what_is_no_longer_in_a_whole_source_is_withdrawn_and_never_found(
    tmp_path: Path, encoder: Letters | None
) -> None:
    add(tmp_path, GOUT, ZH, encoder=encoder)
    with Library(tmp_path, encoder) as library:
        cited, open_before = library.search("colchicine")[0], library
        assert add(tmp_path, ZH, whole=True, encoder=encoder).withdrawn == 1
        assert "gout" not in [one.item for one in open_before.search("colchicine ice pain")]
    assert "gout" not in found(tmp_path, "colchicine ice pain", encoder)
    with Library(tmp_path, encoder) as library:
        old = library.get(cited.id)
        assert (old.status, old.text) == ("withdrawn", cited.text)
        assert library.sources()[0]["items"] == {"current": 1, "withdrawn": 1}
    add(tmp_path, GOUT, encoder=encoder)
    assert "gout" in found(tmp_path, "colchicine", encoder)


def test_nothing_is_withdrawn_where_a_part_of_the_source_could_not_be_read(tmp_path: Path) -> None:
    add(tmp_path, GOUT, ZH)
    changes, problems = add_items(tmp_path, ABOUT, [ZH, Problem("line 2", "damaged")], whole=True)
    assert changes.withdrawn == 0
    assert [one.place for one in problems] == ["line 2", "guides"]
    assert found(tmp_path, "colchicine") == ["gout"]


def test_a_retracted_article_is_kept_and_never_found_and_one_retracted_later_neither(tmp_path: Path) -> None:
    add(tmp_path, replace(GOUT, retracted="retracted publication"), ASTHMA)
    assert found(tmp_path, "colchicine") == []
    add(tmp_path, replace(ASTHMA, retracted="retracted publication"))
    assert found(tmp_path, "steroids") == []


def test_a_guideline_that_replaces_another_takes_its_place_whichever_came_first(tmp_path: Path) -> None:
    newer = Item(id="gout-2", title="Gout", text="Colchicine in low dose.", replaces=("gout",))
    for order in ((GOUT, newer), (newer, GOUT)):
        folder = tmp_path / order[0].id
        assert add(folder, *order).superseded == 1
        assert found(folder, "colchicine") == ["gout-2"]
    with Library(folder) as library:
        old = next(one for one in (library.get(id) for id in _ids(library)) if one.item == "gout")
        assert (old.status, old.replaced_by) == ("superseded", "gout-2")


def _ids(library: Library) -> list[str]:
    return [id for (id,) in library._database.execute("SELECT id FROM passage")]


def test_two_documents_of_one_id_are_told_and_the_first_is_kept(tmp_path: Path) -> None:
    _, problems = add_items(tmp_path, ABOUT, [GOUT, replace(ASTHMA, id="gout"), replace(ZH, text=" ")])
    assert [(one.place, one.what) for one in problems] == [
        ("gout", "another item has this id; left out"),
        ("dm", "no text; left out"),
    ]


def test_a_document_without_an_id_is_named_after_what_it_says(tmp_path: Path) -> None:
    add(tmp_path, replace(GOUT, id=""))
    assert add(tmp_path, replace(GOUT, id="")).same == 1


def test_ten_additions_answer_as_one(tmp_path: Path) -> None:
    items = [Item(id=str(n), title=f"T{n}", text=f"gout {'ice ' * n} rest {n}") for n in range(30)]
    add(tmp_path / "one", *items)
    for item in items:
        add(tmp_path / "many", item)
    answers = []
    for name in ("one", "many"):
        with Library(tmp_path / name) as library:
            answers.append([(one.item, one.score) for one in library.search("ice for gout 7", 30)])
    assert answers[0] == answers[1]
    assert len(list((tmp_path / "many" / "lexical").iterdir())) < 12


def test_a_halves_of_a_character_and_a_null_do_not_move_what_follows(tmp_path: Path) -> None:
    add(tmp_path, Item(id="x", title="", text="a\x00b\ud800c\n\nColchicine 痛风"))
    with Library(tmp_path) as library:
        one = library.search("colchicine")[0]
        assert library.text_of(one)[one.start : one.end] == one.text


def test_meaning_is_searched_beside_words_and_either_alone(tmp_path: Path) -> None:
    encoder = Letters()
    add(tmp_path, GOUT, ZH, ASTHMA, encoder=encoder)
    with Library(tmp_path, encoder) as library:
        assert [one.item for one in library.search("colchicine", mode="lexical")] == ["gout"]
        assert len(library.search("colchicine", mode="dense")) == 3
        assert library.search("colchicine", mode="hybrid")[0].item == "gout"
        assert [one.item for one in library.search("gout", 1, sources=["guides"])] == ["gout"]
        with pytest.raises(UsageError, match="no such source"):
            library.search("gout", sources=["other"])
    with Library(tmp_path) as words, pytest.raises(UsageError, match="--mode lexical"):
        words.search("gout", mode="dense")


def test_a_reranker_puts_the_first_passages_in_its_order(tmp_path: Path) -> None:
    add(tmp_path, GOUT, ASTHMA)
    with Library(tmp_path, rerank=lambda _, texts: [float("Asthma" in text) for text in texts]) as library:
        assert [one.item for one in library.search("pain attacks")] == ["asthma", "gout"]


def test_vectors_of_one_encoder_are_not_searched_with_another(tmp_path: Path) -> None:
    add(tmp_path, GOUT, encoder=Letters())
    with pytest.raises(UsageError, match="another encoder"):
        add(tmp_path, ZH)
    other = Letters()
    other.name = "other"  # type: ignore[misc]
    with pytest.raises(UsageError, match="another encoder"):
        Library(tmp_path, other)


def test_a_second_writer_is_refused_and_a_reader_is_not(tmp_path: Path) -> None:
    add(tmp_path, GOUT)
    with writing.only_writer(tmp_path):
        assert found(tmp_path, "gout") == ["gout"]
        with pytest.raises(UsageError, match="another process"):
            add(tmp_path, ZH)
    add(tmp_path, ZH)


def test_a_fault_midway_leaves_what_was_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "ITEMS", 2)

    def items():
        yield from (GOUT, ZH, ASTHMA)
        raise RuntimeError("a fault")

    with pytest.raises(RuntimeError):
        add_items(tmp_path, ABOUT, items(), encoder=Letters())
    assert found(tmp_path, "colchicine") == ["gout"]
    assert found(tmp_path, "steroids") == []
    assert add(tmp_path, GOUT, ZH, ASTHMA, encoder=Letters()).same == 2


KILLED = """
import os, signal, sys
sys.path.insert(0, {tests!r})
import test_library_life as life
from bedside.library import _writer, _indexes
_writer.BATCH_ENCODED = 8
done = _indexes.Indexes.add
def add(self, fresh, rows):
    done(self, fresh, rows)
    if rows >= {after}:
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
def test_a_library_whose_writer_was_killed_opens_and_goes_on_to_the_same_answers(tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    code = KILLED.format(tests=str(Path(__file__).parent), folder=str(folder), after=16)
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-800:]
    with Library(folder, Letters()) as library:
        kept = len(list(library.passages()))
        assert kept == 16
        assert library.search("drug 3", mode="lexical")[0].item == "3"
    assert add(folder, *many(), encoder=Letters()).same == kept
    add(tmp_path / "whole", *many(), encoder=Letters())
    answers = []
    for name in ("killed", "whole"):
        with Library(tmp_path / name, Letters()) as library:
            answers.append([[one.item for one in library.search(f"disease {n * 7}", 20)] for n in range(40)])
    assert answers[0] == answers[1]
    named = {name for (name,) in Library(folder)._database.execute("SELECT name FROM segment")}
    assert {one.name for one in (folder / "lexical").iterdir()} == named
