"""Gunicorn as deployed, but with one process, forked from a warm one: if killed, it is replaced at once."""

import io

from django.db import connections
from django.test import Client
from PIL import Image

from backoffice.gunicorn import *  # noqa: F403

workers = 1
preload_app = True


def when_ready(server):
    """Loads what the first requests would load, and keeps nothing open that processes must not share."""
    Client(SERVER_NAME="localhost").get("/admin/login/")
    connections.close_all()
    for file_format in ("JPEG", "WEBP"):
        Image.new("RGB", (1, 1)).save(io.BytesIO(), file_format)
