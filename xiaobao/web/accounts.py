"""Accounts are given, not taken: staff and sellers are invited; nobody signs up by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter

if TYPE_CHECKING:
    from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever has a second factor is asked for it: a password alone proves nothing more."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        second = [one for one in methods if one["id"].startswith("mfa")]
        return second or methods
