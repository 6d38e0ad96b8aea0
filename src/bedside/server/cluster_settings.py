"""What a cluster is told: where it is, how many replicas of a model, and what keeps it private. Without Ray itself."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from bedside.errors import ServeError, UsageError
from bedside.lang import tr
from bedside.server.settings import is_loopback

_RANGE = re.compile(r"([1-9]\d{0,3})(?:-([1-9]\d{0,3}))?")


@dataclass(frozen=True, kw_only=True)
class ClusterSettings:
    """`address` is the cluster to join, HOST:PORT; without one, a cluster of this machine alone is started.

    `least` and `most` are the replicas of each model, added as questions wait; `waiting` bounds the questions of one
    server that wait for a model, beyond which they are refused; `timeout_s` is the time of an answer, `open_s` that in
    which a model must be warm; `outbound` is what replicas may connect to beside their own machine.
    """

    address: str | None = None
    least: int = 1
    most: int = 1
    waiting: int = 64
    timeout_s: float = 30.0
    open_s: float = 300.0
    outbound: tuple[str, ...] = ()


def read_range(written: str) -> tuple[int, int]:
    """The least and the most replicas of a model.

    >>> read_range("2"), read_range("1-4")
    ((2, 2), (1, 4))
    """
    found = _RANGE.fullmatch(written)
    least, most = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if most < least:
        what = tr("not a number of replicas", "副本数无效")
        raise UsageError(what, where="--replicas", value=written, allowed="2, 1-4")
    return least, most


def environment(address: str | None, told: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What Ray reads from the environment, to be set before it is imported; ServeError where others could listen in.

    A cluster of our own listens to this machine alone and to whoever holds its token, made here. One to join must be
    guarded by a token, and encrypted where its address is on another machine.
    """
    silent = {"RAY_USAGE_STATS_ENABLED": "0"}
    if address is None:
        # The second is Ray's only switch for "this machine alone": without it, it listens at every address.
        alone = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "token"}
        return {**silent, **alone, "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    if told.get("RAY_AUTH_MODE") != "token":
        raise _open_to_all(address, "RAY_AUTH_MODE=token, RAY_AUTH_TOKEN_PATH=FILE")
    if not is_loopback(host_of(address)) and told.get("RAY_USE_TLS", "0").lower() not in ("1", "true"):
        raise _open_to_all(address, "RAY_USE_TLS=1")
    return silent


def host_of(address: str) -> str:
    """The host of HOST:PORT.

    >>> host_of("[::1]:6379"), host_of("ray.hospital.lan:6379")
    ('::1', 'ray.hospital.lan')
    """
    host, colon, port = address.rpartition(":")
    if not (colon and host and port.isdecimal()):
        what = tr("not the address of a cluster", "集群地址无效")
        raise UsageError(what, where="--cluster", value=address, allowed="HOST:PORT")
    return host.strip("[]")


def _open_to_all(address: str, allowed: str) -> ServeError:
    what = tr("the cluster is not private: charts would pass in clear", "该集群未加密或未设令牌，病历内容可能泄露")
    return ServeError(what, value=address, allowed=allowed, next="docs/scale.md")
