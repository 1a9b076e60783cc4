"""What is known of one account at Alipay: addresses, ids, and where its keys lie; never the keys.

`XIAOBAO_ALIPAY` names a TOML file; paths of keys in it are relative to the file.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar

from xiaobao.kernel.problems import Problem

ENVIRONMENT = "XIAOBAO_ALIPAY"
DEPOSITS = ("payment", "freeze")
PAYEES = ("bound", "named")
_KEY_MODE, _CERT_MODE = ("alipay_public_key",), ("app_cert", "alipay_cert", "root_cert")


class ConfigWrong(Problem):
    """The file that describes the account at Alipay cannot be used."""

    code: ClassVar[str] = "alipay_config_wrong"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = (
        "支付宝配置 {file}：{field} 字段：{why_zh}；请对照 docs/payments.zh-CN.md 修改"
    )
    en: ClassVar[str] = "Alipay's file {file}: {field}: {why}; see docs/payments.md"


@dataclass(frozen=True)
class Config:
    """One account; either `alipay_public_key` or the three certificates are given.

    `deposits` says how a deposit comes in: paid to the platform, or frozen in the seller's own
    account. `payees` says who is paid: accounts that people bound, or (a local gateway alone)
    whoever has our own name.
    """

    gateway: str
    app_id: str
    seller_id: str
    app_key: Path
    alipay_public_key: Path | None = None
    app_cert: Path | None = None
    alipay_cert: Path | None = None
    root_cert: Path | None = None
    notify_url: str = ""
    deposits: str = "payment"
    payees: str = "bound"
    timeout_seconds: int = 15

    @property
    def is_by_certificate(self) -> bool:
        return self.app_cert is not None


_PATHS = {"app_key", *_KEY_MODE, *_CERT_MODE}
_CHOICES = {"deposits": DEPOSITS, "payees": PAYEES}


def configured() -> Config | None:
    """The account this house pays through; None where none is named.

    :raises ConfigWrong: where the file named cannot be used
    """
    named = os.environ.get(ENVIRONMENT, "")
    return read_config(Path(named)) if named else None


def read_config(file: Path) -> Config:
    """:raises ConfigWrong: where a field is missing, unknown or points nowhere"""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as trouble:
        raise _wrong(file, "FILE", "无法读取", f"cannot be read ({trouble.strerror})") from trouble
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise _wrong(file, "FILE", "不是 TOML", f"is not TOML ({trouble})") from trouble
    known = {field.name: field for field in fields(Config)}
    for name in told:
        if name not in known:
            raise _wrong(file, name, "没有这个字段", "there is no such field")
    for name in ("gateway", "app_id", "seller_id", "app_key"):
        if not told.get(name):
            raise _wrong(file, name, "必须填写", "is required")
    values = {name: _read(file, name, value) for name, value in told.items()}
    _check_keys(file, values)
    return Config(**values)


def _check_keys(file: Path, values: dict[str, Any]) -> None:
    by_key = [name for name in _KEY_MODE if name in values]
    by_cert = [name for name in _CERT_MODE if name in values]
    if bool(by_key) is bool(by_cert):
        raise _wrong(
            file, "alipay_public_key", "公钥或三张证书，二者取一",
            "give the public key or the three certificates, not both",
        )  # fmt: skip
    if by_cert and len(by_cert) < len(_CERT_MODE):
        missing = next(name for name in _CERT_MODE if name not in values)
        raise _wrong(file, missing, "三张证书缺一不可", "all three certificates are needed")


def _read(file: Path, name: str, value: Any) -> Any:
    if name == "timeout_seconds":
        if type(value) is not int or not 0 < value <= 120:  # noqa: PLR2004  two minutes
            raise _wrong(file, name, "应为 1 到 120 的整数", "must be a whole number, 1 to 120")
        return value
    if not isinstance(value, str):
        raise _wrong(file, name, "应为文字", "must be text")
    if name in _CHOICES and value not in _CHOICES[name]:
        choice = " | ".join(_CHOICES[name])
        raise _wrong(file, name, f"应为 {choice}", f"must be {choice}")
    if name == "gateway" and not value.startswith(("https://", "http://127.0.0.1:")):
        raise _wrong(
            file, name, "只能是 https://，或本机的 http://127.0.0.1:",
            "must be https://, or this machine's http://127.0.0.1:",
        )  # fmt: skip
    if name not in _PATHS:
        return value
    path = file.parent / value
    if not path.is_file():
        raise _wrong(file, name, f"没有这个文件：{path}", f"there is no file {path}")
    return path


def _wrong(file: Path, field: str, why_zh: str, why: str) -> ConfigWrong:
    return ConfigWrong(file=file, field=field, why_zh=why_zh, why=why)
