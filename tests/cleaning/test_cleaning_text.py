"""Characters get one form and keep their meaning; languages, sections and words are told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.cleaning.boilerplate import find_boilerplate, line_keys, without_boilerplate
from bedside.cleaning.language import language_of
from bedside.cleaning.normalize import normalize
from bedside.cleaning.sections import sections
from bedside.cleaning.segment import Segmenter, lexicon


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("ＷＢＣ　１２．５", "WBC 12.5"),
        ("５㎎", "5mg"),
        ("体表面积1.7㎡", "体表面积1.7m²"),
        ("容积3㎤", "容积3cm³"),
        ("38.5℃", "38.5°C"),
        ("5 µg", "5 μg"),
        ("心功能Ⅲ级", "心功能III级"),
        ("⼼率", "心率"),
        ("de\u00adnies\u200b pain", "denies pain"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\0b", "a b"),
    ],
)
def test_one_form_for_what_means_the_same(written: str, plain: str) -> None:
    assert normalize(written) == plain


@pytest.mark.parametrize("text", ["10⁹/L", "CO₂", "1½ tablets", "①发热", "m²", "，。；：", "PaO₂≥60", "×10¹²"])
def test_what_carries_meaning_stays(text: str) -> None:
    assert normalize(text) == text


def test_chinese_punctuation_is_kept_unless_asked() -> None:
    assert normalize("发热，咳嗽（3天）") == "发热，咳嗽（3天）"
    assert normalize("发热，咳嗽（3天）", keep_punctuation=False) == "发热,咳嗽(3天)"


@given(st.text())
def test_doing_it_twice_changes_nothing_more(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once


@given(st.text(alphabet="0123456789.,/%<>=+-×⁰¹²³⁴⁵⁶⁷⁸⁹ mgLdl"))
def test_a_plain_measurement_is_never_touched(text: str) -> None:
    assert normalize(text) == text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("患者行胸部CT检查，WBC 12.5×10^9/L", "zh"),
        ("Chest CT shows a nodule", "en"),
        ("Пациент жалуется на боль", "other"),
        ("120/80  36.5", "none"),
        ("患者诉胸痛三天加重 Patient reports three days of chest pain", "mixed"),
    ],
)
def test_languages_are_told_by_their_letters(text: str, language: str) -> None:
    assert language_of(text) == language


def test_english_sections() -> None:
    note = "Mr A.\nChief Complaint: cough\nHPI: three days.\nNo plan was made.\nAssessment and Plan:\nrest"
    found = {section.name: note[section.start : section.end].strip() for section in sections(note)}
    assert found == {
        "opening": "Mr A.",
        "chief_complaint": "cough",
        "present_illness": "three days.\nNo plan was made.",
        "assessment": "rest",
    }


def test_chinese_sections_on_one_line_and_in_brackets() -> None:
    note = "主诉：咳嗽3天。现病史：受凉后咳嗽，诊断不明。【既往史】体健。\n辅助检查:胸片正常"
    assert [section.name for section in sections(note)] == [
        "chief_complaint",
        "present_illness",
        "past_history",
        "results",
    ]


def test_a_word_in_a_sentence_is_no_header() -> None:
    assert [section.name for section in sections("既往史不详，诊断明确。The plan is rest.")] == ["opening"]


def test_medical_terms_stay_whole_with_their_kind() -> None:
    words = dict(Segmenter().tagged("双肺呼吸音粗，未闻及湿啰音，口服阿托伐他汀"))
    assert words["湿啰音"] == "ns"
    assert words["阿托伐他汀"] == "nm"
    assert words["双肺"] == "nb"


def test_a_term_added_to_one_segmenter_does_not_show_in_another() -> None:
    with_term, without = Segmenter([("床旁甲乙丙", "n")]), Segmenter()
    assert "床旁甲乙丙" in with_term.words("行床旁甲乙丙检查")
    assert "床旁甲乙丙" not in without.words("行床旁甲乙丙检查")


@given(st.text(alphabet="患者咳嗽发热三天，CT 12.5否认高血压"))
def test_words_joined_are_the_text(text: str) -> None:
    assert "".join(SEGMENTER.words(text)) == text


SEGMENTER = Segmenter()


def test_the_lexicon_has_no_term_twice() -> None:
    terms = [term for term, _ in lexicon()]
    assert len(terms) == len(set(terms)) > 600


def test_a_letterhead_goes_and_a_repeated_finding_stays() -> None:
    head = "This report was generated automatically by the radiology system, page 1 of 2"
    notes = [f"{head.replace('1', str(n % 9))}\nNo known allergies\nnodule {n} mm" for n in range(50)]
    found = find_boilerplate(map(line_keys, notes))
    assert list(found.values()) == [50]
    assert without_boilerplate(notes[3], found) == "No known allergies\nnodule 3 mm"


def test_a_long_line_in_few_notes_is_no_boilerplate() -> None:
    line = "本报告仅供临床医师参考，不作为法律依据，如有疑问请与科室联系"
    notes = [f"{line}\n{n}" if n < 19 else str(n) for n in range(40)]
    assert find_boilerplate(map(line_keys, notes)) == {}
