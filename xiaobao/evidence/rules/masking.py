"""Personal data in words, masked for the other side (PIPL articles 6 and 28: no more than needed).

Telephone, identity and bank numbers, mail addresses (which are also Alipay accounts) and street
addresses. What cannot be told from a bank number is masked as one, unless the words before it
say that it names an order or a parcel, which both sides know anyway.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_GAP = r"[ \-·.]?"
# A run of digits, as people space them; full-width digits count as digits.
_NUMBER = re.compile(rf"(?<!\d)\+?\d(?:{_GAP}\d){{6,}}[xX]?")
_NAMED = re.compile(
    r"(?:(?:订单|运单|物流单|快递单|单)(?:编?号|号码)?|"
    r"(?:order|waybill|tracking|parcel)\W*(?:no|number|id)?)\W{0,3}[A-Z]{0,4}$",
    re.IGNORECASE,
)
_MAIL = re.compile(
    r"([A-Za-z0-9_.+\-])[A-Za-z0-9_.+\-]{0,63}(@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,8})"
)
# What stands before a house number is kept up to the district: 浙江省杭州市余杭区 ***
_STREET_ZH = re.compile(
    r"(?:[\u4e00-\u9fff]{1,8}(?:街道|大道|路|街|巷|弄|村|镇|小区|花园|公寓|大厦|新村|苑|园区))"
    r"[\u4e00-\u9fff\w\-\s]{0,12}?\d{1,6}\s{0,3}(?:号院|号楼|号|弄|幢|栋|座|室|单元|组)"
    r"(?:[\w\-\s]{0,6}?(?:号楼|幢|栋|座|楼|层|单元|室|号))*(?:\s{0,3}\d{1,5}(?!\d))?"
)
_STREET_EN = re.compile(
    r"\b\d{1,5}[A-Za-z]?(?:\s+[A-Z][\w.'\-]*){1,4}\s+"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Square|Court)\b\.?"
    r"(?:,?\s*(?:Apt|Flat|Unit|Room|Suite)\.?\s*\w+)?"
)
_DISTRICT = re.compile(r"^.*(?:省|市|区|县|旗)(?=.)")
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}|400\d{7}|800\d{7}")
_IDENTITY = re.compile(
    r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
)
# Bank numbers have 12 to 19 digits; a longer run may be several that stand side by side.
_LEAST_BANK = 12
HIDDEN = "***"

# Keys of recorded facts whose whole value is personal.
_PERSONAL_KEYS = re.compile(
    r"(?:^|_)(?:phone|mobile|tel|telephone|address|receiver|recipient|consignee|id_card|"
    r"identity|bank|account|email|mail|alipay)(?:_|$)",
    re.IGNORECASE,
)
# Keys whose value says who somebody is: a party may know the other's, a juror knows neither's.
_WHO = "buyer|seller|shop|store|merchant|customer|member|user|person|contact"
_NAMING_KEYS = re.compile(
    rf"^(?:{_WHO}|(?:login|real|full|first|last|family|given)?_?name|nick|nickname)$|"
    rf"(?:^|_)(?:{_WHO}|nick)_?(?:name|nick|nickname|id|no|number)$",
    re.IGNORECASE,
)
_COARSE = {"country", "province", "state", "city", "district"}


def masked(words: str) -> str:
    """The words with personal data masked; masking again changes nothing."""
    words = _STREET_ZH.sub(_street, words)
    words = _STREET_EN.sub(HIDDEN, words)
    words = _MAIL.sub(lambda found: f"{found[1]}{HIDDEN}{found[2]}", words)
    return _NUMBER.sub(_number, words)


def _street(found: re.Match[str]) -> str:
    district = _DISTRICT.match(found[0])
    return (district[0] if district else "") + HIDDEN


def _number(found: re.Match[str]) -> str:
    bare = "".join(
        str(int(c)) if c.isdecimal() else c for c in found[0] if c.isdecimal() or c in "xX"
    )
    rule = next((mask for fits, mask in _RULES if fits(bare)), None)
    if rule is None or _NAMED.search(found.string[max(0, found.start() - 16) : found.start()]):
        return found[0]
    return rule(bare)


def _is(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda bare: pattern.fullmatch(bare) is not None


def _keep(before: int, after: int) -> Callable[[str], str]:
    """So many letters at either end, stars for the rest (at least three)."""
    return lambda bare: (
        bare[:before] + "*" * max(3, len(bare) - before - after) + bare[len(bare) - after :]
    )


_RULES: list[tuple[Callable[[str], bool], Callable[[str], str]]] = [
    (_is(_IDENTITY), _keep(3, 2)),
    (_is(_MOBILE), _keep(3, 4)),
    (_is(_LANDLINE), _keep(4, 2)),
    (lambda bare: len(bare) >= _LEAST_BANK, _keep(0, 4)),
]


def masked_facts(body: bytes, *, hides_names: bool = False) -> bytes:
    """A JSON document with personal values masked, by key and by what they look like.

    With `hides_names`, who the parties are as well.
    """
    told = json.loads(body.decode("utf-8-sig"))
    keys = (_PERSONAL_KEYS, _NAMING_KEYS) if hides_names else (_PERSONAL_KEYS,)
    return json.dumps(
        _masked_value(told, keys), ensure_ascii=False, sort_keys=True, indent=1
    ).encode()


def _masked_value(value: Any, keys: Sequence[re.Pattern[str]]) -> Any:
    if isinstance(value, dict):
        return {
            key: _hidden(inner)
            if any(one.search(key) for one in keys)
            else _masked_value(inner, keys)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_masked_value(inner, keys) for inner in value]
    return masked(value) if isinstance(value, str) else value


def _hidden(value: Any) -> Any:
    """Everything below a personal key, but for where in the country it is."""
    if isinstance(value, dict):
        return {k: inner if k in _COARSE else _hidden(inner) for k, inner in value.items()}
    if isinstance(value, list):
        return [_hidden(inner) for inner in value]
    return value if value is None or isinstance(value, bool) else HIDDEN


def has_personal(words: str) -> bool:
    return masked(words) != words
