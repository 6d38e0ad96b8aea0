"""The one exception tree: what went wrong, where, what is allowed, and the next command to type.

    BedsideError                  anything we can explain to a user
      x UsageError         (2)    the command or the call is wrong
        - ConfigError             a recipe does not fit; lists every fault at once
        - UnknownName             no format, backbone, head, ... of that name
        - MissingExtra            an optional dependency is not installed
      x DataError          (2)    the input cannot be used
        - FormatError             a file is not what it says it is
        - ColumnError             a table lacks a column, or a column cannot be read
        - LeakError               a split would let the answer through
      x IdentityError      (2)    identity could not be removed, so nothing was passed on
        - VaultError              the vault is locked, missing or was changed
      x ModelError         (2)    a model folder cannot be used
        - ModelTampered           a file's hash is not the one that was saved
        - ModelTooNew             a later version of bedside wrote it
      x ServeError         (2)    the server cannot start
      x ClinicError        (2)    what the server keeps cannot be used
        - AuditError              the audit log was changed, or cannot be written
      x ExchangeError      (2)    another server refused, answers nonsense or not at all
      x OwnFault           (1)    bedside itself failed: what any other exception is told as

The number is the exit code. 0 is done, 3 is done in part.
A message never holds text from a chart: `value` is for names, numbers and paths.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable

from bedside.lang import tr


class BedsideError(Exception):
    """An error a user can act on.

    >>> print(UsageError("unknown head", value="clasify", allowed=["classify"], next="bedside fit --help"))
    unknown head: clasify. Allowed: classify. Next: bedside fit --help
    """

    exit_code = 2

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        value: object = None,
        allowed: Iterable[str] | str | None = None,
        next: str | None = None,
    ) -> None:
        self.what, self.where, self.value, self.next = what, where, value, next
        self.allowed = allowed if isinstance(allowed, str) or allowed is None else ", ".join(allowed)
        super().__init__(what)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        if self.value is not None:
            head += f": {self.value}"
        parts = [head.rstrip(".。")]
        if self.allowed:
            parts.append(tr(f"Allowed: {self.allowed}", f"可用：{self.allowed}"))
        if self.next:
            parts.append(tr(f"Next: {self.next}", f"下一步：{self.next}"))
        return tr(". ", "。").join(parts)

    def to_dict(self) -> dict[str, str]:
        """The same for `--json` and HTTP: only the parts that are there."""
        parts = {"error": type(self).__name__, "what": self.what, "where": self.where, "allowed": self.allowed}
        value = None if self.value is None else str(self.value)
        return {key: part for key, part in {**parts, "value": value, "next": self.next}.items() if part}


class UsageError(BedsideError):
    """The command or the call is wrong."""


class ConfigError(UsageError):
    """A recipe does not fit; `faults` lists every fault at once."""

    def __init__(self, faults: list[str], *, where: str | None = None, next: str | None = None) -> None:
        self.faults = faults
        super().__init__(tr("; ", "；").join(faults), where=where, next=next)


class UnknownName(UsageError):
    """Nothing of that name is registered."""


class MissingExtra(UsageError):
    """An optional dependency is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(tr(f"{package} is not installed", f"未安装 {package}"), next=f"pip install 'bedside[{extra}]'")


class DataError(BedsideError):
    """The input cannot be used."""


class FormatError(DataError):
    """A file is not what it says it is."""


class ColumnError(DataError):
    """A table lacks a column, or a column cannot be read."""


class LeakError(DataError):
    """A split would let the answer through."""


class IdentityError(BedsideError):
    """Identity could not be removed, so nothing was passed on."""


class VaultError(IdentityError):
    """The vault is locked, missing or was changed."""


class ModelError(BedsideError):
    """A model folder cannot be used."""


class ModelTampered(ModelError):
    """A file's hash is not the one that was saved."""


class ModelTooNew(ModelError):
    """A later version of bedside wrote it."""


class ServeError(BedsideError):
    """The server cannot start."""


class ClinicError(BedsideError):
    """What the server keeps (accounts, charts, audit) cannot be used."""


class AuditError(ClinicError):
    """The audit log was changed, or cannot be written."""


class ExchangeError(BedsideError):
    """Another server refused, answers nonsense or not at all."""


class OwnFault(BedsideError):
    """Bedside itself failed."""

    exit_code = 1


def log_fault(log: logging.Logger, fault: BaseException) -> str:
    """Log a fault's kind and place under a new id, and give the id. Its message stays out: it could quote a text."""
    error_id = secrets.token_hex(8)
    log.error("error %s: %s at %s", error_id, type(fault).__name__, where_raised(fault))
    return error_id


def where_raised(fault: BaseException) -> str:
    """Module and line where an exception was raised, without any value."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "unknown"
