"""Eligibility texts read: criteria with their sides, conditions in groups, and the words that are not computed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bedside.errors import BedsideError
from bedside.trials.criteria.codes import read_codes
from bedside.trials.criteria.conditions import Reading
from bedside.trials.criteria.findings import Findings
from bedside.trials.criteria.lexicon import Lexicon
from bedside.trials.criteria.splitting import split
from bedside.trials.criterion import Criterion, Side


class CriteriaReader:
    """Reads criteria, with names of HPO and of a list of codes where they are given, beside our own tables.

    >>> reader = CriteriaReader()
    >>> said = reader.read("No history of stroke or myocardial infarction", "include")
    >>> [[(one.concept, one.op) for one in group] for group in said.groups]
    [[('stroke', 'absent')], [('myocardial infarction', 'absent')]]
    """

    def __init__(self, findings: Findings | None = None, codes: Lexicon | None = None) -> None:
        self._findings, self._codes = findings, codes

    def read(self, text: str, side: Side, *, id: str = "", trial: str = "", category: str = "") -> Criterion:
        """What a criterion comes to; places are code points of `text`."""
        groups, rest = Reading(text, side, self._findings, self._codes).done()
        return Criterion(id=id, trial=trial, side=side, text=text, category=category, groups=groups, unparsed=rest)


@cache
def reader(hpo: Path | None = None, codes: Path | None = None) -> CriteriaReader:
    """The reader with the names of HPO, where it is installed, and those of a table of codes; made once.

    Raises a BedsideError for a folder that is named and holds no release.
    """
    from bedside.knowledge.hpo import open_hpo
    from bedside.phenotypes.names import open_names

    own = read_codes(codes) if codes else None
    try:
        release = open_hpo(hpo)
    except BedsideError:
        if hpo is not None:
            raise
        return CriteriaReader(None, own)
    return CriteriaReader(Findings(release, open_names(release)), own)


def criteria_of(
    text: str, *, trial: str = "", side: Side = "include", with_: CriteriaReader | None = None
) -> Iterator[Criterion]:
    """The criteria of an eligibility text in order, `TRIAL#1` and so on; `side` is that of a text without headings.

    >>> text = "Inclusion Criteria:\\n- Age 18 or older\\nExclusion Criteria:\\n- Pregnancy"
    >>> said = criteria_of(text, trial="T", with_=CriteriaReader())
    >>> [(one.id, one.side, one.text) for one in said]
    [('T#1', 'include', 'Age 18 or older'), ('T#2', 'exclude', 'Pregnancy')]
    """
    read = with_ or reader()
    for number, part in enumerate(split(text, side), 1):
        yield read.read(
            text[part.start : part.end], part.side, id=f"{trial}#{number}" if trial else str(number), trial=trial
        )
