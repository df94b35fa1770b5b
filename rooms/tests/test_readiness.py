"""What channels say about sixty galleries: the same by the photos at hand, for a list, and in a filter."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F
from django.test import Client
from django.utils import timezone, translation

from rooms.models import Activity, Channel, Room, RoomImage
from rooms.models.channel import validate_needs
from rooms.services import history, readiness
from rooms.services.judging import judge
from rooms.tests.both_databases import db  # noqa: F401  # the fixture of this module

KINDS = {"r": "room", "b": "bathroom", "v": "view", "d": "bed", "o": "outside", ".": ""}
SIZES: dict[str, tuple[int | None, int | None, int | None]] = {
    "L": (2880, 1920, 900_000),
    "U": (1920, 2880, 900_000),
    "S": (800, 450, 90_000),
    "X": (840, 460, 90_000),
    "Z": (840, 459, 90_000),
    "M": (900, 600, 90_000),
    "N": (1010, 600, 90_000),
    "W": (1000, 400, 90_000),
    "R": (400, 1000, 90_000),
    "Q": (1000, 1000, 90_000),
    "T": (1024, 683, 90_000),
    "u": (683, 1024, 90_000),
    "H": (2880, 1920, 16_000_000),
    "G": (2880, 1920, 25_000_000),
    "K": (2880, 1920, 51_000_000),
    "?": (None, None, None),  # of an older system, not measured yet
}
CODES = {
    "f": "too_few",
    "r": "room",
    "b": "bathroom",
    "s": "too_small",
    "l": "not_landscape",
    "h": "too_heavy",
}
CHANNELS = ("booking", "expedia", "vrbo", "airbnb", "google")
# A gallery, photo by photo: what it shows, its size. Then what each channel misses, by the letters of CODES.
TABLE = """
                                          | fb  fb  frb f   frb
