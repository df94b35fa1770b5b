"""What django-axes asks us: whose address a wrong password came from, and what a locked name is shown.

How many wrong passwords lock, and for how long, is in `settings`.
"""

from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# What one customer of a provider has to themselves: an attacker changes the rest of it at will.
IPV6_PREFIX_BITS: Final = 64


def get_client_address(request: HttpRequest) -> str | None:
    """The address that wrong passwords count for; None where it is unknown (a unix socket without a proxy).

    Behind a proxy all clients would share the proxy's. So with `HTTPS` on, the last entry of
    `X-Forwarded-For` counts, the one that our own proxy wrote: those before it are the client's to
    invent. A peer from the open internet is no proxy of ours, and its header says nothing.
    """
    peer = _parse(request.META.get("REMOTE_ADDR", ""))
    if settings.HTTPS and (peer is None or not ip_address(peer).is_global):
        _others, _comma, last = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")
        return _parse(last) or peer
    return peer


def show_later(request: HttpRequest, reason: str, seconds: int) -> HttpResponse:
    """Asks to come again after so many seconds. `reason`: "name", "address" or "crowd".

    The same page whoever it is, and whether there is such a name or not.
    """
    response = render(
        request, "admin/rooms/locked_out.html", {"reason": reason}, status=settings.AXES_HTTP_RESPONSE_CODE
    )
    response["Retry-After"] = str(seconds)
    return response


def _parse(text: str) -> str | None:
    """The address in `text`, which may carry a port; of an IPv6 address its network."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), IPV6_PREFIX_BITS), strict=False).network_address)
