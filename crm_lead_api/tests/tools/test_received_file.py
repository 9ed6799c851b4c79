# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import io
import tempfile

from odoo.tests import TransactionCase, tagged

from ...http.body import ReceivedFile

PARTS = (b"RIFF", b"0000", b"WAVE")
SOUND = b"".join(PARTS)


@tagged("post_install", "-at_install")
class TestReceivedFile(TransactionCase):
    def setUp(self):
        super().setUp()
        # pylint: disable=consider-using-with
        file = tempfile.TemporaryFile()
        self.addCleanup(file.close)
        self.file = ReceivedFile(file, "audio/wav", PARTS)

    def test_content(self):
        self.assertEqual(self.file.get_bytes(), SOUND)
        self.assertEqual(self.file.get_bytes(4), b"RIFF")
        self.assertEqual(len(self.file), len(SOUND))
        self.assertEqual(self.file[4:8], b"0000")
        self.assertEqual(self.file[8:4], b"")
        copy = io.BytesIO()
        self.file.copy_to(copy)
        self.assertEqual(copy.getvalue(), SOUND)

    def test_description(self):
        """Equal files are repetitions of each other in the log of requests."""
        checksum = hashlib.sha1(SOUND, usedforsecurity=False).hexdigest()
        self.assertEqual(
            self.file.to_data(),
            {"media_type": "audio/wav", "size": len(SOUND), "checksum": checksum},
        )

    def test_attachment(self):
        """A file becomes an attachment, wherever Odoo keeps attachments."""
        attachments = self.env["ir.attachment"]
        parameters = self.env["ir.config_parameter"].sudo()
        for location in ("file", "db"):
            parameters.set_param("ir_attachment.location", location)
            attachment = attachments._create_from_file(self.file, name="Call")
            attachment.invalidate_recordset()
            self.assertEqual(attachment.raw, SOUND)
            self.assertEqual(attachment.file_size, len(SOUND))
            self.assertEqual(attachment.mimetype, "audio/wav")
            self.assertEqual(bool(attachment.store_fname), location == "file")
