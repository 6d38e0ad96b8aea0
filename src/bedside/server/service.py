"""One predict request from first byte to audit line: who asks, how much, the answer or the refusal."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product

from starlette.requests import Request
from starlette.responses import Response

from bedside.errors import ServeError
from bedside.lang import Lang, speaking, tr
from bedside.model.forms import Form
from bedside.model.given import Given
from bedside.server.audit import AuditLine, AuditLog
from bedside.server.auth import Keys, sent_key
from bedside.server.batching import Batcher
from bedside.server.errors import Refusal, as_json, refusal_for, request_id
from bedside.server.health import Health
from bedside.server.limits import RateLimit, read_body
from bedside.server.metrics import Metrics
from bedside.server.predict import Answer, Named, language, read_request, write_answer
from bedside.server.settings import Settings
from bedside.types import Abstained, Advice, Decision, Failed

Advise = Callable[[Sequence[str], Sequence[Given], Sequence[Counter[str]]], Sequence[Decision]]
"""Texts, and what is given beside each, to decisions, in the language in force; adds the identity removed to a text's
counter. The server knows the model by this and the form of its answers alone."""

Asking = tuple[str, Given, str]
"""A text, what is given beside it, and the name of the model asked ("" where there is but one)."""

WARM_UP: tuple[tuple[Lang, str], ...] = (
    ("en", "Solid nodule in the right upper lobe, 21 mm, spiculated. " * 8),
    ("zh", "右上肺实性结节，直径21 mm，毛刺明显。"),
)


@dataclass(frozen=True)
class Served:
    """One of several models: `name` is what requests call it, `id` the hash of its folder."""

    name: str
    id: str
    advise: Advise
    form: Form


@dataclass
class _Trace:
    """What is known of a request so far; becomes its audit line."""

    request_id: str
    begun: float = field(default_factory=time.perf_counter)
    key: str | None = None
    n_texts: int = 0
    removed: Counter[str] = field(default_factory=Counter)
    guards: Counter[str] = field(default_factory=Counter)
    served: Served | None = None


class Service:
    """A model being served: `advise` behind keys, limits and a queue. `model_id` is the hash of the model folder.

    `several` are models by name, the first of them that one: each request then says which it asks.
    """

    def __init__(
        self,
        advise: Advise,
        form: Form,
        *,
        model_id: str,
        settings: Settings,
        keys: Keys,
        audit: AuditLog,
        several: Sequence[Served] = (),
    ) -> None:
        self.settings, self.form, self.model_id, self.health = settings, form, model_id, Health()
        self._keys, self._audit = keys, audit
        self.served = {one.name: one for one in several} or {"": Served("", model_id, advise, form)}
        self._named = _named(several) if several else None
        self._rate = RateLimit(settings.texts_per_second)
        self.batcher: Batcher[Asking, Answer] = Batcher(
            self._work,
            workers=settings.worker_threads,
            batch_texts=settings.batch_texts,
            waiting_texts=settings.waiting_texts,
        )
        self.metrics = Metrics(model=model_id, waiting=self.batcher.waiting)
        for one in several:
            self.metrics.models.labels(one.id).set(1)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that a request may choose from; none where it need not."""
        return tuple(self.served) if self._named else ()

    def _work(self, rows: Sequence[Asking], lang: Lang) -> list[Answer]:
        """Runs in a worker thread."""
        self.metrics.batches.observe(len(rows))
        counts = [Counter[str]() for _ in rows]
        texts, given, names = zip(*rows, strict=True)
        with speaking(lang):
            decisions = self.served[names[0]].advise(texts, given, counts)
        return [Answer(decision, removed) for decision, removed in zip(decisions, counts, strict=True)]

    async def warm_up(self) -> None:
        """Answer once in each language, every model; only then is the server ready. Raises what the model raised."""
        for one, (lang, text) in product(self.served.values(), WARM_UP):
            given = Given(second=text if one.form.two else "")
            (answer,) = await self.batcher.submit([(text, given, one.name)], lang, one.name)
            if isinstance(answer.decision, Failed):
                raise ServeError(
                    tr("the model cannot answer", "模型无法作答"),
                    value=answer.decision.error_id,
                    next=tr("see the log", "请查看日志"),
                )
        self.health.warmed_up()

    async def predict(self, request: Request) -> Response:
        """The endpoint. Every way out leaves an audit line and a count, and a body that says what happened."""
        trace = _Trace(request_id(request.headers.get("x-request-id", "")))
        spoken = language(request.headers.get("accept-language", ""))
        with speaking(spoken):
            try:
                response, outcome, error_id = await self._answered(request, trace), "answered", None
            except (Exception, asyncio.CancelledError) as fault:
                refusal = refusal_for(fault)
                response, outcome = refusal.response(trace.request_id), refusal.code
                error_id = refusal.extra.get("error_id")
            return self._recorded(trace, response, outcome, error_id)

    async def _answered(self, request: Request, trace: _Trace) -> Response:
        settings = self.settings
        trace.key = self._keys.who(sent_key(request.headers))
        if trace.key is None:
            raise Refusal(401, "unauthorized", tr("a valid API key is needed", "需要有效的 API 密钥"), close=True)
        if not self.health.ready and self.health.state != "draining":
            raise Refusal(503, "not_ready", tr("the model cannot answer yet", "模型尚不能作答"), retry_after_s=2)
        body = await read_body(request, max_bytes=settings.max_body_bytes, timeout_s=settings.timeout_s)
        asked = read_request(
            body,
            request.headers.get("accept-language", ""),
            settings,
            two=self.form.two,
            marked=self.form.marked,
            named=self._named,
        )
        trace.served = served = self.served[asked.model]
        trace.n_texts = len(asked.texts)
        self._rate.take(trace.key, len(asked.texts))
        try:
            async with asyncio.timeout(settings.timeout_s):
                rows = [(*one, served.name) for one in zip(asked.texts, asked.given, strict=True)]
                answers = await self.batcher.submit(rows, asked.lang, served.name)
        except TimeoutError:
            raise Refusal(503, "timeout", tr("no answer in time", "未能及时得出结果"), retry_after_s=5) from None
        for answer in answers:
            trace.removed += answer.removed
            if isinstance(answer.decision, Advice | Abstained):
                trace.guards.update(answer.decision.guards)
            self.metrics.texts.labels(type(answer.decision).__name__.lower()).inc()
        said = write_answer(asked, answers, form=served.form, model=served.id, request_id=trace.request_id)
        return as_json(said, headers={"X-Request-ID": trace.request_id})

    def _recorded(self, trace: _Trace, response: Response, outcome: str, error_id: str | None) -> Response:
        """Count and audit; when the audit line cannot be written, the answer is withheld."""
        seconds = time.perf_counter() - trace.begun
        served = trace.served or (self.served.get("") if self._named is None else None)
        name = served.name if served and served.name else None
        line = AuditLine(
            request_id=trace.request_id,
            key=trace.key,
            model=served.id if served else None,
            n_texts=trace.n_texts,
            outcome=outcome,
            status=response.status_code,
            latency_ms=round(seconds * 1000, 2),
            identity_removed=trace.removed.total(),
            error_id=error_id,
            name=name,
            guards=dict(trace.guards) or None,
        )
        try:
            self._audit.write(line)
        except (OSError, ValueError):
            outcome = "audit_failed"
            what = tr("the audit log cannot be written, so no answer is given", "无法写入审计日志，故不予作答")
            response = Refusal(503, outcome, what, retry_after_s=30).response(trace.request_id)
        self.metrics.requests.labels(outcome).inc()
        if name:
            self.metrics.by_name.labels(name, outcome).inc()
        self.metrics.seconds.observe(seconds)
        self.metrics.count_removed(trace.removed)
        if response.status_code == 500:
            self.metrics.errors.inc()
        return response


def _named(several: Sequence[Served]) -> Named:
    """The models by name and by hash; the hash of a folder that is served under two names means the first."""
    names = {one.id: one.name for one in reversed(several)} | {one.name: one.name for one in several}
    return Named(names, {one.name: one.form for one in several})