bL                                        | f   f   fr  f   fr
rL                                        | fb  fb  frb f   fb
bL rL rL                                  | f   f   fr  f   f
bL bL rL                                  | f   f   fr  f   f
bL rL rL rL                               | -   -   f   f   f
.L .L .L .L                               | b   b   frb f   frb
bL .L .L .L                               | -   -   fr  f   fr
bL vL dL oL                               | -   -   fr  f   fr
rL rL bL bL                               | -   -   fr  f   f
dL dL dL bL                               | -   -   fr  f   fr
bU rL rL rL                               | l   -   fl  fl  f
rL rL rL bU                               | l   -   fl  fl  f
bu rL rL rL                               | l   -   fl  fl  f
bS rL rL rL                               | s   s   fs  fs  f
bX rL rL rL                               | -   s   fs  fs  f
bM rL rL rL                               | -   s   fs  fs  f
bN rL rL rL                               | -   -   fs  fs  f
bT rT rT rT                               | -   -   f   f   f
bH rL rL rL                               | -   h   f   f   f
bG rL rL rL                               | -   h   fh  f   f
bK rL rL rL                               | h   h   fh  fh  f
b? r? r? r?                               | -   -   f   f   f
vL vL vL vL bL                            | -   -   fr  f   fr
bL rL rL rL .M                            | -   s   fs  fs  f
bL rL rL rL .Z                            | s   s   fs  fs  f
bL rL rL rL .W                            | s   -   fs  fs  f
bL rL rL rL .Q                            | -   -   fs  fs  f
bL rL rL rL .R                            | sl  -   fsl fsl f
bL rL rL rL .L .R                         | s   -   s   fs  f
bL rL rL rL vL oL                         | -   -   -   f   f
bL rL rL vL oL dL                         | -   -   r   f   f
rL rL rL rL rL rL                         | b   b   b   f   fb
bL bL bL bL bL bL                         | -   -   r   f   fr
bL rL rL rL vL oU                         | -   -   -   f   f
bL rL rL rL vU oL                         | l   -   l   fl  f
bL rL rL rL vL oL dL                      | -   -   -   -   f
rU bL rL rL .L .L .L                      | l   -   l   l   f
.L .L .L .L .L .L .L                      | b   b   rb  -   frb
bL rL rL rL vL oL dL .L                   | -   -   -   -   -
.L .L .L .L .L .L .L .L                   | b   b   rb  -   rb
bL .L .L .L .L .L .L .L                   | -   -   r   -   r
rL bL .L .L .L .L .L .L                   | -   -   r   -   -
rL rL rL bL .L .L .L .L                   | -   -   -   -   -
rL rL rL .L .L .L .L .L                   | b   b   b   -   b
bL rL rL rL .L .L .L .S                   | s   s   s   s   -
bL rL rL rL .L .L .L .X                   | -   s   s   s   -
bL rL rL rL .L .L .L .N                   | -   -   s   s   -
bL rL rL rL .L .L .L .T                   | -   -   -   -   -
bL rL rL rL .L .U .U .U                   | -   -   -   -   -
bL rL rL rL .U .L .L .L                   | l   -   l   l   -
bU rU rU rU .U .U .U .U                   | l   -   l   l   -
bL rL rL rL .L .L .L .H                   | -   h   -   -   -
bL rL rL rL .L .L .L .G                   | -   h   h   -   -
bL rL rL rL .L .L .L .K                   | h   h   h   h   -
bL rL rL rL .L .L .L .?                   | -   -   -   -   -
b? r? r? r? .? .? .? .?                   | -   -   -   -   -
bS rS rS rS rS rS rS rS rS rS             | s   s   s   s   -
.L .L .L .L .L .L .L .L .L .L             | b   b   rb  -   rb
bL rL rL rL vL dL oL .L .L .L             | -   -   -   -   -
"""
ROWS = [line.split("|") for line in TABLE.strip("\n").splitlines()]
GALLERIES = [gallery.split() for gallery, _answers in ROWS]
ANSWERS = [[set(letters) - {"-"} for letters in answers.split()] for _gallery, answers in ROWS]


@pytest.fixture
def channels(db: None) -> list[Channel]:  # noqa: F811  # a fixture that is asked for
    """In the order of the table's columns."""
    by_slug = {channel.slug: channel for channel in readiness.find_channels()}
    return [by_slug[slug] for slug in CHANNELS]


@pytest.fixture
def galleries(room: Room) -> list[Room]:
    """A room a row of the table; without files, of which nothing here reads one."""
    rooms = Room.objects.bulk_create(
        Room(establishment=room.establishment, name=f"Galerie {number}") for number in range(len(GALLERIES))
    )
    RoomImage.objects.bulk_create(
        photo
        for one, gallery in zip(rooms, GALLERIES, strict=True)
        for photo in reversed([made(one, place, *code) for place, code in enumerate(gallery, start=1)])
    )
    return list(rooms)


def made(room: Room, place: int, kind: str, size: str) -> RoomImage:
    width, height, size_bytes = SIZES[size]
    return RoomImage(
        room=room,
        order=place,
        kind=KINDS[kind],
        image=f"older/{room.pk}-{place}.jpg",
        width=width,
        height=height,
        size=size_bytes,
    )


def letters(needs: Any) -> set[str]:
    by_name = {name: letter for letter, name in CODES.items()}
    return {by_name[need.kind or need.code] for need in needs}


def test_the_table_is_as_large_as_it_says() -> None:
    assert len(GALLERIES) == 60
    assert {len(answers) for answers in ANSWERS} == {len(CHANNELS)}


def test_photos_at_hand_are_judged_as_the_table_says(galleries: list[Room], channels: list[Channel]) -> None:
    for room, expected in zip(galleries, ANSWERS, strict=True):
        states = readiness.find_states(channels, list(room.images.all()))
        assert [letters(state.needs) for state in states] == expected, room


