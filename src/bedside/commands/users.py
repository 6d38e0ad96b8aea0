"""Accounts of a clinical server: add, list, disable, API keys | 临床服务的账户：新增、列出、停用、API 密钥"""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.commands._clinic_open import DatabaseUrl, DataFolder, KeyFile, audited, opened
from bedside.commands._io import JsonFlag, emit_json, plain, say, table
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.clinic.open import Clinic

COMMAND = typer.Typer(
    add_completion=False,
    help=tr("Accounts of a clinical server", "临床服务的账户"),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
KEY_DAYS = 365
Name = Annotated[str, typer.Argument(help=tr("The account's name", "用户名"))]


@COMMAND.command()
def add(
    name: Name,
    data: DataFolder,
    role: Annotated[str, typer.Option(help="clinician, reviewer, data_engineer, auditor, admin, service, exporter")],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help=tr("Read the password from stdin", "从标准输入读取密码"))
    ] = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help=tr("Enters by API key or token only", "仅限 API 密钥或令牌登录"))
    ] = False,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Add an account; without --password-stdin, a password is made and shown once."""
    password = None if no_password else _password(from_stdin=password_stdin)
    with opened(data, database, key_file) as clinic:
        user = clinic.accounts.add(name, role, password)
        audited(clinic, "users.add", user=user.id, role=role)
    shown = {"password": password} if password and not password_stdin else {}
    if json:
        emit_json({**plain(user), **shown})
        return
    say(tr(f"{name} ({role}) may enter", f"已新增 {name}（{role}）"))
    if shown:
        say(tr(f"password, shown once: {password}", f"密码（仅显示一次）：{password}"))


@COMMAND.command("list")
def list_(data: DataFolder, database: DatabaseUrl = None, key_file: KeyFile = None, json: JsonFlag = False) -> None:
    """List the accounts."""
    with opened(data, database, key_file) as clinic:
        users = clinic.accounts.all()
        keys = {one.id: clinic.keys.of(one.id) for one in users}
    if json:
        emit_json({"users": [{**plain(one), "keys": plain(keys[one.id])} for one in users]})
        return
    states = [
        tr("disabled", "已停用") if one.disabled else tr("locked", "已锁定") if one.locked else "" for one in users
    ]
    head = (tr("name", "用户名"), tr("role", "角色"), tr("state", "状态"), "id")
    table(tr("Accounts", "账户"), head, [(u.name, u.role, state, u.id) for u, state in zip(users, states, strict=True)])


@COMMAND.command()
def disable(
    name: Name,
    data: DataFolder,
    undo: Annotated[bool, typer.Option("--undo", help=tr("Let it in again, and unlock it", "恢复并解锁"))] = False,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Shut an account out, with its keys and logins."""
    with opened(data, database, key_file) as clinic:
        user = clinic.accounts.named(name)
        if user is None or not clinic.accounts.disable(name, disabled=not undo):
            raise _nobody(name)
        audited(clinic, "users.enable" if undo else "users.disable", user=user.id, role=user.role)
    emit_json({"name": name, "disabled": not undo}) if json else say(
        tr(f"{name} may enter again", f"{name} 已恢复") if undo else tr(f"{name} is shut out", f"{name} 已停用")
    )


@COMMAND.command()
def key(
    name: Name,
    data: DataFolder,
    disable: Annotated[
        str | None, typer.Option(metavar="KEY-ID", help=tr("Shut this key instead of making one", "停用该密钥"))
    ] = None,
    replace: Annotated[
        str | None,
        typer.Option(
            metavar="KEY-ID", help=tr("In place of this key, which ends in a day", "替换该密钥，旧密钥一日后失效")
        ),
    ] = None,
    days: Annotated[
        int, typer.Option(min=0, help=tr("Days until the key ends; 0: never", "有效天数；0 表示长期"))
    ] = KEY_DAYS,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Make an API key for an account; it is shown once."""
    with opened(data, database, key_file) as clinic:
        user = clinic.accounts.named(name)
        if user is None:
            raise _nobody(name)
        for id in filter(None, (disable, replace)):
            if id not in [one.id for one in clinic.keys.of(user.id)]:
                raise UsageError(tr("no such key", "没有该密钥"), value=id, next="bedside users list --json")
        made = _keyed(clinic, user.id, disable, replace, days or None)
        audited(clinic, "users.key" if made else "users.key_disable", user=user.id, role=user.role)
    emit_json({"name": name, "key": made} if made else {"disabled": disable}) if json else say(
        tr(f"key, shown once: {made}", f"密钥（仅显示一次）：{made}") if made else tr("the key is shut", "密钥已停用")
    )


def _keyed(clinic: Clinic, user_id: str, disable: str | None, replace: str | None, days: int | None) -> str:
    """The new key; empty where one was shut instead."""
    if disable is not None:
        clinic.keys.disable(disable)
        return ""
    made = clinic.keys.replace(replace, days) if replace is not None else clinic.keys.make(user_id, days)
    if made is None:
        raise UsageError(tr("that key opens no more", "该密钥已失效"), value=replace)
    return made


def _password(*, from_stdin: bool) -> str:
    return sys.stdin.readline().rstrip("\r\n") if from_stdin else secrets.token_urlsafe(12)


def _nobody(name: str) -> UsageError:
    return UsageError(tr("no such account", "没有该账户"), value=name, next="bedside users list --data DIR")
