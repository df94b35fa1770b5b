"""What everybody gets at every address: the rows of the matrix, one column for each of `ACTORS`.

`+` stands for the row's own success, `=` for one that leaves everything as it was, a number for a status,
and of redirects: `login` to the sign-in, `home` to the start page (so Django's admin says "does not
exist"), `done` to anywhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rooms.tests.conftest import photo_file

type Thing = dict[str, Any]
type Table = dict[str, str]


@dataclass(frozen=True)
class Row:
    route: str
    method: str
    table: Table  # by whose things are named: hers, his, missing
    args: tuple[str, ...] = ()  # which of them are in the address
    success: str = "200"
    query: str = ""
    body: Callable[[Thing], dict[str, Any]] | None = None
    is_json: bool = False

    def __str__(self) -> str:
        """Its name in a test's id."""
        query, body = self.query and f"?{self.query}", self.body.__name__ if self.body else ""
        return " ".join(filter(None, (self.method, self.route + query, *self.args, body)))


#                        anonymous guest nobody viewer owner manager stranger staff superuser gone
READ = {
    "hers":             "401       403   403    +      +     +       404      +     +         401",
    "his":              "401       403   403    404    404   404     +        +     +         401",
    "missing":          "401       403   403    404    404   404     404      404   404       401",
}  # fmt: skip
WRITE = {
    "hers":             "401       403   403    403    +     +       404      +     +         401",
    "his":              "401       403   403    403    404   404     +        +     +         401",
    "missing":          "401       403   403    403    404   404     404      404   404       401",
}  # fmt: skip
# An order of hers that names a photo of his.
MIXED_ORDER = {
    "hers":             "401       403   403    403    409   409     404      409   409       401",
}  # fmt: skip
# Photos move into another room of hers only: those of his room go there by the hand of staff alone.
MOVE_HERS = {
    "hers":             "401       403   403    403    +     +       404      +     +         401",
    "his":              "401       403   403    403    404   404     404      +     +         401",
    "missing":          "401       403   403    403    404   404     404      404   404       401",
}  # fmt: skip
REPORT = WRITE
# Temporary photos: their uploader's, for all but superusers.
TEMPORARY = {
    "hers":             "401       403   403    403    +     404     404      404   +         401",
    "his":              "401       403   403    403    404   404     +        404   +         401",
    "missing":          "401       403   403    403    404   404     404      404   404       401",
}  # fmt: skip
# Drafts: their user's, for superusers too; one nobody has is begun, or still empty.
READ_DRAFT = {
    "hers":             "401       403   403    404    +     404     404      404   404       401",
    "his":              "401       403   403    404    404   404     +        404   404       401",
    "missing":          "401       403   403    +      +     +       +        +     +         401",
}  # fmt: skip
WRITE_DRAFT = {
    "hers":             "401       403   403    403    +     404     404      404   404       401",
    "his":              "401       403   403    403    404   404     +        404   404       401",
    "missing":          "401       403   403    403    +     +       +        +     +         401",
}  # fmt: skip
ORDER_DRAFT = WRITE_DRAFT | {
    "missing":          "401       403   403    403    409   409     409      409   409       401",
}  # fmt: skip
# --- media: whoever has the address of a room's photo; of others only those who may see them
PUBLIC = {
    "hers":             "+         +     +      +      +     +       +        +     +         +",
    "his":              "+         +     +      +      +     +       +        +     +         +",
    "missing":          "404       404   404    404    404   404     404      404   404       404",
}  # fmt: skip
REMOVED = {
    "hers":             "404       404   404    +      +     +       404      +     +         404",
    "his":              "404       404   404    404    404   404     +        +     +         404",
}  # fmt: skip
PRIVATE = {
    "hers":             "404       404   404    404    +     404     404      404   +         404",
    "his":              "404       404   404    404    404   404     +        404   +         404",
}  # fmt: skip
HIDDEN = {  # of a removed room
    "hers":             "404       404   404    404    404   404     404      404   404       404",
    "his":              "404       404   404    404    404   404     404      404   404       404",
}  # fmt: skip
IN_HIDDEN_ROOM = {
    "hers":             "401       403   403    404    404   404     404      404   404       401",
    "his":              "401       403   403    404    404   404     404      404   404       401",
}  # fmt: skip
CHANGE_IN_HIDDEN_ROOM = {
    "hers":             "401       403   403    403    404   404     404      404   404       401",
    "his":              "401       403   403    403    404   404     404      404   404       401",
}  # fmt: skip
# --- for a monitoring system, that no session opens: no token is set
NO_METRICS = {
    "hers":             "404       404   404    404    404   404     404      404   404       404",
}  # fmt: skip
# --- pages of the admin
LIST = {
    "hers":             "login     login 403    +      +     +       +        +     +         login",
}  # fmt: skip
ADD_ROOM = {
    "hers":             "login     login 403    403    +     +       +        +     +         login",
}  # fmt: skip
SAVE_NEW_ROOM = {  # into her establishment, of her draft: into his, it is refused by the form (200)
    "hers":             "login     login 403    403    +     404     404      404   404       login",
    "his":              "login     login 403    403    404   404     +        404   404       login",
}  # fmt: skip
SAVE_NOWHERE = {  # a form that is shown again, with a draft of its own
    "missing":          "login     login 403    403    +     +       +        +     +         login",
}  # fmt: skip
REMOVED_LIST = {
    "hers":             "login     login 403    403    +     +       +        +     +         login",
}  # fmt: skip
BRING_BACK = {
    "hers":             "login     login 403    403    +     +       404      +     +         login",
    "his":              "login     login 403    403    404   404     +        +     +         login",
    "missing":          "login     login 403    403    404   404     404      404   404       login",
}  # fmt: skip
BRING_BACK_ESTABLISHMENT = {
    "hers":             "login     login 403    403    403   403     403      +     +         login",
    "missing":          "login     login 403    403    403   403     403      404   404       login",
}  # fmt: skip
INVITE_AGAIN = {
    "hers":             "login     login 404    404    +     404     404      +     +         login",
    "missing":          "login     login 404    404    404   404     404      404   404       login",
}  # fmt: skip
STAFF_ONLY = {
    "hers":             "login     login 403    403    403   403     403      +     +         login",
}  # fmt: skip
PAGE = {
    "hers":             "login     login 403    +      +     +       home     +     +         login",
    "his":              "login     login 403    home   home  home    +        +     +         login",
    "missing":          "login     login 403    home   home  home    home     home  home      login",
}  # fmt: skip
HISTORY = PAGE
IMPORT_ROOM = {
    "hers":             "login     login 403    403    +     +       404      +     +         login",
    "his":              "login     login 403    403    404   404     +        +     +         login",
    "missing":          "login     login 403    403    404   404     404      404   404       login",
}  # fmt: skip
DOWNLOAD = {
    "hers":             "login     login 403    +      +     +       404      +     +         login",
    "his":              "login     login 403    404    404   404     +        +     +         login",
    "missing":          "login     login 403    404    404   404     404      404   404       login",
}  # fmt: skip
CHANGE = {
    "hers":             "login     login 403    403    +     +       home     +     +         login",
    "his":              "login     login 403    403    home  home    +        +     +         login",
    "missing":          "login     login 403    403    home  home    home     home  home      login",
}  # fmt: skip
# A manager of hers owns another establishment: a room moves by the owner of both, or by staff.
MOVE_OUT = {
    "hers":             "login     login 403    403    200   200     home     +     +         login",
}  # fmt: skip
MOVE_IN = {
    "hers":             "login     login 403    403    home  200     home     +     +         login",
}  # fmt: skip
MOVE_TO_HIS = {
    "hers":             "login     login 403    403    200   200     home     +     +         login",
}  # fmt: skip
MOVE_TO_HER_SECOND = {
    "hers":             "login     login 403    403    +     200     home     +     +         login",
}  # fmt: skip
DELETE_ESTABLISHMENT = {
    "hers":             "login     login 403    403    403   403     403      +     +         login",
    "missing":          "login     login 403    403    403   403     403      home  home      login",
}  # fmt: skip
DISCARD = {
    "hers":             "login     login 403    403    +     404     404      404   404       login",
    "his":              "login     login 403    403    404   404     +        404   404       login",
    "missing":          "login     login 403    403    404   404     404      404   404       login",
}  # fmt: skip
# --- accounts and what superusers alone meet
ROOT_ONLY = {
    "hers":             "login     login 403    403    403   403     403      403   +         login",
}  # fmt: skip
ROOT_PAGE = ROOT_ONLY | {
    "missing":          "login     login 403    403    403   403     403      403   home      login",
}  # fmt: skip
RUN_PAGE = {
    "hers":             "login     login 403    403    403   403     403      +     +         login",
    "missing":          "login     login 403    403    403   403     403      home  home      login",
}  # fmt: skip
NOBODY = {
    "hers":             "login     login 403    403    403   403     403      403   403       login",
}  # fmt: skip
# --- everybody's
SIGNED_IN = {
    "hers":             "login     login +      +      +     +       +        +     +         login",
}  # fmt: skip
NOWHERE = {
    "hers":             "login     login 404    404    404   404     404      404   404       login",
    "missing":          "login     login 404    404    404   404     404      404   404       login",
}  # fmt: skip
ANYBODY = {
    "hers":             "+         +     +      +      +     +       +        +     +         +",
}  # fmt: skip
# An action on a list meets only what is the user's: of others, nothing was chosen.
LIST_CHANGE = {
    "hers":             "login     login 403    200    +     +       =        +     +         login",
    "his":              "login     login 403    200    =     =       +        +     +         login",
}  # fmt: skip
LIST_CHANGE_STAFF = {
    "hers":             "login     login 403    200    200   200     200      +     +         login",
    "his":              "login     login 403    200    200   200     200      +     +         login",
}  # fmt: skip
APP_LIST = {
    "hers":             "login     login 404    +      +     +       +        +     +         login",
}  # fmt: skip
APP_LIST_ACCOUNTS = {
    "hers":             "login     login 404    404    404   404     404      404   +         login",
}  # fmt: skip
LOGIN = {
    "hers":             "+         +     home   home   home  home    home     home  home      +",
}  # fmt: skip
LOGOUT = {
    "hers":             "home      home  +      +      +     +       +        +     +         home",
}  # fmt: skip
AUTOCOMPLETE_ESTABLISHMENT = LIST
AUTOCOMPLETE_USER = ROOT_ONLY
ROOT_PASSWORD = ROOT_ONLY | {
    "missing":          "login     login 403    403    403   403     403      403   404       login",
}  # fmt: skip
ROOT_PAGES = {
    "changelist": ROOT_ONLY,
    "add": ROOT_ONLY,
    "change": ROOT_PAGE,
    "history": ROOT_PAGE,
    "delete": ROOT_PAGE,
}
RUN_PAGES = {
    "changelist": STAFF_ONLY,
    "add": NOBODY,
    "change": RUN_PAGE,
    "history": RUN_PAGE,
    "delete": NOBODY,
}
OWNER_PAGES = {
    "changelist": STAFF_ONLY,
    "add": STAFF_ONLY,
    "change": RUN_PAGE,
    "history": RUN_PAGE,
    "delete": NOBODY,
}
CHANNEL_PAGES = {
    "changelist": STAFF_ONLY,
    "add": STAFF_ONLY,
    "change": RUN_PAGE,
    "history": RUN_PAGE,
    "delete": ROOT_PAGE,
}