def test_rooms_of_a_list_are_judged_as_the_table_says_in_one_query(
    galleries: list[Room], channels: list[Channel], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        states = readiness.find_states_of_rooms(channels, [room.pk for room in galleries])
    assert [[letters(state.needs) for state in states[room.pk]] for room in galleries] == ANSWERS


@pytest.mark.parametrize("column", range(len(CHANNELS)), ids=CHANNELS)
def test_filters_find_the_rooms_that_the_table_says(
    galleries: list[Room], channels: list[Channel], column: int
) -> None:
    rooms = Room.objects.filter(pk__in=[room.pk for room in galleries])
    ready = {room.pk for room, row in zip(galleries, ANSWERS, strict=True) if not row[column]}
    found = readiness.filter_ready(rooms, [channels[column]])
    assert set(found.values_list("pk", flat=True)) == ready
    left = readiness.filter_not_ready(rooms, [channels[column]])
    assert set(left.values_list("pk", flat=True)) == {room.pk for room in galleries} - ready


def test_not_ready_alone_means_for_at_least_one_channel(
    galleries: list[Room], channels: list[Channel]
) -> None:
    rooms = Room.objects.filter(pk__in=[room.pk for room in galleries])
    everywhere = {room.pk for room, row in zip(galleries, ANSWERS, strict=True) if not any(row)}
    assert set(readiness.filter_ready(rooms, channels).values_list("pk", flat=True)) == everywhere
    assert readiness.filter_not_ready(rooms, channels).count() == len(galleries) - len(everywhere)
    assert not readiness.filter_not_ready(rooms, []).exists(), "nobody asks for anything"


@pytest.mark.parametrize("is_odd", [False, True], ids=["placed", "without places"])
def test_count_of_ready_rooms_is_what_the_table_says(
    galleries: list[Room], channels: list[Channel], is_odd: bool
) -> None:
    rooms = Room.objects.filter(pk__in=[room.pk for room in galleries])
    if is_odd:  # the order stays, with holes
        RoomImage.objects.filter(room__in=rooms).update(order=F("order") * 3)
    judged = judge(rooms, len(galleries), channels)
    assert judged.ready == sum(not any(row) for row in ANSWERS)
    assert judged.ready_by_channel == {
        slug: sum(not row[column] for row in ANSWERS) for column, slug in enumerate(CHANNELS)
    }


def test_removed_photos_do_not_count(room: Room, channels: list[Channel]) -> None:
    photos = RoomImage.objects.bulk_create(made(room, place, "b", "L") for place in (1, 2, 3, 4))
    assert readiness.filter_ready(Room.objects.all(), channels[:1]).exists()
    RoomImage.objects.filter(pk=photos[0].pk).update(removed_at=timezone.now())
    assert not readiness.filter_ready(Room.objects.all(), channels[:1]).exists()
    (state,) = readiness.find_states_of_rooms(channels[:1], [room.pk])[room.pk]
    assert [need.number for need in state.needs] == [1]


def test_photos_that_are_not_placed_yet_come_last(room: Room, channels: list[Channel]) -> None:
    """By `order` 0, as an older system leaves it: the upright one is the sixth, and no fault."""
    RoomImage.objects.bulk_create([made(room, 0, "b", "U"), *(made(room, n, "r", "L") for n in range(1, 6))])
    assert readiness.filter_ready(Room.objects.all(), channels[:1]).exists()
    (state,) = readiness.find_states(channels[:1], list(room.images.all()))
    assert state.is_ready


# --- slots ------------------------------------------------------------------------------


def test_slots_are_the_kinds_that_channels_miss_those_asked_for_most_first(channels: list[Channel]) -> None:
    assert readiness.find_slots(channels, []) == ["bathroom", "room"]
    bathroom = RoomImage(kind="bathroom")
    assert readiness.find_slots(channels, [bathroom]) == ["room"]
    channels[0].needs = [{"kind": kind, "number": 1} for kind in RoomImage.Kind.values]
    assert len(readiness.find_slots(channels, [])) == readiness.MAX_SLOTS


def test_slots_are_no_more_than_free_places(channels: list[Channel]) -> None:
    views = [RoomImage(kind="view") for _number in range(9)]
    assert readiness.find_slots(channels, views) == ["bathroom"]
    assert readiness.find_slots(channels, [*views, RoomImage(kind="view")]) == []


# --- what is said -----------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_need_says_what_to_do_in_the_readers_language(
    galleries: list[Room], channels: list[Channel], language: str
) -> None:
    with translation.override(language):
        texts = {
            need.text
            for states in readiness.find_states_of_rooms(channels, [room.pk for room in galleries]).values()
            for state in states
            for need in state.needs
        }
    assert all(re.fullmatch(r"[A-ZÀ-Ü].*\.", text) for text in texts), texts
    is_french = [text.startswith(("Ajoutez", "Remplacez", "Placez")) for text in texts]
    assert all(is_french) if language == "fr" else not any(is_french)


