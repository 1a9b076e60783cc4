"""Django's settings: the rooms with tables, the database, zone and languages."""

from django.utils.functional import SimpleLazyObject

from xiaobao.database.connections import django_databases
from xiaobao.site.keys import secret_key

# Read, and at first made, only where something is signed: `--help` touches no disk.
SECRET_KEY = SimpleLazyObject(secret_key)
DEBUG = False
ALLOWED_HOSTS: list[str] = []
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "zh-hans"
USE_I18N = True
DATABASES = django_databases()
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "xiaobao.ledger",
    "xiaobao.evidence",
    "xiaobao.outbox",
    "xiaobao.promises",
    "xiaobao.sellers",
    "xiaobao.orders",
    "xiaobao.deposits",
    "xiaobao.advances",
    "xiaobao.claims",
    "xiaobao.hearings",
    "xiaobao.violations",
    "xiaobao.exits",
    "xiaobao.work",
]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "xiaobao.site.urls"
