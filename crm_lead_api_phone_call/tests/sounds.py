# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sounds as small as they can be, by media type."""

import io
import wave


def make_wave(seconds=1) -> bytes:
    """Return silence, as a telephone records it."""
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 8000 * seconds)
    return content.getvalue()


WAVE = make_wave()
SOUNDS = {
    "audio/wav": WAVE,
    "audio/mpeg": b"\xff\xfb\x90\x00" + bytes(413),
    "audio/ogg": b"OggS\x00\x02" + bytes(22),
    "audio/mp4": b"\x00\x00\x00\x18ftypM4A " + bytes(12),
}
