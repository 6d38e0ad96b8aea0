"""Reads an ontology in OBO 1.2: its terms with names, definitions, synonyms, parents and the ids they once had."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bedside.errors import FormatError
from bedside.lang import tr

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(\w*)\s*([\w:]*)')


@dataclass(slots=True)
class Synonym:
    """Another wording: `scope` EXACT, BROAD, NARROW or RELATED; `kind` layperson, abbreviation, plural_form or none."""

    text: str
    scope: str
    kind: str = ""


@dataclass(slots=True)
class Term:
    """One term as the file has it."""

    id: str
    name: str = ""
    definition: str = ""
    synonyms: list[Synonym] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    old_ids: list[str] = field(default_factory=list)
    obsolete: bool = False
    replaced_by: str = ""


@dataclass(slots=True)
class Ontology:
    """All terms in the order of the file, and the release the file says it is."""

    release: str
    terms: list[Term]


def read_obo(path: Path) -> Ontology:
    """The ontology of a file; raises FormatError when it holds no term."""
    release, terms = "", []
    with path.open(encoding="utf-8") as lines:
        for kind, tags in _stanzas(lines):
            if kind == "":
                release = next((value for tag, value in tags if tag == "data-version"), "")
            elif kind == "Term":
                terms.append(_term(tags))
    if not terms:
        raise FormatError(tr("no term in this ontology", "该本体文件中没有术语"), where=path.name, allowed="OBO 1.2")
    return Ontology(release.rpartition("/")[2], terms)


def _stanzas(lines: Iterator[str]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each part of the file: what stands in its brackets (nothing for the head), and its tags."""
    kind, tags = "", list[tuple[str, str]]()
    for line in lines:
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            yield kind, tags
            kind, tags = line[1:-1], []
        elif line:
            tag, _, value = line.partition(": ")
            tags.append((tag, value))
    yield kind, tags


def _term(tags: list[tuple[str, str]]) -> Term:
    term = Term(id="")
    for tag, value in tags:
        if tag == "id":
            term.id = value
        elif tag == "name":
            term.name = value
        elif tag == "def" and (found := _QUOTED.match(value)):
            term.definition = _plain(found[1])
        elif tag == "synonym" and (found := _QUOTED.match(value)):
            term.synonyms.append(Synonym(_plain(found[1]), found[2], found[3]))
        elif tag == "is_a":
            term.parents.append(value.split(" ")[0])
        elif tag == "alt_id":
            term.old_ids.append(value)
        elif tag == "is_obsolete":
            term.obsolete = value == "true"
        elif tag == "replaced_by":
            term.replaced_by = value
    return term


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
