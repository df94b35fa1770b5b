"""The product's own settings, with its static files in the bench's folder; asked to, a counter of queries."""

import os

from backoffice.settings import *  # noqa: F403  # what Django's documentation does, too
from backoffice.settings import MIDDLEWARE

STATIC_ROOT = os.environ["BENCH_STATIC_ROOT"]
if os.environ.get("BENCH_COUNTS_QUERIES"):
    MIDDLEWARE = ["bench.ours_site.query_counter.QueryCounter", *MIDDLEWARE]
