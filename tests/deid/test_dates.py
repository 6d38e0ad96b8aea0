"""Dates: moved by one number of days a patient, written as they were, intervals kept; refused when unreadable."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.deid.actions.shift import day_first, shift_date, shift_days, shift_time

KEY = bytes(range(32))
FORMS = {
    "zh": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "iso": lambda d: d.isoformat(),
    "dots": lambda d: f"{d.year}.{d.month}.{d.day}",
    "compact": lambda d: f"{d:%Y%m%d}",
    "long": lambda d: f"{d:%B} {d.day}, {d.year}",
    "day first": lambda d: f"{d.day} {d:%b} {d.year}",
    "slashes": lambda d: f"{d:%m/%d/%Y}",
}
READ = {
    "zh": lambda s: date(*map(int, s.replace("年", " ").replace("月", " ").replace("日", "").split())),
    "iso": date.fromisoformat,
    "dots": lambda s: date(*map(int, s.split("."))),
    "compact": date.fromisoformat,
}
DATES = st.dates(date(1905, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("written", "days", "moved"),
    [
        ("2023年5月6日", -167, "2022年11月20日"),
        ("二〇二三年五月六日", 7, "二〇二三年五月十三日"),
        ("2023年05月06日", 60, "2023年07月05日"),
        ("２０２３年５月６日", 7, "２０２３年５月１３日"),
        ("5月6日", 35, "6月10日"),
        ("2023-05-06T10:00:00Z", 7, "2023-05-13T10:00:00Z"),
        ("Mar 14", 35, "Apr 18"),
        ("MARCH 14TH, 2020", 7, "MARCH 21ST, 2020"),
        ("3/14/2023", 7, "3/21/2023"),
        ("14/3/2023", 7, "21/3/2023"),
        ("03/04/23", 7, "03/11/23"),
        ("12-Mar-2021", 35, "16-Apr-2021"),
        ("2023年5月6日至2023年5月9日", 7, "2023年5月13日至2023年5月16日"),
        ("Sept 5, 2019", 35, "Oct 10, 2019"),
        ("2023年11月", 60, "2024年1月"),
        ("Feb 29", 7, "Mar 7"),
    ],
)
def test_a_date_keeps_its_form_in_both_languages(written: str, days: int, moved: str) -> None:
    assert shift_date(written, days) == moved


@pytest.mark.parametrize(
    "written",
    ["2023年2月30日", "Feb 30, 2020", "农历八月十五", "the 5th", "13/13/2020", "Thanksgiving", "2023年5月6日至8日"],
)
def test_what_cannot_be_read_with_certainty_is_refused(written: str) -> None:
    assert shift_date(written, 35) is None


def test_a_year_that_would_come_out_the_same_is_refused_not_passed_on() -> None:
    assert shift_date("2023", 35) is None
    assert shift_date("2023", 364) == "2024"


@pytest.mark.parametrize("written", ["昨日", "三天前", "two weeks ago", "today"])
def test_relative_words_move_with_what_they_refer_to(written: str) -> None:
    assert shift_date(written, 35) == written


def test_weekdays_stay_true_in_whole_weeks_and_turn_otherwise() -> None:
    assert (shift_date("Wednesday", 35), shift_date("Wednesday", 36)) == ("Wednesday", "Thursday")
    assert (shift_date("星期三", 35), shift_date("星期三", 36)) == ("星期三", "星期四")


def test_one_date_with_a_day_over_twelve_tells_how_the_note_writes_the_others() -> None:
    assert day_first(["03/04/2023", "25/04/2023"])
    assert not day_first(["03/04/2023", "04/25/2023"])
    assert shift_date("03/04/2023", 35, day_first=True) == "08/05/2023"


@given(first=DATES, second=DATES, patient=st.text(max_size=8), form=st.sampled_from(sorted(READ)), weeks=st.booleans())
def test_the_interval_between_two_dates_of_a_patient_never_changes(
    first: date, second: date, patient: str, form: str, weeks: bool
) -> None:
    days = shift_days(KEY, patient, whole_weeks=weeks)
    moved = [shift_date(FORMS[form](d), days) for d in (first, second)]
    assert None not in moved
    one, other = (READ[form](text) for text in moved if text is not None)
    assert other - one == second - first


@given(day=DATES, days=st.integers(35, 364), form=st.sampled_from(sorted(set(FORMS) - {"dots", "day first"})))
def test_shifting_back_gives_the_date_as_it_was(day: date, days: int, form: str) -> None:
    written = FORMS[form](day)
    moved = shift_date(written, days)
    assert moved is not None
    assert moved != written
    assert shift_date(moved, -days) == written


@given(st.text(max_size=60), st.integers(-364, 364))
def test_any_text_is_moved_or_refused_but_never_raises(text: str, days: int) -> None:
    assert shift_date(text, days) is None or isinstance(shift_date(text, days), str)


def test_a_patient_has_one_shift_and_another_key_another() -> None:
    shifts = {shift_days(KEY, str(n)) for n in range(300)}
    assert shift_days(KEY, "7") == shift_days(KEY, "7")
    assert len(shifts) > 60
    assert all(35 <= abs(shift) <= 364 and shift % 7 == 0 for shift in shifts)
    assert any(shift_days(KEY, str(n)) != shift_days(b"x" * 32, str(n)) for n in range(5))


@pytest.mark.parametrize(
    ("time", "moved"),
    [
        ("2024", "2024"),
        ("2024-03", "2024-04"),
        ("2024-03-05", "2024-04-09"),
        ("2024-03-05T10:00:00+08:00", "2024-04-09T10:00:00+08:00"),
    ],
)
def test_a_chart_time_stays_as_precise_as_it_was(time: str, moved: str) -> None:
    assert shift_time(time, 35) == moved


def test_a_chart_time_that_is_none_is_refused() -> None:
    assert shift_time("last spring", 35) is None
    assert shift_time("2024-13-45", 35) is None


def test_shifted_times_are_as_far_apart_as_before() -> None:
    days = shift_days(KEY, "7")
    one, other = shift_time("2024-02-27", days), shift_time("2024-03-05T08:00:00Z", days)
    assert one is not None
    assert other is not None
    assert date.fromisoformat(other[:10]) - date.fromisoformat(one) == timedelta(days=7)
