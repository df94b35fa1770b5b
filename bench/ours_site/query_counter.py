"""Says in each answer how many statements its request cost, from the session's look-up to the last one."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

from django.db import connection
from django.http import HttpRequest, HttpResponse

STATEMENTS: Final = "X-Bench-Statements"
TRANSACTION_WORDS: Final = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


class QueryCounter:
    """Sends the verbs of all statements; whoever reads decides whether those of transactions count."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        statements: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            statements.append(_short(sql))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            response = self.get_response(request)
        response[STATEMENTS] = ",".join(statements)
        return response


def _short(sql: str) -> str:
    """`SELECT auth_user`: a statement's verb and its first table."""
    words = sql.replace('"', " ").replace("(", " ").split()
    for before, table in pairwise(words):
        if before in ("FROM", "INTO", "UPDATE"):
            return f"{words[0]} {table}"
    return words[0]
