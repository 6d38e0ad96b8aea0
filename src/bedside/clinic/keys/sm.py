"""The Chinese national ciphers as `cryptography` has them: SM3 (GB/T 32905-2016) and SM4 (GB/T 32907-2016) in GCM.

GCM over SM4 is that of RFC 8998, with a nonce of 96 bits and a whole tag of 128.
"""

from __future__ import annotations

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from bedside.errors import ClinicError
from bedside.lang import tr

TAG = 16


class SM4GCM:
    """SM4 in GCM, used as `AESGCM` is; raises `InvalidTag` for a wrong key, a changed byte or another context.

    >>> cipher = SM4GCM(bytes(16))
    >>> cipher.decrypt(bytes(12), cipher.encrypt(bytes(12), b"x", b"here"), b"here")
    b'x'
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """The ciphertext with its tag behind it."""
        try:
            encryptor = Cipher(SM4(self._key), GCM(nonce)).encryptor()
        except UnsupportedAlgorithm:
            raise _missing() from None
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """What was encrypted; nothing of it is given before the whole tag was checked."""
        try:
            decryptor = Cipher(SM4(self._key), GCM(nonce, data[-TAG:], min_tag_length=TAG)).decryptor()
        except UnsupportedAlgorithm:
            raise _missing() from None
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(data[:-TAG]) + decryptor.finalize()


def sm3(data: bytes) -> bytes:
    """The digest of 32 bytes.

    >>> sm3(b"abc").hex()[:16]
    '66c7f0f462eeedd9'
    """
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """The keyed digest of 32 bytes (HMAC over SM3)."""
    keyed = hmac.HMAC(key, hashes.SM3())
    keyed.update(data)
    return keyed.finalize()


def _missing() -> ClinicError:
    return ClinicError(
        tr("this OpenSSL has no SM4-GCM", "此 OpenSSL 不支持 SM4-GCM"), next="pip install -U cryptography"
    )
