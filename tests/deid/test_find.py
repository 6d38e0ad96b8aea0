"""Finding identity: what recognisers see, what the chart knows, and every other mention of the same person."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.deid._find import find, locate, recognisers_for
from bedside.deid._merge import merge
from bedside.deid._recogniser import Candidate, Recogniser
from bedside.deid.mentions.known import known_candidates
from bedside.deid.tagger.review import Review
from bedside.types import IDENTITY_TYPES, Identifier, Span

NASTY = st.text(max_size=120) | st.text(alphabet="王小明Dr. Smith5\x00\u0301é①Ａ１-－ \n😀[]NAME年月日", max_size=80)


def sees(part: str, type: str = "NAME", score: float = 0.9) -> Recogniser:
    """A recogniser that sees the first occurrence of one string."""

    def recognise(text: str) -> list[Candidate]:
        at = text.find(part)
        return [] if at < 0 else [Candidate(at, at + len(part), type, score, "test")]

    return recognise


def locate_one(text: str, recognisers: Sequence[Recogniser], known: tuple[Identifier, ...] = ()) -> list[Span]:
    return locate([text], [recognisers], known=[known])[0]


def parts(text: str, *recognisers: Recogniser, known: tuple[Identifier, ...] = ()) -> list[tuple[str, str]]:
    return [(span.type, text[span.start : span.end]) for span in locate_one(text, recognisers, known)]


@pytest.fixture
def no_tagger(monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows is about merging and repeating what one recogniser saw, whatever the tagger would say."""
    monkeypatch.setattr("bedside.deid._find.review", lambda texts, spans: [Review([], []) for _ in texts])


def known_parts(text: str, type: str, value: str) -> list[str]:
    return [text[span.start : span.end] for span in locate_one(text, (), (Identifier(type, value),))]


# repeats


def test_a_patient_named_in_the_header_is_found_in_the_rest_of_the_note() -> None:
    text = "姓名：王小明。王小明诉腹痛，王先生否认发热。"
    assert parts(text, sees("王小明")) == [("NAME", "王小明"), ("NAME", "王小明"), ("NAME", "王")]


@pytest.mark.usefixtures("no_tagger")
def test_john_smith_is_also_smith_and_j_smith_and_smith_comma_john() -> None:
    text = "John Smith, 54. Smith, John was seen. J. Smith agreed; SMITH signed. Smithson did not."
    found = [part for _, part in parts(text, sees("John Smith"))]
    assert found == ["John Smith", "Smith, John", "J. Smith", "SMITH"]


@pytest.mark.usefixtures("no_tagger")
def test_brown_is_a_name_after_mr_and_a_colour_before_sputum() -> None:
    text = "Alan Brown coughs. Brown sputum since Monday. Mr. Brown smokes."
    found = locate_one(text, [sees("Alan Brown")])
    assert [text[s.start : s.end] for s in found] == ["Alan Brown", "Brown"]
    assert found[1].start == text.index("Mr. Brown") + 4


def test_a_two_character_name_is_not_found_inside_a_longer_word() -> None:
    text = "患者高明，高明诉头痛；水肿高明显。"
    assert "高明显" not in "".join(part for _, part in parts(text, sees("高明")))
    assert parts(text, sees("高明"))[0] == ("NAME", "高明")


@pytest.mark.usefixtures("no_tagger")
def test_a_doubtful_name_is_not_spread() -> None:
    text = "Jordanova noted. Jordanova left."
    assert len(parts(text, sees("Jordanova", score=0.5))) == 1
    assert len(parts(text, sees("Jordanova", score=0.9))) == 2


def test_a_month_after_a_comparison_is_a_length_of_time() -> None:
    assert find("预期寿命小于3月", lang=None) == []
    assert [span.type for span in find("患者3月复查")] == ["DATE"]


# what the chart knows


@pytest.mark.parametrize(
    "written", ["12345678", "1234 5678", "1234-5678", "１２３４５６７８", "1234－5678", "1234\u20095678"]
)
def test_a_known_number_is_found_however_it_is_written(written: str) -> None:
    assert known_parts(f"MRN {written}, stable", "ID", "12345678") == [written]


def test_a_known_number_is_not_found_inside_a_longer_one() -> None:
    assert known_parts("lot 9123456781", "ID", "12345678") == []


@pytest.mark.parametrize("written", ["José García", "JOSE GARCIA", "García, José", "j. garcía", "José  García"])
def test_a_known_name_is_found_in_any_case_order_and_accent(written: str) -> None:
    assert known_parts(f"seen: {written} today", "NAME", "José García") == [written]


@pytest.mark.parametrize("written", ["欧阳修远", "欧阳 修远", "欧 阳 修 远"])
def test_a_known_chinese_name_is_found_with_spaces_in_it(written: str) -> None:
    assert known_parts(f"患者{written}入院", "NAME", "欧阳修远") == [written]


