"""Alerts: one for each thing that is wrong; told once, told again if nobody minds it, closed when it is gone."""

from __future__ import annotations

from dataclasses import dataclass, field

from bedside.clinic._database import Database
from bedside.clinic.watch.alerts import REMIND_S, Alerts, Signal
from bedside.clinic.watch.notices import ATTEMPTS, LONGEST_WAIT_S, Message, Notices

RULE = Signal(code="overridden", subject="renal.metformin", level="warning", detail={"overridden": 40, "told": 42})
GUARD = Signal(code="guard_failed", subject="rules", level="critical", detail={"times": 2})
HOUR = 3600.0


@dataclass
class Post:
    """A channel that keeps what it is given, or fails so many times first."""

    failures: int = 0
    sent: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("nobody there")
        self.sent.append(message)


def test_what_is_found_again_is_one_alert_and_one_message(database: Database) -> None:
    alerts, post = Alerts(database, ["post"]), Post()
    notices = Notices(database, {"post": post})
    assert [alerts.found("overrides", [RULE, RULE], now) for now in (0.0, HOUR, 2 * HOUR)] == [1, 0, 0]
    notices.send_due(2 * HOUR)
    (alert,) = alerts.all()
    assert (alert.times, alert.opened, alert.seen, len(post.sent)) == (3, 0.0, 2 * HOUR, 1)


def test_an_alert_nobody_minds_is_told_again_after_a_day_and_one_acknowledged_is_not(database: Database) -> None:
    alerts = Alerts(database, ["post"])
    alerts.found("overrides", [RULE, GUARD], 0.0)
    by_code = {one.code: one.id for one in alerts.all()}
    assert alerts.acknowledge(by_code["overridden"], "ann", HOUR)
    assert alerts.acknowledge(by_code["overridden"], "ben", 2 * HOUR)
    alerts.found("overrides", [RULE, GUARD], REMIND_S)
    post = Post()
    Notices(database, {"post": post}).send_due(REMIND_S)
    assert sorted(one.alert.code for one in post.sent) == ["guard_failed", "guard_failed", "overridden"]
    (found,) = [one for one in alerts.all() if one.code == "overridden"]
    assert (found.acknowledged_by, found.acknowledged) == ("ann", HOUR)


def test_a_warning_that_becomes_critical_is_told_at_once(database: Database) -> None:
    alerts, post = Alerts(database, ["post"]), Post()
    alerts.found("service", [Signal(code="slow", level="warning")], 0.0)
    alerts.found("service", [Signal(code="slow", level="critical")], 60.0)
    Notices(database, {"post": post}).send_due(60.0)
    assert len(post.sent) == 2


def test_what_is_gone_closes_and_what_comes_back_is_a_new_alert(database: Database) -> None:
    alerts = Alerts(database)
    alerts.found("overrides", [RULE], 0.0)
    alerts.found("service", [GUARD], 0.0)
    alerts.found("overrides", [], HOUR)
    assert [one.code for one in alerts.all(open_only=True)] == ["guard_failed"]  # another check's is its own
    assert alerts.open_now("warning") == 0
    assert alerts.found("overrides", [RULE], 2 * HOUR) == 1
    assert [one.closed for one in alerts.all() if one.code == "overridden"] == [None, HOUR]
    assert not alerts.acknowledge(alerts.all()[-1].id, "ann", 0.0)  # closed: there is nothing to see to
    assert not alerts.acknowledge("a0", "ann", 0.0)


def test_a_message_that_fails_is_tried_again_ever_later_and_goes_once(database: Database) -> None:
    told: list[str] = []
    post = Post(failures=2)
    notices = Notices(database, {"post": post}, told=lambda channel, outcome: told.append(f"{channel} {outcome}"))
    Alerts(database, ["post"]).found("service", [GUARD], 0.0)
    assert [notices.send_due(now) for now in (0.0, 29.0, 30.0, 89.0, 90.0, 500.0)] == [0, 0, 0, 0, 1, 0]
    assert told == ["post failed", "post failed", "post sent"]
    assert notices.waiting() == 0


def test_a_message_that_never_arrives_is_given_up_and_counted(database: Database) -> None:
    told: list[str] = []
    notices = Notices(database, {"post": Post(failures=99)}, told=lambda _, outcome: told.append(outcome))
    Alerts(database, ["post"]).found("service", [GUARD], 0.0)
    for hour in range(ATTEMPTS + 3):
        notices.send_due(hour * LONGEST_WAIT_S)
    assert told == ["failed"] * (ATTEMPTS - 1) + ["given_up"]


def test_a_message_for_a_channel_that_is_no_longer_in_the_settings_waits_for_nothing(database: Database) -> None:
    Alerts(database, ["gone"]).found("service", [GUARD], 0.0)
    notices = Notices(database, {})
    assert (notices.send_due(0.0), notices.waiting()) == (0, 0)


def test_a_clock_put_back_a_year_does_not_hold_a_message_for_a_year(database: Database) -> None:
    year, post = 365 * 86_400.0, Post(failures=1)
    Alerts(database, ["post"]).found("service", [GUARD], year)
    notices = Notices(database, {"post": post})
    assert (notices.send_due(year), notices.send_due(0.0)) == (0, 1)


def test_an_alert_is_said_in_both_languages(database: Database) -> None:
    alerts = Alerts(database)
    alerts.found("overrides", [RULE], 0.0)
    message = Message(alert=alerts.all()[0], address="https://bedside.lan/monitoring")
    assert message.sentence("en") == "cards of the rule renal.metformin were set aside 40 of 42 times"
    assert message.sentence("zh") == "规则 renal.metformin 的卡片 42 次中有 40 次未被采纳"
    subject, text = message.letter()
    assert subject == "bedside: overridden renal.metformin"
    assert all(word in text for word in ("[warning]", "[警告]", "https://bedside.lan/monitoring", "clinician decides"))
