# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keep a long JSON text ready to be sent, compressed too, with gaps for what differs by
request."""

import hashlib
import re
import struct
import zlib
from dataclasses import dataclass
from typing import Any

from typing_extensions import Self

from ..tools.json_body import to_json

# Of the format gzip, RFC 1952: the header without options, and an empty last block
GZIP_HEADER = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
GZIP_END = b"\x03\x00"
GAP = re.compile(r'"\{\{(\w+)\}\}"')


def gap(name: str) -> str:
    """Return the text that stands for a value in the JSON text."""
    return f"{{{{{name}}}}}"


@dataclass(frozen=True)
class Template:
    """Hold the parts of the text; after each of them, but the last, comes a gap.

    :param parts: in UTF-8
    :param compressed: each part by itself
    :param gaps: the names of the values between the parts
    :param digest: of the parts
    """

    parts: tuple[bytes, ...]
    compressed: tuple[bytes, ...]
    gaps: tuple[str, ...]
    digest: bytes

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the template for a JSON text with the gaps of :func:`gap`."""
        pieces = GAP.split(text)
        parts = tuple(piece.encode() for piece in pieces[::2])
        return cls(
            parts=parts,
            compressed=tuple(_compress(part, 9) for part in parts),
            gaps=tuple(pieces[1::2]),
            digest=hashlib.sha256(b"\0".join(parts)).digest(),
        )

    def fill(self, values: dict[str, Any]) -> "Filled":
        """Return the text with its values.

        :param values: of the gaps, as JSON has them
        """
        return Filled(self, tuple(to_json(values[name]).encode() for name in self.gaps))


@dataclass(frozen=True)
class Filled:
    """Hold a template and the JSON in its gaps."""

    template: Template
    values: tuple[bytes, ...]

    def get_etag(self) -> str:
        """Return the ETag of the text, without quotes."""
        digest = hashlib.sha256(b"\0".join((self.template.digest, *self.values)))
        return digest.hexdigest()[:32]

    def get_text(self) -> bytes:
        return b"".join(_alternate(self.template.parts, self.values))

    def get_gzip(self) -> bytes:
        """Return the text in the format gzip. Its parts are not compressed anew: blocks
        that end at a full byte can be joined."""
        values = [_compress(value, 6) for value in self.values]
        blocks = _alternate(self.template.compressed, values)
        text = self.get_text()
        check = struct.pack("<LL", zlib.crc32(text), len(text) & 0xFFFFFFFF)
        return b"".join((GZIP_HEADER, *blocks, GZIP_END, check))


def _compress(text, level):
    deflate = zlib.compressobj(level, wbits=-zlib.MAX_WBITS)
    return deflate.compress(text) + deflate.flush(zlib.Z_SYNC_FLUSH)


def _alternate(parts, values):
    first, *others = parts
    yield first
    for value, part in zip(values, others, strict=True):
        yield value
        yield part