@pytest.mark.parametrize(
    ("language", "number", "text"),
    [
        ("fr", 1, "Ajoutez 1 photo de la salle de bain, ou indiquez celle qui convient."),
        ("fr", 2, "Ajoutez 2 photos de la salle de bain, ou indiquez celles qui conviennent."),
        ("en", 1, "Add 1 photo of the bathroom, or say which photo shows it."),
        ("en", 2, "Add 2 photos of the bathroom, or say which photos show it."),
    ],
)
def test_missing_kind_is_asked_for_in_a_sentence(language: str, number: int, text: str) -> None:
    channel = Channel(needs=[{"kind": "bathroom", "number": number}])
    with translation.override(language):
        (need,) = readiness.find_needs(channel, [])
    assert need.text == text


@pytest.mark.parametrize("kind", RoomImage.Kind.values)
def test_each_kind_can_be_asked_for(kind: str) -> None:
    with translation.override("fr"):
        (need,) = readiness.find_needs(Channel(needs=[{"kind": kind, "number": 1}]), [])
    assert re.match(r"Ajoutez 1 photo (de |du |d’)", need.text)


def test_answer_names_each_active_channel_with_its_needs(as_alice: Client, room: Room) -> None:
    RoomImage.objects.bulk_create(
        [made(room, 1, "b", "S"), *(made(room, place, "r", "L") for place in (2, 3, 4))]
    )
    Channel.objects.exclude(slug__in=("booking", "google")).update(active=False)
    content = as_alice.get(f"/rooms/{room.pk}/readiness/").json()
    assert [channel["channel"] for channel in content["channels"]] == ["booking", "google"]
    booking, google = content["channels"]
    small = room.images.get(order=1)
    assert booking == {
        "channel": "booking",
        "name": "Booking.com",
        "ready": False,
        "needs": [
            {"code": "too_small", "text": booking["needs"][0]["text"], "kind": "", "images": [small.pk]}
        ],
    }
    assert [need["code"] for need in google["needs"]] == ["too_few"]


def test_drafts_gallery_has_an_answer_too(as_alice: Client) -> None:
    content = as_alice.get("/rooms/readiness-temp/").json()
    assert {channel["ready"] for channel in content["channels"]} == {False}


# --- the rows ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "needs",
    [None, {}, "bed", [1], [{"kind": "bed"}], [{"kind": "bed", "number": 0}],
     [{"kind": "bed", "number": "1"}],
     [{"kind": "garden", "number": 1}], [{"kind": "bed", "number": True}],
     [{"kind": "bed", "number": 1}, {"kind": "bed", "number": 2}]],
)  # fmt: skip
def test_needs_of_another_shape_are_refused(needs: Any) -> None:
    with pytest.raises(ValidationError):
        validate_needs(needs)


