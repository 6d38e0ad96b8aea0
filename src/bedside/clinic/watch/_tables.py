"""The tables of the watch: counts by the hour, answers without text, runs, alerts, messages. No patient is in any."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, String, Table, Text

from bedside.clinic._tables import ID, META

leases = Table(
    "watch_leases",
    META,
    Column("name", String(40), primary_key=True),
    Column("holder", String(40), nullable=False),
    Column("until", Float, nullable=False),
)

runs = Table(
    "watch_runs",
    META,
    Column("check", String(40), primary_key=True),
    Column("due", Float, primary_key=True),
    Column("state", String(16), nullable=False),  # "first" | "running" | "done" | "failed"
    Column("holder", String(40), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("started", Float, nullable=False),
    Column("ended", Float),
    Column("detail", Text, nullable=False),  # JSON: codes and counts
)

tallies = Table(
    "watch_tallies",
    META,
    Column("hour", Integer, primary_key=True),  # hours since 1970
    Column("server", String(16), primary_key=True),  # a server of its own writes rows of its own: none waits
    Column("name", String(64), primary_key=True),
    Column("labels", String(200), primary_key=True),  # JSON
    Column("value", Float, nullable=False),
)

answers = Table(
    "watch_answers",
    META,
    Column("id", String(40), primary_key=True),  # keyed digest of the answer's id
    Column("hour", Integer, nullable=False, index=True),
    Column("model", String(64), nullable=False, index=True),
    Column("version", String(40), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("label", String(128), nullable=False),
    Column("probabilities", Text, nullable=False),  # JSON, to three places
    Column("length", Integer, nullable=False),  # a power of two of characters
    Column("language", String(8), nullable=False),
    Column("truth", String(128)),
    Column("told", Integer),  # the hour in which the outcome came
    Column("groups", Text),  # JSON of codes
)

points = Table(
    "watch_points",
    META,
    Column("series", String(200), primary_key=True),
    Column("at", Float, primary_key=True),
    Column("value", Float, nullable=False),
    Column("low", Float),
    Column("high", Float),
    Column("n", Integer, nullable=False),
)

alerts = Table(
    "watch_alerts",
    META,
    Column("id", ID, primary_key=True),
    Column("key", String(200), nullable=False, index=True),
    Column("check", String(40), nullable=False),
    Column("code", String(40), nullable=False),
    Column("level", String(16), nullable=False),
    Column("detail", Text, nullable=False),  # JSON: codes and numbers
    Column("opened", Float, nullable=False),
    Column("seen", Float, nullable=False),
    Column("times", Integer, nullable=False),
    Column("reminded", Float, nullable=False),
    Column("acknowledged", Float),
    Column("acknowledged_by", String(64)),
    Column("closed", Float),
)

notices = Table(
    "watch_notices",
    META,
    Column("id", Integer, primary_key=True),
    Column("alert_id", ID, ForeignKey("watch_alerts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("channel", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try", Float, nullable=False),
    Column("sent", Float),
    Column("given_up", Boolean, nullable=False),
)
"""A message that is to go out; it is kept until it went, or was given up."""
