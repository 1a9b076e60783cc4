"""Keys of both sides, and certificates as Alipay gives them; made once, in one folder."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pathlib import Path

APP_ID, SELLER_ID = "2021000000000001", "2088000000000001"
CLIENT = "alipay.toml"
_BITS = 2048
_BEGINS, _ENDS = datetime(2019, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)


def make_keys(folder: Path, port: int, notify_url: str, *, deposits: str = "payment") -> Path:
    """The file that a client names in `XIAOBAO_ALIPAY`; keys that are there stay."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / "app.crt").exists():
        root = _key(folder / "root.key")
        _certificate(folder / "root.crt", "Local Root", root, root)
        _certificate(folder / "alipay.crt", "Local Alipay", root, _key(folder / "alipay.key"))
        # Last: where it stands, all the others do.
        _certificate(folder / "app.crt", "Local App", root, _key(folder / "app.key"))
    client = folder / CLIENT
    lines = {
        "gateway": f"http://127.0.0.1:{port}/gateway.do", "app_id": APP_ID,
        "seller_id": SELLER_ID, "app_key": "app.key", "app_cert": "app.crt",
        "alipay_cert": "alipay.crt", "root_cert": "root.crt", "notify_url": notify_url,
        "deposits": deposits, "payees": "named",
    }  # fmt: skip
    text = "".join(f'{name} = "{value}"\n' for name, value in lines.items())
    making = client.with_name(f"{CLIENT}.making-{os.getpid()}")
    making.write_text(text, encoding="utf-8")
    making.replace(client)
    return client


def _key(path: Path) -> rsa.RSAPrivateKey:
    made = rsa.generate_private_key(public_exponent=65_537, key_size=_BITS)
    written = made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    held = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(held, "wb") as out:
        out.write(written)
    return made


def _name(common: str) -> x509.Name:
    return x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Xiaobao, this machine alone"),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Test"),
        x509.NameAttribute(NameOID.COMMON_NAME, common),
    ])  # fmt: skip


def _certificate(path: Path, common: str, root: rsa.RSAPrivateKey, key: rsa.RSAPrivateKey) -> None:
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(common))
        .issuer_name(_name("Local Root"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGINS)
        .not_valid_after(_ENDS)
        .sign(root, hashes.SHA256())
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
