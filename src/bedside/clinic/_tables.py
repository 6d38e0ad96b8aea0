"""The tables of the store. Who a patient is and what a chart says is sealed; the rest are ids, times and counts."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

META = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

ID = String(40)

secrets = Table(
    "secrets",
    META,
    Column("name", String(40), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)
"""Keys of the store itself, sealed by a master key: the one that search terms are made with."""

patients = Table(
    "patients",
    META,
    Column("id", ID, primary_key=True),
    Column("source", String(64), nullable=False, unique=True),  # keyed digest of the hospital's own number
    Column("data_key", LargeBinary, nullable=False),  # sealed by a master key; destroyed to erase
    Column("about", LargeBinary, nullable=False),  # sealed: name, sex, date of birth, number
    Column("restricted", Boolean, nullable=False),
    Column("created", Float, nullable=False),
)

pieces = Table(
    "pieces",
    META,
    Column("id", Integer, primary_key=True),
    Column("patient_id", ID, ForeignKey("patients.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("created", Float, nullable=False),
)
"""What came in for a patient, import by import; the chart is all of them put together."""

terms = Table(
    "terms",
    META,
    Column("term", String(32), primary_key=True),  # keyed digest of the beginning of a word
    Column("patient_id", ID, ForeignKey("patients.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_terms_patient_id", "patient_id"),
)

grants = Table(
    "grants",
    META,
    Column("id", ID, primary_key=True),
    Column("patient_id", ID, ForeignKey("patients.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("user_id", ID, nullable=False),
    Column("kind", String(16), nullable=False),  # "consent" | "break_glass"
    Column("reason", LargeBinary, nullable=False),  # sealed: it may name the patient
    Column("created", Float, nullable=False),
    Column("expires", Float),
)

users = Table(
    "users",
    META,
    Column("id", ID, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("password", String(256)),
    Column("disabled", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Float),
    Column("created", Float, nullable=False),
    Column("identity", String(400), index=True, unique=True),  # an identity provider's address and its name for them
    Column("last_login", Float),
)

api_keys = Table(
    "api_keys",
    META,
    Column("id", ID, primary_key=True),
    Column("user_id", ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created", Float, nullable=False),
    Column("expires", Float),
)

sessions = Table(
    "sessions",
    META,
    Column("digest", String(64), primary_key=True),
    Column("user_id", ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created", Float, nullable=False),
    Column("seen", Float, nullable=False),
    Column("patient_id", ID),  # a login out of another system's chart reaches that patient alone
)

dialogues = Table(
    "dialogues",
    META,
    Column("id", ID, primary_key=True),
    Column("user_id", String(400), nullable=False, index=True),  # an account, or the subject of a token
    Column("patient_id", ID, ForeignKey("patients.id", ondelete="CASCADE"), index=True),
    Column("data_key", LargeBinary),  # sealed by a master key, of a dialogue about nobody; else the patient's is used
    Column("sealed", LargeBinary, nullable=False),
    Column("created", Float, nullable=False),
)
"""What was asked and answered, sealed."""

exports = Table(
    "exports",
    META,
    Column("id", ID, primary_key=True),
    Column("user_id", String(400), nullable=False, index=True),
    Column("asked", String(2000), nullable=False),
    Column("seen", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("counts", String(2000)),  # how many resources of each type there are, once all patients were seen
    Column("created", Float, nullable=False),
)
"""Copies that programs asked for: what was asked and how far it is. The charts themselves are read as they are sent."""

groups = Table(
    "groups",
    META,
    Column("id", ID, primary_key=True),
    Column("user_id", String(400), nullable=False, index=True),
    Column("created", Float, nullable=False),
)
members = Table(
    "members",
    META,
    Column("group_id", ID, ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    Column("patient_id", ID, ForeignKey("patients.id", ondelete="CASCADE"), primary_key=True, index=True),
)
"""Patients whom a program takes copies of together."""

jobs = Table(
    "jobs",
    META,
    Column("id", ID, primary_key=True),
    Column("verb", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # its words and what follows it: a file's name may name a patient
    Column("user_id", ID, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(64), nullable=False),  # a code
    Column("attempts", Integer, nullable=False),
    Column("step", String(32), nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("stop", Boolean, nullable=False),
    Column("worker", ID, nullable=False),
    Column("lease", Float, nullable=False),
    Column("result", LargeBinary),  # sealed
    Column("created", Float, nullable=False),
    Column("started", Float),
    Column("ended", Float),
    Index("ix_jobs_state", "state", "created"),
)

models = Table(
    "models",
    META,
    Column("name", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("stage", String(16), nullable=False),
    Column("share", Float, nullable=False),  # of the requests that a shadow answers: a canary
    Column("sha256", String(64), nullable=False),  # of manifest.json, which holds those of every file
    Column("head", String(32), nullable=False),
    Column("created", Float, nullable=False),
    Column("asked", BigInteger, nullable=False),  # copies of requests that a shadow answered
    Column("agreed", BigInteger, nullable=False),
)
Index(
    "ix_models_live",
    models.c.name,
    unique=True,
    sqlite_where=models.c.stage == "live",
    postgresql_where=models.c.stage == "live",
)
"""Never two live versions of one name: the database itself refuses."""

model_acts = Table(
    "model_acts",
    META,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("act", String(16), nullable=False),
    Column("user_id", ID, nullable=False),
    Column("reason", LargeBinary, nullable=False),  # sealed: it may name a patient
    Column("created", Float, nullable=False),
)
"""Who did what to a version, when and why; what was live before is read from here."""

model_gates = Table(
    "model_gates",
    META,
    Column("name", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("against", Integer, primary_key=True),  # the version that was live then; 0 for none
    Column("measured", LargeBinary, nullable=False),  # sealed: what `bedside evaluate --json` printed
    Column("created", Float, nullable=False),
)
