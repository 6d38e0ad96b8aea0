"""What an administrator says of the watch: when each check runs, from what on it speaks, where its messages go."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bedside.clinic.watch.schedule import Schedule, read


class Webhook(BaseModel):
    """Where alerts are posted. `secret_file` holds what they are signed with, at least 16 characters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    secret_file: Path


class Mail(BaseModel):
    """A mail server that speaks STARTTLS, and who is written to. `ca_file` names the hospital's own authority."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    server: str
    port: int = Field(587, ge=1, le=65535)
    sender: str = Field(alias="from")
    to: list[str] = Field(min_length=1)
    user: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None


class WatchSettings(BaseModel):
    """Schedules are cron's five fields in `timezone`; an empty one is never. `address` is where people reach us."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    timezone: str = "UTC"
    service: str = "*/10 * * * *"
    drift: str = "0 3 * * *"
    outcomes: str = "20 3 * * *"
    overrides: str = "40 3 * * *"
    reevaluate: str = ""
    refit: str = ""
    measured: str = "5 * * * *"
    window_days: int = Field(7, ge=1, le=90)
    least_rows: int = Field(100, ge=20)
    most_rows: int = Field(1000, ge=100, le=20_000)
    least_corrections: int = Field(50, ge=1)
    address: str = ""
    webhook: Webhook | None = None
    mail: Mail | None = None

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, told: str) -> str:
        try:
            ZoneInfo(told)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("not a time zone of this machine, such as Asia/Shanghai") from None
        return told

    @field_validator("service", "drift", "outcomes", "overrides", "reevaluate", "refit", "measured")
    @classmethod
    def _cron(cls, told: str) -> str:
        if told:
            try:
                read(told)
            except ValueError as fault:
                raise ValueError(f"not a schedule (minute hour day month weekday): {fault}") from None
        return told

    def schedule(self, check: str) -> Schedule | None:
        """When a check runs; None for never.

        >>> WatchSettings(refit="0 2 * * 6").schedule("refit").hours, WatchSettings().schedule("refit")
        ((2,), None)
        """
        written: str = getattr(self, check)
        return read(written) if written else None
