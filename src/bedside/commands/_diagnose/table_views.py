"""The views of a table, written as its cases are ranked: each case is read once, its first `MOST` are on the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from bedside.commands._diagnose.out import Outputs, with_text
from bedside.commands._diagnose.rows import CaseRow
from bedside.commands._lines import Line
from bedside.errors import BedsideError
from bedside.files import whole_file
from bedside.tasks._diagnosis.read import reads_findings

if TYPE_CHECKING:
    from bedside.knowledge.hpo import Hpo
    from bedside.tasks._diagnosis.aside import Aside
    from bedside.tasks._diagnosis.case import DiagnosisCase
    from bedside.tasks._diagnosis.told import Told

KEPT = "kept"
"""The key under which a line carries what its views need, until they have it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A case that was read and what other engines said of it, as another process can send them."""

    row: CaseRow
    case: DiagnosisCase
    engines: Aside


def kept(row: CaseRow, case: DiagnosisCase, engines: Aside) -> dict[str, Kept]:
    """The part of a line for the views; a chart that may hold identity is not sent along."""
    return {KEPT: Kept(row if isinstance(row.value, dict) else replace(row, value=None), case, engines)}


@dataclass(slots=True)
class TableViews:
    """Open while a table is ranked: `see` takes each line; all files are whole when it is left, or not there."""

    outputs: Outputs
    hpo: Hpo
    tell: Callable[[DiagnosisCase, Aside], Told]
    paged: list[Told] = field(default_factory=list)
    beyond: int = 0
    failed: int = 0
    _stack: ExitStack = field(default_factory=ExitStack)
    _files: list[tuple[IO[str], Callable[[Told, Hpo, Any], dict[str, Any]]]] = field(default_factory=list)

    def __enter__(self) -> TableViews:
        self._files = [(self._stack.enter_context(whole_file(path)), make) for path, make in self.outputs.makers()]
        return self

    def see(self, line: Line) -> None:
        """Show a line's case, and take from the line what only the views need."""
        one = line.pop(KEPT, None)
        if one is None:
            self.failed += 1
        else:
            self._add(one)

    def _add(self, one: Kept) -> None:
        from bedside.evaluate.pages.differential import MOST

        full = len(self.paged) >= MOST
        if self._files or not full:
            try:
                told = with_text(self.tell(one.case, one.engines), one.row.value, reads_findings(self.hpo))
            except BedsideError:  # a story whose identity cannot be removed
                self.failed += 1
                return
            for file, make in self._files:
                file.write(json.dumps(make(told, self.hpo, one.row.value), ensure_ascii=False) + "\n")
            if not full:
                self.paged.append(told)
        self.beyond += full

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, fault, trace)
        if fault is None and self.outputs.report is not None:
            from bedside.evaluate.pages.differential import save

            save(self.outputs.report, self.paged, self.hpo, beyond=self.beyond, failed=self.failed)
