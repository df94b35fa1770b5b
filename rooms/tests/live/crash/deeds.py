"""What people and schedulers do to the photos of a scene, and where each photo is once it is done.

A deed happens whole or not at all: cut short anywhere, each photo is where it was before or where
it belongs after, and after if the deed was acknowledged.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from rooms.tests.live.crash.scene import NEW, OTHER, PHOTO, Place, Places, Scene, copy_at
from rooms.tests.live.visitor import ADD_FORM, TEMPORARY, Answer, Visitor, upload_path

type Request = Callable[[Visitor, Scene], Answer]
type Goal = Callable[[Scene, Places], Places]


@dataclass(frozen=True)
class Deed:
    """A request, and the places of all photos after it; a command where there is no request.

    One with steps may have been cut short between two of them: some photos are where they belong after.
    """

    name: str
    goal: Goal
    request: Request | None = None
    has_steps: bool = False

    def allows(self, after: Places, before: Places, goal: Places) -> bool:
        """Whether a deed that was never acknowledged may have left this."""
        if not self.has_steps:
            return after in (before, goal)
        return goal.items() <= after.items() <= before.items()

    def __str__(self) -> str:
        return self.name


def _upload_temporary(visitor: Visitor, scene: Scene) -> Answer:
    return visitor.upload(TEMPORARY, PHOTO, draft=scene.draft.pk)


def _upload_direct(visitor: Visitor, scene: Scene) -> Answer:
    return visitor.upload(upload_path(scene.room), PHOTO)


def _save_form(visitor: Visitor, scene: Scene) -> Answer:
    fields = {"establishment": scene.room.establishment_id, "name": "Neuve", "kind": "double", "capacity": 2}
    counts = {
        f"images-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    return visitor.post_form(ADD_FORM, fields | counts | {"draft": scene.draft.pk})


def _remove(visitor: Visitor, scene: Scene) -> Answer:
    return visitor.post(f"/rooms/{scene.room.pk}/delete-image/{scene.in_room[0]}/")


def _remove_temporary(visitor: Visitor, scene: Scene) -> Answer:
    return visitor.post(f"/rooms/delete-image-temp/{scene.in_draft[0]}/")


def _restore(visitor: Visitor, scene: Scene) -> Answer:
    return visitor.post(f"/rooms/{scene.room.pk}/restore-image/{scene.in_room[2]}/")


def _restore_temporary(visitor: Visitor, scene: Scene) -> Answer:
    return visitor.post(f"/rooms/restore-image-temp/{scene.in_draft[2]}/")


def _reorder(visitor: Visitor, scene: Scene) -> Answer:
    return visitor.post(f"/rooms/{scene.room.pk}/reorder-images/", {"order": scene.in_room[1::-1]})


def _send(deed: str, visitor: Visitor, scene: Scene) -> Answer:
    content = {"images": scene.in_room[:2], "room": scene.other.pk}
    return visitor.post(f"/rooms/{scene.room.pk}/{deed}-images/", content)


def _remove_room(visitor: Visitor, scene: Scene) -> Answer:
    return visitor.post_form(f"/admin/rooms/room/{scene.room.pk}/delete/", {"post": "yes"})


def _at(scene: Scene, photo_id: int, order: int, *, removed: bool = False) -> Places:
    name, draft_id = (scene.room.name, None) if photo_id in scene.in_room else (None, scene.draft.pk)
    place: Place = (name, draft_id, order, removed)
    return {photo_id: place}


def _removed(scene: Scene, photo_ids: list[int]) -> Places:
    first, second, _third = photo_ids
    return _at(scene, first, 1, removed=True) | _at(scene, second, 1)


def _copied() -> Places:
    return {copy_at(order): (OTHER, None, order, False) for order in (1, 2)}


def _moved(scene: Scene) -> Places:
    return {photo_id: (OTHER, None, order, False) for order, photo_id in enumerate(scene.in_room[:2], 1)}


def _attached(scene: Scene, before: Places) -> Places:
    return {photo_id: ("Neuve", None, *before[photo_id][2:]) for photo_id in scene.in_draft}


def _with_room(before: Places, photo_ids: list[int]) -> Places:
    return {photo_id: (*before[photo_id][:3], True) for photo_id in photo_ids}


def _without(before: Places, gone: list[int]) -> Places:
    return {photo_id: place for photo_id, place in before.items() if photo_id not in gone}


DEEDS = (
    Deed(
        "temporary upload",
        lambda scene, before: before | {NEW: (None, scene.draft.pk, 3, False)},
        _upload_temporary,
    ),
    Deed(
        "direct upload",
        lambda scene, before: before | {NEW: (scene.room.name, None, 3, False)},
        _upload_direct,
    ),
    Deed("saving the form", lambda scene, before: before | _attached(scene, before), _save_form),
    Deed("removal", lambda scene, before: before | _removed(scene, scene.in_room), _remove),
    Deed(
        "temporary removal",
        lambda scene, before: before | _removed(scene, scene.in_draft),
        _remove_temporary,
    ),
    Deed("undo", lambda scene, before: before | _at(scene, scene.in_room[2], 3), _restore),
    Deed(
        "temporary undo",
        lambda scene, before: before | _at(scene, scene.in_draft[2], 3),
        _restore_temporary,
    ),
    Deed(
        "reordering",
        lambda scene, before: before | _at(scene, scene.in_room[1], 1) | _at(scene, scene.in_room[0], 2),
        _reorder,
    ),
    Deed("copying", lambda scene, before: before | _copied(), partial(_send, "copy")),
    Deed("moving", lambda scene, before: before | _moved(scene), partial(_send, "move")),
    Deed("room removal", lambda scene, before: before | _with_room(before, scene.in_room), _remove_room),
    Deed(
        "cleanup",
        lambda scene, before: _without(before, [*scene.in_draft, scene.in_room[2]]),
        has_steps=True,
    ),
)
