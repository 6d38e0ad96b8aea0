"""Seal every chart anew by the cipher of the current master key | 按当前主密钥的算法重新密封全部病历"""

from __future__ import annotations

from bedside.commands._clinic_open import DatabaseUrl, DataFolder, KeyFile, audited, opened
from bedside.commands._io import JsonFlag, emit_json, progress, say
from bedside.lang import tr


def run(data: DataFolder, database: DatabaseUrl = None, key_file: KeyFile = None, json: JsonFlag = False) -> None:
    """Seal every chart anew, where the cipher has changed: AES to SM4, or back.

    Put the new master key in the first line of the key file (`sm4:` before it for SM4), leave the old one below, and
    run this; patient by patient, so that it can be stopped and run again. The server may go on meanwhile, once it was
    restarted with the same key file. Then the old line can go.

    `bedside rekey --data /srv/bedside --key-file master.key`
    """
    moved = 0
    with opened(data, database, key_file) as clinic:
        total, last = clinic.records.count(), ""
        with progress(tr("sealing", "密封中"), total) as advance:
            while ids := clinic.records.ids(after=last):
                for last in ids:
                    moved += clinic.records.reseal(last)
                    advance()
        clinic.database.tidy()
        cipher = "SM4-GCM" if clinic.records.ring.sm else "AES-256-GCM"
        audited(clinic, "rekey", moved=moved, cipher=cipher)
    emit_json({"patients": total, "moved": moved, "cipher": cipher}) if json else say(
        tr(f"{moved} of {total} charts sealed anew by {cipher}", f"{total} 份病历中 {moved} 份已按 {cipher} 重新密封")
    )


COMMAND = run
