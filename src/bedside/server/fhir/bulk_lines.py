"""The charts of an export one after another, as lines; and the pass that counts them beside the server's requests."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterator
from threading import Lock, Thread

from bedside.clinic.exports import Export
from bedside.clinic.open import Clinic
from bedside.errors import BedsideError, log_fault
from bedside.server.clinic.context import Context
from bedside.server.fhir.resources import resources_of
from bedside.types import RawChart

log = logging.getLogger("bedside.server")
NOTED_EVERY = 200


def exported(clinic: Clinic, export: Export) -> Iterator[tuple[RawChart, str]]:
    """The charts, with our ids, that the export's owner may have now, as they were when it began.

    A restricted patient is left out unless consent was given to that program; a patient erased meanwhile is gone.
    """
    for id in _ids(clinic, export.group):
        if clinic.consent.reaches(export.user_id, id):
            chart = clinic.records.chart(id, after=export.since, until=export.created)
            if chart is not None:
                yield chart, id


def lines_of(chart: RawChart, id: str, kind: str) -> Iterator[bytes]:
    """The resources of one type in a chart, a line each."""
    for resource in resources_of(chart, id):
        if resource["resourceType"] == kind:
            yield json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class Counting:
    """Counts one export at a time in the background; what a stopped server left is begun again when it is asked for."""

    def __init__(self, context: Context) -> None:
        self._context, self._turn, self._lock = context, Lock(), Lock()
        self._under_way: set[str] = set()

    def start(self, export: Export) -> None:
        """Count that export, unless it is being counted."""
        with self._lock:
            if export.id in self._under_way:
                return
            self._under_way.add(export.id)
        Thread(target=self._run, args=(export,), name="export").start()  # the end waits for it, as bedside.ending does

    def _run(self, export: Export) -> None:
        try:
            with self._turn:
                self._counted(export)
        except BedsideError as fault:  # the next question for it begins again
            log_fault(log, fault)
        finally:
            with self._lock:
                self._under_way.discard(export.id)

    def _counted(self, export: Export) -> None:
        """Count, and note how far it is; given up when the export is cancelled or the server ends."""
        clinic, counts = self._context.clinic, Counter[str]()
        for seen, (chart, id) in enumerate(exported(clinic, export)):
            if seen % NOTED_EVERY == 0 and (self._context.health.draining or not clinic.exports.at(export.id, seen)):
                return
            counts.update(one["resourceType"] for one in resources_of(chart, id))
        whole = {kind: counts[kind] for kind in export.kinds if counts[kind]}
        clinic.exports.at(export.id, export.total, whole)


def _ids(clinic: Clinic, group: str) -> Iterator[str]:
    """Our ids of all patients, or of a group's."""
    last = ""
    while found := clinic.groups.patients(group, after=last) if group else clinic.records.ids(after=last):
        yield from found
        last = found[-1]
