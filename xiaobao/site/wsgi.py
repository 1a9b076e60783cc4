"""What a web server calls; `xiaobao up` does, and any other WSGI server may."""

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from xiaobao.database.opening import prepare_django

prepare_django()
# Django is ready by then, which the handlers of files ask for.
_application = get_wsgi_application()
from xiaobao.work.uploads import whole_bodies  # noqa: E402

application = whole_bodies(_application)
# Every page and resource is read before the first call: else that call waits for all of them, and
# so do those that come meanwhile (measured: seconds, in each worker).
_PATTERNS = get_resolver().url_patterns
