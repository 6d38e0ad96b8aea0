"""A recipe of one run: what to fit, on what, how. TOML in, one frozen value out; contradictions are faults too."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import Field

from bedside.config._base import Strict, Texts, checked
from bedside.config.abstain import Abstain
from bedside.config.conflicts import contradictions
from bedside.config.fit import FitRecipe
from bedside.errors import ConfigError
from bedside.lang import tr


class DataRecipe(Texts):
    """Where the rows are and which columns mean what."""

    train: Path = Field(description="training table: CSV, TSV, Excel, JSONL or Parquet")
    dev: Path | None = Field(None, description="tuning table; without it a tenth of the patients is held back")
    text: str = Field("text", description="column(s) of the text, joined by +: title+question")
    text_b: str | None = Field(None, description="column(s) of a second text, for heads that read two")
    label: str = Field(
        "label",
        description="column of the label; several as a list or separated by |; entities; tags; time+event; answers",
    )
    entities: str | None = Field(None, description="column of the entities to relate; entities, where there is one")
    patient: str | None = Field(None, description="column of the patient; rows of one patient never lie in two parts")
    id: str | None = Field(None, description="column of the row's id")
    corpus: Path | None = Field(None, description="rank: table of the documents to search, text in the text_b column")
    top: int = Field(10, ge=1, le=1000, description="rank: how many documents are told for a question")


class Recipe(Strict):
    """One run: data, fit, and when the model is to doubt its answers.

    >>> Recipe.from_dict({"data": {"train": "notes.csv"}, "fit": {"head": "classify"}}).fit.seed
    0
    """

    data: DataRecipe
    fit: FitRecipe = FitRecipe()
    abstain: Abstain = Abstain()

    @classmethod
    def from_dict(cls, values: dict[str, object], *, where: str | None = None) -> Recipe:
        """Check the values; every fault is in the one error, settings that contradict each other too."""
        fit = values.get("fit")
        faults = contradictions(fit) if isinstance(fit, dict) else []
        return checked(cls, values, faults, where=where, next="bedside fit --help")

    @classmethod
    def read(cls, path: Path) -> Recipe:
        """Read a TOML file; paths in it are relative to it."""
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
            what = tr(f"cannot be read as TOML ({fault})", f"无法按 TOML 读取（{fault}）")
            raise ConfigError([what], where=str(path)) from None
        data = values.get("data", {})
        for key in ("train", "dev", "corpus"):
            if isinstance(data, dict) and isinstance(data.get(key), str):
                data[key] = str(path.parent / data[key])
        return cls.from_dict(values, where=str(path))
