"""Django's settings: the rooms with tables, the database, people signing in, zone, languages."""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.functional import SimpleLazyObject

from xiaobao.database.connections import django_databases
from xiaobao.site.keys import secret_key

# Read, and at first made, only where something is signed: `--help` touches no disk.
SECRET_KEY = SimpleLazyObject(secret_key)
DEBUG = False
# Where the consoles answer besides this machine: names, commas between.
ALLOWED_HOSTS: list[str] = ["localhost", "127.0.0.1", "[::1]"] + [
    host.strip() for host in os.environ.get("XIAOBAO_HOSTS", "").split(",") if host.strip()
]
# Behind a door that speaks TLS: cookies then travel by TLS alone.
IS_SECURE = os.environ.get("XIAOBAO_HTTPS", "") == "1"
# The generated marketplace's consoles, where anybody may be anyone: set by `xiaobao demo`
# alone, to the microseconds by which the marketplace's time is behind the wall's.
IS_DEMO = "XIAOBAO_DEMO_BEHIND_US" in os.environ
DEMO_IS_BEHIND = timedelta(microseconds=int(os.environ.get("XIAOBAO_DEMO_BEHIND_US", "0")))
# Webhooks go to public addresses alone, but where tests and trials say otherwise.
WEBHOOKS_MAY_STAY_HERE = os.environ.get("XIAOBAO_WEBHOOKS_MAY_STAY_HERE") == "1"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
DATABASES = django_databases()
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Filters that pages of allauth ask for.
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    # Tokens of programs that call the API.
    "allauth.idp.oidc",
    "allauth.usersessions",
    "csp",
    "xiaobao.ledger",
    "xiaobao.evidence",
    "xiaobao.outbox",
    "xiaobao.people",
    "xiaobao.promises",
    "xiaobao.sellers",
    "xiaobao.orders",
    "xiaobao.deposits",
    "xiaobao.advances",
    "xiaobao.claims",
    "xiaobao.hearings",
    "xiaobao.violations",
    "xiaobao.exits",
    "xiaobao.supervision",
    "xiaobao.trust",
    "xiaobao.work",
    "xiaobao.web",
]
MIDDLEWARE: list[str] = [
    "django.middleware.security.SecurityMiddleware",
    # The API needs no session, no cookies and no pages: it answers before those.
    "xiaobao.api.frame.ApiMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "xiaobao.web.speaking.SpeakingMiddleware",
    "xiaobao.web.gates.SizeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "xiaobao.web.gates.VisitorMiddleware",
    "xiaobao.web.errors.NotAllowedMiddleware",
    "xiaobao.web.forms.refusing.RefusedMiddleware",
]
ROOT_URLCONF = "xiaobao.site.urls"
WSGI_APPLICATION = "xiaobao.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before allauth's own pages, so that ours are found first.
        "DIRS": [Path(__file__).parents[1] / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "xiaobao.web.speaking.spoken",
            ],
            "builtins": ["xiaobao.web.templatetags.house"],
        },
    }
]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

# -- signing in ----------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "xiaobao.web.accounts.InvitedOnly"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
MFA_ADAPTER = "xiaobao.web.accounts.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Xiaobao"
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = False
IDP_OIDC_ADAPTER = "xiaobao.api.tokens.ApiAdapter"
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 3600

# -- what a browser is told ----------------------------------------------------------------------

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "xiaobao.web.errors.expired"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
if IS_SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Failed sign-ins are counted for each address, not for the door that all come through.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "xiaobao.work.uploads.Spooled",
]
# A film of the largest size that our packs take, and pictures beside it.
LARGEST_REQUEST_BYTES = 250_000_000
# What anybody may send who is not known here: a name, a password, a choice.
STRANGERS_REQUEST_BYTES = 100_000
