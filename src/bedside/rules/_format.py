"""A rule as it stands in a file (TOML), checked key by key: unknown keys are refused, both languages are asked for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bedside.rules.rule import Case, Kind, Rule, Said
from bedside.types.verdict import Allergy, Facts, Lab, Outcome, Proposal, Severity

Words = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, str_strip_whitespace=True)


class SaidRow(_Strict):
    """Words in both languages."""

    en: Words
    zh: Words

    def value(self) -> Said:
        """As the program holds them."""
        return Said(self.en, self.zh)


class AllergyRow(_Strict):
    """A substance, and what it did."""

    substance: Words
    reaction: str = ""


class LabRow(_Strict):
    """A measured value, and when it was measured."""

    name: Words
    value: float | str
    unit: str = ""
    time: str | None = None


class ChartRow(_Strict):
    """What is known of the patient of a case; what is left out is not known.

    >>> ChartRow(sex="female", labs=[{"name": "K", "value": 6.8, "unit": "mmol/L"}]).facts().labs[0].name
    'K'
    """

    age_years: float | None = Field(None, ge=0, le=130)
    sex: Literal["male", "female", "unknown"] = "unknown"
    pregnant: bool | None = None
    breastfeeding: bool | None = None
    weight_kg: float | None = Field(None, gt=0)
    height_cm: float | None = Field(None, gt=0)
    allergies: tuple[AllergyRow, ...] = ()
    conditions: tuple[Words, ...] = ()
    medications: tuple[Words, ...] = ()
    labs: tuple[LabRow, ...] = ()

    def facts(self) -> Facts:
        """As the guard is told of it."""
        return Facts(
            age_years=self.age_years,
            sex=self.sex,
            pregnant=self.pregnant,
            breastfeeding=self.breastfeeding,
            weight_kg=self.weight_kg,
            height_cm=self.height_cm,
            allergies=[Allergy(one.substance, one.reaction) for one in self.allergies],
            conditions=list(self.conditions),
            medications=list(self.medications),
            labs=[Lab(one.name, one.value, one.unit, one.time) for one in self.labs],
        )


class CaseRow(_Strict):
    """A case of a rule: a chart, what is proposed, and in what language."""

    lang: Literal["en", "zh"]
    proposal: Words
    chart: ChartRow = ChartRow()
    question: str = ""

    def case(self, *, fires: bool) -> Case:
        """As the program holds it."""
        asked = Proposal(text=self.proposal, lang=self.lang, facts=self.chart.facts(), question=self.question)
        return Case(asked, fires)


class RuleRow(_Strict):
    """A rule; `yes` are cases at which it must speak, `no` those at which it must be silent: one of each at least."""

    id: str = Field(pattern=r"^[a-z0-9_]+(?:[.-][a-z0-9_]+)*$")
    kind: Kind
    title: SaidRow
    when: Words
    severity: Severity
    reason: SaidRow
    source: Words
    year: int = Field(ge=1950, le=2100)
    outcome: Outcome | None = None
    yes: tuple[CaseRow, ...] = Field(min_length=1)
    no: tuple[CaseRow, ...] = Field(min_length=1)

    def cases(self) -> tuple[Case, ...]:
        """Its own cases."""
        return (*(one.case(fires=True) for one in self.yes), *(one.case(fires=False) for one in self.no))


def rule_of(row: RuleRow, file: str) -> Rule:
    """The rule that a row says; UsageError where its condition cannot be read."""
    from bedside.rules._vocabulary import checked

    return Rule(
        id=row.id,
        kind=row.kind,
        title=row.title.value(),
        when=checked(row.when),
        severity=row.severity,
        reason=row.reason.value(),
        source=row.source,
        year=row.year,
        outcome=row.outcome,
        cases=row.cases(),
        file=file,
    )
