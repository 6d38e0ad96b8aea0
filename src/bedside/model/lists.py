"""Documents beside a question: read out of a cell, named by what they say, and as texts to be compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bedside.formats._tables import cell_text
from bedside.lang import tr

TEXTS = ("title", "text", "document")
GRADES = ("label", "grade")
"""The keys of a document in a list: its text (several are joined) and how right it is, 0 for not at all."""

Grades = tuple[tuple[str, int], ...]
"""Each document's name and grade. Of a list given with the question the name is the number from 1, else its key."""


@dataclass(frozen=True)
class Lists:
    """Questions and the documents, each once, that they are compared with; as ids the documents follow the questions.

    `members[n]`: the texts of row n by their number among the ids, the question first. `own[n]`: whether the row came
    with a list of its own, out of which its documents are ranked.
    """

    questions: list[str] = field(repr=False)
    documents: list[str] = field(repr=False)
    members: list[tuple[int, ...]]
    own: list[bool]


def key_of(text: str) -> str:
    """A document's name by what it says, its spaces apart: 16 characters of its hash.

    >>> key_of("Rest and  fluids. ") == key_of("Rest and fluids.")
    True
    """
    return hashlib.blake2b(" ".join(text.split()).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def documents_in(found: Any) -> Sequence[Any] | None:
    """The list of documents in a cell, also as JSON in a table of text; None where it holds one document or nothing.

    >>> documents_in('[{"title": "Gout", "label": 1}]'), documents_in("[1] Gout is common.")
    ([{'title': 'Gout', 'label': 1}], None)
    """
    if isinstance(found, str) and found.lstrip().startswith("["):
        try:
            found = json.loads(found)
        except (ValueError, RecursionError):
            return None
        if not all(isinstance(one, (Mapping, str)) for one in found):
            return None
    return found if isinstance(found, (list, tuple)) else None


def read_documents(found: Sequence[Any]) -> tuple[str, ...]:
    """The texts of a list of documents; ValueError names the first that has none."""
    texts = tuple(_text(one) for one in found)
    for number, text in enumerate(texts, 1):
        if not text.strip():
            raise ValueError(tr(f"document {number} has no text", f"第 {number} 篇文档没有文本"))
    if not texts:
        raise ValueError(tr("no documents", "没有文档"))
    return texts


def read_grades(found: Sequence[Any]) -> Grades:
    """The grades of a list of documents, 0 and up; ValueError where one lacks it, or none is right."""
    grades = []
    for number, one in enumerate(found, 1):
        said = next((one[key] for key in GRADES if key in one), None) if isinstance(one, Mapping) else None
        if not cell_text(said).strip().isdecimal():
            raise ValueError(
                tr(f"document {number} has no grade (0, 1, 2, ...)", f"第 {number} 篇文档没有等级（0、1、2 等）")
            )
        grades.append((str(number), int(cell_text(said))))
    if not any(grade for _, grade in grades):
        raise ValueError(tr("no document is right: every grade is 0", "没有相关文档：等级均为 0"))
    return tuple(grades)


def _text(one: Any) -> str:
    if not isinstance(one, Mapping):
        return cell_text(one)
    return "\n".join(part for key in TEXTS if (part := cell_text(one.get(key))))
