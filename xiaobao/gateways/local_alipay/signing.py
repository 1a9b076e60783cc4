"""Signatures of the local Alipay: requests checked, answers and notifies signed.

Written with `cryptography` from the rule itself, so that the adapter's library is checked too.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from xiaobao.gateways.alipay.certificates import root_serial_of, serial_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def joined(parameters: Mapping[str, str], *left_out: str) -> str:
    """What is signed: names in order, `name=value` with `&` between."""
    kept = sorted((k, v) for k, v in parameters.items() if k not in left_out)
    return "&".join(f"{name}={value}" for name, value in kept)


class Signatures:
    """The keys of one folder."""

    def __init__(self, folder: Path) -> None:
        key = load_pem_private_key((folder / "alipay.key").read_bytes(), None)
        assert isinstance(key, RSAPrivateKey), "keys of the local Alipay are RSA"
        app = x509.load_pem_x509_certificate((folder / "app.crt").read_bytes()).public_key()
        assert isinstance(app, RSAPublicKey), "keys of the local Alipay are RSA"
        self._key, self._app = key, app
        texts = {n: (folder / f"{n}.crt").read_text("ascii") for n in ("app", "alipay", "root")}
        self.serial = serial_of(texts["alipay"])
        self._asked_with = serial_of(texts["app"]), root_serial_of(texts["root"])

    def holds(self, parameters: Mapping[str, str]) -> bool:
        """Whether our client signed this request, with the certificates it was given."""
        serials = (parameters.get("app_cert_sn"), parameters.get("alipay_root_cert_sn"))
        if parameters.get("sign_type") != "RSA2" or serials != self._asked_with:
            return False
        try:
            signature = base64.b64decode(parameters.get("sign", ""), validate=True)
            self._app.verify(
                signature, joined(parameters, "sign").encode(), padding.PKCS1v15(), hashes.SHA256()
            )
        except (InvalidSignature, binascii.Error):
            return False
        return True

    def sign(self, text: str) -> str:
        signed = self._key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return base64.b64encode(signed).decode()

    def answer(self, name: str, content: Mapping[str, Any], *, forged: bool = False) -> str:
        """A whole answer; a forged one is signed over other words."""
        plain = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        # Alipay escapes the slash, and signs it so.
        plain = plain.replace("/", "\\/")
        signed = self.sign(f"{plain} " if forged else plain)
        return f'{{"{name}":{plain},"alipay_cert_sn":"{self.serial}","sign":"{signed}"}}'

    def notify(self, parameters: Mapping[str, str]) -> dict[str, str]:
        return {
            **parameters,
            "sign_type": "RSA2",
            "sign": self.sign(joined(parameters, "sign", "sign_type")),
        }
