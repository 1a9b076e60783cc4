"""Alipay's wire: requests signed, answers verified over the very bytes that are then read.

Signing and verifying are `python-alipay-sdk`'s; how a request travels is ours: as a POST, so that
names and accounts stand in no address, and by a clock that the door gives.
"""

from __future__ import annotations

import binascii
import json
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

import httpx
from alipay import AliPay
from alipay.exceptions import AliPayException

from xiaobao.gateways.alipay.certificates import public_key_in, root_serial_of, serial_of
from xiaobao.gateways.alipay.config import ConfigWrong

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from xiaobao.gateways.alipay.config import Config

CHINA = ZoneInfo("Asia/Shanghai")
_MOST_BYTES = 4_000_000
_SIGNED_BESIDE = ("sign", "sign_type")


class NotBelieved(Exception):  # noqa: N818
    """No answer, or none that Alipay is known to have signed: what became of it is unknown."""


def written(moment: datetime) -> str:
    """A moment as Alipay writes it: China's, to the second."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


class _Posting(AliPay):  # type: ignore[misc]
    """How a request travels and what of its answer is believed.

    By certificate, each request names both sides' serials; `theirs` is the one that signs.
    """

    def __init__(self, config: Config, theirs: str, serials: dict[str, str], serial: str) -> None:
        self.client: httpx.Client | None = None
        self._address, self._serials, self._their_serial = config.gateway, serials, serial
        super().__init__(
            config.app_id,
            app_private_key_string=_pem(config.app_key, "RSA PRIVATE KEY"),
            alipay_public_key_string=theirs,
        )

    def build_body(self, *named: Any, **more: Any) -> dict[str, Any]:
        body: dict[str, Any] = super().build_body(*named, **more)
        return body | self._serials

    def verified_sync_response(self, data: dict[str, Any], response_type: str) -> dict[str, Any]:
        """:raises NotBelieved: without an answer of that name, truly signed"""
        raw = self._posted(self.sign_data(data))
        try:
            whole = json.loads(raw)
            plain = value_in(raw, response_type)
            signed = whole["sign"]
        except (ValueError, KeyError, TypeError) as trouble:
            raise NotBelieved("the answer is not signed, or not an answer") from trouble
        if whole.get("alipay_cert_sn", "") != self._their_serial:
            raise NotBelieved("it is signed with another certificate: fetch Alipay's new one")
        if not self._holds(plain, signed):
            raise NotBelieved("the signature does not fit the answer")
        answer = json.loads(plain)
        if not isinstance(answer, dict):
            raise NotBelieved("the answer is not an object")
        return answer

    def _posted(self, body: str) -> str:
        assert self.client is not None, "asked outside of a conversation"
        try:
            with self.client.stream(
                "POST", self._address, params={"charset": "utf-8"}, content=body.encode(),
                headers={"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"},
            ) as answer:  # fmt: skip
                read = b""
                for piece in answer.iter_bytes():
                    read += piece
                    if len(read) > _MOST_BYTES:
                        raise NotBelieved("the answer is too long")
                return read.decode("utf-8")
        except (httpx.HTTPError, UnicodeDecodeError) as trouble:
            raise NotBelieved(f"{type(trouble).__name__}") from trouble

    def _holds(self, text: str, signed: object) -> bool:
        try:
            return bool(self._verify(text, signed))
        except (binascii.Error, ValueError, AttributeError, UnicodeEncodeError):
            return False

    def holds_notify(self, parameters: Mapping[str, str]) -> bool:
        """Whether Alipay signed these parameters of a notify."""
        said = dict(parameters)
        signed = said.pop("sign", "")
        try:
            return bool(self.verify(said, signed))
        except (AliPayException, binascii.Error, ValueError, UnicodeEncodeError):
            return False


def value_in(raw: str, name: str) -> str:
    """The text of the value under `name`, to the byte: that is what was signed.

    A brace inside a string does not end it, as counting braces would have it.

    :raises ValueError: where there is none
    """
    quoted = json.dumps(name)
    at = raw.index(quoted) + len(quoted)
    while raw[at : at + 1] in {" ", ":", "\t", "\n", "\r"} and at < len(raw):
        at += 1
    _, end = json.JSONDecoder().raw_decode(raw, at)
    return raw[at:end]


class Wire:
    """Conversations with one account; keys are read from their files, each time it is made.

    :raises ConfigWrong: where a file holds no key
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        try:
            self._sdk = _by_certificate(config) if config.is_by_certificate else _by_key(config)
        except (OSError, ValueError, IndexError, TypeError) as trouble:
            raise ConfigWrong(
                file=config.app_key.parent, field="app_key", why_zh="密钥或证书读不出来",
                why=f"a key or a certificate cannot be read ({type(trouble).__name__})",
            ) from trouble  # fmt: skip

    def __enter__(self) -> Self:
        self._sdk.client = httpx.Client(timeout=self._config.timeout_seconds)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._sdk.client is not None
        self._sdk.client.close()
        self._sdk.client = None

    def call(
        self, method: str, content: dict[str, Any], at: datetime, *, notify: bool = False
    ) -> dict[str, Any]:
        """Ask, inside of a conversation.

        :raises NotBelieved: where nothing is known of what became of it
        """
        url = self._config.notify_url if notify else ""
        answer: dict[str, Any] = self._sdk.server_api(
            method, content, timestamp=written(at), notify_url=url
        )
        return answer

    def holds_notify(self, parameters: Mapping[str, str]) -> bool:
        return bool(self._sdk.holds_notify(parameters))


def _by_key(config: Config) -> _Posting:
    assert config.alipay_public_key is not None
    return _Posting(config, _pem(config.alipay_public_key, "PUBLIC KEY"), {}, "")


def _by_certificate(config: Config) -> _Posting:
    files = (config.app_cert, config.alipay_cert, config.root_cert)
    app, alipay, root = (file.read_text(encoding="ascii") for file in files if file is not None)
    serials = {"app_cert_sn": serial_of(app), "alipay_root_cert_sn": root_serial_of(root)}
    return _Posting(config, public_key_in(alipay), serials, serial_of(alipay))


def _pem(path: Path, kind: str) -> str:
    """A key as PEM; Alipay's own tool saves them bare."""
    text = path.read_text(encoding="ascii").strip()
    if text.startswith("-----"):
        return text
    return f"-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n"
