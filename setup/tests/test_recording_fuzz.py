# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Recordings with anything wrong in them, sent over a socket to a real server.

They are the same ones at each run; ``CRM_LEAD_API_FUZZ_EXAMPLES=5000`` sends as many
random ones.
"""

import hashlib
import json
import re
import socket
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo_database import Database, find_errors
from odoo_server import Answer, Server
from payloads import fuzz

PATH = "/api/v1/phone-calls/fuzz/recording"
MIB = 1024 * 1024
TEMPLATE = "addons"
SCRIPT = """
parameters = env["ir.config_parameter"]
parameters.set_param("crm_lead_api_phone_call.recording_size", 1)
env["crm.lead.api.client"].search([]).requests_per_minute = 0
"""
CALL = {
    **{"direction": "in", "phone": "0912 345 678", "agent_email": "lan@example.com"},
    "started_at": "2026-11-25T08:15:00+07:00",
}
RECORDINGS = """
    SELECT mimetype, file_size, checksum FROM ir_attachment
     WHERE res_model = 'crm.lead.phone.call'
"""
# The right beginning of a file of each media type
HEADS = {
    "audio/wav": b"RIFF\0\0\0\0WAVE",
    "audio/mpeg": b"ID3",
    "audio/ogg": b"OggS\0",
    "audio/mp4": b"\0\0\0\x18ftyp",
}
ANY_HEAD = st.sampled_from([*HEADS.values(), b"RIFF", b"<html>", b"\0", b""])
LENGTHS = st.sampled_from([0, 0, 1, 11, 500, 70_000, MIB - 12, MIB, MIB + 1])
CONTENTS = st.builds(
    lambda head, tail, length: head + tail + b"\x80" * length,
    ANY_HEAD,
    st.binary(max_size=20),
    LENGTHS,
)
LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20)
TYPES = st.sampled_from([*HEADS, "audio/wav; rate=8000", "AUDIO/WAV"])
WRONG_TYPES = st.sampled_from(["", "audio/", "application/json", "a/b/c"]) | LATIN
# Of the declared length, where it is no length
WRONG_LENGTHS = st.sampled_from(["", "-1", "1e3", "0x9", "٣", "1,1", "9" * 30])
CHUNK_FAULTS = st.sampled_from([b"zz\r\n", b"-5\r\n", b"5\r\nab", b"\r\n", b""])
POSITIONS = st.integers(0, 60) | st.integers(0, 10**25) | st.just("")
RANGES = st.builds("bytes={}-{}".format, POSITIONS, POSITIONS) | st.sampled_from(
    ["bytes=0-3,8-9", "bytes=9-1", "bytes=--1", "items=0-3", "bytes", "bytes=x-y", ","]
)


@dataclass
class Api:
    """The server, and the recording that it should have."""

    server: Server
    database: Database
    token: str
    kept: tuple[str, bytes] = ("audio/wav", HEADS["audio/wav"])

    def send(self, method, *headers, sent=b""):
        """Send a request byte for byte as given, and check the answer to any request.

        :param sent: all bytes after the headers
        """
        port = self.server.port
        lines = [f"{method} {PATH} HTTP/1.1", f"Host: localhost:{port}"]
        lines += [f"{name}: {value}" for name, value in headers]
        lines += [f"Authorization: Bearer {self.token}", "Connection: close", "", ""]
        with socket.create_connection(("localhost", port)) as connection:
            connection.sendall("\r\n".join(lines).encode("latin-1", "replace") + sent)
            connection.shutdown(socket.SHUT_WR)
            received = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _blank, content = received.partition(b"\r\n\r\n")
        answer = Answer(int(head.split()[1]), head.decode("latin-1"), content)
        assert answer.status < 500, received
        assert answer.get_header("X-Request-Id"), received
        if answer.status >= 400:
            body = json.loads(content)
            assert body["message"] and body["type"], body
            assert body["error"] == answer.status
            if answer.status == 422:
                assert [each["field"] for each in body["errors"]] == ["recording"]
        return answer

    def check_kept(self):
        """Check that there is one recording, the last that was accepted, as a whole."""
        media_type, content = self.kept
        answer = self.send("GET")
        assert (answer.status, answer.body) == (200, content)
        assert answer.get_header("Content-Type") == media_type
        checksum = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        assert self.database.query(RECORDINGS) == [(media_type, len(content), checksum)]


@pytest.fixture(scope="module")
def api(database, server, token):
    api = Api(server, database, token)
    assert server.call(token, "PUT", "/phone-calls/fuzz", CALL).status == 200
    media_type, content = api.kept
    length = ("Content-Length", len(content))
    answer = api.send("PUT", ("Content-Type", media_type), length, sent=content)
    assert answer.status == 200
    yield api
    server.stop()
    assert find_errors(server.log.read_text()) == []


def is_right(media_type, content):
    return content.startswith(HEADS.get(media_type, b"?")) and len(content) <= MIB


@fuzz(80)
@given(CONTENTS, TYPES | WRONG_TYPES, st.integers(-2, 2) | st.just(0), st.booleans())
def test_content_type_and_length(api, content, media_type, more, is_encoded):
    """The declared length may differ from the length of the file."""
    length = max(len(content) + more, 0)
    headers = [("Content-Type", media_type), ("Content-Length", length)]
    if is_encoded:
        headers.append(("Content-Encoding", "gzip"))
    answer = api.send("PUT", *headers, sent=content)
    base_type = media_type.partition(";")[0].strip().lower()
    came = content[:length]
    if is_encoded or base_type not in HEADS:
        assert answer.status == 415
    elif length > MIB:
        assert answer.status == 413
    elif not length or length > len(content):
        assert answer.status == 400  # empty, or cut off
    elif not is_right(base_type, came):
        assert answer.status == 422
    else:
        assert answer.status == 200
        api.kept = base_type, came
    api.check_kept()


@fuzz(40)
@given(WRONG_LENGTHS, CONTENTS)
def test_length_that_is_none(api, length, content):
    headers = [("Content-Type", "audio/wav"), ("Content-Length", length)]
    answer = api.send("PUT", *headers, sent=content)
    assert answer.status in (400, 413)
    api.check_kept()


@fuzz(40)
@given(st.lists(CONTENTS, max_size=3), CHUNK_FAULTS | st.none())
def test_chunks(api, contents, fault):
    """A file may come in parts of unknown number; the end may be missing."""
    chunks = [b"%x\r\n%b\r\n" % (len(each), each) for each in contents if each]
    sent = b"".join([*chunks, b"0\r\n\r\n" if fault is None else fault])
    headers = [("Content-Type", "audio/wav"), ("Transfer-Encoding", "chunked")]
    answer = api.send("PUT", *headers, sent=sent)
    content = b"".join(contents)
    if fault is None and is_right("audio/wav", content):
        assert answer.status == 200
        api.kept = "audio/wav", content
    else:
        assert answer.status in (400, 413, 422)
    api.check_kept()


@fuzz(80)
@given(RANGES | LATIN, st.sampled_from(["", "If-Range", "If-None-Match"]), LATIN)
def test_range(api, text, condition, value):
    headers = [("Range", text), *([(condition, value)] if condition else [])]
    answer = api.send("GET", *headers)
    _media_type, content = api.kept
    assert answer.status in (200, 206, 416)
    if answer.status == 200:
        assert answer.body == content
    if answer.status == 206:
        found = re.fullmatch(
            r"bytes (\d+)-(\d+)/(\d+)", answer.get_header("Content-Range")
        )
        first, last, size = map(int, found.groups())
        assert size == len(content)
        assert answer.body == content[first : last + 1]
