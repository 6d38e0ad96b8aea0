"""A person's own facts bring warnings: each with the entry it rests on and its source; other facts bring none."""

from __future__ import annotations

import pytest

from bedside.consult._base import Warning
from bedside.consult._cautions import Caution, cautions
from bedside.consult.personal import expanded, warnings
from bedside.facts.names import things
from bedside.facts.of_chart import person_of
from bedside.facts.person import Person
from bedside.lang import speaking
from bedside.types import Chart, Code, DeidReport, Entry, Passage, Sex


def chart(*entries: Entry, age: float | None = 40.0, sex: Sex = "female") -> Chart:
    return Chart(patient="p", sex=sex, age_years=age, entries=entries, deid=DeidReport("", ""))


def entry(kind: str, text: str, **more: object) -> Entry:
    return Entry(**{"id": f"{kind}-1", "kind": kind, "text": text, **more})  # type: ignore[arg-type]


def with_fact(row: Caution, fact: str) -> Chart:
    """A chart whose one fact is that of a row's case."""
    if row.with_.startswith("age"):
        return chart(age=float(fact))
    if row.with_ in ("pregnancy", "breastfeeding"):
        return chart(*([entry("Condition", row.with_.capitalize())] if fact != "not" else []))
    if row.with_.startswith("allergy:"):
        return chart(entry("AllergyIntolerance", fact))
    kind = "Condition" if things()[row.with_].kind == "condition" else "MedicationStatement"
    return chart(entry(kind, fact))


def raised(question: str, of: Chart) -> dict[str, Warning]:
    return {one.id: one for one in warnings(question, (), person_of(of))}


@pytest.mark.parametrize("row", cautions(), ids=lambda row: row.id)
def test_a_row_warns_of_its_own_case_and_not_of_the_other(row: Caution) -> None:
    warning = raised(row.warns[0], with_fact(row, row.warns[1]))[row.id]
    assert warning.citation == row.source
    if not row.with_.startswith("age"):
        assert len(warning.entries) == 1
    assert row.id not in raised(row.silent[0], with_fact(row, row.silent[1]))


def test_rows_name_only_what_is_in_the_table_of_names() -> None:
    assert len(cautions()) >= 60
    assert len({row.id for row in cautions()}) == len(cautions())
    for row in cautions():
        assert row.of in things()
        plain = row.with_.removeprefix("allergy:")
        assert plain in things() or plain in ("pregnancy", "breastfeeding") or plain.startswith("age")


@pytest.mark.parametrize(
    ("held", "not_held"),
    [
        (entry("Condition", "Asthma (disorder) (clinical status: active)"), entry("Condition", "not: Asthma")),
        (
            entry("Condition", "Chronic kidney disease"),
            entry("Condition", "Acute kidney failure (clinical status: resolved)"),
        ),
        (
            entry("DocumentReference", "Patient has chronic kidney disease."),
            entry("DocumentReference", "No kidney disease."),
        ),
        (entry("DocumentReference", "患者有慢性肾病。"), entry("DocumentReference", "父亲有慢性肾病。")),
        (entry("Observation", "eGFR", value=24.0, unit="mL/min"), entry("Observation", "eGFR", value=95.0)),
        (
            entry("Observation", "x", value=41.0, codes=(Code("http://loinc.org", "33914-3"),)),
            entry("Observation", "x", value=41.0, codes=(Code("http://loinc.org", "718-7"),)),
        ),
    ],
)
def test_conditions_are_those_the_person_has(held: Entry, not_held: Entry) -> None:
    assert person_of(chart(held)).conditions[0].entries == (held.id,)
    assert person_of(chart(not_held)).conditions == ()


@pytest.mark.parametrize(
    ("taken", "not_taken"),
    [
        (
            entry("MedicationRequest", "Warfarin 5 MG (status: active)"),
            entry("MedicationRequest", "Warfarin (status: stopped)"),
        ),
        (
            entry("DocumentReference", "Takes warfarin daily."),
            entry("DocumentReference", "Warfarin was stopped last week."),
        ),
        (entry("DocumentReference", "长期口服华法林。"), entry("DocumentReference", "已停用华法林。")),
    ],
)
def test_medicines_are_those_taken_now(taken: Entry, not_taken: Entry) -> None:
    assert "warfarin" in person_of(chart(taken)).medicines[0].things
    assert person_of(chart(not_taken)).medicines == ()


