"""Certificates as Alipay uses them: a serial of its own making, and the key inside."""

from __future__ import annotations

from hashlib import md5

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

_SHORT = {
    NameOID.COMMON_NAME: "CN", NameOID.ORGANIZATIONAL_UNIT_NAME: "OU",
    NameOID.ORGANIZATION_NAME: "O", NameOID.COUNTRY_NAME: "C",
}  # fmt: skip
_RSA = "1.2.840.113549.1.1."


def serial_of(pem: str) -> str:
    """The MD5 of who issued it and its number: a name, not a proof of anything."""
    return _serial(x509.load_pem_x509_certificate(pem.encode()))


def root_serial_of(pem: str) -> str:
    """Those of all roots in the file that sign with RSA, `_` between; others are passed over."""
    found = x509.load_pem_x509_certificates(pem.encode())
    signing = [one for one in found if one.signature_algorithm_oid.dotted_string.startswith(_RSA)]
    return "_".join(_serial(one) for one in signing)


def public_key_in(pem: str) -> str:
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _serial(one: x509.Certificate) -> str:
    parts = [f"{_SHORT[a.oid]}={a.value!s}" for a in reversed(list(one.issuer)) if a.oid in _SHORT]
    text = ",".join(parts) + str(one.serial_number)
    return md5(text.encode(), usedforsecurity=False).hexdigest()
