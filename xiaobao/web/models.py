"""No tables of our own; those of signing in, which libraries brought, are named here."""

APPEND_ONLY: tuple[str, ...] = ()
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
