"""An upload by hand, on a bare socket: for bodies that no well-behaved client would send."""

import http.client
import os
import select
import socket

from rooms.tests.live.visitor import TIMEOUT_SECONDS, Visitor

BOUNDARY = "----limit"
FIELD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="photo.jpg"\r\n'
    "Content-Type: image/jpeg\r\n\r\n"
).encode()
END = f"\r\n--{BOUNDARY}--\r\n".encode()
NOISE = os.urandom(2**16)


def connect(visitor: Visitor, path: str, framing: str) -> socket.socket:
    """A connection on which the head of an upload and the head of its file have been sent."""
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n{framing}\r\n"
        f"X-CSRFToken: {visitor.cookies['csrftoken']}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    )
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**16)  # what has left has arrived, or nearly
    connection.settimeout(TIMEOUT_SECONDS)
    connection.connect(visitor.address)
    connection.sendall(head.encode())
    return connection


def pour(connection: socket.socket, size_bytes: int, block: bytes) -> int:
    """Sends `block` over and over until the server answers; returns how many bytes it got rid of."""
    connection.setblocking(False)
    sent_bytes = 0
    while sent_bytes < size_bytes:
        answered, ready, _ = select.select([connection], [connection], [], TIMEOUT_SECONDS)
        if answered or not ready:
            break
        sent_bytes += connection.send(block[sent_bytes % len(block) :])
    connection.settimeout(TIMEOUT_SECONDS)
    return sent_bytes


def read_answer(connection: socket.socket) -> tuple[int, str]:
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status, response.read().decode()
