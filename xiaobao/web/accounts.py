"""Accounts are given, not taken: staff and sellers are invited; nobody signs up by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.utils.translation import get_language

from xiaobao.people import acts

if TYPE_CHECKING:
    from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def clean_password(self, password: str, user: Any = None) -> str:
        """In the words of the house: the library's are not in every language."""
        try:
            acts.check_password(password, user)
        except acts.PasswordWeak as problem:
            raise ValidationError(problem.beside(get_language() or "")) from problem
        return password

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever has a second factor is asked for it: a password alone proves nothing more."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        second = [one for one in methods if one["id"].startswith("mfa")]
        return second or methods


# What a wrong second factor is answered with, and what to do then.
_WRONG_CODE = {
    "zh": (
        "验证码不对：请输入验证器应用此刻显示的 6 位数字；仍不对，请把手机时间设为自动校准后再试，"
        "或用一个未用过的备用码。用通行密钥的，请再试一次"
    ),
    "en": (
        "that code is wrong: type the six digits that the authenticator app shows now. If it is "
        "refused again, set the phone's clock to automatic, or use a recovery code that was not "
        "used yet. With a passkey, try once more"
    ),
}


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """In the words of the house, which say what to do."""
        if code != "incorrect_code":
            wrong: ValidationError = super().validation_error(code, *args)
            return wrong
        is_zh = (get_language() or "").startswith("zh")
        return ValidationError(_WRONG_CODE["zh" if is_zh else "en"], code=code)
