"""However a name is typed (wide letters, marks of their own, invisible characters, beside a picture), it is found."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.deid import Note, Policy, scrub_texts
from bedside.deid._plain import _MAY_BE_MISREAD, _MISREAD, plain
from bedside.types import Span

ODD = st.text(
    st.sampled_from("aé患12 \n.-\u0301\u200b\ufeff\u00adＪｏ１．\u3000😀👩\u200d⚕\ufe0f☑✓（）：")
    | st.characters(codec="utf-8"),
    max_size=60,
)


def scrubbed(text: str) -> str:
    (done,) = scrub_texts([Note(text)], policy=Policy(action="tag"))
    assert isinstance(done, tuple)
    return done[0]


def test_a_hospital_with_blanks_between_its_characters_goes_as_a_whole_and_a_form_of_two_characters_stays() -> None:
    assert scrubbed("就诊于 东 明 县 人 民 医 院 内科") == "就诊于 [HOSPITAL] 内科"
    assert plain("姓 名：有 无 青霉素过敏").text == "姓 名：有 无 青霉素过敏"


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("Mr. Jo\u200bhn Har\u200blow was seen", ["hn", "low"]),
        (unicodedata.normalize("NFD", "José Álvarez was seen by Dr. José Núñez"), ["Jose", "A\u0301", "Nu\u0301"]),
        ("Ｍｒ．　Ｊｏｈｎ　Ｈａｒｌｏｗ was seen", ["Ｊｏｈｎ", "Ｈａｒｌｏｗ"]),
        ("😀 Mary 👩🏽‍⚕️ O'Brien-Smith lives at 42 Elm Street", ["Mary", "O'Brien", "Smith", "Elm"]),
        (
            "患者张\u200b伟，电话１３８１２３４５６７８，住院号：２０２４００１２３",
            ["张", "伟", "１３８", "２０２４００"],
        ),
    ],
)
def test_no_way_of_typing_hides_a_name_or_number(typed: str, left: list[str]) -> None:
    assert [part for part in left if part in scrubbed(typed)] == []


@pytest.mark.parametrize(
    "text",
    ["☑ fever ☐ cough ✓ done", "BP 120/80 ❤️ ok", "血压１２０／８０ｍｍＨｇ，体温３６．５℃", "naive\u0308 T cells 12 %"],
)
def test_boxes_hearts_wide_figures_and_marks_are_no_identity(text: str) -> None:
    assert scrubbed(text) == text


@given(st.text(alphabet="0159OolIabAZ/ .-é٣", max_size=12))
def test_a_text_that_was_misread_has_a_figure_beside_a_letter(text: str) -> None:
    assert _MAY_BE_MISREAD.search(text) or not _MISREAD.search(text)


@given(ODD)
def test_every_stretch_of_the_plain_text_leads_back_to_where_it_was(text: str) -> None:
    found = plain(text)
    places = [found.back(Span(at, at + 1, "NAME")) for at in range(len(found.text))]
    assert all(0 <= place.start < place.end <= len(text) for place in places)
    assert [place.start for place in places] == sorted(place.start for place in places)
    if found.text:
        whole = found.back(Span(0, len(found.text), "NAME"))
        assert (whole.start, whole.end) == (places[0].start, places[-1].end)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("K 4.1 mmol/L (reference: 3.5-5.1; flag: N)", True),
        ("Neutrophils 3200 (reference: 1500-8000)", True),
        ("HDL 52, reference: 40-60", True),
        ("Your reference: AB-12345", False),
        ("Reference: 4471-88", False),
    ],
)
def test_a_reference_range_stays_and_a_reference_number_goes(text: str, same: bool) -> None:
    assert (scrubbed(text) == text) is same
