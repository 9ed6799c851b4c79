# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import FieldError, PayloadError
from odoo.addons.crm_lead_api.tools import media_type

_lt = LazyTranslate(__name__, default_lang="en_US")

BATCH = 1_000  # recordings that are deleted at once
HEAD = 12  # bytes
# How a file of each media type begins
BEGINNINGS = {
    # A tag, or the header of a frame of MPEG audio
    "audio/mpeg": re.compile(
        rb"ID3|\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff][\x00-\xef]", re.DOTALL
    ),
    "audio/wav": re.compile(rb"RIFF.{4}WAVE", re.DOTALL),
    "audio/ogg": re.compile(rb"OggS\x00"),
    "audio/mp4": re.compile(rb".{4}ftyp", re.DOTALL),
}
NO_SOUND = _lt("The file is none of: %(types)s.", types=", ".join(BEGINNINGS))


class CrmLeadPhoneCall(models.Model):
    """Keep the recording of a phone call, for some time."""

    _inherit = "crm.lead.phone.call"

    recording = fields.Binary(attachment=True)
    recording_type = fields.Char("Type of Recording", help="Such as audio/mpeg.")
    recording_size = fields.Integer("Size of Recording", aggregator=None)

    _recording_index = models.Index("(start_date) WHERE recording_type IS NOT NULL")

    @api.model
    def _check_recording(self, file):
        """Check that a file begins as its media type says, or find the type of a file
        that was declared as bytes.

        :param ReceivedFile file: the recording
        :raise PayloadError: the file is of another type
        """
        head = file.get_bytes(HEAD)
        types = [name for name, each in BEGINNINGS.items() if each.match(head)]
        if file.media_type in types:
            return
        message = NO_SOUND
        if file.media_type != media_type.BYTES:
            message = _lt(
                "The file is no %(type)s: send it with the media type that it has.",
                type=file.media_type,
            )
        elif types:
            file.media_type = types[0]
            return
        raise PayloadError([FieldError("recording", "format", message)])

    def _keep_recording(self, file):
        """Keep the recording of the call, instead of an earlier one.

        :param ReceivedFile file: the recording
        """
        self.ensure_one()
        attachment = self._get_recording_attachment()
        kept = (attachment.checksum, attachment.mimetype)
        if kept == (file.checksum, file.media_type):
            return
        # sudo: the attachment of a binary field, as Odoo makes it
        attachments = self.env["ir.attachment"].sudo()
        attachments._create_from_file(
            file,
            name="recording",
            res_model=self._name,
            res_field="recording",
            res_id=self.id,
        )
        attachment.unlink()
        self._describe_recording(file)

    def _describe_recording(self, file):
        self.write({"recording_type": file.media_type, "recording_size": file.size})
        self.invalidate_recordset(["recording"])

    def _get_recording_attachment(self):
        """Return the attachment of the recording, with superuser rights."""
        # sudo: who may read the call may hear it
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                Domain("res_model", "=", self._name)
                & Domain("res_field", "=", "recording")
                & Domain("res_id", "in", self.ids)
            )
        )

    def _forget_recording(self):
        """Delete the recordings of the calls, and keep the rest."""
        self._get_recording_attachment().unlink()
        self.write({"recording_type": False, "recording_size": 0})
        self.invalidate_recordset(["recording"])

    def _forget_customer(self):
        """Erase what the calls tell about the customer; the figures stay."""
        self._forget_recording()
        # sudo: who may delete a contact may erase it from the chatter
        self.sudo().message_id.unlink()
        self.write(
            dict.fromkeys(
                [
                    "phone",
                    "phone_key",
                    "note",
                    "call_type",
                    "recording_url",
                    "ticket_ref",
                ],
                False,
            )
        )

    def unlink(self):
        # sudo: the line tells of the call
        self.sudo().message_id.unlink()
        return super().unlink()

    @api.model
    def _cron_forget_recordings(self):
        """Delete the recordings of old calls; the notes stay."""
        days = self.env["ir.config_parameter"]._get_phone_call_int("recording_days")
        oldest = fields.Datetime.now() - timedelta(days=days)
        domain = Domain("start_date", "<", oldest)
        domain &= Domain("recording_type", "!=", False)
        while calls := self.search(domain, limit=BATCH, order="start_date"):
            calls._forget_recording()
            is_full = len(calls) == BATCH
            left = self.env["ir.cron"]._commit_progress(
                len(calls), remaining=int(is_full)
            )
            if not left:
                break