@pytest.mark.parametrize(
    ("allergic", "not_allergic"),
    [
        ("Allergic to penicillin.", "No known allergy to penicillin."),
        ("对青霉素过敏。", "对青霉素不过敏。"),
        ("Penicillin allergy.", "Penicillin for five days."),
    ],
)
def test_an_allergy_told_in_a_note_is_no_medicine(allergic: str, not_allergic: str) -> None:
    person = person_of(chart(entry("DocumentReference", allergic)))
    assert "penicillin" in person.allergies[0].things
    assert person.medicines == ()
    assert person_of(chart(entry("DocumentReference", not_allergic))).allergies == ()


def test_a_pregnancy_counts_while_it_lasts_and_never_in_a_man() -> None:
    now = (entry("Condition", "Normal pregnancy", time="2020-05-01"), entry("Encounter", "x", time="2020-06-01"))
    long_ago = (entry("Condition", "Normal pregnancy", time="2015-05-01"), entry("Encounter", "x", time="2020-06-01"))
    assert person_of(chart(*now)).pregnant
    assert not person_of(chart(*long_ago)).pregnant
    assert not person_of(chart(*now, sex="male")).pregnant
    assert not person_of(chart(entry("DocumentReference", "She is not pregnant."))).pregnant
    assert not person_of(chart(entry("Condition", "Pregnancy test"))).pregnant


def test_what_the_question_says_counts_beside_the_chart() -> None:
    assert "nsaid-pregnancy" in raised("I'm 30 weeks pregnant. Can I take ibuprofen?", chart())
    assert "nsaid-pregnancy" not in raised("I'm not pregnant. Can I take ibuprofen?", chart())
    assert "nsaid-anticoagulant" in raised("我在吃利伐沙班，能吃布洛芬吗？", chart())
    assert "aspirin-child" in raised("Can my 9-year-old son have aspirin?", chart())
    assert "penicillin-allergy" in raised("I am allergic to penicillin. Can I take amoxicillin?", chart())


def test_two_medicines_of_the_chart_that_nobody_asked_about_bring_no_warning() -> None:
    both = chart(
        Entry(id="m1", kind="MedicationStatement", text="Warfarin"),
        Entry(id="m2", kind="MedicationStatement", text="Naproxen"),
    )
    assert raised("How do I lower my cholesterol?", both) == {}
    assert "nsaid-anticoagulant" in raised("Is naproxen all right?", both)


def test_what_to_avoid_comes_first_and_the_words_are_the_users() -> None:
    person = person_of(
        chart(entry("Condition", "Essential hypertension"), Entry(id="c2", kind="Condition", text="CKD"))
    )
    with speaking("zh"):
        found = warnings("Can I take ibuprofen?", (), person)
        assert [one.level for one in found] == ["avoid", "caution"]
        assert "肾" in found[0].text
        assert "病历记载" in found[0].because


LABEL = Passage(
    text="Renal impairment: do not use in patients with advanced kidney disease. Store at room temperature.",
    citation="Examplofen tablets. Drug label, 2023",
    source="labels",
    version="1",
    id="p1",
    title="Examplofen tablets",
    heading="WARNINGS AND PRECAUTIONS > Renal Impairment",
)


def test_a_label_warns_by_the_sentence_that_meets_the_person() -> None:
    person = person_of(chart(entry("Condition", "Chronic kidney disease stage 3")))
    (warning,) = warnings("Can I take examplofen?", [LABEL], person)
    assert warning.text == "Renal impairment: do not use in patients with advanced kidney disease."
    assert (warning.citation, warning.id, warning.entries) == (LABEL.citation, "p1", ("Condition-1",))
    assert warnings("Can I take examplofen?", [LABEL], person_of(chart(entry("Condition", "Eczema")))) == ()
    assert warnings("Can I take another thing?", [LABEL], person) == ()


def test_a_chinese_label_warns_of_its_own_section() -> None:
    text = "【孕妇及哺乳期妇女用药】孕妇禁用。【贮藏】密封保存。"
    label = Passage(text=text, citation="某某片说明书", source="labels", version="1", id="p2", title="某某洛芬片")
    (warning,) = warnings("某某洛芬能吃吗？", [label], person_of(chart(entry("Condition", "妊娠20周"))))
    assert "孕妇禁用" in warning.text
    assert warnings("某某洛芬能吃吗？", [label], person_of(chart())) == ()


def test_search_terms_bring_the_medicine_and_the_fact_together() -> None:
    assert expanded("Can I take ibuprofen?", person_of(chart(entry("Condition", "CKD")))) == (
        "ibuprofen kidney disease",
    )
    assert expanded("Can I take ibuprofen?", Person()) == ()
    assert expanded("What is gout?", person_of(chart(entry("Condition", "CKD")))) == ()