def channel(thing: Thing) -> dict[str, Any]:
    """The form of a channel."""
    numbers = ("min_photos", "min_width", "min_height", "recommended_side", "max_bytes")
    return {"name": "Canal", "slug": f"canal-{thing['channel']}", "note": "", **dict.fromkeys(numbers, "0")}


GUESSES_PASSWORDS = "establishment__owner__password__startswith=m"


def asks(model: str, field: str) -> str:
    """What an autocomplete field sends."""
    return f"app_label=rooms&model_name={model}&field_name={field}"


def photo(thing: Thing) -> dict[str, Any]:
    return {"image": photo_file()}


def photo_of_draft(thing: Thing) -> dict[str, Any]:
    return {"image": photo_file(), "draft": thing["draft"]}


def order(thing: Thing) -> dict[str, Any]:
    return {"order": [thing["photo"]]}


def order_with_his_photo(thing: Thing) -> dict[str, Any]:
    return {"order": [thing["photo"], thing["his_photo"]]}


def to_own_room(thing: Thing) -> dict[str, Any]:
    return {"images": [thing["photo"]], "room": thing["other_room"]}


def to_her_room(thing: Thing) -> dict[str, Any]:
    return {"images": [thing["photo"]], "room": thing["her_other_room"]}


def failure(thing: Thing) -> dict[str, Any]:
    return {"code": "network", "bytes": 5, "room": thing["room"]}


