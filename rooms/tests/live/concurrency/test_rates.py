"""Many first uploads of one person at the same moment: each is counted, and none is refused for it."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from rooms.models import UploadCount
from rooms.services.quotas import count_upload
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.scale import scaled
from rooms.tests.other_database import models_read

AT_ONCE = 3


@pytest.mark.parametrize("is_known", [False, True], ids=["first ever", "first of a new window"])
def test_first_uploads_of_a_window_are_all_counted(
    server: LiveServer, owner: User, is_known: bool, django_db_blocker: Any
) -> None:
    for _round in range(scaled(50, 300)):
        UploadCount.objects.filter(user=owner).delete()
        if is_known:
            UploadCount.objects.create(user=owner, count=7, since="2020-01-01T00:00:00Z")
        barrier, failures = threading.Barrier(AT_ONCE), []

        def count(barrier: threading.Barrier = barrier, failures: list[BaseException] = failures) -> None:
            try:
                with models_read(server.database_url, django_db_blocker):
                    connection.ensure_connection()
                    barrier.wait()
                    count_upload(owner)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=count) for _number in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert UploadCount.objects.get(user=owner).count == AT_ONCE
