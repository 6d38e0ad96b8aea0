"""What every verb shares: results as text or JSON on stdout, progress on stderr, a table, the exit for part-done."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.steps import Teller
from bedside.types import LARGEST_SEED

PARTLY = 3
"""Exit code: done in part; the report says what is missing."""

OTHER_TABLES = (".csv", ".tsv", ".xls", ".xlsx", ".parquet")

STDOUT = Path("-")
"""What `-o -` names."""

HEADS = "classify, multilabel, pair, tag, nested, relate, rank, score, survive, cox, answer, generate"

AdaptOption = Annotated[
    str | None,
    typer.Option(
        "--adapt",
        help="full, frozen, partial, lora, dora, adalora, ia3, adapter, prompt, prefix, zero_shot, few_shot, "
        "verbaliser",
    ),
]
TextB = Annotated[
    str | None,
    typer.Option(
        "--text-b", help=tr("Column of the second text, for heads that read two", "第二段文本列（读取两段文本时）")
    ),
]
Entities = Annotated[
    str | None,
    typer.Option(
        "--entities",
        help=tr("Column of the entities to relate (default: entities)", "待判断关系的实体列（默认 entities）"),
    ),
]
EntitiesFrom = Annotated[
    Path | None,
    typer.Option(
        "--entities-from",
        help=tr("Tagging model that finds the entities where a row gives none", "行中没有实体时，用此实体识别模型查找"),
    ),
]
BackboneFolder = Annotated[
    Path | None,
    typer.Option(
        "--backbone-folder",
        help=tr("Where the backbone lies, of a model kept apart from it", "单独保存的模型其骨干所在位置"),
    ),
]
SetData = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help=tr("Ranking: data.corpus=FILE to search, data.top=10", "排序：data.corpus=文档库文件，data.top=10"),
    ),
]
Reranker = Annotated[
    Path | None,
    typer.Option(help=tr("Ranking: a pair model that orders the first 20 anew", "排序：对前 20 篇重新排序的成对模型")),
]
Jobs = Annotated[int, typer.Option(min=0, help=tr("Processes; 0 is one a core", "进程数；0 为每核一个"))]
JsonFlag = Annotated[bool, typer.Option("--json", help=tr("Print the result as one JSON object", "以 JSON 输出结果"))]


def checked_seed(value: int | None) -> int | None:
    """The seed that was given, if a library takes it; raises UsageError with the range.

    >>> checked_seed(7), checked_seed(None)
    (7, None)
    """
    if value is not None and not 0 <= value <= LARGEST_SEED:
        raise UsageError(
            tr("no such seed", "随机种子超出范围"), where="--seed", value=value, allowed=f"0 - {LARGEST_SEED}"
        )
    return value


IdentityOption = Annotated[
    tuple[str, str] | None,
    typer.Option(
        metavar="absent|removed WHY",
        help=tr(
            "State that the texts hold no identity, and why (default: it is removed)",
            "声明文本不含身份信息及理由（默认自动去除）",
        ),
    ),
]

Seed = Annotated[int, typer.Option(callback=checked_seed, help=tr("Seed of all that is drawn by chance", "随机种子"))]
OwnSeed = Annotated[
    int | None, typer.Option(callback=checked_seed, help=tr("Seed of all that is drawn by chance", "随机种子"))
]
"""A seed where a recipe may name one: what is not said does not replace it."""


def check_lines_name(out: Path) -> None:
    """Refuse a name that promises a table of another kind than the JSON Lines that will be written.

    >>> check_lines_name(Path("clean.jsonl"))
    """
    if out.suffix.lower() in OTHER_TABLES:
        what = tr("JSON Lines are written here, not a table of that kind", "此处写出 JSON Lines，而非该类表格")
        raise UsageError(what, value=out.name, allowed="NAME.jsonl")


def plain(value: Any) -> Any:
    """A result as JSON can hold it: dataclasses as objects, paths as text, a number that is none as null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {key: plain(part) for key, part in asdict(value).items()}
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return str(value)


def json_line(value: Any) -> str:
    """A result as one line of JSON."""
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False)


def emit_json(value: Any) -> None:
    """One JSON object on one line of stdout: the last line, so a script can read it with `tail -1`."""
    say(json_line(value))


def say(line: str = "", *, quiet: bool = False) -> None:
    """A line for people: on stdout, or on stderr when stdout is for `--json`."""
    if quiet:
        sys.stderr.write(line + "\n")
    else:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def table(title: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """A table on stdout, as wide as the terminal allows; an id stays whole, to be copied."""
    from rich.console import Console
    from rich.table import Table

    grid = Table(title=title, title_justify="left")
    for name in head:
        grid.add_column(name, no_wrap=name == "id")
    for row in rows:
        grid.add_row(*map(str, row))
    Console().print(grid)


@contextmanager
def progress(title: str, total: float | None = None) -> Iterator[Any]:
    """A bar on stderr with time left; yields `advance(amount=1, note="")`. Silent when stderr is no terminal.

    Whoever started this run as a job is told too (`bedside.steps`).
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, TextColumn("{task.fields[note]}"), console=Console(stderr=True), transient=True)
    with bar:
        task, teller = bar.add_task(title, total=total, note=""), Teller(title, total)

        def advance(amount: float = 1, note: str | None = None) -> None:
            bar.update(task, advance=amount)
            teller.advance(amount)
            if note is not None:
                bar.update(task, note=note)

        yield advance
