"""What a writer is asked for a differential (data/differential_prompt.toml): findings, sex and onset, never a text."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from bedside.knowledge._ranker import Findings
from bedside.lang import current
from bedside.phenotypes.called import Called

ASKED = 10
"""Diseases that a writer is asked for."""


def prompt_of(found: Findings, called: Called) -> str:
    """The question in the language in force; it holds names of the ontology alone, no word of the patient's."""
    words = _words()[current()]
    years = found.onset_years
    onset = ""
    if years is not None:
        onset = words["congenital"] if years <= 0 else words["onset"].format(years=f"{years:.3g}")
    denied = _names(found.denied, called, words)
    return str(
        words["ask"].format(
            present=_names(found.present, called, words),
            denied=words["denied"].format(names=denied) if denied else "",
            sex=words["sex"].get(found.sex, ""),
            onset=onset,
            count=ASKED,
        )
    ).strip()


def _names(terms: tuple[int, ...], called: Called, words: dict[str, Any]) -> str:
    return str(words["between"].join(called.name(called.hpo.ids[term]) for term in terms))


@cache
def _words() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("bedside.tasks").joinpath("data/differential_prompt.toml").read_text("utf-8"))
