"""Who answers what: free workers share what waits, a lone one takes a few together, a lone caller meets one worker."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence

import pytest
from cluster_aids import PATIENCE_S

from bedside.lang import Lang
from bedside.server.batching import Batcher

Asking = Callable[[Batcher[str, str]], Awaitable[None]]


def running(work: Callable[[Sequence[str]], list[str]], asking: Asking) -> None:
    """Ask two workers who answer with `work`; both are idle when the asking begins."""

    def worked(texts: Sequence[str], lang: Lang) -> list[str]:
        return work(texts)

    async def run() -> None:
        batcher = Batcher(worked, workers=2, batch_texts=16, waiting_texts=100)
        batcher.start()
        while len(batcher._idle) < 2:
            await asyncio.sleep(0.001)
        await asyncio.wait_for(asking(batcher), PATIENCE_S)
        assert batcher.close(PATIENCE_S)

    asyncio.run(run())


def test_two_free_workers_share_the_notes_of_one_request() -> None:
    sizes: list[int] = []
    both = threading.Barrier(2, timeout=PATIENCE_S)

    def work(texts: Sequence[str]) -> list[str]:
        sizes.append(len(texts))
        both.wait()
        return [f"read {text}" for text in texts]

    async def asking(batcher: Batcher[str, str]) -> None:
        assert await batcher.submit(["cough", "咳嗽", "fever", "发热"], "en") == [
            "read cough",
            "read 咳嗽",
            "read fever",
            "read 发热",
        ]

    running(work, asking)
    assert sizes == [2, 2]


def test_while_the_other_is_busy_a_worker_takes_three_notes_together_and_leaves_the_rest() -> None:
    sizes: list[int] = []
    long_ended, short_ended = threading.Event(), threading.Event()

    def work(texts: Sequence[str]) -> list[str]:
        sizes.append(len(texts))
        for text, ended in (("long note", long_ended), ("short note", short_ended)):
            if text in texts:
                ended.wait(PATIENCE_S)
        return list(texts)

    async def asking(batcher: Batcher[str, str]) -> None:
        first = [asyncio.ensure_future(batcher.submit([text], "en")) for text in ("long note", "short note")]
        while len(sizes) < 2:
            await asyncio.sleep(0.001)
        waiting = [asyncio.ensure_future(batcher.submit([text], "en")) for text in ("cough", "fever", "rash", "pain")]
        await asyncio.sleep(0)
        short_ended.set()
        assert [await one for one in waiting] == [["cough"], ["fever"], ["rash"], ["pain"]]
        long_ended.set()
        await asyncio.gather(*first)

    running(work, asking)
    assert sizes == [1, 1, 3, 1]


def test_notes_of_different_languages_wait_together_and_are_answered_apart() -> None:
    batches: list[list[str]] = []
    ended = threading.Event()

    def work(texts: Sequence[str]) -> list[str]:
        batches.append(list(texts))
        ended.wait(PATIENCE_S)
        return list(texts)

    async def asking(batcher: Batcher[str, str]) -> None:
        busy = [asyncio.ensure_future(batcher.submit(["long note"], "en")) for _ in range(2)]
        while len(batches) < 2:
            await asyncio.sleep(0.001)
        english = asyncio.ensure_future(batcher.submit(["cough", "fever"], "en"))
        chinese = asyncio.ensure_future(batcher.submit(["咳嗽", "发热"], "zh"))
        await asyncio.sleep(0)
        ended.set()
        assert (await english, await chinese) == (["cough", "fever"], ["咳嗽", "发热"])
        await asyncio.gather(*busy)

    running(work, asking)
    assert not any({"cough", "fever"} & set(batch) and {"咳嗽", "发热"} & set(batch) for batch in batches)


def test_a_caller_who_asks_again_and_again_meets_the_same_worker() -> None:
    asked: list[str] = []

    def work(texts: Sequence[str]) -> list[str]:
        asked.append(threading.current_thread().name)
        return list(texts)

    async def asking(batcher: Batcher[str, str]) -> None:
        for _ in range(50):
            await batcher.submit(["nodule"], "en")

    running(work, asking)
    assert len(set(asked)) == 1


def test_a_request_that_breaks_is_told_so_and_the_next_is_answered() -> None:
    def work(texts: Sequence[str]) -> list[str]:
        if "crash" in texts:
            raise ArithmeticError
        return [] if "silence" in texts else list(texts)

    async def asking(batcher: Batcher[str, str]) -> None:
        with pytest.raises(ArithmeticError):
            await batcher.submit(["crash"], "en")
        with pytest.raises(ValueError, match="shorter"):
            await batcher.submit(["silence"], "en")
        assert await batcher.submit(["nodule"], "en") == ["nodule"]

    running(work, asking)
