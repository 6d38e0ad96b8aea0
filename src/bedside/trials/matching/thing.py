"""One thing that is looked for in charts."""

from __future__ import annotations

from typing import NamedTuple


class Thing(NamedTuple):
    """Its name, its sort (concept, medicine, analyte, scale, denial), and the course of a concept, "" for all else."""

    name: str
    sort: str
    course: str = ""
