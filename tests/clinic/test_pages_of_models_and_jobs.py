"""The pages of models and jobs at every stage: what they show, and what a role that may only read is not offered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_model_registry import WHY, folder, measured
from test_the_workbench import logged_in, page

from bedside.clinic.jobs.turns import Turns
from bedside.steps import Step


@pytest.fixture
def stocked(ward: Any, tmp_path: Path) -> Any:
    """A ward with a live version, a candidate that was not measured, and a name without a live version."""
    models = ward.clinic.models
    models.add("triage", folder(tmp_path / "a"), by="u1")
    models.file("triage", 1, 0, measured(models.place(models.get("triage", 1)), None, (0.3, 0.2, 0.4)))
    models.promote("triage", 1, by="u1", reason="the first <b>")
    models.add("triage", folder(tmp_path / "b", weights="b"), by="u1")
    models.add("codes", folder(tmp_path / "c", weights="c"), by="u1")
    (ward.data / "work").mkdir()
    (ward.data / "work" / "王小明.csv").write_text("text\ngout\n")
    return ward


def test_every_stage_is_said_in_either_language(stocked: Any) -> None:
    logged_in(stocked, "data_engineer")
    english, chinese = (page(stocked, "/models", **{"accept-language": lang}).text for lang in ("en", "zh"))
    assert all(words in english for words in ("version 1 live", "2 candidate", "none live"))
    assert all(words in chinese for words in ("版本 1 现行", "2 候选", "无现行版本"))
    one = page(stocked, "/models/triage").text
    assert "the first &lt;b&gt;" in one
    assert "not run" in one


def test_who_may_only_read_is_offered_no_change_and_refused_one(stocked: Any) -> None:
    token = logged_in(stocked, "auditor")
    assert "Promote" not in page(stocked, "/models/triage").text
    at = "/models/triage/2/promote"
    sent = {"to": "shadow", "reason": WHY}
    answer = stocked.client.post(at, json=sent, headers={"x-csrf-token": token}, follow_redirects=False)
    assert answer.status_code == 403


def test_a_promotion_needs_a_reason_a_stage_and_open_gates(stocked: Any) -> None:
    token = logged_in(stocked, "data_engineer")

    def promote(**sent: Any) -> tuple[int, str]:
        at, headers = "/models/triage/2/promote", {"x-csrf-token": token}
        answer = stocked.client.post(at, json=sent, headers=headers, follow_redirects=False)
        return answer.status_code, answer.text

    assert promote(to="shadow", reason="")[0] == 422
    assert promote(to="king", reason=WHY)[0] == 422
    status, told = promote(to="live", reason=WHY)
    assert (status, "not run" in told) == (409, True)
    assert promote(to="10", reason=WHY)[0] == 409
    assert promote(to="shadow", reason=WHY)[0] == 303
    assert "shadow" in page(stocked, "/models/triage").text


def test_a_comparison_becomes_a_job_and_its_report_is_shown_without_any_script(stocked: Any) -> None:
    token = logged_in(stocked, "data_engineer")
    at, headers = "/models/triage/2", {"x-csrf-token": token}
    assert page(stocked, f"{at}/report").status_code == 404
    sent = {"rows": "王小明.csv"}
    answer = stocked.client.post(f"{at}/compare", json=sent, headers=headers, follow_redirects=False)
    assert answer.status_code == 303
    assert "--against models/triage/1" in page(stocked, answer.headers["location"]).text
    place = stocked.data / "work" / "reports" / "triage-2.html"
    place.parent.mkdir()
    place.write_text("<h1>Report</h1>")
    report = page(stocked, f"{at}/report")
    assert report.text == "<h1>Report</h1>"
    assert report.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert page(stocked, "/models/none").status_code == page(stocked, "/models/triage/9/report").status_code == 404


def test_a_job_is_shown_running_with_its_share_and_its_words_only_to_who_may_add_one(stocked: Any) -> None:
    job = stocked.clinic.jobs.add("import", ["王小明.csv", "-o", "charts.jsonl"], by="u1")
    turns = Turns(stocked.clinic.jobs)
    taken = turns.claim()
    assert taken is not None
    turns.beat(taken, Step("reading", 30, 120))
    token = logged_in(stocked, "data_engineer")
    rows = page(stocked, "/jobs/rows").text
    assert all(words in rows for words in ("import", "runs", "25%"))
    assert "data-ended" not in rows
    assert "王小明" in page(stocked, f"/jobs/{job.id}").text
    assert "End this job" in page(stocked, f"/jobs/{job.id}/now").text
    stocked.client.post(f"/jobs/{job.id}/cancel", json={}, headers={"x-csrf-token": token})
    assert "正在终止" in page(stocked, f"/jobs/{job.id}/now", **{"accept-language": "zh"}).text
    stocked.client.cookies.clear()
    logged_in(stocked, "auditor")
    assert "王小明" not in page(stocked, f"/jobs/{job.id}").text + page(stocked, "/jobs/rows").text
    assert "End this job" not in page(stocked, f"/jobs/{job.id}/now").text


def test_an_ended_job_says_for_what_it_was_and_is_not_asked_for_again(stocked: Any) -> None:
    job = stocked.clinic.jobs.add("import", ["王小明.csv", "-o", "c"], by="u1", then={"register": "triage"})
    stocked.clinic.jobs.cancel(job.id)
    logged_in(stocked, "data_engineer")
    now = page(stocked, f"/jobs/{job.id}/now").text
    assert "data-ended" in now
    assert 'href="/models/triage"' in now
    assert "data-ended" in page(stocked, "/jobs/rows").text
