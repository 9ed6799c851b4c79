# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the answers to errors that no request brings about at will."""

import psycopg2
from werkzeug.exceptions import BadGateway, HTTPException, ImATeapot

from odoo.exceptions import ConcurrencyError, LockError
from odoo.sql_db import PoolError
from odoo.tests import BaseCase, tagged

from ...http.errors import describe_error


@tagged("post_install", "-at_install")
class TestErrors(BaseCase):
    def test_errors(self):
        for error, status, kind in (
            (psycopg2.DatabaseError(), 503, "unavailable"),  # a lost connection
            (psycopg2.OperationalError(), 503, "unavailable"),
            (psycopg2.InterfaceError(), 503, "unavailable"),
            (psycopg2.errors.ReadOnlySqlTransaction(), 503, "unavailable"),
            (PoolError(), 503, "unavailable"),
            (ConcurrencyError(), 503, "unavailable"),
            (LockError("x"), 503, "unavailable"),
            (psycopg2.DataError(), 500, "server"),
            (ZeroDivisionError(), 500, "server"),
            (HTTPException(), 500, "server"),
            (BadGateway(), 500, "server"),
            (ImATeapot(), 418, "malformed"),
        ):
            with self.subTest(repr(error)):
                body, code, headers = describe_error(error, "en_US")
                self.assertEqual(
                    (code, body["error"], body["type"]), (status,) * 2 + (kind,)
                )
                self.assertEqual("reference" in body, status == 500)
                self.assertEqual("Retry-After" in headers, status == 503)
