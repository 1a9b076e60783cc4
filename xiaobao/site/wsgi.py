"""What a web server calls; `xiaobao up` does, and any other WSGI server may."""

from django.core.wsgi import get_wsgi_application

from xiaobao.database.opening import prepare_django

prepare_django()
application = get_wsgi_application()
