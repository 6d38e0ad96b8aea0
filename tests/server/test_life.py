"""Alive at once, ready once the model has answered, not ready before it stops, and nothing under way is dropped."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cluster_aids import PATIENCE_S, until
from starlette.requests import Request

from bedside.errors import ServeError
from bedside.model.given import Given
from bedside.server.health import Health
from bedside.server.leaving import UnderWay
from bedside.types import Decision, Failed


def test_before_warm_up_it_is_alive_but_not_ready(open_desk: Any) -> None:
    with open_desk(warm=False) as desk:
        assert desk.client.get("/livez").status_code == 200
        assert desk.client.get("/readyz").status_code == 503
        early = desk.ask({"text": "nodule"})
        assert early.status_code == 503
        assert early.headers["retry-after"]
        desk.client.portal.call(desk.service.warm_up)
        assert desk.client.get("/readyz").json()["ready"] is True
        assert desk.ask({"text": "nodule"}).status_code == 200


def test_a_model_that_cannot_answer_never_becomes_ready(open_desk: Any) -> None:
    def broken(texts: Sequence[str], given: Sequence[Given], removed: Sequence[Counter[str]]) -> list[Decision]:
        return [Failed("feedc0de") for _ in texts]

    with open_desk(broken, warm=False) as desk:
        with pytest.raises(ServeError):
            desk.client.portal.call(desk.service.warm_up)
        assert desk.client.get("/readyz").status_code == 503


def test_a_draining_server_says_not_ready_and_still_answers(desk: Any) -> None:
    desk.service.health.drain()
    assert desk.client.get("/readyz").status_code == 503
    assert desk.ask({"text": "nodule"}).status_code == 200


def test_a_draining_server_ends_each_connection_with_its_answer_and_a_ready_one_keeps_it(desk: Any) -> None:
    asked = (lambda: desk.ask({"text": "nodule"}), lambda: desk.client.get("/livez"), lambda: desk.client.get("/v2"))
    assert [ask().headers.get("connection") for ask in asked] == [None, None, None]
    desk.service.health.drain()
    assert [ask().headers.get("connection") for ask in asked] == ["close", "close", "close"]


def test_closing_finishes_what_is_under_way_and_refuses_what_is_new(open_desk: Any, held: Any) -> None:
    with open_desk(held) as desk, ThreadPoolExecutor(2) as pool:
        slow = pool.submit(desk.ask, {"texts": ["slow", "slow spiculated"]})
        read = until(lambda: "bedside_batch_texts_count 3" in desk.client.get("/metrics").text)
        closing = pool.submit(desk.service.batcher.close, PATIENCE_S)
        closed = until(lambda: desk.service.batcher._closing)
        held.let_go.set()
        assert (read, closed, closing.result()) == (True, True, True)
        assert [result["label"] for result in slow.result().json()["results"]] == ["benign", "malignant"]
        assert desk.ask({"text": "nodule"}).json()["error"]["code"] == "busy"


def test_what_is_under_way_when_the_time_to_drain_is_over_is_told_so_and_leaves_an_audit_line(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cut() -> Any:
        begun = asyncio.Event()

        async def forever(*_: Any) -> None:
            begun.set()
            await asyncio.Event().wait()

        monkeypatch.setattr(desk.service, "_answered", forever)
        request = Request({"type": "http", "method": "POST", "path": "/v1/predict", "headers": []})
        task = asyncio.create_task(desk.service.predict(request))
        await begun.wait()
        task.cancel()
        return await task

    answer = desk.client.portal.call(cut)
    assert (answer.status_code, json.loads(answer.body)["error"]["code"]) == (503, "ending")
    assert [line["outcome"] for line in desk.lines()] == ["ending"]


def test_the_application_ends_only_when_who_is_cut_short_has_been_told_so() -> None:
    told: list[str] = []

    async def end() -> None:
        under_way = UnderWay()

        async def request() -> None:
            with under_way.one():
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    for _ in range(10):
                        await asyncio.sleep(0)
                    told.append("503")

        async def receive() -> Any:
            return {"type": "lifespan.shutdown"}

        task = asyncio.create_task(request())
        await asyncio.sleep(0)
        task.cancel()
        await under_way.heard_out(receive)()
        told.append("end")

    asyncio.run(end())
    assert told == ["503", "end"]


def test_a_server_told_to_stop_while_warming_up_stays_told() -> None:
    health = Health()
    health.drain()
    health.warmed_up()
    assert not health.ready


def test_metrics_count_requests_spans_and_batches_without_a_patient_label(desk: Any) -> None:
    desk.ask({"texts": ["Smith and Smith", "nodule"]})
    page = desk.client.get("/metrics").text
    assert 'bedside_requests_total{outcome="answered"} 1.0' in page
    assert 'bedside_identity_removed_total{type="NAME"} 2.0' in page
    assert "bedside_waiting_texts 0.0" in page
    assert "Smith" not in page
