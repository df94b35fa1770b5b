"""What each new connection is given: PostgreSQL's settings, SQLite's private files, a search for both.

PostgreSQL's are set after connecting: PgBouncer refuses the start-up parameter `options`, and takes these.
What DATABASE_URL says about them stands. How long SQLite waits is in the settings.

The search ignores case, accents and ligatures, with the same answers on both. Nothing is stored for it, so
it finds every row, and no database needs an extension.
"""

import json
import re
import stat
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from django.db.backends.signals import connection_created
from django.db.models import Field, Lookup, Model, Q, QuerySet

# A stuck lock must not hold a thread for ever: the upload answers 503, as where SQLite's `timeout` ends.
LOCK_TIMEOUT_S: Final = 20
# A page whose statement takes longer is broken, and holds a thread and a processor of everybody's.
STATEMENT_TIMEOUT_S: Final = 20
# SQLite's files are for the account that runs the site: they hold the keys of sessions.
_PRIVATE: Final = 0o600
# What is left of an accent once it is parted from its letter.
MARKS: Final = "[\u0300-\u036f]+"
# Letters that are not made of another one and an accent, as people type them without the right keyboard.
IN_TWO: Final = {"œ": "oe", "æ": "ae", "ß": "ss", "ẞ": "ss", "þ": "th"}
IN_ONE: Final = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ς": "σ"}
SIGNS: Final = {"’": "'", "\N{HYPHEN}": "-"}
# Latin, Greek, Cyrillic and Armenian: written down, for a database's own `lower` follows its locale.
LETTERS: Final = [chr(code) for code in range(0x80, 0x590)]
_SMALL: Final = {
    letter: IN_ONE.get(letter.lower(), letter.lower())
    for letter in LETTERS
    if letter.lower() != letter and unicodedata.normalize("NFKD", letter) == letter
}
_FOLDED: Final = _SMALL | IN_ONE | SIGNS
_ASCII: Final = {chr(code): chr(code).lower() for code in range(0x80)}
_TABLE: Final = str.maketrans({old: IN_TWO.get(new, new) for old, new in (_ASCII | _FOLDED).items()} | IN_TWO)
_find_marks: Final = re.compile(MARKS)


def bound_lock_waits() -> None:
    """For every connection of this process from now on."""
    connection_created.connect(_limit_locks, dispatch_uid="lock_timeout")


def bound_statements() -> None:
    """For a web process. Commands go without: a migration or an audit of a large library may take long."""
    connection_created.connect(_limit_statements, dispatch_uid="statement_timeout")


def avoid_compiling() -> None:
    """For every connection of this process from now on.

    PostgreSQL compiles what it takes for a long statement: half a second for one that runs 80 ms.
    """
    connection_created.connect(_turn_jit_off, dispatch_uid="jit")


def _turn_jit_off(connection: Any, **kwargs: Any) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(name, 'off', false) FROM pg_settings"
            " WHERE name = 'jit' AND source IN ('default', 'configuration file')"
        )


def _limit_locks(connection: Any, **kwargs: Any) -> None:
    _limit(connection, "lock_timeout", LOCK_TIMEOUT_S)


def _limit_statements(connection: Any, **kwargs: Any) -> None:
    _limit(connection, "statement_timeout", STATEMENT_TIMEOUT_S)


def _limit(connection: Any, name: str, seconds: int) -> None:
    """Sets it unless the URL, the role or the database has done so; PostgreSQL says "0" for "not set"."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, false) WHERE current_setting(%s) = '0'", (name, f"{seconds}s", name)
        )


def make_private(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Takes the database's files from group and others; what belongs to another account stays as it is,
    and so does what lies where there are no permissions: the site works all the same.

    SQLite gives the files beside it (`-wal`, `-shm`) the permissions of the database itself.
    """
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return
    name = str(connection.settings_dict["NAME"])
    for path in (Path(name), Path(f"{name}-wal"), Path(f"{name}-shm")):
        with suppress(OSError):
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                path.chmod(_PRIVATE)


def plain(text: str) -> str:
    """The letters that somebody types who looks for `text` and cares for nothing but letters."""
    bare = _find_marks.sub("", unicodedata.normalize("NFKD", text))
    return bare.lower() if bare.isascii() else bare.translate(_TABLE)


def find(queryset: QuerySet[Any], paths: Iterable[str], words: Iterable[str]) -> QuerySet[Any]:
    """The rows of which each word is in one of the fields at `paths`, which may lead to related rows."""
    paths = list(paths)
    # The longest first: it is in the fewest rows, and only those are asked for the next.
    for word in sorted({plain(word) for word in words}, key=len, reverse=True):
        queryset = queryset.filter(_holds(queryset.model, paths, word))
    return queryset


def _holds(model: type[Model], paths: Iterable[str], word: str) -> Q:
    """Related rows are searched apart, once: a join would search an establishment for each of its rooms."""
    condition, related = Q(), defaultdict(list)
    for path in paths:
        name, _, rest = path.partition("__")
        if rest:
            related[name].append(rest)
        else:
            condition |= Q(**{f"{name}__plain": word})
    for name, their_paths in related.items():
        target: Any = model._meta.get_field(name).related_model
        found = target._default_manager.order_by().filter(_holds(target, their_paths, word))
        condition |= Q(**{f"{name}__in": found.values("pk")})
    return condition


@Field.register_lookup
class PlainLookup(Lookup):
    """`name__plain=word`: whether the field's plain text contains `word`, which is plain already.

    Most texts are ASCII, or are without their accents: the quick ways come first.
    """

    lookup_name = "plain"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        field, params = self.process_lhs(compiler, connection)
        is_ascii = f"length({field}) = length(CAST({field} AS BLOB))"
        text = f"CASE WHEN {is_ascii} THEN lower({field}) ELSE rooms_plain({field}) END"
        return f"INSTR({text}, %s) > 0", [*params * 4, self.rhs]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        field, params = self.process_lhs(compiler, connection)
        field = f'({field})::text COLLATE "C"'
        bare = f"regexp_replace(normalize({field}, NFKD), '{MARKS}', '', 'g')"
        folded = f"lower(translate({bare}, {_quoted(_FOLDED)}, {_quoted(_FOLDED.values())}))"
        for letter, two in IN_TWO.items():
            folded = f"replace({folded}, '{letter}', '{two}')"
        text = (
            f"CASE WHEN octet_length({field}) = length({field}) THEN lower({field}) "
            f"WHEN octet_length({bare}) = length({bare}) THEN lower({bare}) ELSE {folded} END"
        )
        return f"STRPOS({text}, %s) > 0", [*params * 7, self.rhs]


def _quoted(letters: Iterable[str]) -> str:
    return "'{}'".format("".join(letters).replace("'", "''"))


def teach_sqlite() -> None:
    """For every SQLite connection of this process from now on: it knows no accents by itself."""
    connection_created.connect(_add_function, dispatch_uid="rooms_plain")


def _add_function(connection: Any, **kwargs: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function("rooms_plain", 1, _plain_or_null, deterministic=True)


def _plain_or_null(text: str | None) -> str | None:
    return None if text is None else plain(text)


@Field.register_lookup
class AmongLookup(Lookup):
    """`name__among=values`: as `in`, with one parameter for any number of values; databases bound them."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        field, params = self.process_lhs(compiler, connection)
        values = "SELECT value FROM json_each(%s)"
        return f"{field} IN ({values})", [*params, json.dumps(self.rhs)]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        field, params = self.process_lhs(compiler, connection)
        return f"{field} = ANY(%s)", [*params, self.rhs]
