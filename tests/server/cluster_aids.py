"""What the tests of a cluster need around it: questions without a pause, processes and their ports, a model folder."""

from __future__ import annotations

import json
import os
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from subprocess import Popen
from typing import Any

from bedside.model.folder import Model

PATIENCE_S = 300.0
"""How long a test, or a server on its behalf, waits for what must come in the end: long, for a machine may have much
else to do."""


def until(true: Callable[[], bool], within_s: float = PATIENCE_S) -> bool:
    """Whether something comes true in time."""
    end = time.monotonic() + within_s
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def descendants(pid: int) -> list[int]:
    """The processes that a process started, and those that they did; one that ends meanwhile is none (Linux)."""
    children: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += map(int, (task / "children").read_text().split())
    return children + [below for one in children for below in descendants(one)]


def doors_to_outside(pid: int) -> set[tuple[str, int]]:
    """What a process calls itself, with each port at which others' machines reach it; none once it has ended."""
    with suppress(OSError):
        name = Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0 ")
        return {(name, port) for port in _reached_from_outside(pid)}
    return set()


def _reached_from_outside(pid: int) -> set[int]:
    """The ports at which a process listens at every address and not at this machine's own alone (Linux)."""
    links: list[str] = []
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            links.append(os.readlink(one))
    sockets = {link[8:-1] for link in links if link.startswith("socket:[")}
    rows = [
        line.split()
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]
    ]
    listening = [row[1].split(":") for row in rows if row[3] == "0A" and row[9] in sockets]
    return {int(port, 16) for address, port in listening if not address.endswith(("0100007F", "01000000"))}


def told_address(process: Popen[str]) -> str:
    """The address that `bedside serve --port 0` says it listens at, once it does."""
    assert process.stderr is not None
    said: list[str] = []
    for line in process.stderr:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found[0]
        said.append(line)
    raise AssertionError("".join(said))


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def posted(url: str, body: object) -> Any:
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode()), timeout=PATIENCE_S) as answer:
        return json.load(answer)


def untrained(folder: Path) -> Path:
    """A model folder whose network is the echo's."""
    import torch

    from bedside import registry
    from bedside.backbones._load import load_backbone
    from bedside.model.calibration import Calibration
    from bedside.model.engines.torch import TorchEngine

    backbone, labels = load_backbone("echo"), ["benign", "malignant"]
    torch.manual_seed(1)
    head = registry.load("heads", "classify")(backbone.hidden_size, labels)
    settings = {"head": "classify", "labels": labels, "engine": "torch", "hidden_size": backbone.hidden_size}
    settings |= {"pad_id": backbone.pad_id, "prefix": backbone.prefix, "max_tokens": 128}
    engine = TorchEngine(backbone.network, head, backbone.tokenizer, backbone.pad_id)
    return Model(settings, engine, Calibration(), recipe={}, receipt={}).save(folder)


class Asking:
    """Asks without a pause from several threads, while the block lasts."""

    def __init__(self, one: Callable[[], object], threads: int = 3) -> None:
        self._one, self._over = one, threading.Event()
        self.answers: list[object] = []
        self._threads = [threading.Thread(target=self._go) for _ in range(threads)]

    def _go(self) -> None:
        while not self._over.is_set():
            try:
                self.answers.append(self._one())
            except Exception as fault:
                self.answers.append(fault)

    def __enter__(self) -> Asking:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def more(self, count: int) -> bool:
        """Whether so many more answers came."""
        wanted = len(self.answers) + count
        return until(lambda: len(self.answers) >= wanted)
