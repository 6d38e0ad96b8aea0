"""The people and programs that may enter: names, roles, passwords; wrong passwords lock an account for a while."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Row, insert, or_, select, update

from bedside.clinic._database import Conflict, Database
from bedside.clinic._names import is_name, likeness
from bedside.clinic._tables import users
from bedside.clinic.permissions import ROLES
from bedside.errors import UsageError
from bedside.lang import tr

FAILURES = 5
LOCK_S = 15 * 60.0
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
_AT_ONCE = threading.Semaphore(2)
"""Hashing takes 64 MiB and a core: a flood of logins must not take them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account, without its secrets."""

    id: str
    name: str
    role: str
    disabled: bool = False
    locked: bool = False
    last_login: float | None = None


@dataclass(frozen=True)
class Accounts:
    """The accounts in a database. `hasher` is argon2id (RFC 9106, the profile for little memory)."""

    database: Database
    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    clock: Callable[[], float] = time.time

    def add(self, name: str, role: str, password: str | None = None) -> User:
        """A new account; without a password it enters by API key or token only.

        Raises `UsageError` for a bad name, or one that readers of the audit log would take for another account's.
        """
        if not is_name(name):
            raise UsageError(
                tr("not a user name", "用户名无效"),
                value=name,
                allowed=tr("letters, digits, . _ @ -", "字母、数字、. _ @ -"),
            )
        if role not in ROLES:
            raise UsageError(tr("no such role", "没有该角色"), value=role, allowed=ROLES)
        if alike := next((one.name for one in self.all() if likeness(one.name) == likeness(name)), None):
            raise _taken(alike)
        hashed = self._hashed(password) if password is not None else None
        id = "u" + secrets.token_hex(10)
        values = {"id": id, "name": name, "role": role, "password": hashed, "disabled": False, "failures": 0}
        try:
            with self.database.write() as db:
                db.execute(insert(users).values(**values, created=self.clock()))
        except Conflict:
            raise _taken(name) from None
        return User(id=id, name=name, role=role)

    def all(self) -> list[User]:
        """Every account, by name."""
        with self.database.read() as db:
            return [self._user(row) for row in db.execute(select(users).order_by(users.c.name))]

    def named(self, name: str) -> User | None:
        """The account of that name."""
        with self.database.read() as db:
            row = db.execute(select(users).where(users.c.name == name)).one_or_none()
        return self._user(row) if row else None

    def disable(self, name: str, *, disabled: bool = True) -> bool:
        """Shut an account (its keys and logins with it) or open it and its lock again; False for nobody."""
        values: dict[str, Any] = {"disabled": disabled, "failures": 0, "locked_until": None}
        with self.database.write() as db:
            return db.execute(update(users).where(users.c.name == name).values(**values)).rowcount > 0

    def login(self, name: str, password: str) -> User | None:
        """The account, if name and password are right and it is neither shut nor locked; else None, as slowly."""
        with self.database.read() as db:
            row = db.execute(select(users).where(users.c.name == name)).one_or_none()
        right = self._matches(row.password if row and row.password else self._nobodys, password)
        if row is None or row.password is None:
            return None
        if right and not row.disabled and not self._locked(row):
            values = {"failures": 0, "locked_until": None, "last_login": self.clock()}
            with self.database.write() as db:
                db.execute(update(users).where(users.c.id == row.id).values(**values))
            return self._user(row)
        if not right:
            self._failed(row.id)
        return None

    def of_identity(self, identity: str, name: str, role: str) -> User | None:
        """The account of somebody whom an identity provider vouches for, with the role that follows from its word now.

        Made at the first login. None where the account is shut. Raises `UsageError` for a name that is none, or that
        another account has: who logs in elsewhere under a local name does not become its holder.
        """
        with self.database.read() as db:
            row = db.execute(select(users).where(users.c.identity == identity)).one_or_none()
        id = row.id if row else self.add(name, role).id
        values = {"identity": identity, "role": role, "last_login": self.clock()}
        with self.database.write() as db:
            db.execute(update(users).where(users.c.id == id, users.c.disabled.is_(False)).values(**values))
            row = db.execute(select(users).where(users.c.id == id)).one()
        return None if row.disabled else self._user(row)

    def _failed(self, id: str) -> None:
        now = self.clock()
        stale = or_(users.c.locked_until <= now, users.c.locked_until > now + LOCK_S)
        with self.database.write() as db:
            db.execute(update(users).where(users.c.id == id, stale).values(failures=0, locked_until=None))
            db.execute(update(users).where(users.c.id == id).values(failures=users.c.failures + 1))
            full = (users.c.id == id, users.c.failures >= FAILURES, users.c.locked_until.is_(None))
            db.execute(update(users).where(*full).values(locked_until=now + LOCK_S))

    def _locked(self, row: Row[Any]) -> bool:
        """Whether it is locked now. A lock that ends later than any could is left from a clock that went wrong."""
        now = self.clock()
        return row.locked_until is not None and now < row.locked_until <= now + LOCK_S

    def _user(self, row: Row[Any]) -> User:
        return User(
            id=row.id,
            name=row.name,
            role=row.role,
            disabled=row.disabled,
            locked=self._locked(row),
            last_login=row.last_login,
        )

    def _hashed(self, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            allowed = tr(
                f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters",
                f"{SHORTEST_PASSWORD} 到 {LONGEST_PASSWORD} 个字符",
            )
            raise UsageError(tr("the password is too short or too long", "密码过短或过长"), allowed=allowed)
        return self.hasher.hash(password)

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            with _AT_ONCE:
                return len(password) <= LONGEST_PASSWORD and self.hasher.verify(
                    hashed, password.encode("utf-8", "replace")
                )
        except (Argon2Error, InvalidHashError):
            return False

    @cached_property
    def _nobodys(self) -> str:
        """A hash to compare with where there is none, so that time does not tell which names exist."""
        return self.hasher.hash(secrets.token_hex(16))


def _taken(name: str) -> UsageError:
    what = tr("that name, or one that looks like it, is taken", "用户名已存在，或与已有用户名形似")
    return UsageError(what, value=name, next="bedside users list")
