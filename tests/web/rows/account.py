"""Addresses of signing in, which are allauth's; those that the house has no use for are closed."""

from tests.web.matrix import SIGNED_IN, SIGNED_OUT, Row, closed, everybody, signed_in

_OUT = dict.fromkeys(SIGNED_OUT, 302)
_AT = "/account/"
# What nobody of ours needs: mails, codes by mail, signing up.
CLOSED = {
    "email/": "email/",
    "signup/": "signup/",
    "confirm-email/": "confirm-email/",
    r"^confirm-email/(?P<key>[-:\w]+)/$": "confirm-email/x/",
    "login/code/confirm/": "login/code/confirm/",
    "password/reset/": "password/reset/",
    "password/reset/done/": "password/reset/done/",
    "password/reset/key/done/": "password/reset/key/done/",
    "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-x/",
    "password/set/": "password/set/",
    "reauthenticate/code/": "reauthenticate/code/",
    "reauthenticate/code/confirm/": "reauthenticate/code/confirm/",
}
_SHUT = "confirm-email|email|login/code|password/(?:re)?set|reauthenticate/code|signup"
ROWS = {f"account/{pattern}": closed(_AT + address) for pattern, address in CLOSED.items()} | {
    f"^account/(?:{_SHUT})/": closed(f"{_AT}email/"),
    "account/login/": Row(
        f"{_AT}login/",
        everybody(200) | dict.fromkeys(SIGNED_IN, 302),
        everybody(422) | dict.fromkeys(SIGNED_IN, 302),
    ),
    "account/inactive/": Row(f"{_AT}inactive/", everybody(200), everybody(405)),
    "account/password/change/": signed_in(f"{_AT}password/change/", post=422),
    "account/reauthenticate/": signed_in(f"{_AT}reauthenticate/", post=422),
    "account/sessions/": signed_in(f"{_AT}sessions/", post=302),
    "account/2fa/": Row(f"{_AT}2fa/", everybody(200) | _OUT, everybody(405) | _OUT),
    "account/2fa/authenticate/": Row(f"{_AT}2fa/authenticate/", everybody(302), everybody(302)),
    "account/2fa/reauthenticate/": signed_in(f"{_AT}2fa/reauthenticate/", 302, 302),
    "account/2fa/recovery-codes/": signed_in(f"{_AT}2fa/recovery-codes/", 404, 405),
    "account/2fa/recovery-codes/download/": signed_in(
        f"{_AT}2fa/recovery-codes/download/", 404, 404
    ),
    "account/2fa/recovery-codes/generate/": signed_in(
        f"{_AT}2fa/recovery-codes/generate/", 302, 302
    ),
    "account/2fa/totp/activate/": signed_in(f"{_AT}2fa/totp/activate/", 302, 302),
    "account/2fa/totp/deactivate/": signed_in(f"{_AT}2fa/totp/deactivate/", 404, 404),
    "account/2fa/webauthn/": Row(
        f"{_AT}2fa/webauthn/", everybody(200) | _OUT, everybody(405) | _OUT
    ),
    "account/2fa/webauthn/add/": signed_in(f"{_AT}2fa/webauthn/add/", 302, 302),
    "account/2fa/webauthn/reauthenticate/": signed_in(
        f"{_AT}2fa/webauthn/reauthenticate/", 302, 302
    ),
    "account/2fa/webauthn/keys/<int:pk>/remove/": signed_in(
        f"{_AT}2fa/webauthn/keys/1/remove/", 302, 302
    ),
    "account/2fa/webauthn/keys/<int:pk>/edit/": signed_in(
        f"{_AT}2fa/webauthn/keys/1/edit/", 302, 302
    ),
    "account/2fa/webauthn/login/": Row(
        f"{_AT}2fa/webauthn/login/", everybody(302), everybody(302)
    ),
    # The last of all: it ends the sessions of whoever sends it.
    "account/logout/": signed_in(f"{_AT}logout/", 200, 302),
}
