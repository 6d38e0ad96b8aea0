"""What a reader meets when the network is slow, the server gone, the session over, or somebody else was quicker."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest

from bedside.review import Item, Queue, enqueue
from bedside.types import Proposal, Verdict

pytestmark = pytest.mark.browser
ORDER = "Start ibuprofen 400 mg three times a day."


def weigh(page: Any, bench: Any) -> Any:
    """A patient's page with an order typed; its form."""
    page.goto(bench.patient("DEMO-1001"))
    page.get_by_label("What would you order").fill(ORDER)
    return page.locator("form", has=page.get_by_role("button", name="Weigh"))


def test_a_slow_answer_shows_that_it_is_awaited_and_one_press_is_one_request(enter: Any, bench: Any) -> None:
    waiting, asked = Event(), list[str]()

    def slow(proposal: Proposal) -> Verdict:
        if proposal.text == ORDER:
            asked.append(proposal.text)
            waiting.wait(300)
        return Verdict(outcome="allow")

    bench.say[0] = slow
    page = enter().page
    form = weigh(page, bench)
    button = form.get_by_role("button")
    for _ in range(3):
        button.click()
    page.keyboard.press("ControlOrMeta+Enter")
    assert form.get_attribute("aria-busy") == "true"
    assert page.locator("#verdict").get_attribute("aria-busy") == "true"
    waiting.set()
    page.get_by_text("No rule here stands against it").wait_for()
    assert form.get_attribute("aria-busy") is None
    assert len(asked) == 1


def test_a_server_that_is_gone_is_said_and_what_was_typed_stays(enter: Any, bench: Any) -> None:
    page = enter().page
    form = weigh(page, bench)
    page.route("**/check", lambda route: route.abort())
    form.get_by_role("button").click()
    page.get_by_text("The server does not answer. What you typed is still here").wait_for()
    assert page.get_by_label("What would you order").input_value() == ORDER
    page.unroute("**/check")
    form.get_by_role("button").click()
    page.get_by_text("No rule here stands against it").wait_for()


def test_a_part_that_did_not_come_can_be_asked_for_again(enter: Any, bench: Any) -> None:
    page = enter().page
    page.route("**/issues", lambda route: route.abort())
    page.goto(bench.patient("DEMO-1001"))
    again = page.get_by_role("button", name="Try again")
    again.wait_for()
    page.unroute("**/issues")
    again.click()
    page.get_by_text("No rule here finds fault").wait_for()


def test_a_session_that_ends_midway_keeps_what_was_typed_until_the_reader_is_back(enter: Any, bench: Any) -> None:
    window = enter()
    page = window.page
    form = weigh(page, bench)
    page.context.clear_cookies(name="bedside_session")
    page.context.clear_cookies(name="__Host-bedside_session")
    form.get_by_role("button").click()
    page.get_by_text("Your session has ended").wait_for()
    assert page.url.endswith(bench.patient("DEMO-1001"))
    assert page.get_by_label("What would you order").input_value() == ORDER
    page.context.request.post("/v1/login", data=bench.account("clinician"))  # as in the new tab
    form.get_by_role("button").click()
    page.get_by_text("No rule here stands against it").wait_for()


def test_a_part_that_comes_after_the_session_ended_is_no_login_page_within_the_page(enter: Any, bench: Any) -> None:
    page = enter().page
    page.route("**/issues", lambda route: (page.context.clear_cookies(), route.continue_())[1])
    page.goto(bench.patient("DEMO-1001"))
    page.get_by_text("Your session has ended").wait_for()
    assert page.locator("input[type=password]").count() == 0


def test_two_readers_at_one_item_decide_it_once(enter: Any, bench: Any) -> None:
    with Queue(bench.clinic.review) as queue:
        enqueue(queue, [Item(why="blocked", head="generate", text="Knee pain.", output={"text": "Ibuprofen."})])
        (waiting,) = queue.items(state="open")
    one, other = enter("clinician").page, enter("reviewer").page
    for page in (one, other):
        page.goto(f"/review/{waiting.id}")
    one.get_by_role("button", name="Take it").click()
    one.get_by_role("heading", name="Your decision").wait_for()
    other.get_by_role("button", name="Take it").click()
    other.locator("#said:not(:empty), p:has-text('Being read by')").first.wait_for()
    assert other.get_by_role("heading", name="Your decision").count() == 0
    one.get_by_label("Accept").check()
    one.get_by_role("button", name="Decide").click()
    one.wait_for_url("**/review")
    other.reload()
    other.get_by_text("Decided.").wait_for()


def test_two_readers_of_one_patient_see_the_same_in_their_own_languages(enter: Any, bench: Any) -> None:
    english, chinese = enter(lang="en").page, enter("reviewer", lang="zh").page
    for page in (english, chinese):
        page.goto(bench.patient("DEMO-1001") + "/values")
    assert english.get_by_text("high ▲").count() == chinese.get_by_text("偏高 ▲").count() > 0


def test_the_back_button_leads_back_and_after_logging_out_to_the_login(enter: Any, bench: Any) -> None:
    page = enter().page
    page.goto("/patients?query=DEMO-1001")
    page.get_by_role("link", name="Eleanor Whitcombe").click()
    page.get_by_role("link", name="Timeline").click()
    page.wait_for_url("**/timeline")
    page.go_back()
    page.get_by_label("What would you order").wait_for()
    page.go_back()
    assert page.get_by_role("searchbox").input_value() == "DEMO-1001"
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login")
    page.go_back()
    page.wait_for_url("**/login")
    assert page.get_by_text("Eleanor Whitcombe").count() == 0
