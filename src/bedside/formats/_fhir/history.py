"""What a Bundle of a history says is past: versions before the newest, and whatever was deleted."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from bedside.formats._syntax.json import at, objects, words
from bedside.lang import tr


def past_entries(bundle: dict[str, Any]) -> dict[int, str]:
    """Which entries of a Bundle are not so any more, by position, and why.

    A history tells the newest version first (FHIR R4, http.html#history); one whose versions rise is read the other
    way.

    >>> old = {"resource": {"resourceType": "Condition", "id": "7"}}
    >>> past_entries({"type": "history", "entry": [{"request": {"method": "DELETE", "url": "Condition/7"}}, old]})
    {0: 'deleted; left out', 1: 'an older version; left out'}
    """
    listed = bundle.get("entry")
    entries = [(i, one) for i, one in enumerate(listed) if isinstance(one, dict)] if isinstance(listed, list) else []
    past = {i: tr("deleted; left out", "已删除；未读取") for i, one in entries if _method(one) == "DELETE"}
    if bundle.get("type") != "history":
        return past
    versions: dict[str, list[int]] = {}
    for i, one in entries:
        versions.setdefault(_name(one) or str(i), []).append(i)
    when = {i: _when(one) for i, one in entries}
    rising = any(_older(when[a], when[b]) for group in versions.values() for a, b in pairwise(group))
    for group in versions.values():
        newest = group[-1 if rising else 0]
        past = {i: tr("an older version; left out", "较旧版本；未读取") for i in group if i != newest} | past
    return dict(sorted(past.items()))


def _older(one: tuple[str, int] | None, other: tuple[str, int] | None) -> bool:
    return one is not None and other is not None and one < other


def _method(entry: dict[str, Any]) -> str:
    return words(at(entry, "request", "method"))


def _name(entry: dict[str, Any]) -> str:
    """What the entry is a version of, as "Condition/7"."""
    kind, id = words(at(entry, "resource", "resourceType")), words(at(entry, "resource", "id"))
    url = words(at(entry, "request", "url")).split("/_history")[0]
    return f"{kind}/{id}" if kind and id else "/".join(url.split("/")[-2:])


def _when(entry: dict[str, Any]) -> tuple[str, int] | None:
    """When the version was made and its number, for comparing two of one resource."""
    meta = next(iter(objects(at(entry, "resource", "meta"))), {})
    time = words(meta.get("lastUpdated")) or words(at(entry, "response", "lastModified"))
    number = words(meta.get("versionId"))
    return (time, int(number) if number.isdigit() else 0) if time or number else None
