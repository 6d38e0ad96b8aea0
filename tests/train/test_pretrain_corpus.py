"""From files to blocks: every document once, in one part, its place told when left out, and no identity passed on."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from corpus_texts import pretrain_recipe, texts_of, write_corpus
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.backbones._load import load_backbone
from bedside.errors import ColumnError, DataError
from bedside.train.pretraining.corpus import Corpus, build_corpus
from bedside.train.pretraining.packer import Marks, Packer
from bedside.train.pretraining.shards import Shard, Shards, build_shards, marks_of, open_shards
from bedside.train.pretraining.words import BEGINS, CONTINUES, LAST, MARK

ECHO = load_backbone("echo").tokenizer


def corpus_of(folder: Path, *paths: Path, **settings: Any) -> Corpus:
    folder.mkdir(exist_ok=True)
    return build_corpus(pretrain_recipe(*paths, **settings), folder, lambda count: None)


def texts_by_part(corpus: Corpus) -> tuple[set[str], set[str]]:
    found = [(document.text, held) for document, held in corpus.read()]
    return {text for text, held in found if not held}, {text for text, held in found if held}


def shards_of(folder: Path, corpus: Corpus, objective: str = "mlm", size: int = 64) -> Shards:
    for _ in build_shards(
        corpus, ECHO, marks_of(ECHO, objective), folder, whole_words=objective == "mlm", max_tokens=size
    ):
        pass
    found = open_shards(folder)
    assert found is not None
    return found


def read_back(shard: Shard) -> str:
    ids = [number for row in range(len(shard.lengths)) for number in shard.block(row)[0]]
    return ECHO.decode([number for number in ids if number not in (1, 2)])


def test_text_tables_and_compressed_files_of_one_folder_are_all_read(tmp_path: Path) -> None:
    root = tmp_path / "corpus"
    (root / "inner").mkdir(parents=True)
    (root / "a.txt").write_text("First paragraph.\n\nSecond paragraph, same note.")
    (root / "inner" / "b.txt.gz").write_bytes(gzip.compress("胸痛三天。".encode("gb18030")))
    write_corpus(root / "c.jsonl", ["no fever", "no cough"])
    (root / "d.csv").write_text("id,text\n1,headache\n")
    (root / "scan.png").write_bytes(b"\x89PNG")
    corpus = corpus_of(tmp_path / "work", root)
    texts = {document.text for document, _ in corpus.read()}
    assert texts == {
        "First paragraph.\n\nSecond paragraph, same note.",
        "胸痛三天。",
        "no fever",
        "no cough",
        "headache",
    }
    assert [(one["file"], one["place"]) for one in corpus.refused] == [("scan.png", "")]


def test_blank_lines_part_the_documents_of_a_file_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("\nchest pain\non exertion\n\n \nheadache\n")
    found = [(document.place, document.text) for document, _ in corpus_of(tmp_path / "w", path).read()]
    assert found == [("line 2", "chest pain\non exertion"), ("line 6", "headache")]
    (tmp_path / "other.txt").write_text("dizzy")
    whole = corpus_of(tmp_path / "v", path, tmp_path / "other.txt", documents="file")
    assert whole.count == 2


def test_documents_that_cannot_be_used_are_counted_with_their_place_and_without_their_text(tmp_path: Path) -> None:
    path = write_corpus(tmp_path / "n.jsonl", texts_of(10))
    path.write_text(path.read_text() + '{"text": ""}\n{"text": "secret half\n')
    corpus = corpus_of(tmp_path / "w", path)
    assert corpus.count == 10
    assert sorted(one["place"] for one in corpus.refused) == ["line 11", "line 12"]
    assert "secret" not in str(corpus.refused)


def test_a_document_whose_identity_cannot_be_removed_is_left_out_and_the_others_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bedside.deid import scrub_texts

    def choking(notes: Any, **options: Any) -> Any:
        if any("Visit 3." in note.text for note in notes):
            raise RuntimeError(notes)
        return scrub_texts(notes, **options)

    monkeypatch.setattr("bedside.deid.scrub_texts", choking)
    path = write_corpus(tmp_path / "n.jsonl", texts_of(8))
    corpus = corpus_of(tmp_path / "w", path, identity="scrub", identity_reason="")
    assert corpus.count == 7
    assert [one["place"] for one in corpus.refused] == ["line 4"]
    assert "Visit 3." not in (tmp_path / "w" / "documents.jsonl").read_text()


def test_identity_is_gone_before_anything_is_kept_on_disk(tmp_path: Path) -> None:
    path = write_corpus(tmp_path / "n.jsonl", [*texts_of(5), "Call 617-555-0123 about the cough."])
    corpus_of(tmp_path / "w", path, identity="scrub", identity_reason="")
    kept = (tmp_path / "w" / "documents.jsonl").read_text()
    assert "617-555-0123" not in kept
    assert "about the cough" in kept


def test_held_out_documents_do_not_depend_on_their_order_but_on_the_seed(tmp_path: Path) -> None:
    texts = texts_of(60)
    one = texts_by_part(corpus_of(tmp_path / "a", write_corpus(tmp_path / "a.jsonl", texts)))
    turned = texts_by_part(corpus_of(tmp_path / "b", write_corpus(tmp_path / "b.jsonl", texts[::-1])))
    other = texts_by_part(corpus_of(tmp_path / "c", write_corpus(tmp_path / "c.jsonl", texts), seed=5))
    assert one == turned
    assert one[1] != other[1]
    assert len(one[1]) == 12


def test_copies_of_a_document_are_never_on_both_sides(tmp_path: Path) -> None:
    learnt, held = texts_by_part(corpus_of(tmp_path / "w", write_corpus(tmp_path / "n.jsonl", texts_of(30) * 3)))
    assert not learnt & held


def test_a_small_corpus_still_has_something_held_out_and_a_single_document_is_refused(tmp_path: Path) -> None:
    two = texts_by_part(corpus_of(tmp_path / "a", write_corpus(tmp_path / "a.jsonl", texts_of(2)), held_out=0.01))
    assert [len(part) for part in two] == [1, 1]
    with pytest.raises(DataError, match="two different documents"):
        corpus_of(tmp_path / "b", write_corpus(tmp_path / "b.jsonl", texts_of(1) * 4))


def test_a_missing_column_a_missing_file_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    path = write_corpus(tmp_path / "n.jsonl", texts_of(3))
    with pytest.raises(ColumnError, match="note"):
        corpus_of(tmp_path / "a", path, text="note")
    with pytest.raises(DataError, match=r"no document could be used: no such column"):
        corpus_of(tmp_path / "d", path, write_corpus(tmp_path / "m.jsonl", texts_of(3, seed=1)), text="note")
    with pytest.raises(DataError, match="no such file"):
        corpus_of(tmp_path / "b", tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no text and no table"):
        corpus_of(tmp_path / "c", tmp_path / "empty")


@pytest.mark.parametrize("objective", ["mlm", "clm"])
def test_every_piece_of_a_document_is_in_a_block_of_its_part(tmp_path: Path, objective: str) -> None:
    corpus = corpus_of(tmp_path / "w", write_corpus(tmp_path / "n.jsonl", texts_of(40)))
    shards = shards_of(tmp_path / "w", corpus, objective)
    for shard, texts in zip((shards.train, shards.held_out), texts_by_part(corpus), strict=True):
        assert max(shard.lengths) <= 64
        assert sorted(read_back(shard)) == sorted("".join(texts))
        assert all(text[:40] in read_back(shard) for text in texts)
    assert shards.counts.sum() == sum(len(text.encode()) for text in texts_by_part(corpus)[0])


def test_a_held_out_document_never_stands_in_a_training_block(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "w", write_corpus(tmp_path / "n.jsonl", texts_of(40)))
    learnt = read_back(shards_of(tmp_path / "w", corpus).train)
    assert not any(text.split(". ")[0] + ". " in learnt for text in texts_by_part(corpus)[1])


def test_a_document_no_letter_of_which_is_known_is_left_out(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "w", write_corpus(tmp_path / "n.jsonl", [*texts_of(9), "የጤና ምርመራ"]))
    minilm = load_backbone("minilm").tokenizer
    for _ in build_shards(corpus, minilm, marks_of(minilm, "mlm"), tmp_path / "w", whole_words=True, max_tokens=64):
        pass
    shards = open_shards(tmp_path / "w")
    assert shards is not None
    assert "line 10" in [one["place"] for one in shards.facts["refused"]]


@given(
    st.lists(st.lists(st.sampled_from([BEGINS, CONTINUES]), min_size=1, max_size=60), min_size=1, max_size=8),
    st.integers(8, 32),
    st.integers(0, 99),
)
@settings(deadline=None)
def test_blocks_are_never_too_long_and_break_a_word_only_when_it_fills_a_block(
    tmp_path_factory: pytest.TempPathFactory, documents: list[list[int]], size: int, seed: int
) -> None:
    dice = np.random.default_rng(seed)
    packer = Packer(tmp_path_factory.mktemp("p") / "train", np.dtype(np.uint16), Marks((1,), 2), size, True)
    for kinds in documents:
        flags = np.asarray([BEGINS, *kinds[1:]], np.uint8)
        cuts = np.flatnonzero(np.append(flags[1:] == BEGINS, True)) + 1
        packer.add(np.arange(3, 3 + len(flags)), flags, cuts[dice.random(len(cuts)) < 0.3])
    facts = packer.close()
    shard = Shard(
        np.fromfile(packer.stem.with_suffix(".ids"), np.uint16),
        np.fromfile(packer.stem.with_suffix(".flags"), np.uint8),
        np.asarray(packer.starts),
    )
    assert sum(map(len, documents)) == int((shard.flags < MARK).sum())
    assert facts["documents"] == int((shard.flags == LAST).sum())
    for row, length in enumerate(shard.lengths):
        ids, flags = shard.block(row)
        assert length <= size
        assert (ids[0], ids[-1]) == (1, 2)
        if flags[1] == CONTINUES:
            assert not (shard.block(row - 1)[1][2:-1] == BEGINS).any()
