"""Only the recognisers whose patterns a text can hold are run; what is found is what all of them find."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from _marked import read_notes
from hypothesis import given
from hypothesis import strategies as st

import bedside.deid
from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import lexicon
from bedside.deid.patterns.anchors import WORDS, Anchored
from bedside.deid.patterns.readers import Readers
from bedside.deid.recognisers.dates import english as dates
from bedside.deid.recognisers.english import PARTS, readers, recognise_en
from bedside.deid.recognisers.names import english as english_names
from bedside.deid.recognisers.places import english as places

NOTES = Path(__file__).parent / "notes"
PIECES = [*"aS.,:-/ \n9(", "RN ", "Dr ", "p-o-n-d ", "St. ", " 3/14", "at ", "1st ", "Ave", "Regards,\n", "Ann Lee "]


@pytest.fixture(autouse=True, scope="module")
def filed() -> None:
    """As after many texts: before them every recogniser is run."""
    WORDS.file()


def by_all(text: str) -> set[Candidate]:
    """What all English recognisers find, those of names one by one."""
    names = [one for read, _ in english_names.READERS._reads for one in read(text, lexicon()) if one.end > one.start]
    return {one for part in PARTS for one in part.recognise(text)} | set(names)


@pytest.mark.parametrize("path", sorted(NOTES.glob("en_*.txt")), ids=lambda path: path.stem)
def test_the_recognisers_that_are_left_out_would_have_found_nothing_in_the_notes(path: Path) -> None:
    for note in read_notes(path):
        for text in (note.text, note.text.lower()):
            assert set(recognise_en(text)) == by_all(text)


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_the_recognisers_that_are_left_out_would_have_found_nothing_in_any_text(text: str) -> None:
    assert set(recognise_en(text)) == by_all(text)


def test_each_english_pattern_belongs_to_a_recogniser() -> None:
    """One that belongs to none would not be missed: its recogniser would be left out of the texts it matches in."""
    belonging = readers().patterns | english_names.READERS.patterns
    modules = [import_module(found.name) for found in walk_packages(bedside.deid.__path__, "bedside.deid.")]
    named = {
        rule: name
        for module in modules
        for name, rule in vars(module).items()
        if isinstance(rule, Anchored) and rule in WORDS.rules
    }
    assert len(named) > 100
    assert [name for rule, name in named.items() if rule not in belonging] == ["ANY_ROLE"]


def test_a_note_with_a_date_and_no_address_is_read_for_dates_and_not_for_addresses() -> None:
    wanted = readers().of("seen 3/14, stable")
    assert dates.recognise in wanted
    assert places.recognise not in wanted
    assert places.recognise in readers().of("at 12 Elm Street, Springfield, IL 62704")


def test_a_recogniser_that_names_no_pattern_is_always_run() -> None:
    some = Readers([("doses", [Anchored(r"\b[0-9]+ mg")]), ("all", [])])
    assert some.of("12 mg") == ("doses", "all")
    assert some.of("") == ("all",)
