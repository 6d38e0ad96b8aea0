"""Logs, threads, transcripts and scans: logins, initials, spoken numbers, nicknames, misread figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.deid import find
from bedside.deid._find import find_by_rules
from bedside.deid._plain import plain


def by_rules(text: str) -> set[str]:
    return {text[s.start : s.end] for s in find_by_rules(plain(text).text)}


@pytest.mark.parametrize(
    ("with_identity", "identity", "without"),
    [
        (
            "hcraig 08:02: in the lobby\nmluu 08:04: which one",
            "hcraig",
            "time 08:02: in the lobby\nseen 08:04: which one",
        ),
        (
            "0400 RASS -2, fent 75. dk\n0730 pupils brisk. mjo",
            "mjo",
            "0400 RASS -2, fent 75. prn\n0730 pupils brisk. po",
        ),
        ("Grossed by tkm", "tkm", "Confirmed by MRI, given by NG"),
        ('Alias "Spud", cell 3', "Spud", 'Patient "Stable", cell 3'),
        ("Okon (“Bobo”) came alone", "Bobo", "Addison (“Frozen”) shoulder"),
        (
            "He is on oh two one, triple five, oh one nine",
            "oh two one, triple five, oh one nine",
            "one, two, three steps",
        ),
        (
            "mail eunji dot bae at mailbox dot example",
            "eunji dot bae at mailbox dot example",
            "a red dot at the margin",
        ),
        ("Her surname is spelled N-A-I-H-E", "N-A-I-H-E", "Vitamins A-D-E-K daily"),
        ("Band checked x2: YILDIRIM, SEVGI 8827719", "YILDIRIM, SEVGI", "Imaging: MRI, CT 20"),
        ("drives a silver Malibu 7KTX93", "7KTX93", "silver sulfadiazine 1 %"),
        ("children Ionel (6), Sandel (4)", "Sandel", "children (6), adults (4)"),
        ("Collapsed below Pen-y-Gwryd", "Pen-y-Gwryd", "Charcot-Marie-Tooth disease"),
        ("NSTEMI wk 14/2025", "wk 14/2025", "wk 14/40 of pregnancy"),
        ("OPO case AFHJ318", "AFHJ318", "case 3 of the series"),
    ],
)
def test_what_logs_and_transcripts_hold_of_people_goes_and_what_looks_like_it_stays(
    with_identity: str, identity: str, without: str
) -> None:
    assert identity in by_rules(with_identity)
    assert identity not in by_rules(without)
    assert by_rules(without) == set()


@pytest.mark.parametrize(
    "answer", ["I'm still in pain.", "That's better.", "No, I'm not aware of any.", "Um, it's been a week."]
)
def test_what_a_patient_answers_is_not_the_patients_name(answer: str) -> None:
    assert by_rules(f"Patient: {answer}") == set()


def test_a_patient_who_gives_a_name_is_named() -> None:
    assert "Imre Halasz" in by_rules("Patient: Imre Halasz")


@pytest.mark.parametrize(
    ("scanned", "meant"),
    [("2O25", "2025"), ("2l-06-l957", "21-06-1957"), ("O77OO 9OO 418", "07700 900 418"), ("l8 Feb", "18 Feb"),
     ("2025年2月l8日", "2025年2月18日"), ("0lusegun", "Olusegun"), ("H0spital", "Hospital")],
)  # fmt: skip
def test_letters_and_figures_that_a_scanner_mixed_up_are_read_as_meant(scanned: str, meant: str) -> None:
    assert plain(scanned).text == meant


@pytest.mark.parametrize(
    "kept", ["SpO2", "O2 2 l/min", "I50.1", "E. coli O157:H7", "500l", "L4-l5", "10l bag", "2 IO lines"]
)
def test_gases_codes_volumes_and_levels_are_read_as_written(kept: str) -> None:
    assert plain(kept).text == kept


@given(st.text(alphabet="0123456789OolI-/. abzA年月日", max_size=40))
def test_reading_a_scan_changes_no_place(text: str) -> None:
    read = plain(text)
    assert len(read.text) == len(text)
    assert all(a == b or {a, b} <= set("0Oo1lI") for a, b in zip(text, read.text, strict=True))


def test_a_misread_date_goes_where_it_stands() -> None:
    text = "Seen l8 Febuary 2O25 in clinic"
    assert [text[s.start : s.end] for s in find(text)] == ["l8 Febuary 2O25"]


def test_nodes_with_tumour_are_no_day() -> None:
    assert by_rules("pT3 N1a (1/19), margins clear") == set()
    assert "1/19" in by_rules("Seen on 1/19, margins clear")
