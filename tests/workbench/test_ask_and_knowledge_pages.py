"""Asking and looking up on the workbench: support of each sentence, turns, a patient's warnings, the graph, rules."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import quote


def topic(page: str) -> str:
    """What the next turn is told that this one was about."""
    (found,) = re.findall(r'name="topic" value="([^"]*)"', page)
    return unescape(found)


def test_a_sentence_stands_beside_the_passage_with_its_words_marked(bench: Any) -> None:
    page = bench.as_("clinician").post("/ask", question="What are the symptoms of gout?").text
    sentence = "Gout starts at night with a hot, red and very painful big toe."
    said = page[page.index('class="said"') :]
    assert f"<mark>{sentence}</mark> This pain peaks within a day." in said
    described = re.findall(r'aria-describedby="([^"]*)"', page)
    assert described
    assert all(f'id="{one}"' in page for one in described)
    assert "a clinician decides" in page


def test_a_question_that_names_nothing_goes_on_from_the_one_before(bench: Any) -> None:
    reader = bench.as_("clinician")
    first = reader.post("/ask", question="What are the symptoms of gout?").text
    second = reader.post("/ask", question="How is it treated?", topic=topic(first)).text
    alone = reader.post("/ask", question="How is it treated?").text
    assert "Colchicine" in second
    assert "Colchicine" not in alone


def test_a_question_in_chinese_is_answered_in_chinese(bench: Any) -> None:
    page = bench.as_("clinician", "zh").post("/ask", question="痛风有哪些症状？").text
    assert "大脚趾红肿" in page
    assert "由临床医生决定" in page


def test_the_same_question_warns_the_patient_on_apixaban_and_not_everybody(bench: Any) -> None:
    reader, question = bench.as_("clinician"), "Can I take ibuprofen for gout?"
    of_patient = reader.post(bench.patient("DEMO-1001") + "/ask", question=question).text
    of_nobody = reader.post("/ask", question=question).text
    assert "Apixaban" in of_patient
    assert 'class="issue warning"' in of_patient
    assert "Apixaban" not in of_nobody


def test_an_emergency_stands_before_everything_else(bench: Any) -> None:
    page = bench.as_("clinician").post("/ask", question="I have crushing chest pain and sweat. Is it gout?").text
    assert "Emergency: " in page
    first = page.index("said" if 'class="said"' in page else "note strong")
    assert page.index("Emergency: ") < first


def test_what_the_library_does_not_hold_is_said_plainly(bench: Any) -> None:
    page = bench.as_("clinician").post("/ask", question="What are the symptoms of psoriasis?").text
    assert "no answer is given" in page
    assert 'class="said"' not in page


def test_a_topic_that_is_no_list_of_words_is_refused(bench: Any) -> None:
    reader = bench.as_("clinician")
    for said in ("gout", '{"a": 1}', "[1]", "[" * 5000):
        assert reader.post("/ask", question="And then?", topic=said).status_code == 422


def test_words_lead_to_passages_and_concepts_with_their_source_and_licence(bench: Any) -> None:
    page = bench.as_("clinician").post("/knowledge/search", words="gout toe").text
    assert "guides 1 · licence CC0" in page
    assert "What are the symptoms of gout?" in page
    assert "/knowledge/concepts/X%3A1" in bench.as_("clinician").post("/knowledge/search", words="gout").text


def test_a_passage_that_was_retracted_says_so_and_a_current_one_does_not(bench: Any) -> None:
    reader = bench.as_("clinician")
    query = "SELECT item.title, passage.id FROM passage JOIN item ON item.no = passage.item"
    ids = dict(bench.context.librarian.look(lambda library: library._database.execute(query).fetchall()))
    assert "no longer current" in reader.get(f"/knowledge/passages/{quote(ids['Gout in 1950'])}")
    current = reader.get(f"/knowledge/passages/{quote(ids['What is gout?'])}")
    assert "It is common in men over forty." in current
    assert "no longer current" not in current
    assert "port wine" not in reader.post("/knowledge/search", words="gout port wine").text


def test_a_concept_shows_its_neighbours_with_their_evidence(bench: Any) -> None:
    english, chinese = (bench.as_("clinician", lang).get("/knowledge/concepts/X:1") for lang in ("en", "zh"))
    assert "Colchicine" in english
    assert "Fever" in english
    assert "秋水仙碱" in chinese
    assert 'type="application/json"' in english
    assert bench.as_("clinician").client.get("/knowledge/concepts/X:99").status_code == 404


def test_two_concepts_hang_together_by_a_path_and_an_unknown_name_is_told(bench: Any) -> None:
    reader = bench.as_("clinician")
    page = reader.post("/knowledge/path", start="Colchicine", goal="Fever").text
    assert re.findall(r'concepts/X%3A(\d)"', page)[:3] == ["2", "1", "3"]
    assert reader.post("/knowledge/path", start="Colchicine", goal="Nonsense").status_code == 422


def test_a_rule_is_told_in_words_with_its_source_and_its_own_cases(bench: Any) -> None:
    at = "/rules/interaction.nsaid-anticoagulant"
    english, chinese = (bench.as_("reviewer", lang).get(at) for lang in ("en", "zh"))
    assert "Speaks when" in english
    assert "be silent" in english
    assert "BNF" in english
    assert "触发条件" in chinese
    assert bench.as_("reviewer").client.get("/rules/none").status_code == 404


def test_rules_are_filtered_by_kind_and_paged(bench: Any) -> None:
    reader = bench.as_("reviewer")
    whole, some = reader.get("/rules"), reader.get("/rules?kind=pregnancy")
    assert whole.count('<th scope="row">') == 50
    assert "interaction.nsaid-anticoagulant" not in some
    assert 0 < some.count('<th scope="row">') <= 50


def test_a_first_visit_is_shown_around_and_the_next_is_not(bench: Any) -> None:
    reader = bench.as_("clinician")
    assert "A short tour" in reader.get("/patients")
    reader.client.cookies.set("bedside_tour", "seen")
    assert "A short tour" not in reader.get("/patients")
    assert "A short tour" in reader.get("/patients?tour=1")