def order_of_draft(thing: Thing) -> dict[str, Any]:
    return {"order": [thing["temporary"]], "draft": thing["draft"]}


def caption(thing: Thing) -> dict[str, Any]:
    return {"caption": "Vue"}


def all_words(thing: Thing) -> dict[str, Any]:
    return {"caption": "Vue", "alternative_text": "Un lit", "kind": "bed", "advice_declined": ["small"]}


def name(thing: Thing) -> dict[str, Any]:
    return {"name": "Grenier"}


def turn(thing: Thing) -> dict[str, Any]:
    return {"quarter_turns": 1}


def yes(thing: Thing) -> dict[str, Any]:
    return {"post": "yes"}


def manager(thing: Thing) -> dict[str, Any]:
    return {"manager-id": thing["manager"]}


def removed_room(thing: Thing) -> dict[str, Any]:
    return {"id": thing["removed_room"]}


def removed_establishment(thing: Thing) -> dict[str, Any]:
    return {"id": thing["removed_establishment"]}


def new_password(thing: Thing) -> dict[str, Any]:
    passwords = {"new_password1": "Lac-bleu-1953", "new_password2": "Lac-bleu-1953"}
    return passwords | {"old_password": "pass", "password1": "Lac-bleu-1953", "password2": "Lac-bleu-1953"}


def owner(thing: Thing) -> dict[str, Any]:
    return {"name": "Nora Neuf", "email": "nora@example.com", "establishment": "Maison Neuf"}