def test_figures_older_than_180_days_want_another_look(channels: list[Channel]) -> None:
    today = timezone.localdate()
    for days, is_stale in ((0, False), (180, False), (181, True)):
        channels[0].checked_on = today - timedelta(days=days)
        assert channels[0].is_stale is is_stale
    channels[0].checked_on = None
    assert channels[0].is_stale


def test_staff_edit_what_a_channel_must_show(as_sam: Client, channels: list[Channel]) -> None:
    page = f"/admin/rooms/channel/{channels[0].pk}/change/"
    form = as_sam.get(page).context["adminform"].form
    fields = {name: "" if value is None else value for name, value in form.initial.items()}
    assert fields["needs_bathroom"] == 1
    changed = fields | {"needs_bathroom": "", "needs_view": "2", "active": "on", "landscape": "on"}
    assert as_sam.post(page, changed).status_code == 302
    channels[0].refresh_from_db()
    assert channels[0].needs == [{"kind": "view", "number": 2}]
    assert (channels[0].min_photos, channels[0].landscape) == (4, True)


def test_short_name_of_a_channel_stays(as_sam: Client, channels: list[Channel]) -> None:
    page = f"/admin/rooms/channel/{channels[0].pk}/change/"
    as_sam.post(page, filled_in(as_sam, page) | {"slug": "other", "name": "Booking"})
    channels[0].refresh_from_db()
    assert (channels[0].slug, channels[0].name) == ("booking", "Booking")


def test_older_page_changes_only_what_was_changed_in_it(as_sam: Client, channels: list[Channel]) -> None:
    page = f"/admin/rooms/channel/{channels[0].pk}/change/"
    older = filled_in(as_sam, page)
    newer = {"min_photos": 5, "needs": [{"kind": "room", "number": 2}, {"kind": "bathroom", "number": 3}]}
    Channel.objects.filter(pk=channels[0].pk).update(**newer)
    assert as_sam.post(page, older | {"min_width": "900", "needs_view": "1"}).status_code == 302
    channels[0].refresh_from_db()
    assert (channels[0].min_photos, channels[0].min_width) == (5, 900)
    assert channels[0].needs == [*newer["needs"], {"kind": "view", "number": 1}]


def test_history_of_a_channel_says_what_changed(as_sam: Client, channels: list[Channel]) -> None:
    page = f"/admin/rooms/channel/{channels[0].pk}/change/"
    as_sam.post(page, filled_in(as_sam, page) | {"min_photos": "6", "needs_bathroom": ""})
    entry = Activity.objects.get()
    assert entry.get_change_message() == "Modification\u00a0: photos au moins et Salle de bain."
    told = [(value.field, value.before, value.after) for value in history.find_values(entry)]
    assert told == [("photos au moins", "4", "6"), ("Salle de bain", "1", "0")]


def filled_in(client: Client, page: str) -> dict[str, Any]:
    """What a browser sends of a channel's page where nothing is changed."""
    form = client.get(page).context["adminform"].form
    sent = {field.html_name: field.value() for field in form}
    kept = {field.html_initial_name: field.value() for field in form if field.field.show_hidden_initial}
    return {
        name: "" if value is None else value for name, value in (sent | kept).items() if value is not False
    }


def test_list_says_which_figures_are_old(as_sam: Client, channels: list[Channel]) -> None:
    Channel.objects.filter(slug="vrbo").update(checked_on=timezone.localdate() - timedelta(days=200))
    page = as_sam.get("/admin/rooms/channel/").content.decode()
    assert page.count("180 jours") == 1


def test_page_of_a_channel_says_in_words_how_old_its_figures_are(
    as_sam: Client, channels: list[Channel]
) -> None:
    page = as_sam.get(f"/admin/rooms/channel/{channels[0].pk}/change/").content.decode()
    assert "À jour" in page
    assert "fresh&#x27;" not in page
    with translation.override("fr"):
        assert [str(kind.label) for kind in RoomImage.Kind][:4] == ["Chambre", "Lit", "Salle de bain", "Vue"]
