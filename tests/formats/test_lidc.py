"""Radiologists' readings become charts: one patient a chart, one description a reading, no answer in the text."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from bedside.errors import FormatError
from bedside.formats._base import Problem, ReadOptions
from bedside.formats._lidc_words import WORDS, describe
from bedside.formats.lidc import FORMAT, _feret
from bedside.lang import speaking
from bedside.types import RawChart

SCANS = "CREATE TABLE scans (id, patient_id, pixel_spacing, slice_thickness)"
CONTOURS = "CREATE TABLE contours (annotation_id, inclusion, image_z_position, coords)"
ANNOTATIONS = (
    "CREATE TABLE annotations (id, scan_id, subtlety, internalStructure, calcification, sphericity, margin, "
    "lobulation, spiculation, texture, malignancy)"
)


def square(x: float, y: float, side: float) -> str:
    return "\n".join(f"{x + a * side},{y + b * side}" for a, b in ((0, 0), (0, 1), (1, 1), (1, 0)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two readers of one nodule, a third reader of another, and a fourth reading with a rating off its scale."""
    path = tmp_path / "lidc.sqlite"
    with sqlite3.connect(path) as db:
        for table in (SCANS, ANNOTATIONS, CONTOURS):
            db.execute(table)
        db.execute("INSERT INTO scans VALUES (1, 'A', 0.5, 2.0)")
        for number, internal, malignancy in ((1, 1, 5), (2, 1, 2), (3, 1, 3), (4, 9, 3)):
            db.execute("INSERT INTO annotations VALUES (?,1,3,?,6,3,3,1,1,5,?)", (number, internal, malignancy))
        for number, x in ((1, 100), (2, 102), (3, 300), (4, 300)):
            db.execute("INSERT INTO contours VALUES (?,1,10.0,?)", (number, square(x, 100, 20)))
    return path


def charts(path: Path) -> tuple[list[RawChart], list[Problem]]:
    pieces = list(FORMAT.read(path, ReadOptions()))
    return [p for p in pieces if isinstance(p, RawChart)], [p for p in pieces if isinstance(p, Problem)]


def test_two_readers_outlining_the_same_place_read_one_nodule_and_a_third_elsewhere_another(file: Path) -> None:
    (chart,), _ = charts(file)
    reports = [entry for entry in chart.entries if entry.kind == "DiagnosticReport"]
    nodules = [entry.codes[0].code for entry in reports]
    assert nodules[0] == nodules[1] != nodules[2]


def test_a_rating_off_its_scale_is_reported_and_the_other_readings_are_kept(file: Path) -> None:
    (chart,), problems = charts(file)
    assert [(p.place, "internal_structure" in p.what) for p in problems] == [("annotations.id=4", True)]
    assert sum(entry.kind == "DiagnosticReport" for entry in chart.entries) == 3


def test_the_malignancy_rating_changes_an_observation_and_never_the_text(file: Path) -> None:
    (chart,), _ = charts(file)
    first, second = (entry.text for entry in chart.entries if entry.id in ("r1", "r2"))
    grades = [entry.value for entry in chart.entries if entry.id in ("r1.malignancy", "r2.malignancy")]
    assert first == second
    assert grades == [5.0, 2.0]


def test_the_widest_width_of_a_square_is_its_diagonal() -> None:
    outline = np.array([[0, 0], [0, 10], [10, 10], [10, 0]], float)
    assert _feret(outline) == pytest.approx(10 * 2**0.5, rel=1e-3)


def test_spiculation_is_said_in_both_languages_and_its_absence_too() -> None:
    ratings = dict.fromkeys(WORDS, 1)
    assert "no spiculation" in describe(ratings, 5, 5)
    assert "marked spiculation" in describe({**ratings, "spiculation": 5}, 5, 5)
    with speaking("zh"):
        assert "无毛刺" in describe(ratings, 5, 5)
        assert "明显毛刺" in describe({**ratings, "spiculation": 5}, 5, 5)


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lidc.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE recipes (id)")
    with pytest.raises(FormatError, match="not an LIDC readings file"):
        list(FORMAT.read(path, ReadOptions()))
