"""What a decoder may write: no number and no drug that the text read does not license, whatever its weights."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from bedside.backbones._writer import load_writer
from bedside.config.writing import Writing
from bedside.model.engines.causal import writer_of
from bedside.model.writing.decode import write
from bedside.model.writing.licence import Licence, Licensing
from bedside.model.writing.licence_names import Restricted, listed
from bedside.model.writing.licence_numbers import numbers_of, written_numbers

DRUGS = [
    ("ibuprofen", "ibuprofen"), ("Advil", "ibuprofen"), ("布洛芬", "ibuprofen"), ("iron", "iron"),
    ("insulin", "insulin"), ("insulin glargine", "glargine"), ("warfarin", "warfarin"), ("华法林", "warfarin"),
]  # fmt: skip
EN = "76 year old on Advil 200 mg, BP 120/80, potassium 3.5, WBC 12,000, seen on 2024-01-05."
ZH = "患者，女，五十六岁，服用布洛芬０.２克，血压１２０／８０。"


@pytest.fixture(scope="module")
def drugs() -> Restricted:
    return listed(DRUGS)


@pytest.fixture(scope="module")
def words() -> Tokenizer:
    """A byte-level BPE as GPT's, learnt from notes that hold drugs, numbers and Chinese."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    texts = [EN, ZH, "warfarin 5 mg, ironically insulin glargine 12 units, 华法林 3 片", "ibuprofen 400 mg"] * 5
    tokenizer.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=500, special_tokens=["<end>"], initial_alphabet=alphabet)
    )
    return tokenizer


def may_write(licence: Licence, tokenizer: Tokenizer, text: str) -> bool:
    """Whether the text can be written, piece by piece as the tokenizer cuts it, and end there."""
    state: Any = licence.start
    for id in tokenizer.encode(text).ids:
        if id not in list(licence.allowed(state, [id])):
            return False
        state = licence.after(state, id)
    return licence.may_end(state)


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("a 76-year-old", True),
        ("a 77-year-old", False),
        ("a 7-year-old", False),
        ("BP 120/80.", True),
        ("BP 12/80.", False),
        ("WBC 12000", True),
        ("WBC 1200", False),
        ("potassium 3.5.", True),
        ("potassium 3.55", False),
        ("potassium 3", False),
        ("on January 5, 2024", True),
        ("血压１２０", True),
        ("血压１２１", False),
        ("Advil and ibuprofen, 布洛芬", True),
        ("warfarin", False),
        ("华法林", False),
        ("ironically", True),
        ("iron", False),
    ],
)
def test_only_what_stands_in_the_chart_may_be_written(
    text: str, fine: bool, words: Tokenizer, drugs: Restricted
) -> None:
    licence = Licensing([drugs], words, (0, 0)).of_text(EN, [0])
    assert may_write(licence, words, text) is fine
    assert licence.accepts(text) is fine


def test_numbers_in_words_and_of_any_width_license_digits(words: Tokenizer, drugs: Restricted) -> None:
    licence = Licensing([drugs], words, (0, 0)).of_text(ZH, [0])
    assert may_write(licence, words, "56岁，布洛芬 0.2 克")
    assert not may_write(licence, words, "65岁")
    assert numbers_of("one hundred and twenty over eighty").licenses("120")


def test_a_long_name_is_licensed_without_the_short_one_in_it(words: Tokenizer, drugs: Restricted) -> None:
    licence = Licensing([drugs], words, (0, 0)).of_text("on insulin glargine at night", [0])
    assert may_write(licence, words, "continue insulin glargine")
    assert not may_write(licence, words, "continue insulin")
    assert not may_write(licence, words, "continue insulin lispro")


def test_no_stump_of_a_name_is_left_standing(drugs: Restricted) -> None:
    """ "ibuprof" can become nothing but the drug; "war" may become a ward."""
    names = drugs.licensed_by("nothing")
    assert not names.fits("take ibu", "prof")
    assert names.fits("in the war", "d")


def test_a_text_broken_off_in_a_number_loses_the_half_number(words: Tokenizer, drugs: Restricted) -> None:
    licence = Licensing([drugs], words, (0, 0)).of_text("BP 120", [0])
    half = [*words.encode("pressure of ").ids, *words.encode("12").ids]
    assert words.decode(licence.settled(half)) == "pressure of "


NUMBERS = st.one_of(
    st.integers(0, 99999).map(str),
    st.decimals(0, 9999, places=2).map(str),
    st.integers(1000, 99999).map(lambda n: f"{n:,}"),
)


@given(st.lists(NUMBERS, max_size=4), st.text(alphabet="0123456789.,/ mgｍ３", max_size=14))
def test_what_passes_step_by_step_is_what_passes_as_a_whole(chart: list[str], text: str) -> None:
    numbers = numbers_of(" and ".join(chart))
    run: str | None = ""
    for char in text:
        run = numbers.after(run, char) if run is not None else None
    stepwise = run is not None and numbers.may_end(run)
    assert stepwise == all(map(numbers.licenses, written_numbers(text)))


@given(NUMBERS)
def test_every_number_licenses_itself_and_its_value_and_no_other(number: str) -> None:
    numbers = numbers_of(f"value {number} found")
    assert numbers.licenses(number)
    assert numbers.licenses(number.replace(",", ""))
    assert not numbers.licenses(number + "7")
    values = {float(form.replace(",", "")) for form in numbers.forms}
    assert values == {float(number.replace(",", ""))}


@pytest.fixture(scope="module")
def decoder(tmp_path_factory: pytest.TempPathFactory, words: Tokenizer) -> Any:
    """An untrained decoder over those pieces: it writes whatever comes."""
    import torch
    import transformers

    torch.manual_seed(0)
    folder: Path = tmp_path_factory.mktemp("random") / "tiny"
    config = transformers.LlamaConfig(
        vocab_size=words.get_vocab_size(), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=1, max_position_embeddings=512, tie_word_embeddings=True,
        pad_token_id=0, bos_token_id=0, eos_token_id=0, initializer_range=0.5,
    )  # fmt: skip
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    words.save(str(folder / "tokenizer.json"))
    return load_writer(str(folder))


@pytest.mark.parametrize(
    "how", [{}, {"temperature": 1.5, "seed": 3}, {"temperature": 1.0, "top_p": 0.9}, {"beams": 3}], ids=str
)
def test_no_unlicensed_number_or_drug_is_written_by_random_weights(
    how: dict[str, Any], decoder: Any, words: Tokenizer, drugs: Restricted
) -> None:
    from dataclasses import replace

    free = writer_of(decoder.network, words, Writing(new_tokens=48, **how), [0], 0)
    kept = replace(free, licensing=Licensing([drugs], words, (1, 0)))
    dice = random.Random(1)
    charts = [EN, ZH, "no numbers here", *(f"dose {dice.randint(1, 500)} mg warfarin" for _ in range(3))]
    prompts = [[0, *words.encode(one).ids] for one in charts]
    written = write(kept, prompts)
    assert [one[0] for one in written].count(2) == 0, "a text that could not go on"
    before, after = (
        [words.decode([int(id) for id in one[2:]]) for one in outputs] for outputs in (write(free, prompts), written)
    )

    def unlicensed(chart: str, text: str) -> int:
        numbers, allowed = numbers_of(chart), set(drugs.concepts(chart))
        wrong = [one for one in written_numbers(text) if not numbers.licenses(one)]
        return len(wrong) + len([kind for kind, _, _ in drugs.find(text) if kind not in allowed])

    assert sum(map(unlicensed, charts, before)) > 0
    assert sum(map(unlicensed, charts, after)) == 0
    assert any(after)
