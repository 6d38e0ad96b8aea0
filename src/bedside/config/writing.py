"""How a fitted decoder writes: greedily, by beams or by chance, at what length, and in what form."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from bedside.config._base import Strict
from bedside.lang import tr
from bedside.types import LARGEST_SEED


class Writing(Strict):
    """Settings of decoding; they are saved with the model, so that what is measured is what is served.

    >>> Writing(beams=4).temperature
    0.0
    """

    new_tokens: int | None = Field(
        None, ge=1, le=8192, description="longest text; default: the longest of the training part"
    )
    beams: int = Field(1, ge=1, le=16, description="texts held open side by side; 1 is greedy")
    length_penalty: float = Field(1.0, ge=-5, le=5, description="beams: above 1 prefers longer texts")
    temperature: float = Field(0.0, ge=0, le=10, description="0 takes the likeliest piece; above, one is drawn")
    top_p: float = Field(1.0, gt=0, le=1, description="drawn from the likeliest pieces of this probability together")
    repetition: float = Field(1.0, ge=1, le=10, description="scores of pieces already written are divided by this")
    no_repeat: int = Field(0, ge=0, le=32, description="no run of so many pieces is written twice; 0: any may be")
    json_schema: dict[str, Any] | None = Field(None, description="the text is JSON that satisfies this schema")
    pattern: str | None = Field(None, description="the text matches this regular expression as a whole")
    grammar: str | None = Field(None, description="the text is of this grammar (GBNF): root ::= ...")
    long: Literal["refuse", "cut"] = Field(
        "refuse", description="a text too long to be read: no answer, or without its middle, which is told"
    )
    precision: Literal["fp32", "int8"] = Field(
        "fp32", description="int8: linear maps in 8 bits once fitted; faster, and not quite the same texts"
    )
    seed: int = Field(0, ge=0, le=LARGEST_SEED)

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.beams > 1 and self.temperature > 0:
            raise ValueError(tr("beams and a temperature do not go together", "beams 与 temperature 不可同用"))
        if sum(form is not None for form in (self.json_schema, self.pattern, self.grammar)) > 1:
            raise ValueError(
                tr("one of json_schema, pattern and grammar", "json_schema、pattern 与 grammar 只能取其一")
            )
        return self
