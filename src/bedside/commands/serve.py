"""Answer over HTTP with a model folder | 以 HTTP 服务提供模型预测"""

from __future__ import annotations

from bedside.commands._io import BackboneFolder, EntitiesFrom, JsonFlag, SetData
from bedside.commands._predict.doubt import Coverage, HoldBack, NoDoubt, Said
from bedside.commands._predict.licensed import Licensed, LicensedNames
from bedside.commands._serve import options as given
from bedside.commands._serve.engine import ClusterAddress, Engine, ReplicaRange, Wanted, Where
from bedside.commands._serve.models import named_folders
from bedside.errors import UsageError
from bedside.home import place
from bedside.lang import tr


def run(
    models: given.Models = None,
    backbone: BackboneFolder = None,
    entities_from: EntitiesFrom = None,
    host: given.Host = "127.0.0.1",
    port: given.Port = 8765,
    keys: given.Keys = None,
    no_auth: given.NoAuth = False,
    audit: given.Audit = None,
    rate: given.Rate = 1000.0,
    workers: given.Workers = 0,
    max_texts: given.MaxTexts = 256,
    max_body: given.MaxBody = 4_000_000,
    timeout: given.Timeout = 30.0,
    data: given.Data = None,
    database: given.Database = None,
    demo: given.Demo = False,
    key_file: given.KeyFile = None,
    settings_file: given.SettingsFile = None,
    tls_certificate: given.Certificate = None,
    tls_key: given.CertificateKey = None,
    engine: Engine = "local",
    cluster: ClusterAddress = None,
    replicas: ReplicaRange = "1",
    json: JsonFlag = False,
    set_: SetData = None,
    coverage: Coverage = None,
    hold_back: HoldBack = False,
    no_doubt: NoDoubt = False,
    licensed: Licensed = False,
    licensed_names: LicensedNames = None,
    make_key: given.MakeKey = None,
) -> None:
    """Answer over HTTP with a model folder. Identity is removed from every text before the model reads it.

    Several may be served: what was fitted apart on one backbone shares it in memory, and a request names its model.
    `bedside serve triage=TRIAGE coding=CODING`

    With --data or --demo it is the clinical server: accounts, charts, audit and the hospital's standards
    (docs/clinic.md). `bedside serve --demo`

    With --engine ray each model runs as replicas on a cluster (docs/scale.md).
    """
    from bedside.commands._predict.searching import data_settings

    if make_key is not None:
        from bedside.commands._serve.folders import print_key

        print_key(make_key)
        return
    said, names = Said(coverage, hold_back, no_doubt), tuple(licensed_names or ())
    folders, where = named_folders(models or []), Where(engine, cluster, replicas)
    wanted = Wanted(folders, data_settings(set_ or []), entities_from, backbone, said, licensed, names)
    if data is not None or demo:
        from bedside.commands._serve.clinic import ClinicFlags, serve_clinic

        flags = ClinicFlags(
            data=data,
            database=database,
            demo=demo,
            key_file=key_file,
            settings=settings_file,
            host=host,
            port=port,
            tls_certificate=tls_certificate,
            tls_key=tls_key,
            json=json,
        )
        serve_clinic(flags, wanted.named(), where)
        return
    if not models:
        what = tr("a model folder, --data or --demo is needed", "需要模型目录、--data 或 --demo")
        raise UsageError(what, next="bedside serve MODEL")
    if no_auth and keys is not None:
        raise UsageError(tr("either --keys or --no-auth", "--keys 与 --no-auth 只能选其一"))
    from bedside.commands._serve.folders import serve_folders
    from bedside.server.settings import Settings

    settings = Settings(
        host=host,
        port=port,
        keys=keys,
        audit=audit or place("audit") / "serve.jsonl",
        texts_per_second=rate,
        workers=workers,
        max_texts=max_texts,
        max_body_bytes=max_body,
        timeout_s=timeout,
    )
    serve_folders(wanted, settings, where)


COMMAND = run
