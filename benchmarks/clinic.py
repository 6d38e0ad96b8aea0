"""A ward at work on the clinical server: latency by kind of request, errors, memory, processor; beside a plain one.

    python benchmarks/clinic.py [--minutes 10] [--users 50] [--think 5] [--before OTHER/src] [--out FIGURES.jsonl]

Users (a process of their own) find a patient, open the chart, choose and sign orders, sometimes weigh their own words,
read, import, ask (_clinic_ward.py says in what order). The server is `bedside serve --data` on fresh data with
`--patients` made-up people and a library of MedQuAD's dev part, words alone. With `--before`, the server of another
source tree takes turns with this one in the same run, half a minute each. Then users who do nothing but call the
encoder, of ours and of FastAPI with transformers on the same weights, in turns. Intervals: bootstrap over users.
Bars: no error; p99 of cards below 500 ms; memory flat.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from _ask_sets import items, library, rows
from _clinic_table import as_table
from _clinic_ward import made_up
from _clinic_watch import Watch

HERE = Path(__file__).parent
TURN_S = 30
DOCUMENTS = 800


def main() -> None:
    """Load the servers in turn and print the tables."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--minutes", type=float, default=10.0)
    words.add_argument("--model-minutes", type=float, default=2.0)
    words.add_argument("--users", type=int, default=50)
    words.add_argument("--think", type=float, default=5.0, help="mean seconds between requests of one user")
    words.add_argument("--patients", type=int, default=300)
    words.add_argument("--before", type=Path, help="src folder of another tree, measured in turns with this one")
    words.add_argument("--out", type=Path)
    asked = words.parse_args()
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        some = rows("dev")[:DOCUMENTS]
        library(place / "library", list(items(some))).close()
        trees = {"now": HERE.parent / "src", **({"before": asked.before} if asked.before else {})}
        servers = {name: stack.enter_context(_clinic(name, tree, place, asked)) for name, tree in trees.items()}
        questions = [row["question"] for row in some]
        _told({"ward": _in_turns(servers, asked, asked.minutes * 60, questions)}, asked.out)
        if asked.model_minutes:
            rivals = {"bedside": servers["now"], "fastapi+transformers": stack.enter_context(_plain())}
            _told({"model": _in_turns(rivals, asked, asked.model_minutes * 60, [], only="model call")}, asked.out)


def _told(figures: dict[str, Any], out: Path | None) -> None:
    """A table as soon as there is one, and every answer as a line of the file."""
    print(as_table(figures), flush=True)
    if out:
        with out.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(figures) + "\n")


def _in_turns(
    servers: dict[str, dict[str, Any]], asked: argparse.Namespace, seconds: float, questions: list[str], only: str = ""
) -> dict[str, Any]:
    """Each server loaded for so many seconds in all, a turn at a time; every answer, and what was seen of it."""
    seen: dict[str, Any] = {name: {"answers": [], "samples": [], "cpu_s": 0.0, "seconds": 0.0} for name in servers}
    turn = seconds if len(servers) == 1 else TURN_S
    for round in range(max(1, round_up(seconds / turn))):
        for name, server in servers.items():
            job = {"users": asked.users, "seconds": turn, "think": asked.think, "seed": round, "only": only}
            job |= {"patients": asked.patients, "questions": questions}
            with Watch(server["pid"]) as watch:
                told = json.loads(_users({**job, **server}))
            mine = seen[name]
            mine["answers"] += [[f"{round} {user}", *rest] for user, *rest in told["answers"]]
            mine["samples"] += watch.samples
            mine["cpu_s"] += watch.cpu_s
            mine["seconds"] += watch.seconds
            mine["client_cpu_s"] = mine.get("client_cpu_s", 0.0) + told["cpu_s"]
    return seen


def round_up(turns: float) -> int:
    """Whole turns."""
    return int(-(-turns // 1))


def _users(job: dict[str, Any]) -> str:
    users = [sys.executable, str(HERE / "_clinic_users.py")]
    return subprocess.run(users, input=json.dumps(job), text=True, check=True, capture_output=True).stdout


@contextmanager
def _clinic(name: str, tree: Path, place: Path, asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """A clinical server with its patients: port, process, key, and our ids of the patients."""
    settings, data = place / "settings.toml", place / name
    settings.write_text(f'library = "{place / "library"}"\n[limits]\nrequests_per_second = 0\n', encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(tree), "BEDSIDE_CLINIC_KEY": "00" * 32}
    command = [sys.executable, "-m", "bedside", "serve", "--demo", "--json", "--port", "0"]
    command += ["--data", str(data), "--settings", str(settings)]
    with _started(command, env) as server:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        port = int(told["url"].rpartition(":")[2])
        ids = _imported(port, told["api_key"], asked.patients)
        yield {"port": port, "key": told["api_key"], "pid": server.pid, "ids": ids}


def _imported(port: int, key: str, number: int) -> dict[str, str]:
    """The patients sent in; our id of each by its number."""
    from urllib.request import Request, urlopen

    found = {}
    for one in made_up(number):
        body = json.dumps(one.bundle()).encode()
        headers = {"x-api-key": key, "content-type": "application/json"}
        with urlopen(Request(f"http://127.0.0.1:{port}/v1/patients", body, headers), timeout=60) as answer:
            found[one.number] = json.load(answer)["patients"][0]["id"]
    return found


@contextmanager
def _plain() -> Iterator[dict[str, Any]]:
    """The plain server, ready."""
    from bedside.backbones._load import load_backbone
    from bedside.home import place
    from serving import _free_port

    load_backbone("e5")
    (folder,) = place("models").glob("e5-*-2")
    port = _free_port()
    with _started([sys.executable, str(HERE / "_clinic_peer.py"), str(folder), str(port)], dict(os.environ)) as server:
        _wait(port)
        yield {"port": port, "key": "", "pid": server.pid, "ids": {}}


def _wait(port: int) -> None:
    import socket
    import time

    for _ in range(1500):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the plain server did not start")


@contextmanager
def _started(command: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    server = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    try:
        yield server
    finally:
        server.terminate()
        server.wait(30)


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    main()