@pytest.mark.parametrize(
    "written", ["1950-03-02", "1950/03/02", "1950年3月2日", "March 2, 1950", "02 Mar 1950", "03/02/1950"]
)
def test_a_known_birth_date_is_found_in_every_order(written: str) -> None:
    assert known_parts(f"DOB {written}.", "DATE", "1950-03-02") == [written]


def test_a_known_city_that_is_a_word_does_not_blank_the_word() -> None:
    assert known_parts("reading glasses; peak flow reading 300", "ADDRESS", "Reading") == []
    assert known_parts("lives in Springfield", "ADDRESS", "Springfield") == ["Springfield"]


def test_short_numbers_are_left_to_context() -> None:
    assert known_parts("potassium 12 mmol", "ID", "12") == []


# merging


def test_the_more_certain_finding_wins_and_what_sticks_out_is_kept() -> None:
    text = "Boston Memorial Hospital"
    spans = merge(text, [Candidate(0, 6, "ADDRESS", 0.7, "a"), Candidate(0, 24, "HOSPITAL", 0.9, "b")])
    assert spans == [Span(0, 24, "HOSPITAL")]
    spans = merge(
        "12 High Street 555-0101", [Candidate(0, 18, "ADDRESS", 0.6, "a"), Candidate(15, 23, "PHONE", 0.9, "b")]
    )
    assert spans == [Span(0, 14, "ADDRESS"), Span(15, 23, "PHONE")]


def test_pieces_of_one_address_are_one_and_two_chinese_names_stay_two() -> None:
    address = merge(
        "12 High Street, Boston", [Candidate(0, 14, "ADDRESS", 0.8, "a"), Candidate(16, 22, "ADDRESS", 0.8, "a")]
    )
    assert address == [Span(0, 22, "ADDRESS")]
    names = merge("张伟 李娜", [Candidate(0, 2, "NAME", 0.8, "a"), Candidate(3, 5, "NAME", 0.8, "a")])
    assert names == [Span(0, 2, "NAME"), Span(3, 5, "NAME")]


@pytest.mark.usefixtures("no_tagger")
def test_our_own_tags_are_never_identity() -> None:
    assert parts("患者[NAME]诉", sees("[NAME]")) == []
    assert parts("Dr. [STAFF] Jones", sees("Dr. [STAFF] Jones", "STAFF")) == [("STAFF", "Dr."), ("STAFF", "Jones")]


# which recognisers run


def test_the_script_decides_which_recognisers_run() -> None:
    chinese, english = recognisers_for("患者", None), recognisers_for("the patient", None)
    assert len(chinese) == len(english) == 1
    assert chinese != english
    assert recognisers_for("患者WBC 10.2", None) == chinese
    assert len(recognisers_for("患者John诉", None)) == 2
    assert len(recognisers_for("13812345678", None)) == 2


def test_english_in_a_chinese_note_is_found_and_abbreviations_stay() -> None:
    text = "患者Johnathan Smithers先生，PaCO2 40，请联系Emily Carter。"
    found = [text[span.start : span.end] for span in find(text)]
    assert "Emily Carter" in found
    assert not {"PaCO", "PaCO2"} & set(found)


# whatever the text


@given(
    text=NASTY,
    cuts=st.lists(st.tuples(st.integers(-5, 200), st.integers(-5, 200)), max_size=8),
    seed=st.integers(0, 99),
)
def test_spans_always_cut_the_text_they_were_found_in(text: str, cuts: list[tuple[int, int]], seed: int) -> None:
    kinds = [Candidate(a, b, IDENTITY_TYPES[(seed + i) % 15], (i % 10) / 10, "x") for i, (a, b) in enumerate(cuts)]
    spans = locate_one(text, [lambda _: kinds], (Identifier("NAME", "王小明"), Identifier("ID", "A1 5")))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@given(before=NASTY, after=NASTY, digits=st.text("0123456789", min_size=10, max_size=14))
def test_a_long_known_number_is_found_in_any_surroundings(before: str, after: str, digits: str) -> None:
    text = f"{before}|{digits}|{after}"
    hits = known_candidates(text, [Identifier("ID", digits)])
    assert any(hit.start <= len(before) + 1 and hit.end >= len(before) + 1 + len(digits) for hit in hits)


def test_two_million_characters_with_a_nul_and_an_emoji_are_searched_in_seconds() -> None:
    text = "血压 120/80 mmHg\x00😀 stable. " * 80_000 + "MRN 1234-5678"
    spans = locate_one(text, (), (Identifier("ID", "12345678"), Identifier("NAME", "Ada Lovelace")))
    assert [text[span.start : span.end] for span in spans] == ["1234-5678"]
