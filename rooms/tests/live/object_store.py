"""A stand-in for an S3 server that several processes can reach: one bucket, in memory, for plain requests."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET = "photos"
LISTED_AT_ONCE = 1000


def settings_of_bucket(port: int) -> dict[str, str]:
    """Of a site whose photos lie in the bucket of that port."""
    return {
        "AWS_STORAGE_BUCKET_NAME": BUCKET,
        "AWS_S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_S3_REGION_NAME": "us-east-1",
        "AWS_S3_ACCESS_KEY_ID": "key",
        "AWS_S3_SECRET_ACCESS_KEY": "secret",
    }


class ObjectStore(ThreadingHTTPServer):
    """`objects` has each key's bytes and content type."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, tuple[bytes, str]] = {}

    @property
    def environment(self) -> dict[str, str]:
        return settings_of_bucket(self.server_port)


@contextmanager
def running_object_store() -> Iterator[ObjectStore]:
    with ObjectStore() as store:
        thread = threading.Thread(target=store.serve_forever, args=[0.05])
        thread.start()
        try:
            yield store
        finally:
            store.shutdown()
            thread.join()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ObjectStore

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.objects[self._key()] = (body, self.headers.get("Content-Type", ""))
        self._answer(200, ETag=f'"{hashlib.md5(body).hexdigest()}"')  # noqa: S324

    def do_DELETE(self) -> None:
        self.server.objects.pop(self._key(), None)
        self._answer(204)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        key = self._key()
        if key in self.server.objects:
            body, content_type = self.server.objects[key]
            self._answer(
                200, body, **{"Content-Type": content_type, "Last-Modified": formatdate(usegmt=True)}
            )
        elif key:
            self._answer(404, b"<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>")
        else:
            self._answer(200, self._listing().encode())

    def _listing(self) -> str:
        """As S3 lists a folder. Any other question about the bucket is answered by an empty list."""
        question = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        prefix, delimiter = question.get("prefix", ""), question.get("delimiter", "")
        contents, folders = [], set()
        for key, (body, _type) in sorted(self.server.objects.items()):
            rest = key.removeprefix(prefix)
            if not key.startswith(prefix):
                continue
            if delimiter and delimiter in rest:
                folders.add(prefix + rest.partition(delimiter)[0] + delimiter)
            else:
                contents.append(
                    f"<Contents><Key>{escape(key)}</Key><Size>{len(body)}</Size>"
                    "<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
                )
        assert len(contents) <= LISTED_AT_ONCE, "more than one answer holds"
        prefixes = [f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>" for name in folders]
        parts = "".join([*contents, *sorted(prefixes)])
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{parts}</ListBucketResult>"

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix(f"/{BUCKET}").lstrip("/")

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """In silence."""
