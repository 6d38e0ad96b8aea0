"""The registered models: versions by name, each a folder that is never changed, with the stage it has reached.

    candidate ──▶ shadow ──▶ live ──▶ retired
        └────────────────────▲  └──rollback: the version before is live again

DIR/models/NAME/1/   the model folder as it was added; its manifest's hash stands in the database
DIR/models/NAME/2/

A shadow is asked beside the live version and never heard, but for the share of requests that a canary answers. What is
heard has passed the gates (`gates.py`) against the version that is live at that moment. There is one live version of a
name or none; who did what and why is kept, sealed, with the acts.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from bedside.clinic._database import Database, now_of
from bedside.clinic._tables import model_gates, models
from bedside.clinic.keys.keyring import seal, unseal
from bedside.clinic.models.acts import acts_of, write_act
from bedside.clinic.models.gates import Gate, gates, refuse_if_closed
from bedside.clinic.models.versions import Act, Heard, Version, change, is_version, live_of, one_of, version_of
from bedside.errors import BedsideError, ModelTampered, UsageError
from bedside.lang import tr
from bedside.model.layout import read_settings
from bedside.model.manifest import NAME as MANIFEST
from bedside.model.manifest import check_manifest
from bedside.model.naming import NAME
from bedside.receipt import file_sha256

MOST_SHARE = 0.5
"""The largest part of requests that a canary answers: above it, it should be live."""


@dataclass(frozen=True)
class Models:
    """The registry of one data folder."""

    database: Database
    data: Path
    key: bytes = field(repr=False)

    def place(self, version: Version) -> Path:
        """Where a version's folder lies."""
        return self.data / "models" / version.name / str(version.version)

    def add(self, name: str, folder: Path, *, by: str, reason: str = "") -> Version:
        """Copy a model folder in as the next version of that name, a candidate; the same folder twice is one version.

        Raises `UsageError` for a name that cannot be one, `ModelError` for a folder that is not whole.

        >>> clinic.models.add("triage", Path("work/triage"), by=user.id)  # doctest: +SKIP
        Version(name='triage', version=1, stage='candidate', ...)
        """
        if not NAME.fullmatch(name):
            allowed = tr("letters, digits, . _ -", "字母、汉字、数字、. _ -")
            raise UsageError(tr("not a name of a model", "模型名称无效"), value=name, allowed=allowed)
        head = str(read_settings(folder).get("head", ""))
        place = self.data / "models" / name
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = Path(tempfile.mkdtemp(prefix=".", dir=place))
        try:
            shutil.copytree(folder, fresh / "model", symlinks=False)
            check_manifest(fresh / "model")
            return self._added(name, fresh / "model", head, by, reason)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def get(self, name: str, version: int) -> Version:
        """One version; raises `UsageError` where there is none."""
        with self.database.read() as db:
            return one_of(db, name, version)

    def all(self, name: str = "") -> list[Version]:
        """Every version, by name, the newest first."""
        asked = select(models).order_by(models.c.name, models.c.version.desc())
        with self.database.read() as db:
            return [version_of(row) for row in db.execute(asked.where(models.c.name == name) if name else asked)]

    def heard(self) -> list[Version]:
        """The versions that a server asks: live ones and shadows."""
        asked = select(models).where(models.c.stage.in_(("live", "shadow"))).order_by(models.c.name, models.c.version)
        with self.database.read() as db:
            return [version_of(row) for row in db.execute(asked)]

    def live(self, name: str) -> Version | None:
        """The version that answers to that name."""
        with self.database.read() as db:
            return live_of(db, name)

    def acts(self, name: str) -> list[Act]:
        """What was done with a name's versions, the newest first."""
        with self.database.read() as db:
            return acts_of(db, self.key, name)

    def check(self, version: Version) -> None:
        """Raises `ModelError` or `ModelTampered` where its folder is not the one that was added."""
        place = self.place(version)
        check_manifest(place)
        if file_sha256(place / MANIFEST) != version.sha256:
            what = tr("not the folder that was registered: its hash differs", "与登记的目录不一致：哈希值不同")
            raise ModelTampered(what, where=str(place), next=f"bedside models rollback {version.name}")

    def file(self, name: str, version: int, against: int, measured: Mapping[str, Any]) -> None:
        """Keep what `bedside evaluate --against` measured, for the gates; `against`: the version live then, or 0."""
        key = {"name": name, "version": version, "against": against}
        sealed = seal(self.key, json.dumps(measured, ensure_ascii=True).encode(), f"gate {name} {version}")
        with self.database.write() as db:
            one_of(db, name, version)
            db.execute(delete(model_gates).where(*(model_gates.c[part] == value for part, value in key.items())))
            db.execute(insert(model_gates).values(**key, measured=sealed, created=now_of(db)))

    def gates(self, name: str, version: int) -> list[Gate]:
        """What stands between a version and being heard, now: each gate with its figures."""
        with self.database.read() as db:
            return self._gates(db, one_of(db, name, version), live_of(db, name))

    def promote(
        self, name: str, version: int, *, by: str, reason: str, to: Heard = "live", share: float = 0.0
    ) -> Version:
        """Make a candidate a shadow, a canary (a shadow with a share of the requests) or the live version.

        Raises `ModelError` naming the figures where a gate does not let it be heard, and where its folder is corrupt.
        """
        _check_share(share, to)
        self.check(self.get(name, version))
        with self.database.write() as db:
            one, live = one_of(db, name, version), live_of(db, name)
            if one.stage not in ("candidate", "shadow"):
                raise _wrong_stage(one, "candidate, shadow")
            if to == "live" or share:
                refuse_if_closed(self._gates(db, one, live), one.name, one.version)
            if to == "live" and live is not None:
                change(db, live, stage="retired", share=0.0)
            if to == "shadow":
                others = and_(models.c.name == name, models.c.stage == "shadow", models.c.version != version)
                db.execute(update(models).where(others).values(stage="candidate", share=0.0))
            change(db, one, stage=to, share=share, asked=0, agreed=0)
            write_act(db, self.key, one, "canary" if share else to, by, reason)
            return one_of(db, name, version)

    def rollback(self, name: str, *, by: str, reason: str) -> Version:
        """Make the version that was live before the present one live again: the newest of them that is whole.

        Raises `UsageError` where there is none.
        """
        before = self.before(name)
        if before is None:
            raise UsageError(tr("no earlier version to go back to", "没有可回退的版本"), value=name)
        with self.database.write() as db:
            live = live_of(db, name)
            if live is not None:
                change(db, live, stage="retired", share=0.0)
            change(db, before, stage="live", share=0.0)
            write_act(db, self.key, before, "rollback", by, reason)
            return one_of(db, name, before.version)

    def before(self, name: str) -> Version | None:
        """The last version that was live before the present one and is whole."""
        now, seen = self.live(name), set[int]()
        for act in self.acts(name):
            if act.act not in ("live", "rollback") or act.version in seen or (now and act.version == now.version):
                continue
            seen.add(act.version)
            one = self.get(name, act.version)
            try:
                self.check(one)
            except BedsideError:
                continue
            return one
        return None

    def retire(self, name: str, version: int, *, by: str, reason: str) -> Version:
        """Take a version out of use; where it was live, the name has no answer until another is promoted."""
        with self.database.write() as db:
            one = one_of(db, name, version)
            if one.stage == "retired":
                raise _wrong_stage(one, "candidate, shadow, live")
            change(db, one, stage="retired", share=0.0)
            write_act(db, self.key, one, "retired", by, reason)
            return one_of(db, name, version)

    def count(self, version: Version, *, asked: int, agreed: int) -> None:
        """So many more copies of requests that a shadow answered, and agreed with."""
        more = {"asked": models.c.asked + asked, "agreed": models.c.agreed + agreed}
        with self.database.write() as db:
            db.execute(update(models).where(is_version(version.name, version.version)).values(more))

    def _added(self, name: str, folder: Path, head: str, by: str, reason: str) -> Version:
        sha256 = file_sha256(folder / MANIFEST)
        with self.database.write() as db:
            same = (models.c.name == name, models.c.sha256 == sha256, models.c.stage != "retired")
            known = db.execute(select(models).where(*same)).first()
            if known is not None:
                return version_of(known)
            newest = db.execute(select(func.max(models.c.version)).where(models.c.name == name)).scalar() or 0
            one = Version(name=name, version=newest + 1, stage="candidate")
            shutil.rmtree(self.place(one), ignore_errors=True)  # left by one that was killed before its row was written
            folder.rename(self.place(one))
            values = {"name": name, "version": one.version, "stage": "candidate", "sha256": sha256, "head": head}
            db.execute(insert(models).values(**values, share=0.0, created=now_of(db), asked=0, agreed=0))
            write_act(db, self.key, one, "added", by, reason)
            return one_of(db, name, one.version)

    def _gates(self, db: Connection, one: Version, live: Version | None) -> list[Gate]:
        against = live.version if live else 0
        key = (model_gates.c.name == one.name, model_gates.c.version == one.version, model_gates.c.against == against)
        sealed = db.execute(select(model_gates.c.measured).where(*key)).scalar()
        measured = json.loads(unseal(self.key, sealed, f"gate {one.name} {one.version}")) if sealed else None
        return gates(measured, self.place(one), self.place(live) if live else None)


def _check_share(share: float, to: Heard) -> None:
    if not 0 <= share <= MOST_SHARE or (share and to == "live"):
        what = tr("not a share that a canary may have", "灰度比例无效")
        raise UsageError(what, value=f"{share:.0%}", allowed=f"1% - {MOST_SHARE:.0%}")


def _wrong_stage(one: Version, allowed: str) -> UsageError:
    what = tr("not possible for a version at this stage", "该阶段的版本不可如此操作")
    return UsageError(what, value=f"{one.name} {one.version}: {one.stage}", allowed=allowed)
