"""A model whose replicas die, fill up, run late or are all gone: who asks hears it at once and in plain words."""

from __future__ import annotations

from collections import Counter

import pytest
from opening import Rule

from bedside import __version__
from bedside.commands._serve.engine import Where
from bedside.errors import BedsideError, ServeError, UsageError
from bedside.lang import speaking
from bedside.model.given import Given
from bedside.server.cluster_settings import environment, read_range
from bedside.server.errors import Refusal
from bedside.server.replica import Replica
from bedside.server.replicas import Broke, Full, Gone, NoneLeft, Question, Told, answered_by
from bedside.types import NothingToSay

TEXT = "Smith, 62, coughs"


class Scripted:
    """Replicas that answer each question with the next of what they were told to."""

    def __init__(self, *script: object) -> None:
        self.script, self.asked = list(script), list[Question]()

    def ask(self, question: Question, timeout_s: float) -> list[Told] | Broke:
        self.asked.append(question)
        found = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(found, Exception):
            raise found
        return found  # type: ignore[return-value]


ANSWER: list[Told] = [(NothingToSay(), Counter(NAME=1))]


def asked(replicas: Scripted, timeout_s: float = 300.0) -> tuple[list[object], Counter[str]]:
    removed = Counter[str]()
    return list(answered_by(replicas, timeout_s)([TEXT], [Given()], [removed])), removed


def test_an_answer_comes_back_with_what_identity_was_removed() -> None:
    assert asked(Scripted(ANSWER)) == ([NothingToSay()], Counter(NAME=1))


def test_the_question_of_a_replica_that_died_is_answered_by_another_and_counted_once() -> None:
    replicas = Scripted(Gone(), Gone(), ANSWER)
    assert asked(replicas) == ([NothingToSay()], Counter(NAME=1))
    assert len(replicas.asked) == 3


def test_replicas_that_all_die_of_a_question_end_in_time_and_not_in_a_loop() -> None:
    with pytest.raises(Refusal) as refused:
        asked(Scripted(Gone()), timeout_s=0.05)
    assert (refused.value.status, refused.value.code) == (503, "timeout")


@pytest.mark.parametrize(("fault", "code"), [(Full(), "busy"), (NoneLeft(), "no_replica"), (TimeoutError(), "timeout")])
def test_who_cannot_be_answered_is_told_when_to_come_back(fault: Exception, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        asked(Scripted(fault))
    assert (refused.value.status, refused.value.code) == (503, code)
    assert refused.value.retry_after_s


def test_a_model_that_raised_is_a_failure_with_the_id_of_the_replicas_log() -> None:
    with pytest.raises(Refusal) as refused:
        asked(Scripted(Broke("feedc0de")))
    assert (refused.value.status, refused.value.extra["error_id"]) == (500, "feedc0de")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_language_of_who_asks_goes_along(lang: str) -> None:
    replicas = Scripted(ANSWER)
    with speaking("zh" if lang == "zh" else "en"):
        asked(replicas)
    assert replicas.asked[0].lang == lang


def test_a_question_shows_no_text() -> None:
    assert "Smith" not in repr(Question((TEXT,), (Given(second=TEXT),), "en"))


def test_a_replica_of_another_bedside_does_not_start() -> None:
    with pytest.raises(ServeError, match="another bedside"):
        Replica(lambda: pytest.fail("opened"), "abc", "0.0.0", [])


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_replica_starts_only_from_the_folder_that_the_server_means(
    version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bedside.server.replica.shut_in", lambda written: None)  # it would hold for every other test
    if version == "v1":
        Replica(Rule(version), "v1", __version__, [])
    else:
        with pytest.raises(ServeError, match="another model lies in the folder"):
            Replica(Rule(version), "v1", __version__, [])


def test_a_cluster_of_our_own_is_silent_and_has_a_secret_of_its_own() -> None:
    one, two = environment(None, {}), environment(None, {})
    assert one["RAY_USAGE_STATS_ENABLED"] == "0"
    assert one["RAY_AUTH_MODE"] == "token"
    assert one["RAY_AUTH_TOKEN"] != two["RAY_AUTH_TOKEN"]


TOKEN, TLS = {"RAY_AUTH_MODE": "token"}, {"RAY_USE_TLS": "1"}


@pytest.mark.parametrize(
    ("address", "told", "private"),
    [
        ("ray.hospital.lan:6379", {}, False),
        ("ray.hospital.lan:6379", TOKEN, False),
        ("ray.hospital.lan:6379", TLS, False),
        ("ray.hospital.lan:6379", TOKEN | TLS, True),
        ("127.0.0.1:6379", TOKEN, True),
        ("[::1]:6379", TOKEN, True),
        ("127.0.0.1:6379", {}, False),
    ],
)
def test_a_cluster_is_joined_only_where_nobody_else_can_listen_in(
    address: str, told: dict[str, str], private: bool
) -> None:
    if private:
        assert environment(address, told)["RAY_USAGE_STATS_ENABLED"] == "0"
    else:
        with pytest.raises(ServeError, match="not private"):
            environment(address, told)


@pytest.mark.parametrize("written", ["", "0", "4-2", "x", "1-", "-3", "1-2-3"])
def test_a_range_of_replicas_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(UsageError):
        read_range(written)


@pytest.mark.parametrize("address", ["ray.hospital.lan", "ray:port", ":6379"])
def test_what_is_no_address_of_a_cluster_is_refused(address: str) -> None:
    with pytest.raises(BedsideError, match="not the address"):
        environment(address, TOKEN)


def test_what_only_ray_understands_is_not_passed_over_in_silence() -> None:
    Where("local")
    for only in ({"cluster": "127.0.0.1:6379"}, {"replicas": "2"}):
        with pytest.raises(UsageError, match="go with Ray"):
            Where("local", **only)
