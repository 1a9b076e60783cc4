"""Words of faults in requests, and the titles of problems, in Chinese and English."""

from __future__ import annotations

from typing import Any

# zh, en
TITLES = {
    400: ("请求不可读", "Bad request"),
    401: ("需要访问令牌", "Not signed in"),
    403: ("没有权限", "Not allowed"),
    404: ("不存在", "Not found"),
    405: ("方法不允许", "Method not allowed"),
    409: ("与现状冲突", "In conflict with what stands"),
    412: ("已被他人更改", "Changed meanwhile"),
    413: ("内容过大", "Too large"),
    415: ("内容类型不支持", "Unsupported content"),
    422: ("内容不可用", "Not usable"),
    428: ("需要 If-Match", "If-Match needed"),
    429: ("调用过多", "Too many calls"),
    500: ("内部错误", "Something broke"),
    503: ("暂时不可用", "Not available now"),
}
# By the kind of fault that the library of shapes names; fields in braces come with the fault.
_FAULTS = {
    "missing": ("必须填写", "this must be given"),
    "extra_forbidden": ("不认识的字段；请删去或改正", "unknown field; leave it out or correct it"),
    "string_type": ("应为字符串", "this must be a string"),
    "int_type": ("应为整数", "this must be a whole number"),
    "int_parsing": ("应为整数", "this must be a whole number"),
    "int_from_float": ("应为不带小数的整数", "this must be a whole number, without fraction"),
    "int_parsing_size": ("数字过大", "the number is too large"),
    "bool_type": ("应为 true 或 false", "this must be true or false"),
    "bool_parsing": ("应为 true 或 false", "this must be true or false"),
    "list_type": ("应为数组", "this must be an array"),
    "dict_type": ("应为对象", "this must be an object"),
    "model_type": ("应为对象", "this must be an object"),
    "model_attributes_type": ("应为对象", "this must be an object"),
    "literal_error": ("应为以下之一：{expected}", "this must be one of: {expected}"),
    "enum": ("应为以下之一：{expected}", "this must be one of: {expected}"),
    "greater_than_equal": ("至少为 {ge}", "this must be at least {ge}"),
    "greater_than": ("须大于 {gt}", "this must be more than {gt}"),
    "less_than_equal": ("至多为 {le}", "this must be at most {le}"),
    "string_too_short": ("至少 {min_length} 个字符", "at least {min_length} characters"),
    "string_too_long": ("至多 {max_length} 个字符", "at most {max_length} characters"),
    "too_short": ("至少 {min_length} 项", "at least {min_length} entries"),
    "too_long": ("至多 {max_length} 项", "at most {max_length} entries"),
    "string_pattern_mismatch": (
        "首尾不能有空白，也不能有控制字符",
        "no blanks around it and no control characters",
    ),
    "value_error": ("{zh}", "{en}"),
}  # fmt: skip
_OTHERWISE = ("不是可用的值", "this is not a value that can be used")


def explained(error: dict[str, Any]) -> tuple[str, str]:
    """One fault in both languages."""
    zh, en = _FAULTS.get(error["type"], _OTHERWISE)
    fields = {name: str(value) for name, value in error.get("ctx", {}).items()}
    if error["type"] == "value_error":
        words: tuple[Any, ...] = getattr(error["ctx"]["error"], "args", ())
        if len(words) != 2:  # noqa: PLR2004  zh, en
            return _OTHERWISE
        return words[0], words[1]
    return zh.format(**fields), en.format(**fields)
