"""What the address of a list may ask: what its filters offer, and a search of bounded length."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import FieldListFilter, ModelAdmin
from django.contrib.admin.utils import get_fields_from_path
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rooms.admin.scope import MAX_SEARCH_WORDS, GuardedAdmin

ADMINS = list(admin.site._registry.values())
# Catastrophic on texts such as the demonstration's: SQLite would run it in Python, holding the GIL.
SLOW_PATTERN = r"^(\w|[^9])+9\Z"

pytestmark = pytest.mark.parametrize("model_admin", ADMINS, ids=lambda one: one.opts.label_lower)


def _address(model_admin: ModelAdmin) -> str:
    return reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist")


def _offered(model_admin: ModelAdmin, request: HttpRequest) -> set[str]:
    """The parameters that the list's filters read, as Django's own filters say."""
    names: set[str] = set()
    for item in model_admin.get_list_filter(request):
        if not isinstance(item, str | tuple):
            names.add(item.parameter_name)
            continue
        path, filter_class = (item, None) if isinstance(item, str) else item
        field = get_fields_from_path(model_admin.model, path)[-1]
        create = filter_class or FieldListFilter.create
        made = create(field, request, {}, model_admin.model, model_admin, field_path=path)
        names.update(made.expected_parameters())
    return names


def test_every_page_is_guarded(model_admin: ModelAdmin) -> None:
    assert isinstance(model_admin, GuardedAdmin)


def test_lookups_are_just_what_the_filters_offer(model_admin: ModelAdmin, root: Any) -> None:
    request = RequestFactory().get("/")
    request.user = root
    offered = _offered(model_admin, request)
    for name in offered:
        assert model_admin.lookup_allowed(name, "1", request), name
    for field in model_admin.opts.get_fields():
        for lookup in (
            "",
            "regex",
            "iregex",
            "contains",
            "startswith",
            "in",
            "gt",
            "range",
            "isnull",
            "exact",
        ):
            name = f"{field.name}__{lookup}" if lookup else field.name
            if name not in offered and not field.null:
                assert not model_admin.lookup_allowed(name, "1", request), name


def test_list_refuses_a_regular_expression(model_admin: ModelAdmin, as_root: Client) -> None:
    columns = [field.name for field in model_admin.opts.concrete_fields]
    for column in columns:
        for lookup in ("regex", "iregex", "contains"):
            response = as_root.get(_address(model_admin), {f"{column}__{lookup}": SLOW_PATTERN})
            assert response.status_code == 400, (column, lookup)


def test_each_filter_still_answers(model_admin: ModelAdmin, as_root: Client, root: Any) -> None:
    request = RequestFactory().get("/")
    request.user = root
    for name in _offered(model_admin, request):
        response = as_root.get(_address(model_admin), {name: "1"})
        assert response.status_code in (200, 302), name  # 302: what "1" means to it is no value of its own


@pytest.mark.parametrize(
    "term",
    ["a " * 1_900, '"' + "b c" * 700 + '"', "d" * 60_000, "' " * 900, "é " * 30],
    ids=["words", "quoted", "long", "quotes", "accents"],
)
def test_search_takes_twenty_words(model_admin: ModelAdmin, as_root: Client, term: str) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = as_root.get(_address(model_admin), {"q": term})
    assert response.status_code == 200
    searched = len(model_admin.get_search_fields(response.wsgi_request))
    most = max(sql["sql"].count("INSTR(") + sql["sql"].count(" LIKE ") for sql in queries.captured_queries)
    assert most <= MAX_SEARCH_WORDS * searched
