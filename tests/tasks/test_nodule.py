"""The nodule task: a reader's text is answered by the other readers, never by himself."""

from __future__ import annotations

from bedside.tasks.nodule import CHARACTERISTIC, FEATURES, NODULE, READING, build
from bedside.types import Chart, Code, DeidReport, Entry, Example


def chart(*grades: float) -> Chart:
    entries = []
    for number, grade in enumerate(grades):
        which = (Code(NODULE, "1"), Code(READING, str(number)))
        entries.append(Entry(id=f"r{number}", kind="DiagnosticReport", text=f"text {number}", codes=which))
        for name in (*FEATURES, "malignancy"):
            value = float(grade) if name == "malignancy" else 7.0
            codes = (*which, Code(CHARACTERISTIC, name))
            entries.append(Entry(id=f"r{number}.{name}", kind="Observation", codes=codes, value=value))
    report = DeidReport("none", "0")
    return Chart(patient="p", sex="unknown", age_years=None, entries=tuple(entries), deid=report)


def examples(*grades: float) -> dict[str, Example]:
    return {example.inputs["text"]: example for example in build([chart(*grades)])}


def test_a_reader_who_alone_says_malignant_gets_the_others_answer_benign() -> None:
    assert examples(5, 1, 1)["text 0"].target == "benign"


def test_a_reader_who_alone_says_benign_gets_the_others_answer_malignant() -> None:
    assert examples(1, 5, 5)["text 0"].target == "malignant"


def test_others_who_cannot_decide_leave_the_reading_out() -> None:
    assert "text 0" not in examples(5, 3, 3)
    assert "text 1" in examples(5, 3, 3)


def test_a_nodule_only_one_reader_saw_has_no_answer() -> None:
    assert examples(5) == {}


def test_the_answer_is_not_among_the_features() -> None:
    assert "malignancy" not in examples(5, 1, 1)["text 0"].features


def test_seven_mm_falls_in_the_band_of_six_to_eight() -> None:
    assert examples(5, 1)["text 0"].subgroup["size"] == "6-8 mm"
