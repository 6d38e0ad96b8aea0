"""English names, beds and numbers as lists, chats and forms write them, each beside what only looks like one."""

from __future__ import annotations

import pytest

from bedside.deid import find


def shown(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find(text)]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("#20 Innocent 44 M - snake bite", ["Innocent"]),
        ("Mean age 44 M - see table", []),
        ("b7 Day, Maureen day 1, stoma dusky", ["b7", "Day, Maureen"]),
        ("The worst day, Maureen says, was day 1.", ["Maureen"]),
        ("- Szymon - VAC change\n- Aoife: PICC flush\n- Foley - leg ulcer", ["Szymon", "Aoife", "Foley"]),
        ("- Bowels - open\n- Diet: soft\n- Foley - draining", []),
        ("8.01 Kirsten Noble, UTI\n8.04 hung up\n8.06 nobody", ["Kirsten Noble"]),
    ],
)
def test_heads_of_lines(said: str, left: list[str]) -> None:
    """A word is a name where the list says so; three lines must begin alike, half of them with known names."""
    assert shown(said) == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Agent Mo: Sorry.\nCustomer: No tablets came.\nAgent Mo: Resending.", ["Mo", "Mo"]),
        ("Plan: rest.\nPlan: review.\nPlan: home.", []),
        ('Detained: Dwayne "Smurf" Attwell, calm.', ['Dwayne "Smurf" Attwell']),
        ('Seen with "Stable" written on the board.', []),
        ("seen with mrs close, wants the door open", ["close"]),
        ("patient close to tears", []),
        ("dr mathai changed the dose", ["mathai"]),
        ("dr said to change the dose", []),
        ("Amoxicillin 500 mg tds - E.T.\nSaline - I.V.", ["E.T."]),
        ("Reported: G.O'M., checked L Tran", ["G.O'M.", "L Tran"]),
    ],
)
def test_speakers_nicknames_titles_and_initials(said: str, left: list[str]) -> None:
    assert shown(said) == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Dr. Patel: unit G0721 25 118 204 8 given.", ["Patel", "G0721 25 118 204 8"]),
        ("Dr. Patel: platelets 118, then 204.", ["Patel"]),
        ("Dr. Patel: staff no. BGT-44718, Model no. AF-2217-R.", ["Patel", "BGT-44718"]),
        ("Her number is delta 4 4 0 1 9 2.", ["delta 4 4 0 1 9 2"]),
        ("Drove off in her Nissan, AG4 THA, at noon.", ["AG4 THA"]),
        ("Drove off in her Nissan after 20 mg of diazepam.", []),
        ("Rebook at book.orchardgp.example/smear please.", ["book.orchardgp.example/smear"]),
        ("Cook aboard FV Girl Demelza.", ["FV Girl Demelza"]),
    ],
)
def test_numbers_plates_addresses_and_ships(said: str, left: list[str]) -> None:
    assert shown(said) == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Seizures on 14 and 29 Feb 2024.", ["14 and 29 Feb 2024"]),
        ("Between 14 and 29 episodes a day.", []),
        ("Seen 7 Ramadan 1446.", ["7 Ramadan 1446"]),
        ("7 tablets of Ramipril in 1446 ml.", []),
        ("Under the Children Act 1989.", []),
        ("Married in 1989.", ["1989"]),
        ("Better over the last week of treatment.", []),
        ("He fell last week.", ["last week"]),
        ("Version 3.14, replaces 3.11.", []),
    ],
)
def test_days_of_other_forms(said: str, left: list[str]) -> None:
    assert shown(said) == left
