"""The WSGI application that the Procfile's web process serves; none where a system check finds an error."""

import codecs
import os

from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from backoffice.bodies import with_readable_type
from rooms import database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")

database.bound_statements()
# Django's log of errors needs it, and could not load it any more once descriptors have run out.
codecs.lookup("unicode_escape")
application = with_readable_type(get_wsgi_application())

# `manage.py` runs them by itself, a WSGI server does not.
_errors = [message for message in checks.run_checks() if message.is_serious()]
if _errors:
    raise ImproperlyConfigured("\n".join(map(str, _errors)))
