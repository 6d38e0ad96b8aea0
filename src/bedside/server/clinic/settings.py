"""What the clinical server is told at start; the parts a security officer decides come from a TOML file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bedside.clinic.permissions import ROLES
from bedside.clinic.watch.settings import WatchSettings
from bedside.errors import ConfigError, ServeError
from bedside.lang import tr
from bedside.server.settings import is_loopback


class Issuer(BaseModel):
    """Whose signed tokens let in: an identity provider, a CDS client. `jwks` is a file of its public keys.

    `once`: each token is good for one request (its `jti`), as CDS Hooks has it. `smart`: its tokens reach only the
    FHIR addresses that their scopes grant, and none where they name no scope. `token_endpoint` is where clients get
    them, for those who ask us.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str
    jwks: Path
    audience: list[str] = Field(min_length=1)
    role: str | None = None
    role_claim: str = "role"
    once: bool = False
    smart: bool = False
    token_endpoint: str | None = None


class FhirServer(BaseModel):
    """A FHIR server that this one reads as a SMART backend service; `bedside exchange key` makes the file `key`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fhir: str
    client_id: str
    key: Path
    scopes: list[str] = ["system/*.rs"]


class Login(BaseModel):
    """An identity provider that people log in with (OpenID Connect), or a record system that launches us (SMART).

    `roles` maps values of the claim `role_claim` to roles here; who has none of them stays out. With `fhir`, the
    endpoints are told by that FHIR server, and a login reaches the patient it was launched with.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9-]{1,32}$")
    issuer: str
    client_id: str
    key: Path | None = None
    scopes: list[str] = ["openid", "profile"]
    role_claim: str = "groups"
    roles: dict[str, str] = Field(min_length=1)
    name_claim: str = "preferred_username"
    fhir: str | None = None


class Limits(BaseModel):
    """Bytes, seconds, requests a second of one caller (0: any), logins a minute from one address."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    body_bytes: int = Field(20_000_000, gt=0)
    body_s: float = Field(20.0, gt=0)
    head_s: float = Field(20.0, gt=0)
    answer_s: float = Field(60.0, gt=0)
    requests_per_second: float = Field(50.0, ge=0)
    logins_per_minute: float = Field(60.0, gt=0)


class RemoteModel(BaseModel):
    """A language model that another program serves at an OpenAI-compatible address (`https://llm.hospital.lan/v1`).

    `model` is what that program calls it; `system` goes before every question. Its address must be in `outbound`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[\w.-]{1,64}$")
    engine: Literal["remote"]
    address: str
    model: str
    system: str = ""
    key_file: Path | None = None
    new_tokens: int = Field(512, ge=1, le=8192)
    max_bytes: int = Field(20_000, ge=8)
    timeout_s: float = Field(50.0, gt=0)


class ClinicSettings(BaseModel):
    """Where to listen, whom to trust, how much to take on, where to connect to.

    `traces` is where OpenTelemetry traces go (OTLP over HTTP), `http://127.0.0.1:4318/v1/traces`; by default nowhere.
    With `certificate_subjects` (a certificate's subject to an account's name), the header of certificates holds a
    subject, and counts only beside the proxy's word that it verified it. `browser_origins` are the sites whose pages
    may call this server (a record system in a browser); by default none. `differential_writer` names the served model
    that may be asked for diseases beside the ranking, `differential_weight` what `bedside stack --writer` wrote for it.
    `workers` are the processes beside it that
    run background jobs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(8765, ge=0, le=65535)
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    behind_tls: bool = False
    trusted_proxies: list[str] = []
    certificate_header: str = "x-client-certificate-name"
    certificate_verify_header: str = "x-client-certificate-verify"
    certificate_subjects: dict[str, str] = {}
    issuers: list[Issuer] = []
    public_url: str | None = None
    logins: list[Login] = []
    fhir_servers: list[FhirServer] = []
    outbound: list[str] = []
    models: list[RemoteModel] = []
    library: Path | None = None
    differential_writer: str | None = None
    differential_weight: Path | None = None
    traces: str | None = None
    workers: int = Field(1, ge=0, le=32)
    mllp_port: int | None = Field(None, ge=0, le=65535)
    mllp_peers: list[str] = ["127.0.0.1", "::1"]
    browser_origins: list[str] = []
    limits: Limits = Limits()
    watch: WatchSettings = WatchSettings()
    notice_s: float = Field(0.5, ge=0)
    drain_s: float = Field(6.0, gt=0)

    @property
    def tls(self) -> bool:
        """Whether browsers reach this server by https, here or through the proxy before it."""
        return self.tls_certificate is not None or self.behind_tls


def read_settings(path: Path | None, **given: Any) -> ClinicSettings:
    """The settings of a file, and what is given on the command line over them; every fault told at once."""
    values: dict[str, Any] = {}
    if path is not None:
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
            what = tr("cannot be read as TOML", "无法按 TOML 读取")
            raise ConfigError([f"{what} ({type(fault).__name__})"], where=str(path)) from None
    try:
        settings = ClinicSettings.model_validate({**values, **{k: v for k, v in given.items() if v is not None}})
    except ValidationError as fault:
        faults = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in fault.errors(include_input=False)]
        raise ConfigError(faults, where=str(path) if path else None, next="docs/clinic.md") from None
    _check(settings)
    return settings


def _check(settings: ClinicSettings) -> None:
    if (settings.tls_certificate is None) != (settings.tls_key is None):
        raise ConfigError([tr("tls_certificate and tls_key go together", "tls_certificate 与 tls_key 须同时给出")])
    if not is_loopback(settings.host) and not settings.tls:
        raise ServeError(
            tr(
                "an open address needs TLS: passwords and charts would pass in clear",
                "对外地址须使用 TLS，否则密码与病历将明文传输",
            ),
            value=settings.host,
            allowed="--tls-certificate, --tls-key; behind_tls = true",
            next="docs/clinic.md",
        )
    told = [*(one.fhir for one in settings.fhir_servers), *(one.fhir for one in settings.logins)]
    servers = {one.rstrip("/") for one in told if one}
    if len(servers) > 1:
        what = tr(
            "one FHIR server: the patients' numbers of two would be mixed up",
            "仅可设置一个 FHIR 服务器，否则两处的患者编号会混淆",
        )
        raise ConfigError([what])
    if settings.logins and not settings.public_url:
        raise ConfigError([tr("logins need public_url, the address browsers use", "logins 须同时设置 public_url")])
    if strange := {role for one in settings.logins for role in one.roles.values()} - set(ROLES):
        raise ConfigError(
            [tr(f"logins: no such role: {', '.join(strange)}", f"logins：没有该角色：{'、'.join(strange)}")]
        )
    if "service" in {role for one in settings.logins for role in one.roles.values()}:
        raise ConfigError([tr("logins: service is for programs", "logins：service 角色仅限程序使用")])
