# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import os
import socket
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import fields
from odoo.tests import tagged

from .common import URL, PhoneCallCase
from .sounds import SOUNDS, WAVE, make_wave

ACCEPTED = "audio/mpeg, audio/wav, audio/ogg, audio/mp4, application/octet-stream"


@tagged("post_install", "-at_install")
class TestRecordings(PhoneCallCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.attachments = cls.env["ir.attachment"].with_context(
            skip_res_field_check=True
        )

    def setUp(self):
        super().setUp()
        self.ring()

    def get_recording(self, call_id="call-1", **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"{URL}/{call_id}/recording"
        return self.post(url=url, method="GET", data=None, headers=names)

    def find_attachments(self):
        self.env.invalidate_all()
        return self.attachments.search([("res_model", "=", "crm.lead.phone.call")])

    def assertRefused(self, response, status, kind):
        body = self.assertError(response, status, kind)
        self.assertFalse(self.find_attachments())
        self.assertFalse(self.find().recording_type)
        return body

    def test_a_recording_comes_back(self):
        for media_type, content in SOUNDS.items():
            with self.subTest(media_type=media_type):
                response = self.put_recording(content, media_type=media_type)
                data = self.assertJson(response, 200)["data"]
                self.assertEqual(
                    data["recording"],
                    {"media_type": media_type, "size": len(content)},
                )
                self.assertTrue(response.headers["ETag"])
                self.assertEqual(len(self.find_attachments()), 1)
                back = self.get_recording()
                self.assertEqual(back.status_code, 200)
                self.assertEqual(back.content, content)
                self.assertEqual(back.headers["Content-Type"], media_type)
                self.assertTrue(back.headers["X-Request-Id"])
        back = self.get_recording(Range="bytes=4-7")
        self.assertEqual((back.status_code, back.content), (206, content[4:8]))
        etag = back.headers["ETag"]
        self.assertEqual(self.get_recording(If_None_Match=etag).status_code, 304)

    def test_the_type_of_bytes_is_found(self):
        """Generated clients name one type for all files."""
        for media_type, content in SOUNDS.items():
            with self.subTest(media_type=media_type):
                response = self.put_recording(
                    content, media_type="application/octet-stream"
                )
                data = self.assertJson(response, 200)["data"]
                self.assertEqual(data["recording"]["media_type"], media_type)
                back = self.get_recording()
                self.assertEqual(back.headers["Content-Type"], media_type)

    def test_equal_bytes(self):
        self.put_recording(WAVE)
        attachment = self.find_attachments()
        before = self.find().write_date
        self.put_recording(WAVE)
        self.assertEqual(self.find_attachments(), attachment)
        self.assertEqual(self.find().write_date, before)
        self.ring("call-2")
        self.put_recording(WAVE, "call-2")
        paths = self.find_attachments().mapped("store_fname")
        self.assertEqual(len(set(paths)), 1)
        self.assertEqual(len(paths), 2)

    def test_a_lost_file(self):
        """A copy of a database may come without its files; they can be sent again."""
        self.put_recording(WAVE)
        attachment = self.find_attachments()
        os.unlink(attachment._full_path(attachment.store_fname))
        self.assertError(self.get_recording(), 404, "not_found")
        self.assertJson(self.put_recording(WAVE), 200)
        self.assertEqual(len(self.find_attachments()), 1)
        self.assertEqual(self.get_recording().content, WAVE)

    def test_another_recording_replaces_the_first(self):
        self.put_recording(WAVE)
        other = make_wave(2)
        self.put_recording(other)
        self.assertEqual(self.find_attachments().raw, other)
        self.assertEqual(self.find().recording_size, len(other))

    def test_wrong_files(self):
        cases = [
            (WAVE, "audio/x-aiff", 415, "unsupported_media_type"),
            (WAVE, "application/json", 415, "unsupported_media_type"),
            (WAVE, "", 415, "unsupported_media_type"),
            (WAVE, "audio/mpeg", 422, "validation"),
            (b"<html>", "audio/wav", 422, "validation"),
            (b"R", "audio/wav", 422, "validation"),
            (b"<html>", "application/octet-stream", 422, "validation"),
            (b"", "audio/wav", 400, "malformed"),
        ]
        for content, media_type, status, kind in cases:
            with self.subTest(media_type=media_type, content=content[:8]):
                response = self.put_recording(content, media_type=media_type)
                self.assertRefused(response, status, kind)
                if status == 415:
                    self.assertEqual(response.headers["Accept"], ACCEPTED)
        response = self.put_recording(WAVE, headers={"Content-Encoding": "gzip"})
        self.assertRefused(response, 415, "unsupported_media_type")
        log = self.env["crm.lead.api.request"].search([("kind", "=", "recording")])
        self.assertEqual(len(log), len(cases) + 1)
        self.assertEqual(
            set(log.mapped("route")), {"PUT /phone-calls/call-1/recording"}
        )

    def test_the_largest_recording(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("crm_lead_api_phone_call.recording_size", 1)
        largest = WAVE.ljust(1024 * 1024, b"\x80")
        body = self.assertRefused(
            self.put_recording(largest + b"\x80"), 413, "too_large"
        )
        self.assertIn(str(1024 * 1024), body["message"])
        chunks = iter([largest, b"\x80"])
        self.assertRefused(self.put_recording(chunks), 413, "too_large")
        self.assertJson(self.put_recording(largest), 200)

    def test_a_recording_in_chunks(self):
        response = self.put_recording(iter([WAVE[:100], WAVE[100:]]))
        self.assertJson(response, 200)
        self.assertEqual(self.get_recording().content, WAVE)

    def test_a_cut_recording(self):
        """The connection ends before all bytes have come."""
        address = urlsplit(self.base_url())
        with socket.create_connection((address.hostname, address.port), 10) as sender:
            sender.sendall(
                f"PUT {URL}/call-1/recording HTTP/1.1\r\nHost: {address.netloc}\r\n"
                f"Authorization: Bearer {self.token}\r\nContent-Type: audio/wav\r\n"
                f"Content-Length: {len(WAVE)}\r\n\r\n".encode()
                + WAVE[:-1]
            )
            sender.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: sender.recv(65536), b"")).decode()
        self.assertIn(" 400 ", answer.splitlines()[0])
        self.assertIn('"type": "malformed"', answer)
        self.assertFalse(self.find_attachments())

    def test_a_recording_of_an_unknown_call(self):
        response = self.put_recording(WAVE, "call-2")
        self.assertRefused(response, 404, "not_found")
        self.assertError(self.get_recording("call-2"), 404, "not_found")
        self.assertError(self.get_recording(), 404, "not_found")

    def test_only_the_sender_gets_it(self):
        self.put_recording(WAVE)
        other = self._new_client("pbx-2", reads_all_leads=True)
        response = self.get_recording(Authorization=f"Bearer {self._new_token(other)}")
        self.assertError(response, 404, "not_found")

    def test_retries_and_dry_runs(self):
        url = "call-1/recording?dry_run=1"
        response = self.post(
            url=f"{URL}/{url}",
            method="PUT",
            data=WAVE,
            headers={"Content-Type": "audio/wav", "Idempotency-Key": ""},
        )
        data = self.assertJson(response, 200)["data"]
        self.assertEqual(data["recording"]["size"], len(WAVE))
        self.assertFalse(self.find_attachments())
        key = {"Idempotency-Key": "k"}
        first = self.put_recording(WAVE, headers=key)
        again = self.put_recording(WAVE, headers=key)
        self.assertEqual(first.text, again.text)
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        other = self.put_recording(make_wave(2), headers=key)
        self.assertError(other, 409, "conflict")
        etag = {"If-Match": '"0"'}
        response = self.put_recording(make_wave(2), headers=etag)
        self.assertError(response, 412, "precondition_failed")

    def test_old_recordings_go(self):
        now = fields.Datetime.now()
        for call_id, days in (("call-1", 89), ("call-2", 91)):
            self.ring(call_id, note="Ghi chú")
            self.put_recording(WAVE, call_id)
            self.find(call_id).start_date = now - timedelta(days=days)
        cron = self.env.ref("crm_lead_api_phone_call.ir_cron_forget_recordings")
        cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.find().recording_type, "audio/wav")
        kept = timedelta(days=90)
        call = self.find()
        self.assertEqual(call.kept_until, (call.start_date + kept).date())
        call.is_lead_api_test = True
        self.env.invalidate_all()
        kept = timedelta(days=7)
        self.assertEqual(call.kept_until, (call.start_date + kept).date())
        call.is_lead_api_test = False
        old = self.find("call-2")
        self.assertEqual((old.recording_type, old.note), (False, "Ghi chú"))
        self.assertEqual(self.find_attachments().res_id, self.find().id)
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("crm_lead_api_phone_call.recording_days", 88)
        cron.method_direct_trigger()
        self.assertFalse(self.find_attachments())

    def test_staff_hear_it_as_they_read_the_lead(self):
        lead = self.create_lead()
        self.put("call-1", ticket_id=4711)
        self.put_recording(WAVE)
        url = f"/web/content/crm.lead.phone.call/{self.find().id}/recording"
        own = self._new_user("own-leads-only", "sales_team.group_sale_salesman")
        for login, status in ((self.agent.login, 200), (own.login, 404)):
            with self.subTest(login=login):
                self.authenticate(login, login)
                response = self.url_open(url)
                self.assertEqual(response.status_code, status)
        lead.user_id = own
        response = self.url_open(url, headers={"Range": "bytes=0-3"})
        self.assertEqual((response.status_code, response.content), (206, b"RIFF"))
        self.assertEqual(response.headers["Content-Type"], "audio/wav")
        # A rule of the clinic for leads counts for their recordings, too.
        self.env["ir.rule"].create(
            {
                "name": "Hidden leads",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": f"[('id', '!=', {lead.id})]",
            }
        )
        self.assertEqual(self.url_open(url).status_code, 404)
