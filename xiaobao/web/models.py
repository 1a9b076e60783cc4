"""Who may do what: members of shops and of staff; and who looked at whose personal data."""

from typing import ClassVar

from django.db import models

APPEND_ONLY = ("web_look",)
# Signing in is not the guarantee's history: sessions end, authenticators are taken away.
MAY_BE_DELETED = (
    "account_emailaddress",
    "account_emailconfirmation",
    "allauth_idp_oidc_client",
    "allauth_idp_oidc_token",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "auth_user",
    "auth_user_groups",
    "auth_user_user_permissions",
    "django_content_type",
    "django_session",
    "mfa_authenticator",
    "usersessions_usersession",
)


class Member(models.Model):
    """A person's role: in a shop, or with `seller_id` 0 on the marketplace's staff."""

    pk = models.CompositePrimaryKey("seller_id", "user_id", "role")
    seller_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    role = models.SmallIntegerField()
    since_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "web_member"
        indexes: ClassVar = [models.Index(fields=["user_id"], name="web_member_by_user")]

    def __str__(self) -> str:
        return f"member {self.user_id} of {self.seller_id}"


class Look(models.Model):
    """Somebody of the staff looked at a page with personal data of a seller's or a buyer's."""

    pk = models.CompositePrimaryKey("seller_id", "look_id")
    seller_id = models.BigIntegerField()
    look_id = models.UUIDField()
    user_id = models.BigIntegerField()
    role = models.SmallIntegerField()
    looked_at = models.DateTimeField()
    page = models.TextField()

    class Meta:
        db_table = "web_look"

    def __str__(self) -> str:
        return f"look {self.look_id}"
