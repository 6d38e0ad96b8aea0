"""Values that change between two times: what rules see of it, and what they say of proposals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import ConfigError
from bedside.facts.of_json import facts_from_json
from bedside.guards.rules import GUARD
from bedside.rules._moments import moment
from bedside.rules._vocabulary import checked
from bedside.rules.labs import values
from bedside.rules.trends import WINDOWS, trends
from bedside.types import Lab, Proposal

DAY = datetime(2024, 5, 1, tzinfo=UTC)


def creatinine(*told: tuple[float, str]) -> list[dict[str, object]]:
    return [{"name": "creatinine", "value": value, "unit": "umol/L", "time": time} for value, time in told]


def asked(labs: list[dict[str, object]], proposal: str, **more: object) -> set[str]:
    facts, _ = facts_from_json({"labs": labs, **more})
    lang = "en" if proposal.isascii() else "zh"
    return {one.rule for one in GUARD.check(Proposal(text=proposal, lang=lang, facts=facts))}


@pytest.mark.parametrize(
    ("before", "after"),
    [("2024-05-01", "2024-05-03"), ("2 days ago", "today"), ("2天前", "今天"), ("2024年5月1日", "2024/5/3")],
)
def test_diclofenac_is_stopped_where_creatinine_rose_by_27_in_two_days_however_the_times_are_written(
    before: str, after: str
) -> None:
    rose = creatinine((80, before), (107, after))
    assert "trend.kidney-injury-worsened" in asked(rose, "Start diclofenac 50 mg three times daily.")
    assert "trend.kidney-injury-worsened" in asked(rose, "予双氯芬酸50mg每日三次。")


@pytest.mark.parametrize(
    "labs",
    [
        creatinine((80, "2024-05-01"), (106, "2024-05-03")),  # 26 µmol/L
        creatinine((107, "2024-05-01"), (80, "2024-05-03")),  # it fell
        creatinine((80, "2024-04-01"), (107, "2024-05-03")),  # over a month
        creatinine((107, "2024-05-03")),  # once
        [{"name": "creatinine", "value": value, "unit": "umol/L"} for value in (80, 107)],  # nobody knows when
    ],
)
def test_it_is_not_where_the_change_is_less_elsewhere_or_unknown(labs: list[dict[str, object]]) -> None:
    assert "trend.kidney-injury-worsened" not in asked(labs, "Start diclofenac 50 mg three times daily.")


def test_platelets_that_halved_on_heparin_are_told_of_and_those_that_halved_without_it_are_not() -> None:
    halved = [
        {"name": "platelets", "value": 260, "unit": "10^9/L", "time": "2024-05-01"},
        {"name": "platelets", "value": 110, "unit": "10^9/L", "time": "2024-05-08"},
    ]
    told = "trend.platelets-on-heparin-taken"
    assert told in asked(halved, "Mobilise.", medications=["enoxaparin 40 mg daily"])
    assert told not in asked(halved, "Mobilise.", medications=["metformin 500 mg daily"])


def test_the_latest_value_is_the_one_with_the_latest_time_wherever_it_stands() -> None:
    new, old = Lab("K", 6.6, "mmol/L", "2024-05-02"), Lab("K", 4.0, "mmol/L", "2024-05-01")
    assert values([new, old]) == values([old, new]) == {"potassium": 6.6}
    assert values([Lab("K", 6.6, "mmol/L"), Lab("K", 4.0, "mmol/L")]) == {"potassium": 4.0}


def test_a_date_and_a_time_ago_cannot_be_compared() -> None:
    assert trends([Lab("K", 4, "mmol/L", "2024-05-01"), Lab("K", 5, "mmol/L", "today")]) == {}


def test_a_time_zone_counts() -> None:
    one, other = moment("2024-05-01T08:00+08:00"), moment("2024-05-01T00:00Z")
    assert one == other


def test_a_rule_on_a_change_that_there_is_not_is_refused() -> None:
    with pytest.raises(ConfigError, match="rise_48h"):
        checked("trend.creatinine.rise_48 > 1")
    with pytest.raises(ConfigError, match="creatinine"):
        checked("trend.creatinin.rise_48h > 1")


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.floats(20, 1500).map(lambda value: round(value, 1))),
        min_size=2,
        max_size=8,
        unique_by=lambda pair: pair[0],
    )
)
def test_changes_are_those_of_their_definition(series: list[tuple[int, float]]) -> None:
    labs = [Lab("Cr", value, "umol/L", (DAY + timedelta(hours=at)).isoformat()) for at, value in series]
    told = trends(labs)["creatinine"]
    known = {at: values([Lab("Cr", value, "umol/L")]).get("creatinine") for at, value in series}
    last = max(known)
    for window, hours in WINDOWS.items():
        earlier = [value for at, value in known.items() if at < last and last - at <= hours]
        assert told[f"rise_{window}"] == (pytest.approx(known[last] - min(earlier)) if earlier else None)
        assert told[f"share_{window}"] == (pytest.approx(known[last] / max(earlier), abs=1e-5) if earlier else None)
