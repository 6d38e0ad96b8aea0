"""A version of a model and the acts upon it, as rows of the database hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from bedside.clinic._tables import models
from bedside.errors import UsageError
from bedside.lang import tr

Stage = Literal["candidate", "shadow", "live", "retired"]
Heard = Literal["shadow", "live"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a model; a shadow answers a `share` of requests, and `agreed` with the live one on `asked`."""

    name: str
    version: int
    stage: Stage
    share: float = 0.0
    sha256: str = ""
    head: str = ""
    created: float = 0.0
    asked: int = 0
    agreed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody did with a version; `reason` is in their own words."""

    name: str
    version: int
    act: str
    user_id: str
    reason: str = field(default="", repr=False)
    created: float = 0.0


def version_of(row: Row[Any]) -> Version:
    """A row, opened."""
    return Version(**{name: getattr(row, name) for name in Version.__slots__})


def one_of(db: Connection, name: str, version: int) -> Version:
    """One version; raises `UsageError` where there is none."""
    row = db.execute(select(models).where(is_version(name, version))).one_or_none()
    if row is None:
        what = tr("no such version of a model", "没有该模型版本")
        raise UsageError(what, value=f"{name} {version}", next="bedside models list --data DIR")
    return version_of(row)


def live_of(db: Connection, name: str) -> Version | None:
    """The live version of a name."""
    row = db.execute(select(models).where(models.c.name == name, models.c.stage == "live")).one_or_none()
    return version_of(row) if row else None


def is_version(name: str, version: int) -> ColumnElement[bool]:
    """The row of that version."""
    return and_(models.c.name == name, models.c.version == version)


def change(db: Connection, one: Version, **values: Any) -> None:
    """Write these columns of a version."""
    db.execute(update(models).where(is_version(one.name, one.version)).values(values))
