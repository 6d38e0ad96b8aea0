"""What `bedside diagnose` writes beside its answer, of a case or a table: a page, a picture, FHIR, phenopackets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import say
from bedside.errors import UsageError
from bedside.files import check_out, whole_file
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.knowledge.hpo import Hpo
    from bedside.tasks._diagnosis.told import Told

PAGES, PICTURES = (".html", ".htm"), (".png",)
PANEL = tr("Views and exports", "视图与导出")

Report = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="FILE.html|FILE.png",
        help=tr("Page of the answer and its reasons; .png: the waterfall", "结果及依据的页面；.png 为瀑布图"),
        rich_help_panel=PANEL,
    ),
]
Fhir = Annotated[
    Path | None,
    typer.Option(
        "--fhir",
        metavar="FILE.json",
        help=tr("FHIR R4 Bundle (a table: one a line)", "FHIR R4 Bundle（表格：每行一个）"),
        rich_help_panel=PANEL,
    ),
]
Phenopacket = Annotated[
    Path | None,
    typer.Option(
        "--phenopacket",
        metavar="FILE.json",
        help=tr("GA4GH phenopacket v2 (a table: one a line)", "GA4GH phenopacket v2（表格：每行一个）"),
        rich_help_panel=PANEL,
    ),
]
Ask = Annotated[
    bool,
    typer.Option(
        "--ask",
        help=tr("Ask for findings one at a time; -o keeps the answers", "逐项追问表型；-o 保存问答"),
        rich_help_panel=PANEL,
    ),
]


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files that were asked for."""

    report: Path | None = None
    fhir: Path | None = None
    phenopacket: Path | None = None

    def __bool__(self) -> bool:
        return bool(self.named())

    def named(self) -> dict[str, Path]:
        """Those that were asked for, by the name of their option."""
        every = {"report": self.report, "fhir": self.fhir, "phenopacket": self.phenopacket}
        return {name: path for name, path in every.items() if path is not None}

    def check(self, inputs: Iterable[Path | None], *, table: bool) -> None:
        """Refuse what cannot be written, before any work is done."""
        taken = [*inputs]
        for path in self.named().values():
            check_out(path, inputs=taken)
            taken.append(path)
        if self.report is None:
            return
        allowed = PAGES if table else (*PAGES, *PICTURES)
        if self.report.suffix.lower() not in allowed:
            what = tr("no report of that kind", "没有这种报告格式")
            if table and self.report.suffix.lower() in PICTURES:
                what = tr("a picture is of one case", "图片仅用于单个病例")
            raise UsageError(what, where="--report", value=self.report, allowed=allowed)

    def write(self, told: Told, hpo: Hpo, row: Any) -> None:
        """Write one case."""
        if self.report is not None and self.report.suffix.lower() in PICTURES:
            from bedside.evaluate.pages.waterfall_png import save_waterfall

            if fault := save_waterfall(self.report, told, hpo):
                say(fault, quiet=True)
        elif self.report is not None:
            from bedside.evaluate.pages.differential import save

            save(self.report, [told], hpo)
        for path, make in self.makers():
            with whole_file(path) as file:
                file.write(json.dumps(make(told, hpo, row), ensure_ascii=False, indent=1) + "\n")

    def say(self, *, quiet: bool = False) -> None:
        """Say where they are."""
        for name, path in self.named().items():
            say(f"{tr(name, '报告') if name == 'report' else name}{tr(': ', '：')}{path}", quiet=quiet)

    def makers(self) -> list[tuple[Path, Callable[[Told, Hpo, Any], dict[str, Any]]]]:
        """The files of plain JSON, and what makes one case of each."""
        from bedside.tasks._diagnosis.fhir import fhir_bundle
        from bedside.tasks._diagnosis.phenopacket import phenopacket

        made: list[tuple[Path, Callable[[Told, Hpo, Any], dict[str, Any]]]] = []
        if self.fhir is not None:
            made.append((self.fhir, lambda told, hpo, row: fhir_bundle(told, hpo)))
        if self.phenopacket is not None:
            made.append((self.phenopacket, lambda told, hpo, row: phenopacket(told, hpo, row=row)))
        return made


def with_text(told: Told, row: Any, read: Callable[[str, str], Any]) -> Told:
    """A case of a story together with its text, identity removed, and where the findings stand in it."""
    text = row.get("text") if isinstance(row, dict) and "present" not in row else None
    if not isinstance(text, str) or not text.strip():
        return told
    from bedside.model.inputs import prepare_text

    seen = prepare_text(text)
    return replace(told, text=seen, read=tuple(read(seen, str(row.get("lang") or ""))))
