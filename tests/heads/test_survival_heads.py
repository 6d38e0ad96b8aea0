"""The heads of times to an event and of answers minimise what their papers say."""

from __future__ import annotations

import math

import pytest
import torch

from bedside.heads._tags import NOT_JUDGED
from bedside.heads.answer import END, START, AnswerHead
from bedside.heads.cox import CoxHead
from bedside.heads.survive import SurviveHead


def test_an_event_costs_its_hazard_and_a_patient_last_seen_only_the_intervals_got_through() -> None:
    head, logits = SurviveHead(4, ["1", "2", "3"]), torch.tensor([[0.2, -1.0, 0.7]])
    hazard = torch.sigmoid(logits[0]).tolist()
    died = -math.log(1 - hazard[0]) - math.log(hazard[1])
    censored = -math.log(1 - hazard[0]) - math.log(1 - hazard[1])
    assert head.loss(logits, torch.tensor([[1, 1]])).item() == pytest.approx(died, rel=1e-5)
    assert head.loss(logits, torch.tensor([[2, 0]])).item() == pytest.approx(censored, rel=1e-5)


def test_relative_hazards_are_compared_with_those_still_at_risk_ties_together() -> None:
    risk, times, events = [0.5, -0.2, 1.1, 0.0], [1, 1, 2, 3], [1, 1, 0, 1]
    by_hand = 0.0
    for i in range(4):
        if events[i]:
            by_hand -= risk[i] - math.log(sum(math.exp(risk[j]) for j in range(4) if times[j] >= times[i]))
    targets = torch.tensor(list(zip(times, events, strict=True)))
    found = CoxHead(4, []).loss(torch.tensor(risk)[:, None], targets)
    assert found.item() == pytest.approx(by_hand / 3, rel=1e-5)


def test_a_batch_in_which_nobody_has_an_event_teaches_nothing() -> None:
    risk = torch.zeros(3, 1, requires_grad=True)
    loss = CoxHead(4, []).loss(risk, torch.tensor([[0, 0], [1, 0], [2, 0]]))
    torch.autograd.backward(loss)
    assert loss.item() == 0
    assert risk.grad is not None
    assert (risk.grad == 0).all()


def test_start_and_end_are_chosen_among_the_tokens_that_begin_a_unit() -> None:
    logits = torch.randn(1, 4, 2, requires_grad=True)
    targets = torch.tensor([[0, NOT_JUDGED, START, END]])
    loss = AnswerHead(4, ["answer"]).loss(logits, targets)
    open_ = logits[0, [0, 2, 3]]
    expected = -torch.log_softmax(open_[:, 0], 0)[1] - torch.log_softmax(open_[:, 1], 0)[2]
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)
    torch.autograd.backward(loss)
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()
    assert (logits.grad[0, 1] == 0).all()
