"""The WSGI application of the bench's plain admin."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
