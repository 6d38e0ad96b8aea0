"""Results as a registry gives them: arms, what it states, and what the arms come to."""

from __future__ import annotations

from typing import Any

import pytest

from bedside.trials.results.registered import outcomes


def record(events: tuple[int, int], *, stated: tuple[str, str, str] = ("0.50", "0.31", "0.81")) -> dict[str, Any]:
    """One primary outcome of 100 and 100 patients, and one serious adverse event."""
    counts = {"units": "Participants", "counts": [{"groupId": one, "value": "100"} for one in ("OG0", "OG1")]}
    analysis = {
        "paramType": "Risk Ratio (RR)",
        "paramValue": stated[0],
        "ciLowerLimit": stated[1],
        "ciUpperLimit": stated[2],
    }
    measured = [{"groupId": f"OG{n}", "value": str(value)} for n, value in enumerate(events)]
    outcome = {
        "type": "PRIMARY",
        "title": "Stroke",
        "timeFrame": "1 year",
        "paramType": "COUNT_OF_PARTICIPANTS",
        "unitOfMeasure": "Participants",
        "groups": [{"id": "OG0", "title": "Drug 5 mg"}, {"id": "OG1", "title": "Placebo"}],
        "denoms": [counts],
        "classes": [{"categories": [{"measurements": measured}]}],
        "analyses": [{**analysis, "statisticalMethod": "Chi-squared", "pValue": "0.004"}],
    }
    stats = [{"groupId": f"EG{n}", "numAffected": value, "numAtRisk": 100} for n, value in enumerate((3, 1))]
    groups = [{"id": "EG0", "title": "Drug 5 mg"}, {"id": "EG1", "title": "Placebo"}]
    adverse = {"eventGroups": groups, "seriousEvents": [{"term": "Bleeding", "stats": stats}]}
    return {
        "protocolSection": {"identificationModule": {"nctId": "NCT00000001"}},
        "resultsSection": {"outcomeMeasuresModule": {"outcomeMeasures": [outcome]}, "adverseEventsModule": adverse},
    }


def test_the_drug_is_compared_with_placebo_beside_what_is_registered() -> None:
    stroke, bleeding = outcomes(record((20, 40)))
    assert (stroke.control, [name for name, _ in stroke.worked_out]) == ("Placebo", ["Drug 5 mg"])
    assert stroke.worked_out[0][1].value == pytest.approx(0.5)
    assert (stroke.stated[0].value, stroke.stated[0].p, stroke.disagree) == (0.5, "0.004", False)
    assert (bleeding.title, bleeding.type) == ("Bleeding", "SERIOUS ADVERSE EVENT")
    assert bleeding.worked_out[0][1].value == pytest.approx(3)


def test_a_registered_interval_that_the_counts_contradict_is_told() -> None:
    assert next(outcomes(record((40, 20)))).disagree
    assert not next(outcomes(record((20, 40)))).disagree


@pytest.mark.parametrize(
    "hurt", [{}, {"resultsSection": []}, {"resultsSection": {"outcomeMeasuresModule": {"outcomeMeasures": [7]}}}]
)
def test_a_record_without_results_has_no_outcomes(hurt: dict[str, Any]) -> None:
    assert list(outcomes(hurt)) == []


def test_a_count_that_is_no_number_is_no_effect() -> None:
    study = record((20, 40))
    measured = study["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][0]
    measured["classes"][0]["categories"][0]["measurements"][0]["value"] = "NA"
    assert next(outcomes(study)).worked_out == ()
