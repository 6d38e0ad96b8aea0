"""Models and jobs in a real browser: an engineer follows a job to its end, promotes a version and goes back a step."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bedside.clinic.models.registry import Models
from bedside.clinic.open import open_clinic
from bedside.model.manifest import write_manifest
from bedside.receipt import file_sha256

pytestmark = pytest.mark.browser
NAMES = {
    "en": {
        "name": "triage-en",
        "jobs": "Jobs",
        "models": "Models",
        "done": "done",
        "why": "Why",
        "promote": "Promote",
        "back": "Roll back",
    },
    "zh": {
        "name": "triage-zh",
        "jobs": "作业",
        "models": "模型",
        "done": "已完成",
        "why": "理由",
        "promote": "上线",
        "back": "回退至版本",
    },
}


def add_version(models: Models, name: str, place: Path, gain: float) -> int:
    """A registered folder that is a model to the registry, measured so much better than the live one."""
    place.mkdir(parents=True)
    parts = {"model": {"format": 2, "head": "classify", "labels": ["no", "yes"]}, "receipt": {}}
    for part, values in {**parts, "recipe": {"fit": {"metric": "macro_f1"}}}.items():
        (place / f"{part}.json").write_text(json.dumps(values))
    (place / "weights").write_text(f"{gain}")
    write_manifest(place)
    one, live = models.add(name, place, by="u1"), models.live(name)
    gap = {"macro_f1": {"difference": {"value": gain, "low": gain - 0.02, "high": gain + 0.02}}}
    told: dict[str, Any] = {"n": 400, "n_patients": 200, "metrics": {"macro_f1": {"value": 0.8 + gain}}}
    told |= {"baselines": {"against": {"macro_f1": {"value": 0.8}}}}
    told["comparison"] = {"against": gap, "majority": gap}
    hashes = [file_sha256(models.place(which) / "manifest.json") if which else None for which in (one, live)]
    told["measured"] = {"model": hashes[0], "against": hashes[1], "rows": "r", "leak": {"patients": 0, "texts": 0}}
    models.file(name, one.version, live.version if live else 0, told)
    return one.version


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A server with its worker; three versions of a model: one live, one better, one worse."""
    folder = tmp_path_factory.mktemp("hospital")
    data = folder / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEDSIDE_CLINIC_KEY", "00" * 32)
        with open_clinic(data) as clinic:
            clinic.accounts.add("eng", "data_engineer", "correct horse 7")
            (data / "work").mkdir()
            (data / "work" / "notes.csv").write_text("patient,note\n1,gout\n2,cough\n")
            for lang in NAMES:
                add_version(clinic.models, f"triage-{lang}", folder / lang / "a", 0.3)
                clinic.models.promote(f"triage-{lang}", 1, by="u1", reason="the first")
                add_version(clinic.models, f"triage-{lang}", folder / lang / "b", 0.1)
                add_version(clinic.models, f"triage-{lang}", folder / lang / "c", -0.1)
        words = [sys.executable, "-m", "bedside", "serve", "--data", str(data), "--json", "--port", "0"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            yield {"data": data, **json.loads(process.stdout.readline())}
            process.terminate()
            assert process.wait(300) == 0


@pytest.fixture(params=["en", "zh"])
def desk(
    request: pytest.FixtureRequest, browser: Any, hospital: dict[str, Any]
) -> Iterator[tuple[Any, dict[str, str]]]:
    """A page of an engineer who is logged in, and what things are called in the language of the browser."""
    locale = {"en": "en-GB", "zh": "zh-CN"}[request.param]
    context = browser.new_context(locale=locale, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{hospital['url']}/login")
    page.locator("input[name=name]").fill("eng")
    page.locator("input[name=password]").fill("correct horse 7")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=NAMES[request.param]["jobs"]).wait_for()
    yield page, NAMES[request.param]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()


def test_a_job_is_followed_to_its_end_without_a_reload(desk: Any, hospital: dict[str, Any]) -> None:
    page, said = desk
    out = f"{said['done']}.jsonl"
    with open_clinic(hospital["data"]) as clinic:
        job = clinic.jobs.add("import", ["notes.csv", "--map", "text=note", "-o", out], by="u1")
    page.get_by_role("link", name=said["jobs"]).click()
    page.locator(f"#{job.id}").click()
    page.locator("dd .stage.done", has_text=said["done"]).wait_for()
    page.get_by_text("notes.csv").wait_for()


def test_a_version_is_promoted_with_a_reason_and_taken_back_and_a_worse_one_is_refused(desk: Any) -> None:
    page, said = desk
    page.get_by_role("link", name=said["models"]).click()
    page.locator("ul.rows a", has_text=said["name"]).click()
    worse, better = page.locator("section.version").nth(0), page.locator("section.version").nth(1)
    worse.locator("select").select_option("live")
    worse.locator("form[action$=promote] input[name=reason]").fill("it is the newest 最新")
    worse.get_by_role("button", name=said["promote"]).click()
    page.locator("#said", has_text="-0.1000 [-0.1200, -0.0800]").wait_for()
    better.locator("select").select_option("live")
    better.locator("form[action$=promote] input[name=reason]").fill("fewer misses 漏诊更少")
    better.get_by_role("button", name=said["promote"]).click()
    back = page.get_by_role("button", name=said["back"])
    back.wait_for()
    page.locator("form[action$=rollback] input[name=reason]").fill("false alarms 误报")
    back.click()
    page.get_by_text("false alarms 误报").first.wait_for()
    assert page.locator(".stage.live").count() == 1
