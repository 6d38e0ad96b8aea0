"""When a fitted model doubts its answer, and what then becomes of it: the [abstain] table of a recipe."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bedside.config._base import Strict

LEVELS = range(50, 100)
"""The coverages that can be promised, in whole percent."""

Coverage = Annotated[float, Field(ge=0.5, le=0.99, multiple_of=0.01)]


class Abstain(Strict):
    """Settings of doubt; they are saved with the model, and a command may change them for its own run.

    >>> Abstain(coverage=0.95).hold_back
    False
    """

    on: bool = Field(True, description="false: nothing is calibrated, and no answer is doubted")
    coverage: Coverage = Field(0.9, description="share of patients' rows whose set of labels holds the right one")
    sets: Literal["lac", "aps"] = Field(
        "lac", description="lac: the smallest sets; aps: wider where the text is hard, narrower where it is easy"
    )
    by_class: bool = Field(False, description="keep the promise for each label by itself, not only over all")
    open_labels: int = Field(
        0, ge=0, le=1000, description="how many labels may be possible beside those given before a person is asked"
    )
    unlike: float = Field(
        0.02, ge=0, le=0.5, multiple_of=0.01, description="share of ordinary texts that may be called strange; 0: none"
    )
    hold_back: bool = Field(False, description="a doubted answer is withheld, not only marked")
