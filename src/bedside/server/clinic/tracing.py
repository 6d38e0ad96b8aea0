"""Traces by OpenTelemetry: where a request's time went, step by step; codes and counts alone leave, never a text.

What is exported of a step: its name (a word of ours), the ids of the trace, times, whether it broke and the kind of the
fault, and the codes of `CODES`. No message, no address with its variables filled, no header, no baggage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bedside import __version__
from bedside.clinic.outbound import allowed
from bedside.errors import ConfigError, MissingExtra
from bedside.lang import tr
from bedside.spans import Note

if TYPE_CHECKING:
    from opentelemetry.context import Context as Parent
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Span, SpanKind

    from bedside.server.clinic.settings import ClinicSettings

CODES = ("method", "route", "status", "verdict", "findings", "outcome", "sentences")
"""What may be put down for a step; anything else is dropped."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""Any other is a caller's word."""
_CODE = re.compile(r"[A-Za-z0-9_.:/{}$-]{1,128}")
_PARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


class Tracing:
    """Follows requests and their steps, and hands them to `processor` when they end."""

    def __init__(self, processor: SpanProcessor) -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased

        # Made by hand: the usual one would also send what stands in the environment.
        resource = Resource({"service.name": "bedside", "service.version": __version__})
        self._provider = TracerProvider(ParentBased(ALWAYS_ON), resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("bedside")

    @contextmanager
    def request(self, method: str, traceparent: str) -> Iterator[Note]:
        """One request, as part of the caller's trace where there is one (W3C `traceparent`)."""
        from opentelemetry.trace import SpanKind

        with self._step("request", parent_of(traceparent), SpanKind.SERVER) as note:
            note(method=method if method in METHODS else "other")
            yield note

    @contextmanager
    def step(self, name: str) -> Iterator[Note]:
        """One step of the request, or of the step, that is under way."""
        from opentelemetry.trace import SpanKind

        with self._step(name, None, SpanKind.INTERNAL) as note:
            yield note

    def close(self) -> None:
        """Hand over what has ended, and stop."""
        self._provider.shutdown()

    @contextmanager
    def _step(self, name: str, parent: Parent | None, kind: SpanKind) -> Iterator[Note]:
        from opentelemetry.trace import StatusCode

        with self._tracer.start_as_current_span(
            name,
            parent,
            kind,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield _noting(span)
            except BaseException as fault:  # its kind, not its words, which could quote a note
                span.set_status(StatusCode.ERROR)
                span.set_attribute("error.type", type(fault).__name__)
                raise


def parent_of(traceparent: str) -> Parent | None:
    """The caller's step that a request is part of; None for what is no `traceparent` of version 00.

    `tracestate` and `baggage` are not read: they are a caller's words, and would be sent on.
    """
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

    told = _PARENT.fullmatch(traceparent)
    if told is None:
        return None
    trace, step, flags = (int(part, 16) for part in told.groups())
    context = SpanContext(trace, step, is_remote=True, trace_flags=TraceFlags(flags & TraceFlags.SAMPLED))
    return set_span_in_context(NonRecordingSpan(context)) if context.is_valid else None


def open_tracing(settings: ClinicSettings) -> Tracing | None:
    """Traces to the address in the settings, if there is one; ConfigError for one that `outbound` does not list."""
    if settings.traces is None:
        return None
    if not allowed(settings.outbound).lets_address(settings.traces):
        what = tr(f"traces: not listed in outbound: {settings.traces}", f"traces：未列入 outbound：{settings.traces}")
        raise ConfigError([what], next="docs/watch.md")
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise MissingExtra("opentelemetry-sdk", "otel") from None
    return Tracing(BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.traces)))


def _noting(span: Span) -> Note:
    def note(**codes: str | int) -> None:
        for key, code in codes.items():
            if key in CODES and (isinstance(code, int) or _CODE.fullmatch(code)):
                span.set_attribute(f"bedside.{key}", code)

    return note
