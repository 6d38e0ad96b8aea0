"""What `bedside serve` is told: the door, its keys and limits, and what a clinical server needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bedside.lang import tr

Models = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME=]MODEL...",
        help=tr("Model folder; several: each request names one", "模型目录；多个时由请求指定名称"),
    ),
]
Host = Annotated[str, typer.Option(help=tr("Address to listen on", "监听地址"))]
Port = Annotated[int, typer.Option(help=tr("Port; 0 takes a free one", "端口；0 表示任选空闲端口"))]
Keys = Annotated[Path | None, typer.Option(help=tr("File of API key hashes", "API 密钥哈希文件"))]
NoAuth = Annotated[bool, typer.Option("--no-auth", help=tr("Without keys: this machine only", "不用密钥：仅限本机"))]
Audit = Annotated[
    Path | None, typer.Option(help=tr("Audit log (default: in the data folder)", "审计日志（默认在数据目录）"))
]
Rate = Annotated[float, typer.Option(help=tr("Texts a second a key; 0: any", "每密钥每秒文本数"))]
Workers = Annotated[int, typer.Option(help=tr("Model threads; 0: one a core", "模型线程数；0 为每核一个"))]
MaxTexts = Annotated[int, typer.Option(help=tr("Texts a request", "每次请求的文本数上限"))]
MaxBody = Annotated[int, typer.Option(help=tr("Bytes a request", "每次请求的字节数上限"))]
Timeout = Annotated[float, typer.Option(help=tr("Seconds until 503", "超时秒数"))]
Data = Annotated[Path | None, typer.Option(help=tr("Clinical server: its data folder", "临床服务：数据目录"))]
Database = Annotated[
    str | None,
    typer.Option(metavar="URL|@FILE", help=tr("Its database (default: in --data)", "数据库地址（默认在数据目录）")),
]
Demo = Annotated[
    bool, typer.Option("--demo", help=tr("Clinical server with made-up patients", "含虚构患者的临床服务演示"))
]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", help=tr("Master key (or BEDSIDE_CLINIC_KEY)", "主密钥文件"))
]
SettingsFile = Annotated[
    Path | None, typer.Option("--settings", help=tr("Its settings (TOML)", "临床服务设置（TOML）"))
]
Certificate = Annotated[Path | None, typer.Option(help=tr("TLS certificate (PEM)", "TLS 证书（PEM）"))]
CertificateKey = Annotated[Path | None, typer.Option(help=tr("Its key (PEM)", "TLS 私钥（PEM）"))]
MakeKey = Annotated[
    str | None, typer.Option("--make-key", metavar="ID", help=tr("Print a new key and its line", "生成新密钥"))
]
