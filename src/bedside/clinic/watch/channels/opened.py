"""The channels that the settings name, each checked: listed, private, with its secret at hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bedside.clinic.outbound import allowed
from bedside.clinic.watch.channels.mail import MailChannel
from bedside.clinic.watch.channels.webhook import WebhookChannel
from bedside.clinic.watch.notices import Channel
from bedside.clinic.watch.settings import WatchSettings
from bedside.errors import ConfigError
from bedside.lang import tr

SHORTEST_SECRET = 16


def channels(settings: WatchSettings, outbound: Iterable[str]) -> dict[str, Channel]:
    """The channels by name; ConfigError for an address that `outbound` does not list, or a secret that is not there."""
    found: dict[str, Channel] = {}
    listed = allowed(outbound)
    if (hook := settings.webhook) is not None:
        if not listed.lets_address(hook.url):
            raise _unlisted("watch.webhook.url")
        found["webhook"] = WebhookChannel(hook.url, _secret(hook.secret_file, SHORTEST_SECRET).encode())
    if (mail := settings.mail) is not None:
        if not listed.lets(mail.server, mail.port):
            raise _unlisted("watch.mail.server")
        password = _secret(mail.password_file) if mail.password_file else ""
        found["mail"] = MailChannel(
            mail.server, mail.port, mail.sender, tuple(mail.to), mail.user, password, mail.ca_file
        )
    return found


def _unlisted(where: str) -> ConfigError:
    what = tr("not an address that outbound lists (https, or this machine)", "地址未列入 outbound（须为 https 或本机）")
    return ConfigError([f"{where}: {what}"], next="docs/watch.md")


def _secret(path: Path, shortest: int = 1) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        what = tr("cannot be read", "无法读取")
        raise ConfigError([f"{path}: {what} ({type(fault).__name__})"]) from None
    if len(secret) < shortest:
        what = tr(f"needs {shortest} characters at least", f"至少需要 {shortest} 个字符")
        raise ConfigError([f"{path}: {what}"])
    return secret
