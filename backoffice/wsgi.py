"""The WSGI application that the web process serves. It does not start where a system check finds an error."""

import codecs
import logging
import os

from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import connections

from backoffice.unreadable import with_readable_type
from rooms import database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")

database.bound_statements()
# Django's log of errors needs it, and could not load it any more once descriptors have run out.
codecs.lookup("unicode_escape")
application = with_readable_type(get_wsgi_application())

# `manage.py` runs them by itself, a WSGI server does not.
# SQLite is not asked, for that would make the database.
_servers = [one.alias for one in connections.all() if one.vendor != "sqlite"]
_messages = checks.run_checks(databases=_servers)
if _errors := [message for message in _messages if message.is_serious()]:
    raise ImproperlyConfigured("\n".join(map(str, _errors)))
for _message in _messages:
    logging.getLogger("backoffice.checks").log(_message.level, "%s", _message)
