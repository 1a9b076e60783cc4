"""Trusted timestamps (RFC 3161) over checkpoints: a request, and what an authority answered.

The client is an extra (`xiaobao[evidence]`); without it nothing here can be used, and nothing
else needs it. Sending the request is the door's business.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

MEDIA_TYPE_ASKED = "application/timestamp-query"
MEDIA_TYPE_ANSWERED = "application/timestamp-reply"


class StampRefused(ValueError):  # noqa: N818
    """An answer is no timestamp over these bytes; says why."""


def is_installed() -> bool:
    return find_spec("rfc3161_client") is not None


def request_for(content: bytes) -> bytes:
    """The request (DER) for a timestamp over these bytes: SHA-256, a nonce, certificates asked."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    asked = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256)
    return asked.nonce(nonce=True).cert_request(cert_request=True).build().as_bytes()


def stamped_at(token: bytes, content: bytes, roots: Sequence[bytes]) -> datetime:
    """When the authority saw these bytes, by an answer (DER) signed under one of `roots` (PEM).

    :raises StampRefused: unless it did
    """
    from cryptography.x509 import load_pem_x509_certificate
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    try:
        answer = decode_timestamp_response(token)
        builder = VerifierBuilder()
        for root in roots:
            builder = builder.add_root_certificate(load_pem_x509_certificate(root))
        builder.build().verify_message(answer, content)
    except (VerificationError, ValueError) as trouble:
        raise StampRefused(str(trouble)) from trouble
    moment: datetime = answer.tst_info.gen_time
    return moment
