"""Requests a second and latency of `bedside serve` beside FastAPI with a transformers pipeline, on the same texts.

    python benchmarks/serving.py SMALL --whole MODEL [--data NOTES.jsonl] [--seconds 8]

SMALL is a folder made by `bedside compress MODEL`. Three processes take turns: the engine alone (its limit), our
server, the peer's server; the clients are this process, over kept-open connections. The limit is `Model.predict` in a
loop, one text a call: tokenization, the network, calibration and decision are in it; HTTP, audit and the removal of
identity are not, nor is batching, so a server that batches short texts may pass it. The peer holds the same encoder in
float32 with a classification layer of its own: its answers differ, its work does not. "A core-second" is CPU time of
the server alone: the figure to compare on a machine that others use too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CLIENTS = (1, 8, 32)
FINDING = "Solid nodule in the right upper lobe, 21 mm, lobulated margin, marked spiculation, no calcification. "


def main() -> None:
    """Run the three in turn and print one table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("small", type=Path)
    words.add_argument("--whole", type=Path, required=True)
    words.add_argument("--data", type=Path, help="JSONL with a text field; without it, made-up findings")
    words.add_argument("--seconds", type=float, default=8.0, help="per cell")
    words.add_argument("--json", action="store_true")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as place:
        texts = Path(place) / "texts.json"
        texts.write_text(json.dumps(read_texts(asked.data)), encoding="utf-8")
        result = measure(asked.small, asked.whole, texts, asked.seconds, Path(place))
    print(json.dumps(result) if asked.json else as_table(result))


def read_texts(path: Path | None) -> list[str]:
    """Up to 256 texts of mixed lengths."""
    if path is None:
        return [FINDING * (1 + number % 4) for number in range(256)]
    lines = path.read_text(encoding="utf-8").splitlines()[:256]
    return [json.loads(line)["text"] for line in lines]


def measure(small: Path, whole: Path, texts: Path, seconds: float, place: Path) -> dict[str, Any]:
    """Figures of the engine, of our server and of the peer."""
    result: dict[str, Any] = {"engine": json.loads(_python(HERE / "_engine_limit.py", small, texts, seconds))}
    bodies = json.loads(texts.read_text(encoding="utf-8"))
    ours = ["-m", "bedside", "serve", str(small), "--rate", "0", "--audit", str(place / "audit.jsonl"), "--port"]
    peer = [str(HERE / "_serving_peer.py"), str(whole)]
    for name, command, path in (("bedside", ours, "/v1/predict"), ("pipeline", peer, "/predict")):
        result[name] = with_server(command, path, bodies, seconds)
    return result


def with_server(command: list[str], path: str, texts: list[str], seconds: float) -> dict[str, Any]:
    """Start a server, wait until it answers, load it with each number of clients, stop it."""
    port = _free_port()
    server = subprocess.Popen([sys.executable, *command, str(port)], stderr=subprocess.DEVNULL)
    try:
        _wait(port, path, texts[0], server)
        found = {}
        for clients in CLIENTS:
            before = cpu_seconds(server.pid)
            cell = asyncio.run(load(port, path, texts, clients, seconds))
            found[str(clients)] = {**cell, "per_core_second": cell["n"] / (cpu_seconds(server.pid) - before)}
        return found
    finally:
        server.terminate()
        server.wait(30)


def cpu_seconds(pid: int) -> float:
    """CPU time a process has used, all threads (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def load(port: int, path: str, texts: list[str], clients: int, seconds: float) -> dict[str, float]:
    """Each client asks, waits for the answer, asks again."""
    requests = [request(path, text) for text in texts]
    until, begun = time.perf_counter() + seconds, time.perf_counter()
    rounds = (client(port, requests[number:] + requests[:number], until) for number in range(clients))
    times = sorted(latency for one in await asyncio.gather(*rounds) for latency in one)
    lasted = time.perf_counter() - begun
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    return {
        "per_second": len(times) / lasted,
        "p50_ms": statistics.median(times) * 1e3,
        "p99_ms": p99 * 1e3,
        "n": len(times),
    }


async def client(port: int, requests: list[bytes], until: float) -> list[float]:
    """One connection, kept open; anything but a 200 ends the benchmark."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times: list[float] = []
    while time.perf_counter() < until:
        begun = time.perf_counter()
        writer.write(requests[len(times) % len(requests)])
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise SystemExit(f"refused: {head.decode()}")
        (size,) = (
            int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
        )
        await reader.readexactly(size)
        times.append(time.perf_counter() - begun)
    writer.close()
    return times


def request(path: str, text: str) -> bytes:
    """A POST as bytes."""
    body = json.dumps({"text": text}).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def as_table(result: dict[str, Any]) -> str:
    """The figures for people."""
    engine = result["engine"]
    lines = [
        f"engine alone: {engine['one']:.1f} texts/s on one core, {engine['all']:.1f} on {engine['threads']} threads, "
        f"{engine['per_core_second']:.1f} a core-second",
        "",
        f"{'clients':>7} | {'server':8} | {'texts/s':>8} | {'a core-second':>13} | {'p50 ms':>8} | {'p99 ms':>8}",
    ]
    for clients in map(str, CLIENTS):
        for name in ("bedside", "pipeline"):
            cell = result[name][clients]
            lines.append(
                f"{clients:>7} | {name:8} | {cell['per_second']:8.1f} | {cell['per_core_second']:13.1f} | "
                f"{cell['p50_ms']:8.1f} | {cell['p99_ms']:8.1f}"
            )
        ours, peer = result["bedside"][clients], result["pipeline"][clients]
        lines.append(
            f"{clients:>7} | {ours['per_second'] / peer['per_second']:.2f}x the throughput; of the engine's limit: "
            f"{ours['per_second'] / engine['one']:.0%} of one core's, "
            f"{ours['per_core_second'] / engine['per_core_second']:.0%} by CPU time"
        )
    return "\n".join(lines)


def _python(*words: Any) -> str:
    return subprocess.run([sys.executable, *map(str, words)], check=True, capture_output=True, text=True).stdout


def _wait(port: int, path: str, text: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit("the server did not start")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
                line.sendall(request(path, text))
                if b" 200 " in line.recv(64):
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server did not become ready")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    main()
