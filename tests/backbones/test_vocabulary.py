"""A vocabulary learnt from the texts: both languages, no patient's own words, the same for the same texts."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pytest

from bedside.backbones._vocabulary import learn_vocabulary
from bedside.errors import DataError
from bedside.model.inputs import encode

NOTES = ["Chest pain since Monday; CRP 120 mg/L", "胸痛三天，加重一天，CRP 升高", "No chest pain. 无发热"]
TEXTS = NOTES * 4
PATIENTS = [str(number // len(NOTES)) for number in range(len(TEXTS))]
PROGRAM = """
import sys
from bedside.backbones._vocabulary import learn_vocabulary
texts = sys.argv[1].split("|")
sys.stdout.write(learn_vocabulary(texts, [str(n // 3) for n in range(len(texts))]).to_str())
"""


def test_both_languages_are_read_in_whole_words_and_characters() -> None:
    tokenizer = learn_vocabulary(TEXTS, PATIENTS)
    assert tokenizer.encode("胸痛, chest pain").tokens == ["<s>", "胸", "痛", ",", "chest", "pain", "</s>"]
    assert tokenizer.encode("患者CRP120").tokens == ["<s>", "<unk>", "<unk>", "crp", "1", "2", "0", "</s>"]
    assert tokenizer.encode("ＣＲＰ　升高").ids == tokenizer.encode("crp 升高").ids


def test_a_word_of_one_patient_is_not_learnt_and_a_word_of_three_is() -> None:
    texts = [*TEXTS, *["Kowalski, MRN 120120, seen"] * 50, "hepatitis", "hepatitis", "hepatitis"]
    patients = [*PATIENTS, *["k"] * 50, "0", "1", "2"]
    pieces = learn_vocabulary(texts, patients).get_vocab()
    assert "hepatitis" in pieces
    assert not {"kowalski", "kowal", "mrn", "seen"} & set(pieces)
    assert "k" not in pieces, "no word that is shared has this letter"
    assert not [piece for piece in pieces if piece.isdigit() and len(piece) > 1]


def test_the_same_texts_give_the_same_vocabulary_in_any_process() -> None:
    here = hashlib.sha256(learn_vocabulary(TEXTS, PATIENTS).to_str().encode()).hexdigest()
    for seed in ("1", "2"):
        words = [sys.executable, "-c", PROGRAM, "|".join(TEXTS)]
        there = subprocess.run(words, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True)
        assert hashlib.sha256(there.stdout).hexdigest() == here


def test_a_text_in_letters_never_learnt_is_told_to_be_unreadable() -> None:
    tokenizer = learn_vocabulary(TEXTS, PATIENTS)
    found = encode(tokenizer, ["боль в груди", "chest pain, боль", "胸痛"], prefix="", max_tokens=32)
    assert found.unread == (0,)


def test_each_piece_has_its_place_in_the_text_as_it_was_written() -> None:
    tokenizer, text = learn_vocabulary(TEXTS, PATIENTS), "ＣＲＰ 升高, Chest"
    found = tokenizer.encode(text)
    assert [text[start:end] for start, end in found.offsets[1:-1]] == ["ＣＲＰ", "升", "高", ",", "Chest"]


def test_too_few_patients_are_refused_with_a_way_on() -> None:
    with pytest.raises(DataError, match="3 patients") as caught:
        learn_vocabulary(NOTES * 9, ["one"] * 27)
    assert "bedside backbones" in str(caught.value)
