"""The cleanup takes removed rooms and establishments once nobody can restore them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db.models.functions import Now

from rooms.models import Establishment, PendingFile, Room, RoomImage
from rooms.services import lifecycle
from rooms.services.cleanup.expire import delete_removed, expire_idle
from rooms.tests.conftest import add_photos, files_in

pytestmark = pytest.mark.django_db(transaction=True)


def remove(thing, days_ago=0):
    user, rows = User.objects.get(username="alice"), type(thing).objects.filter(pk=thing.pk)
    take = lifecycle.remove_rooms if isinstance(thing, Room) else lifecycle.remove_establishments
    take(rows, user=user)
    for model in (Room, Establishment):
        model.all_objects.exclude(removed_at=None).update(removed_at=Now() - timedelta(days=days_ago))


def clean_up(**options):
    call_command("cleanup_temp_images", **options)


def test_cleanup_takes_removed_rooms_when_their_time_is_over(room, establishment, media_root):
    kept = Room.objects.create(establishment=establishment, name="Chambre 2")
    add_photos(room, 2), add_photos(kept, 1)
    remove(room, days_ago=29)
    clean_up(days=1)
    assert RoomImage.all_objects.filter(room=room).count() == 2
    Room.all_objects.filter(pk=room.pk).update(removed_at=Now() - timedelta(days=31))
    clean_up(days=1)
    assert list(Room.all_objects.all()) == [kept]
    assert RoomImage.all_objects.count() == 1
    assert not PendingFile.objects.exists()
    assert len(files_in(media_root)) == 4


def test_zero_days_take_removed_rooms_and_establishments_and_the_preview_says_the_same(
    room, bobs_room, media_root, capsys
):
    add_photos(room, 2), add_photos(bobs_room, 1)
    remove(room.establishment)
    clean_up(days=0, dry_run=True, json=True)
    preview = capsys.readouterr().out
    assert '"photos": 2' in preview
    clean_up(days=0, json=True)
    assert capsys.readouterr().out == preview.replace('"dry_run": true', '"dry_run": false')
    assert list(Establishment.all_objects.all()) == [bobs_room.establishment]
    assert list(Room.all_objects.all()) == [bobs_room]
    assert RoomImage.all_objects.count() == 1
    assert len(files_in(media_root)) == 4


def test_room_that_comes_back_meanwhile_keeps_its_photos(alice, room):
    add_photos(room, 2)
    remove(room)
    lifecycle.restore_room(room, user=alice)
    assert sum(expire_idle(0)) == 0
    delete_removed(0)
    assert room.images.count() == 2


def test_present_room_in_a_removed_establishment_stays(establishment, room):
    remove(establishment, days_ago=31)
    late = Room.objects.create(establishment=establishment, name="Tard")
    clean_up(days=1)
    assert list(Room.all_objects.all()) == [late]
    assert Establishment.all_objects.exists()


def test_shell_deletes_a_removed_room_at_once(room, media_root):
    add_photos(room, 1)
    remove(room)
    Room.all_objects.get().delete()
    assert (Room.all_objects.count(), RoomImage.all_objects.count()) == (0, 0)
    assert files_in(media_root) == set()
