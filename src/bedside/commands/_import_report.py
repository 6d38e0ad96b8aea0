"""What came of each file of an import, as its report shows it; problems beyond some thousands are counted by kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bedside.lang import tr

MOST = 2000
"""Problems of one file told one by one."""


@dataclass
class Result:
    """One file: how it was read, how much of it, and what could not be."""

    file: str
    format: str = ""
    records: int = 0
    entries: int = 0
    notes: dict[str, None] = field(default_factory=dict)
    told: list[dict[str, str]] = field(default_factory=list)
    more: Counter[str] = field(default_factory=Counter)

    @property
    def status(self) -> str:
        """ "read", "partly" or "refused"."""
        if not self.records:
            return "refused"
        return "partly" if self.told else "read"

    @property
    def problems(self) -> list[dict[str, str]]:
        """Each with its place; those beyond `MOST` as one line a kind."""
        rest = [
            {"place": "", "what": tr(f"{count} more: {what}", f"另有 {count} 处：{what}")}
            for what, count in self.more.most_common(MOST)
        ]
        return self.told + rest

    def problem(self, place: str, what: str) -> None:
        """Note one; memory stays flat however many there are."""
        if len(self.told) < MOST:
            self.told.append({"place": place, "what": what})
        else:
            self.more[what if what in self.more or len(self.more) < MOST else tr("others", "其他")] += 1

    def to_dict(self) -> dict[str, Any]:
        """The file's part of the report."""
        first = {"file": self.file, "format": self.format, "status": self.status, "records": self.records}
        return {**first, "entries": self.entries, "problems": self.problems, "notes": list(self.notes)}
