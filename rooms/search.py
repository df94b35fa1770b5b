"""Search that ignores case, accents and ligatures, with the same answers on SQLite and PostgreSQL.

Nothing is stored for it, so it finds every row, and no database needs an extension.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from django.db.backends.signals import connection_created
from django.db.models import Field, Lookup, Model, Q, QuerySet

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
    """`name__among=numbers`: as `in`, with one parameter for any number of numbers; databases bound them."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        field, params = self.process_lhs(compiler, connection)
        numbers = "SELECT value FROM json_each(%s)"
        return f"{field} IN ({numbers})", [*params, json.dumps(self.rhs)]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        field, params = self.process_lhs(compiler, connection)
        return f"{field} = ANY(%s)", [*params, self.rhs]
