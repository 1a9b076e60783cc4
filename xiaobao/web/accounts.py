"""Accounts are given, not taken: staff and sellers are invited; nobody signs up by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
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
