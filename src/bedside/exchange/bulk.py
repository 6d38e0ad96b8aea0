"""Takes a whole copy from a FHIR server (Bulk Data import): kick-off, wait, each file line by line, resumable.

Source: FHIR Bulk Data Access 2.0 (hl7.org/fhir/uv/bulkdata/export.html).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bedside.errors import ExchangeError
from bedside.exchange.backend import BackendClient
from bedside.files import whole_file
from bedside.formats._base import Problem
from bedside.formats.fhir import read_resource
from bedside.lang import tr
from bedside.types import RawChart

NDJSON = "application/fhir+ndjson"
BATCH = 500
MOST_LINE = 16 * 2**20
"""Bytes of one line; a longer one is counted as bad and passed over."""
MOST_NAMED = 20
UNNAMED = "(unnamed)"
"""What a chart is called whose resources name no patient; it is not kept, or all such would become one person."""
WAIT_S, MOST_WAIT_S = 5.0, 24 * 3600.0


@dataclass
class Taken:
    """How far an import is; kept in a file after every batch. It holds addresses and counts, nothing of a patient."""

    fhir: str
    status: str = ""
    lines: dict[str, int] = field(default_factory=dict)
    """Lines kept so far, by the file's address."""
    whole: list[str] = field(default_factory=list)
    bad: dict[str, list[int]] = field(default_factory=dict)
    """The numbers of the first bad lines, by the file's type and number."""
    bad_count: int = 0
    doubts: int = 0
    """What was read and is to be doubted: a unit unknown, a reference to nobody."""
    charts: int = 0


class BulkImport:
    """One import; begun again with the same state file, it goes on where it was."""

    def __init__(
        self,
        client: BackendClient,
        state: Path,
        keep: Callable[[RawChart], object],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client, self._state, self._keep, self._sleep = client, state, keep, sleep
        self.taken = _read(state, client.fhir)

    def run(self, kinds: Sequence[str] = (), since: str = "", told: Callable[[str], None] = lambda said: None) -> Taken:
        """Everything; `told` hears what is waited for. Raises `ExchangeError`, after which it can be gone on with."""
        if not self.taken.status:
            self.taken.status = self._kicked_off(kinds, since)
            self._save()
        manifest = self._waited(told)
        secured = manifest.get("requiresAccessToken", True) is not False
        for number, one in enumerate(_outputs(manifest), 1):
            if one["url"] not in self.taken.whole:
                told(f"{one['type']} ({number})")
                self._file(one["url"], f"{one['type']} {number}", secured=secured)
        self._client.peers.delete(self.taken.status, authorization=f"Bearer {self._client.token()}")
        self._state.unlink(missing_ok=True)
        return self.taken

    def _kicked_off(self, kinds: Sequence[str], since: str) -> str:
        query = {"_outputFormat": NDJSON, **({"_type": ",".join(kinds)} if kinds else {})}
        query |= {"_since": since} if since else {}
        answer = self._client.ask(f"{self._client.fhir}/$export?{urlencode(query)}", prefer="respond-async")
        where = answer.headers.get("content-location", "")
        if answer.status != 202 or not where:
            raise ExchangeError(tr("the FHIR server begins no export", "FHIR 服务器未开始导出"), value=answer.status)
        return where

    def _waited(self, told: Callable[[str], None]) -> dict[str, Any]:
        """The manifest, once the server has it."""
        waited = 0.0
        while waited <= MOST_WAIT_S:
            answer = self._client.ask(self.taken.status, accept="application/json")
            if answer.status == 200:
                return answer.json()
            if answer.status not in (202, 429, 503):
                self._state.unlink(missing_ok=True)  # it ended there: the next attempt must begin anew
                what = tr("the export ended at the FHIR server", "FHIR 服务器上的导出已终止")
                raise ExchangeError(what, value=answer.status)
            told(answer.headers.get("x-progress", "")[:100])
            said = answer.headers.get("retry-after", "")
            pause = min(float(said), 300.0) if said.isdecimal() else WAIT_S
            self._sleep(pause)
            waited += max(pause, 0.1)
        raise ExchangeError(tr("the export takes more than a day", "导出超过一天仍未完成"))

    def _file(self, url: str, name: str, *, secured: bool) -> None:
        """One file from where it was left, batch by batch."""
        headers = {"accept": NDJSON, **({"authorization": f"Bearer {self._client.token()}"} if secured else {})}
        with self._client.peers.opened("GET", url, headers) as answer:
            if answer.status != 200:
                raise ExchangeError(tr("a file cannot be fetched", "无法获取文件"), where=name, value=answer.status)
            begun = self.taken.lines.get(url, 0)
            batch: list[dict[str, Any]] = []
            number = 0
            for number, line in enumerate(_lines(answer), 1):
                if number <= begun:
                    continue
                resource = _resource(line)
                if resource is not None:
                    batch.append(resource)
                elif line.strip():
                    self._bad(name, number)
                if len(batch) >= BATCH:
                    self._kept(batch, url, number)
                    batch = []
            self._kept(batch, url, number)
        self.taken.whole.append(url)
        self._save()

    def _kept(self, batch: list[dict[str, Any]], url: str, number: int) -> None:
        """Keep the charts of a batch, then note that they are: a batch may come twice and is then kept once."""
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in batch]}
        for piece in read_resource(bundle, UNNAMED):
            if isinstance(piece, Problem):
                self.taken.doubts += 1
            elif piece.patient.strip() and not piece.patient.startswith(UNNAMED):
                self._keep(piece)
                self.taken.charts += 1
            else:
                self.taken.bad_count += 1
        self.taken.lines[url] = number
        self._save()

    def _bad(self, name: str, number: int) -> None:
        self.taken.bad_count += 1
        first = self.taken.bad.setdefault(name, [])
        if len(first) < MOST_NAMED:
            first.append(number)

    def _save(self) -> None:
        with whole_file(self._state) as out:
            json.dump(asdict(self.taken), out)


def _read(state: Path, fhir: str) -> Taken:
    """The state that was left, or a new one; a state of another server is refused."""
    try:
        found = Taken(**json.loads(state.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Taken(fhir)
    except (OSError, ValueError, TypeError):
        found = Taken("")
    if found.fhir != fhir:
        what = tr("the state of another import, or none", "不是此次导入的进度文件")
        raise ExchangeError(what, where=state.name, next=tr("delete it to begin anew", "删除后可重新开始"))
    return found


def _outputs(manifest: dict[str, Any]) -> list[dict[str, str]]:
    """The files of a manifest; one that is not as the specification has it is refused whole."""
    output = manifest.get("output")
    good = isinstance(output, list) and all(
        isinstance(one, dict) and isinstance(one.get("type"), str) and isinstance(one.get("url"), str) for one in output
    )
    if not good or not isinstance(output, list):
        raise ExchangeError(tr("the manifest of the export is wrong", "导出清单有误"))
    return output


def _lines(stream: Any) -> Iterator[bytes]:
    """Lines, an overlong one as a line that is no JSON."""
    while line := stream.readline(MOST_LINE):
        if not line.endswith(b"\n") and len(line) >= MOST_LINE:
            while (rest := stream.readline(MOST_LINE)) and not rest.endswith(b"\n"):
                pass
            line = b"{"
        yield line


def _resource(line: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and isinstance(told.get("resourceType"), str) else None
