"""A chart on the workbench: everything on one axis of time, values with what is normal, documents with find."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bedside.lang import speaking
from bedside.server.workbench.documents import find
from bedside.server.workbench.entries import lines
from bedside.server.workbench.timeline import axis
from bedside.server.workbench.values import series_of
from bedside.types import Code, Entry, Identifier, RawChart

POTASSIUM = (Code("http://loinc.org", "2823-3"),)


def entry(kind: str, text: str, time: str | None, id: str = "e", **more: Any) -> Entry:
    return Entry(id=id, kind=kind, text=text, time=time, **more)


@given(st.lists(st.one_of(st.none(), st.dates(date(1920, 1, 1), date(2030, 1, 1)))))
def test_every_dated_entry_is_in_one_mark_and_every_undated_one_is_counted(days: list[date | None]) -> None:
    told = [entry("Condition", "Gout", day.isoformat() if day else None) for day in days]
    drawn = axis(told)
    assert sum(mark.count for lane in drawn.lanes for mark in lane.marks) + drawn.undated == len(days)
    xs = [mark.x for lane in drawn.lanes for mark in lane.marks]
    assert xs == sorted(xs)
    assert all(0 <= x <= drawn.width for x in xs)


def test_a_medicine_that_was_stopped_ends_and_one_that_was_not_goes_on() -> None:
    told = [
        entry("MedicationRequest", "Warfarin (status: stopped)", "2020-06-01", "1"),
        entry("MedicationRequest", "Apixaban", "2020-06-01", "2"),
        entry("Encounter", "Visit", "2026-01-01", "3"),
    ]
    bars = {bar.text: bar for lane in axis(told).lanes for bar in lane.bars}
    assert (bars["Warfarin"].until, bars["Warfarin"].open) == ("2020-06-01", False)
    assert bars["Apixaban"].open
    assert bars["Apixaban"].end > bars["Warfarin"].end


def test_the_span_leaves_out_what_is_older() -> None:
    told = [entry("Condition", "Gout", "2014-05-01"), entry("Condition", "Flu", "2026-01-01")]
    assert [mark.text for lane in axis(told, "2y").lanes for mark in lane.marks] == ["Flu"]


def test_potassium_is_high_by_the_laboratorys_own_range_before_ours() -> None:
    def verdict(text: str, value: float) -> tuple[str | None, str]:
        one = entry("Observation", text, "2026-01-01", codes=POTASSIUM, value=value, unit="mmol/L")
        chart = RawChart(patient="1", sex="male", birth_date="1960", entries=(one,))
        (series,) = series_of(chart)
        return series.latest.verdict, series.reference.source if series.reference else "none"

    assert verdict("Potassium", 5.4) == ("high", "WS/T 404.3-2012 (China)")
    assert verdict("Potassium", 5.2) == ("normal", "WS/T 404.3-2012 (China)")
    assert verdict("Potassium (reference 3.5 - 5.0 mmol/L)", 5.2) == ("high", "")
    assert verdict("Potassium (reference 3.5 - 5.5 mmol/L)", 5.4) == ("normal", "")


def test_values_of_one_day_keep_their_hours_in_the_plot() -> None:
    times = ("2026-01-01T06:00:00", "2026-01-01T12:00:00", "2026-01-02T00:00:00")
    told = [entry("Observation", "Lactate", time, value=float(n), unit="mmol/L") for n, time in enumerate(times)]
    (series,) = series_of(RawChart(patient="1", entries=tuple(told)))
    first, middle, last = (one.x for one in series.values)
    assert abs((middle - first) / (last - first) - 1 / 3) < 0.01


def test_a_range_or_a_number_in_the_name_does_not_tear_a_series_apart() -> None:
    texts = ("TSH 9.6 mIU/L (reference 0.4 - 4.0)", "TSH (reference 0.3 - 4.2)", "TSH")
    told = [entry("Observation", text, f"202{n}", value=9.6, unit="mIU/L") for n, text in enumerate(texts)]
    told.append(entry("Observation", "Vitamin D 25 hydroxy 25 ng/mL", "2026", value=25.0, unit="ng/mL"))
    found = series_of(RawChart(patient="1", entries=tuple(told)))
    assert {one.name: len(one.values) for one in found} == {"TSH": 3, "Vitamin D 25 hydroxy": 1}


def test_a_document_is_called_what_people_call_it() -> None:
    told = lines([entry("DocumentReference", "Well.", "2026")])[0]
    with speaking("zh"):
        assert told.called == "文书"
    assert told.called == "Note"


def test_words_are_found_across_lines_and_their_opposite_is_not() -> None:
    told = lines([entry("DocumentReference", "Denies chest\npain. No CHEST PAIN at rest.", "2026")])
    assert find(told, "chest pain")[1] == 2
    assert find(told, "abdominal pain") == ([], 0)


def test_a_chart_of_five_thousand_entries_is_paged_and_no_address_names_the_patient(bench: Any) -> None:
    start = date(2000, 1, 1)
    kinds = ("Encounter", "Condition", "MedicationRequest", "DocumentReference", "Procedure")
    told = tuple(
        entry(kinds[n % 5], f"Entry {n} of Mary", (start + timedelta(days=n)).isoformat(), str(n)) for n in range(5000)
    )
    chart = RawChart(patient="BIG-1", identifiers=(Identifier("NAME", "Mary Long"),), entries=told)
    id, _ = bench.clinic.records.keep(chart)
    try:
        page = bench.as_("clinician").get(f"/patients/{id}/timeline")
        assert page.count("<tr>") == 51
        assert "1–50 / 5000" in page
        assert page.count("<circle") < 2000
        assert len(page) < 700_000
        assert not [at for at in re.findall(r'href="([^"]*)"', page) if "Mary" in at]
        last = bench.as_("clinician").get(f"/patients/{id}/timeline?skip=4950")
        assert "Entry 0 of Mary" in last
        assert "Older" not in last
        assert "1–20 / 1000" in bench.as_("clinician").get(f"/patients/{id}/documents")
    finally:
        bench.clinic.records.erase(id)


def test_a_filter_shows_one_kind_and_a_mark_leads_to_its_days(bench: Any) -> None:
    reader, at = bench.as_("clinician"), bench.patient("DEMO-1001")
    asked = ("", "?group=procedures&until=2019-04-30")
    whole, some = (reader.get(f"{at}/timeline{one}").partition("<table")[2] for one in asked)
    assert "Apixaban" in whole
    assert "Apixaban" not in some
    assert "Transthoracic echocardiogram" in some
    assert "Ultrasound of the kidneys" not in some


def test_values_are_marked_in_either_language_with_who_says_what_is_normal(bench: Any) -> None:
    at = bench.patient("DEMO-1001")
    english, chinese = (bench.as_("clinician", lang).get(f"{at}/values") for lang in ("en", "zh"))
    assert "high ▲" in english
    assert "偏高 ▲" in chinese
    assert "WS/T 404.5-2015" in english
    potassium = english[english.index("Potassium") :]
    assert "high ▲" not in potassium  # 5.1 is within 3.5 to 5.3


def test_a_document_is_found_by_words_that_stand_in_no_address(bench: Any) -> None:
    reader, at = bench.as_("clinician"), bench.patient("DEMO-1001")
    found = reader.post(f"{at}/documents/find", words="knee pain").text
    assert "<mark>Knee pain</mark>" in found
    assert "knee" not in "".join(re.findall(r'href="([^"]*)"', found)).lower()
    assert "stand in no document" in reader.post(f"{at}/documents/find", words="appendicitis").text


def test_a_restricted_chart_opens_no_tab(bench: Any) -> None:
    at = bench.patient("DEMO-1004")
    id = at.rpartition("/")[2]
    bench.clinic.consent.restrict(id, restricted=True)
    try:
        reader = bench.as_("clinician")
        for tab in ("timeline", "values", "documents", "differential", "differential/first", "ask"):
            assert reader.client.get(f"{at}/{tab}").status_code == 403
    finally:
        bench.clinic.consent.restrict(id, restricted=False)
