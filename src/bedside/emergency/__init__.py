"""Emergencies in what people write: red flags in two languages, what to do now, and their sources."""

from bedside.emergency.recognise import Emergency, emergencies

__all__ = ["Emergency", "emergencies"]
