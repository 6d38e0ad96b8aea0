"""Every guard is asked, in order; one that breaks blocks; the gravest finding decides."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bedside import registry
from bedside.guards import _pipeline, guard
from bedside.guards._pipeline import asked
from bedside.lang import speaking
from bedside.types import Finding, Outcome, Proposal, Severity

SECRET = "Zhang Wei, bed 12"


@dataclass(frozen=True)
class Says:
    """A guard that always says the same."""

    name: str
    order: int
    findings: tuple[Finding, ...] = ()

    def check(self, proposal: Proposal) -> Sequence[Finding]:
        return self.findings


@dataclass(frozen=True)
class Breaks:
    name: str = "fragile"
    order: int = 5
    seen: list[str] = field(default_factory=list)

    def check(self, proposal: Proposal) -> Sequence[Finding]:
        self.seen.append(proposal.text)
        raise ValueError(proposal.text)


def finding(severity: Severity, outcome: Outcome | None = None) -> Finding:
    return Finding(rule=f"test.{severity}", severity=severity, reason="", source="", outcome=outcome)


def test_the_gravest_finding_decides_whichever_guard_it_is_from() -> None:
    warns, blocks = Says("a", 1, (finding("warning"),)), Says("b", 2, (finding("critical"),))
    assert asked(Proposal(text="x"), [warns]).outcome == "warn"
    assert asked(Proposal(text="x"), [warns, blocks]).outcome == "block"
    urgent = Says("c", 3, (finding("critical", "emergency"),))
    assert asked(Proposal(text="x"), [warns, blocks, urgent]).outcome == "emergency"
    assert asked(Proposal(text="x"), [Says("d", 1)]).outcome == "allow"


def test_guards_run_in_their_order_and_each_is_timed() -> None:
    ms = asked(Proposal(text="x"), [Says("late", 20), Says("early", 10)]).ms
    assert list(ms) == ["early", "late"]
    assert all(time >= 0 for time in ms.values())


def test_a_guard_that_breaks_blocks_and_hides_nothing_that_the_others_found(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        told = asked(Proposal(text=SECRET), [Breaks(), Says("a", 9, (finding("warning"),))])
    assert told.outcome == "block"
    assert [one.rule for one in told.findings] == ["unchecked.fragile", "test.warning"]
    assert "ValueError" in caplog.text
    assert SECRET not in caplog.text + repr(told) + told.findings[0].reason
    with speaking("zh"):
        assert "未能完成" in asked(Proposal(text="x"), [Breaks()]).findings[0].reason


def test_a_guard_that_cannot_be_loaded_blocks_every_proposal(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(kind: str, name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(registry, "load", load)
    monkeypatch.setattr(registry, "names", lambda kind: ["gone"])
    _pipeline._registered.cache_clear()
    try:
        assert [guard(Proposal(text=text)).outcome for text in ("Rest.", "Drink water.")] == ["block", "block"]
    finally:
        _pipeline._registered.cache_clear()


def test_every_registered_guard_is_asked_and_has_its_own_name_and_place() -> None:
    loaded = [registry.load("guards", name) for name in registry.names("guards")]
    assert [one.name for one in loaded] == registry.names("guards")
    assert len({one.order for one in loaded}) == len(loaded)
    assert set(guard(Proposal(text="Rest.")).ms) == set(registry.names("guards"))
