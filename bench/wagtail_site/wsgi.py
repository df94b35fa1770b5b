"""The WSGI application of the bench's Wagtail."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
