"""What titles and headings say: whom a document is of, and how what stands below is related to it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

_NUMBER = re.compile(r"^\s*(?:\d+(?:\.\d+)*[.、]?|[（(]?[一二三四五六七八九十]+[）)、.])\s*")
_END = r"\s*[?？。.]*\s*\Z"
_NAME = r"(?P<x>\S(?:.{0,150}?\S)?)"


class Below(NamedTuple):
    """What stands below is related to `subject`, who is the head or the tail; no relation: it is only of them."""

    subject: str
    relation: str
    subject_is_head: bool


@cache
def read_structure() -> dict[str, Any]:
    """The file as written, with its examples."""
    return tomllib.loads(files("bedside.graph").joinpath("data/structure.toml").read_text(encoding="utf-8"))


def of_title(title: str) -> Below | None:
    """Whom a title asks about, and what; None for one that is no such question.

    >>> of_title("What are the symptoms of Kabuki syndrome ?")
    Below(subject='Kabuki syndrome', relation='has_phenotype', subject_is_head=True)
    >>> of_title("痛风怎么治疗？")
    Below(subject='痛风', relation='treats', subject_is_head=False)
    """
    for relation, is_head, wordings in _compiled("title"):
        for pattern in wordings:
            if match := pattern.match(title):
                return Below(match["x"].strip(), relation, is_head)
    return None


def of_heading(heading: str) -> tuple[str, bool] | None:
    """How what stands under a heading (a path with ` > `) is related to the document's subject; is that the head?

    >>> of_heading("4 CONTRAINDICATIONS"), of_heading("【禁忌】"), of_heading("Storage")
    (('contraindicated_in', True), ('contraindicated_in', True), None)
    """
    for part in reversed(heading.split(" > ")):
        said = _NUMBER.sub("", part).strip(" :：【】[]")
        for relation, is_head, wordings in _compiled("heading"):
            if any(pattern.match(said) for pattern in wordings):
                return relation, is_head
    return None


@cache
def _compiled(where: str) -> list[tuple[str, bool, list[re.Pattern[str]]]]:
    return [
        (
            one["relation"],
            one["subject"] == "head",
            [re.compile(rf"\s*(?:{words.replace('{x}', _NAME)}){_END}", re.IGNORECASE) for words in one["wordings"]],
        )
        for one in read_structure()[where]
    ]
