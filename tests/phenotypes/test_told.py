"""Findings told in everyday sentences: words apart, in order, in one clause; the same words otherwise are none."""

from __future__ import annotations

from importlib.resources import files
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.phenotypes._lists import read_names
from bedside.phenotypes._match_zh import rewrite
from bedside.phenotypes._told import Told, _written, spelled_out
from bedside.phenotypes.reader import Reader


def present(reader: Reader, text: str) -> set[str]:
    return {one.label for one in reader.read(text) if one.present}


@pytest.mark.parametrize(
    ("told", "label", "otherwise"),
    [
        ("Her hair is coming out in handfuls.", "Alopecia", "Her hair is brown. She is going out tonight."),
        (
            "Eyes look as though they are popping out.",
            "Proptosis",
            "Her eyes are fine, she is popping out to the shop.",
        ),
        (
            "I get out of puff on the one flight up.",
            "Exertional dyspnea",
            "I get out of the flat on the one flight up.",
        ),
        ("He climbs up his own legs when rising.", "Gowers sign", "He climbs up the tree on long legs."),
        ("Eyelids that sag by teatime.", "Ptosis", "Sag in the roof. Eyelids normal."),
        ("走路像喝醉酒一样。", "Gait ataxia", "走路来的，没喝醉。"),
        ("左眼皮老抬不起来。", "Ptosis", "眼皮正常，手抬不起来。"),
        ("一晒太阳脸上就起疹子。", "Cutaneous photosensitivity", "爱晒太阳，饭后起疹子。"),
        ("蹲下去要用双手撑着大腿才起得来。", "Gowers sign", "双手有力，大腿不疼。"),
    ],
)
def test_a_finding_is_read_as_people_tell_it_and_not_where_its_words_only_meet(
    reader: Reader, told: str, label: str, otherwise: str
) -> None:
    assert label in present(reader, told)
    assert label not in present(reader, otherwise)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Her eyelids do not droop.", "Ptosis"),
        ("His hair is not coming out.", "Alopecia"),
        ("眼皮没有耷拉。", "Ptosis"),
        ("头发没有大把掉。", "Alopecia"),
    ],
)
def test_what_is_denied_between_the_words_is_denied(reader: Reader, text: str, label: str) -> None:
    (found,) = [one for one in reader.read(text) if one.label == label]
    assert (found.excluded, found.present) == (True, False)


def test_a_way_of_one_word_is_that_word_and_no_other_of_its_stem(reader: Reader) -> None:
    assert present(reader, "Gasping, puffed on the stairs.") == {"Exertional dyspnea"}
    assert present(reader, "A puff of salbutamol, a puffer.") == set()


def test_the_place_is_that_of_the_words(reader: Reader) -> None:
    text = "🙂 Says her hair, she thinks, is fine. Now hair falls out."
    (found,) = [one for one in reader.read(text) if one.label == "Alopecia"]
    assert text[found.start : found.end] == "hair falls out"


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c/d"]), min_size=1, max_size=3), min_size=1, max_size=3))
def test_a_way_is_spelled_out_once_for_each_choice(pieces: list[list[str]]) -> None:
    ways = spelled_out(" ~ ".join(" ".join(words) for words in pieces))
    assert len(ways) == 2 ** sum(words.count("c/d") for words in pieces)
    assert all(len(one) == len(pieces) and "/" not in "".join(one) for one in ways)


@pytest.mark.parametrize(
    "told", ["Eyelids half shut, hooded.", "Hooded are her eyelids.", "Her eyelids and brows look hooded."]
)
def test_pieces_joined_by_and_stand_in_any_order_and_in_a_list(reader: Reader, told: str) -> None:
    assert "Ptosis" in present(reader, told)
    assert "Ptosis" not in present(reader, "Her eyelids are normal and her brow is hooded.")


@pytest.mark.parametrize(
    ("well", "label", "ill"),
    [
        ("Her liver was normal to feel.", "Hepatomegaly", "Her liver was not normal to feel."),
        ("Liver and spleen normal.", "Splenomegaly", "Liver normal. Spleen not normal."),
        ("Normal height and skin.", "Skin rash", "We could not find normal skin."),
        ("Blood pressure is perfect.", "Hypertension", "Her brother's blood pressure is perfect."),
        ("血压一直正常。", "Hypertension", "血压一直不正常。"),
        ("皮肤、血压都正常。", "Skin rash", "皮肤粗糙，血压正常。"),
    ],
)
def test_what_is_said_to_be_well_is_denied_and_not_where_that_is_denied_in_turn(
    reader: Reader, well: str, label: str, ill: str
) -> None:
    assert [one.label for one in reader.read(well) if one.excluded].count(label) == 1
    assert label not in {one.label for one in reader.read(ill) if one.excluded}


def test_a_denial_between_the_words_holds_for_each_of_a_list(reader: Reader) -> None:
    found = {one.label: one.excluded for one in reader.read("Liver and spleen not enlarged.")}
    assert found == {"Hepatomegaly": True, "Splenomegaly": True}


def test_of_two_ways_at_one_place_the_special_case_is_meant() -> None:
    def findings(ancestors: tuple[int, ...]) -> list[int]:
        ontology = SimpleNamespace(number={"HP:0000790": 0, "HP:0012587": 1}, ancestors=lambda term: ancestors)
        return [one.term for one in Told(ontology).find("这两天小便是红的。")]  # type: ignore[arg-type]

    assert (findings((0,)), findings(())) == ([1], [0])


def test_a_decimal_point_is_no_pause_and_a_dash_of_a_list_is_one(reader: Reader) -> None:
    assert "Short stature" in present(reader, "Height on the 0.4th centile.")
    assert present(reader, "Eyes - none. Popping - out.") == set()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_way_in_the_tables_is_read_in_its_own_words(lang: str) -> None:
    ids = {id: number for number, id in enumerate(sorted({id for id, _, _ in _written(lang)}))}
    told = Told(SimpleNamespace(number=ids, ancestors=lambda term: ()))  # type: ignore[arg-type]
    said = {way: spelled_out(way)[0] for _, way, _ in _written(lang)}
    unread = [way for way, one in said.items() if not told.find(" ".join(one) if lang == "en" else f"查{''.join(one)}")]
    assert unread == []


def test_an_abbreviation_is_one_only_as_it_is_written() -> None:
    told = Told(SimpleNamespace(number={"HP:0001289": 0, "HP:0012378": 1}, ancestors=lambda term: ()))  # type: ignore[arg-type]
    assert [told.find(text) != [] for text in ("Presents TATT for months.", "A tatt.")] == [True, False]


@pytest.mark.parametrize(("name", "least"), [("told_en.tsv", 3), ("told_zh.tsv", 2)])
def test_no_way_is_so_short_that_it_stands_in_other_words(name: str, least: int) -> None:
    table = files("bedside.phenotypes").joinpath(f"data/{name}").read_text(encoding="utf-8")
    said = {way: rewrite("".join(one))[0] for _, way in read_names(table) for one in spelled_out(way)}
    assert [way for way, letters in said.items() if len(letters) < least] == []
