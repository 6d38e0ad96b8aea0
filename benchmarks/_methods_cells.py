"""What `benchmarks/methods.py` fits: columns are data sets, rows are methods, a cell is one fit with one seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
EPOCHS = 6
"""Passes of every fit on sampled rows; all methods get the same, so that their costs compare."""


@dataclass(frozen=True)
class Column:
    """A task on one data set.

    `rows` training rows are drawn for comparing methods (a limit of time, not of the method); `dev_rows` are measured,
    None: all. `figures`: the first decides.
    """

    name: str
    folder: str
    flags: tuple[str, ...]
    figures: tuple[str, ...]
    label: str
    rows: int = 1500
    dev_rows: int | None = None
    group: str | None = None
    head: str = ""

    def file(self, part: str) -> Path:
        return DATA / self.folder / f"{part}.jsonl"


COLUMNS = {
    column.name: column
    for column in (
        Column(
            "cmedtc",
            "cmedtc_trial_criteria_zh",
            ("--text", "text", "--label", "label"),
            ("macro_f1", "accuracy"),
            label="label",
        ),
        Column(
            "toyhom",
            "toyhom_im_dialogue_zh",
            ("--text", "title+question", "--label", "department"),
            ("macro_f1", "accuracy"),
            label="department",
            rows=1000,
        ),
        Column("ncbi_disease", "ncbi_disease", ("--text", "tokens", "--label", "tags"), ("entity_f1",), label="tags"),
        Column(
            "bc5cdr", "bc5cdr", ("--text", "tokens", "--label", "tags"), ("entity_f1",), label="tags", dev_rows=1000
        ),
        Column(
            "cmedqaner",
            "cmedqaner_zh",
            ("--text", "text", "--label", "entities"),
            ("entity_f1",),
            label="entities",
            rows=800,
        ),
        Column(
            "ddi",
            "ddi_2013",
            ("--text", "text", "--label", "pairs", "--patient", "doc"),
            ("relation_f1",),
            label="pairs",
            group="doc",
        ),
        Column(
            "pubmedqa",
            "pubmedqa",
            ("--text", "question", "--text-b", "contexts", "--label", "answer"),
            ("accuracy", "macro_f1"),
            label="answer",
        ),
        Column(
            "cmedqq",
            "cmedqq_zh",
            ("--text", "text1", "--text-b", "text2", "--label", "label"),
            ("accuracy", "macro_f1"),
            label="label",
        ),
        Column(
            "meqsum",
            "meqsum",
            ("--text", "question", "--label", "summary", "--head", "generate"),
            ("rougeL", "rouge1", "rouge2"),
            label="summary",
        ),
    )
}

METHODS: dict[str, tuple[str, ...]] = {
    "full": ("--adapt", "full"),
    "partial": ("--adapt", "partial"),
    "frozen": ("--adapt", "frozen"),
    "lora": ("--adapt", "lora"),
    "dora": ("--adapt", "dora"),
    "adalora": ("--adapt", "adalora"),
    "ia3": ("--adapt", "ia3"),
    "adapter": ("--adapt", "adapter"),
    "prefix": ("--adapt", "prefix"),
    "prompt": ("--adapt", "prompt"),
    "full, rates falling by layer": ("--adapt", "full", "--set", "layer_decay=0.8"),
    "full, word table too": ("--adapt", "full", "--set", "tune_embeddings=true"),
    "full, head tag": ("--adapt", "full", "--head", "tag"),
    "full, head nested": ("--adapt", "full", "--head", "nested"),
    "zero-shot": ("--adapt", "zero_shot"),
    "few-shot": ("--adapt", "few_shot", "--backbone", "smollm2"),
    "lstm from scratch": ("--backbone", "lstm"),
    "transformer from scratch": ("--backbone", "transformer"),
}
ONLY = {
    "full, head tag": ("cmedqaner",),
    "full, head nested": ("ncbi_disease", "bc5cdr"),
    "zero-shot": ("cmedtc", "toyhom"),
    "few-shot": ("pubmedqa",),
}
"""Methods that mean something on some columns alone; by itself `fit` takes the other head there."""
UNTRAINED = ("zero-shot", "few-shot")
CHEAP = ("full", "partial", "frozen", "lora")
"""What the table must settle first: what the cheap recipes lose against tuning everything."""
FEW = (5, 10, 50)
"""Labels a class in the columns of little data."""


@dataclass(frozen=True)
class Cell:
    """One fit: `few` labels a class, else the column's sample of rows; `whole`: every row, by defaults."""

    column: Column
    method: str
    seed: int = 0
    few: int | None = None
    whole: bool = False

    @property
    def key(self) -> str:
        size = "all" if self.whole else f"few{self.few}" if self.few else "sample"
        return f"{self.column.name}/{self.slug}/{size}/{self.seed}"

    @property
    def slug(self) -> str:
        """The method, as a part of a file's name."""
        return self.method.replace(" ", "_").replace(",", "")

    @property
    def flags(self) -> tuple[str, ...]:
        """Of `bedside fit`, beside the data."""
        free = self.whole or self.few or self.method in UNTRAINED
        passes = () if free else ("--epochs", str(EPOCHS))
        method = () if self.whole else METHODS[self.method]
        return (*self.column.flags, *method, *passes, "--seed", str(self.seed))


def cells() -> Iterator[Cell]:
    """In the order of what matters most; each question is answered over all columns before the next."""
    understanding = [column for column in COLUMNS.values() if column.name != "meqsum"]
    three = [COLUMNS[name] for name in ("cmedtc", "ncbi_disease", "cmedqq")]
    for method in CHEAP:
        yield from (Cell(column, method) for column in understanding)
    yield from (Cell(column, "defaults", whole=True) for column in COLUMNS.values())
    for method in METHODS:
        if method not in CHEAP:
            yield from (Cell(COLUMNS[name], method) for name in ONLY.get(method, [one.name for one in three]))
    for few in FEW:
        for method in CHEAP:
            yield from (Cell(COLUMNS[name], method, few=few) for name in ("cmedtc", "toyhom"))
    for seed in (1, 2):
        for method in CHEAP:
            yield from (Cell(column, method, seed=seed) for column in three)
