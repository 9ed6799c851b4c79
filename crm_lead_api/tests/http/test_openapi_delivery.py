# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The OpenAPI document is made once, compressed, and everybody gets the own one."""

import json
import zlib

from odoo.tests import tagged

from ...openapi.document import prepare_document
from ..access.common import CustomFieldsCase

URL = "/api/v1/openapi.json"


@tagged("post_install", "-at_install")
class TestOpenApiDelivery(CustomFieldsCase):
    def _read(self, url=URL, **headers):
        """Read the document as anybody; return the answer with its bytes unchanged."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.url_open(url, headers={"Accept-Encoding": "identity", **headers})

    def test_compressed_where_the_client_takes_it(self):
        plain = self._read()
        self.assertNotIn("Content-Encoding", plain.headers)
        for accepted in ("gzip", "deflate, gzip;q=0.5", "*"):
            answer = self._read(Accept_Encoding=accepted)
            with self.subTest(accepted):
                self.assertEqual(answer.headers["Content-Encoding"], "gzip")
                self.assertIn("Accept-Encoding", answer.headers["Vary"])
                self.assertEqual(answer.content, plain.content)
                length = int(answer.headers["Content-Length"])
                self.assertLess(length, len(plain.content) / 8)
        for refused in ("", "br", "gzip;q=0"):
            answer = self._read(Accept_Encoding=refused)
            with self.subTest(refused):
                self.assertNotIn("Content-Encoding", answer.headers)

    def test_compressed_document_is_a_single_member(self):
        """Some programs read no further member of the format gzip."""
        headers = {"Accept-Encoding": "gzip"}
        url = f"{self.base_url()}{URL}"
        with self.opener.get(url, headers=headers, stream=True) as answer:
            body = answer.raw.read(decode_content=False)
        inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        json.loads(inflate.decompress(body))
        self.assertEqual((inflate.eof, inflate.unused_data), (True, b""))

    def test_unchanged_document_is_not_sent_again(self):
        for accepted in ("identity", "gzip"):
            etag = self._read(Accept_Encoding=accepted).headers["ETag"]
            answer = self._read(Accept_Encoding=accepted, If_None_Match=etag)
            with self.subTest(accepted):
                self.assertEqual((answer.status_code, answer.content), (304, b""))
                self.assertEqual(answer.headers["ETag"], etag)
        etags = {
            self._read(**headers).headers["ETag"]
            for headers in (
                {"Accept_Encoding": "gzip"},
                {},
                {"Accept_Language": "vi"},
                {"url": f"{URL}?strict=1"},
                {"url": f"{URL}?strict=1", "Accept_Language": "vi"},
            )
        }
        self.assertEqual(len(etags), 5)

    def test_made_once(self):
        self._read()
        made = prepare_document.cache_info().misses
        for host in ("a.example.com", "b.example.com"):
            answer = self._read(Host=host, Accept_Encoding="gzip")
            create = answer.json()["paths"]["/api/v1/lead"]["post"]
            for sample in create["x-codeSamples"]:
                self.assertIn(f"//{host}/api/v1/lead", sample["source"])
        self.assertEqual(prepare_document.cache_info().misses, made)

    def test_each_gets_the_own(self):
        """The attributes of a client are in no other document, and count at once."""

        def read(**kwargs):
            document = self.post(url=URL, method="GET", **kwargs).json()
            return document["components"]["schemas"]["LeadRequest"]

        anybody = self._read().json()["components"]["schemas"]["LeadRequest"]
        self.assertNotIn("char", anybody["properties"])
        self.assertIn("char", read()["properties"])
        self.assertIn("campaign_id", read()["required"])
        self.client.campaign_id = self.campaign
        self.assertNotIn("campaign_id", read()["required"])
        self.assertIn("campaign_id", anybody["required"])
        [attribute] = self.attributes.filtered(lambda each: each.name == "char")
        attribute.description = "The number of the card."
        described = read()["properties"]["char"]["description"]
        self.assertEqual(described, "The number of the card.")
        attribute.unlink()
        self.assertNotIn("char", read()["properties"])
        self.assertEqual(
            self._read().json()["components"]["schemas"]["LeadRequest"], anybody
        )

    def test_selection_of_a_custom_attribute_counts_at_once(self):
        def read():
            text = self.post(url=f"{URL}?strict=1", method="GET").text
            schemas = json.loads(text)["components"]["schemas"]
            return schemas["LeadRequest"]["properties"]["selection"]["enum"]

        before = read()
        definition = self.env["ir.model.fields"]._get("crm.lead", "x_selection")
        definition.selection_ids[0].unlink()
        self.assertEqual(read(), before[1:])
