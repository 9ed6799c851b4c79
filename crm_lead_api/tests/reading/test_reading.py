# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``GET /api/v1/lead`` and ``/leads``: what became of the leads that were sent."""

from contextlib import closing
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.sql_db import db_connect
from odoo.tests import tagged

from ...schemas import LeadsQuery, StoredLeadsResponse
from ..data import NO_PORTRAIT
from .common import ReadCase


@tagged("post_install", "-at_install")
class TestReading(ReadCase):
    def send(self, **changes):
        return self.assertSuccess(self.post({**self.payload, **changes}))

    def test_lead_as_it_was_sent(self):
        lead = self.send()
        data = self.read_data(f"lead/{lead.id}")
        sent = {**self.payload, "account_id": lead.partner_id.id}
        self.assertEqual({name: data[name] for name in sent}, sent)
        self.assertEqual(data["id_lead"], lead.id)
        self.assertIn(f"#id={lead.id}&model=crm.lead", data["link_lead_detail"])
        self.assertEqual((data["state"], data["lost_reason"]), ("new", None))
        owner = {
            "id": self.agent.id,
            "name": "Lê Thu Hương",
            "email": self.agent.email,
        }
        self.assertEqual((data["owner"], data["team"]), (owner, "Tư vấn"))
        self.assertEqual(data["ticket_ids"], [4711])
        self.assertEqual(
            data["services"][0],
            {
                "id": self.service.id,
                "name": "Nâng mũi",
                "quantity": 1.0,
                "price_unit": 800.0,
                "price_subtotal": 800.0,
                "currency": "VND",
            },
        )
        self.assertRegex(data["created_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*Z$")

    def test_what_was_not_sent_is_null(self):
        optional = ("district_id", "birth_date", "email_from", "customer_portrait")
        lead = self.send(**dict.fromkeys(optional), crm_line_ids=[self.service.id] * 3)
        data = self.read_data(f"lead/{lead.id}")
        for name in optional[:3]:
            self.assertIsNone(data[name], name)
        self.assertEqual(data["customer_portrait"], NO_PORTRAIT)
        self.assertEqual(data["crm_line_ids"], [self.service.id] * 3)

    def test_what_became_of_it(self):
        lead = self.send()
        reason = self.env["crm.lost.reason"].create({"name": "Giá cao"})
        lead.action_set_lost(lost_reason_id=reason.id)
        data = self.read_data(f"lead/{lead.id}")
        self.assertEqual((data["state"], data["lost_reason"]), ("lost", "Giá cao"))
        lead.action_unarchive()
        lead.action_set_won()
        data = self.read_data(f"lead/{lead.id}")
        self.assertEqual((data["state"], data["lost_reason"]), ("won", None))
        self.assertTrue(data["closed_at"])

    def test_leads_of_others(self):
        own = self.send()
        client = self._new_client("web-form")
        other = self.assertSuccess(self.post(token=self._new_token(client)))
        by_hand = self.env["crm.lead"].create(
            {"name": "Tay", "company_id": self.company.id, "ticket_ref": "4711"}
        )
        elsewhere = self.env["crm.lead"].create(
            {"name": "Xa", "company_id": self.other_company.id}
        )

        def find_readable():
            leads = own | other | by_hand | elsewhere
            found = leads.filtered(
                lambda lead: self.get(f"lead/{lead.id}").status_code == 200
            )
            page = self.read_data("leads?limit=1000")
            listed = leads.filtered(
                lambda lead: lead.id in [item["id_lead"] for item in page["items"]]
            )
            self.assertEqual(found, listed)
            return found

        self.assertEqual(find_readable(), own)
        self.client.reads_all_leads = True
        self.assertEqual(find_readable(), own | other | by_hand)
        self.assertError(self.get(f"lead/{elsewhere.id}"), 404, "not_found")

    def test_no_such_lead(self):
        for path in (
            "0",
            "-1",
            "2147483647",
            "2147483648",
            "99999999999999",
            "x",
            "1.0",
        ):
            with self.subTest(path):
                self.assertError(self.get(f"lead/{path}"), 404, "not_found")

    def test_nothing_that_the_client_did_not_send(self):
        """A client that knows an account, or a phone, learns nothing else."""
        known = self.env["res.partner"].create(
            {
                "name": "Bí mật",
                "phone": "0900 000 202",
                "phone2": "0912 345 678",
                "email": "secret@example.com",
                "birthdate_date": "1990-01-01",
            }
        )
        optional = dict.fromkeys(
            ("phone_no2", "phone_no3", "email_from", "birth_date", "zalo_acc")
        )
        for changes in (
            {"account_id": known.id, "phone_no1": None},
            {"account_id": None},
        ):
            lead = self.send(**{**optional, **changes})
            self.assertEqual(lead.partner_id, known)
            for path in (f"lead/{lead.id}", "lead?ticket_id=4711", "leads"):
                text = self.get(path).text
                for secret in ("secret@", "Bí mật", "912 345", "1990-01-01"):
                    self.assertNotIn(secret, text)
            data = self.read_data(f"lead/{lead.id}")
            self.assertEqual(
                data["phone_no1"], changes.get("phone_no1", "0900 000 202")
            )
            self.client.reads_all_leads = True
            data = self.read_data(f"lead/{lead.id}")
            self.assertEqual(data["email_from"], "secret@example.com")
            self.client.reads_all_leads = False

    def test_leads_from_before_the_update(self):
        lead = self.send()
        lead.lead_api_sent = False
        data = self.read_data(f"lead/{lead.id}")
        self.assertEqual(data["contact_name"], "Trần Thị Thanh Thảo")
        self.assertIsNone(data["email_from"])

    def test_leads_of_two_clients_merged(self):
        client = self._new_client("web-form")
        token = self._new_token(client)
        first = self.send(email_from="first@example.com")
        payload = {**self.payload, "ticket_id": 815, "email_from": "b@example.com"}
        second = self.assertSuccess(self.post(payload, token=token))
        (first | second).with_user(self.agent).merge_opportunity()
        left = (first | second).exists()
        for kwargs, own, other in (({}, 4711, 815), ({"token": token}, 815, 4711)):
            self.assertEqual(
                self.read_data(f"lead?ticket_id={other}", **kwargs)["items"], []
            )
            (item,) = self.read_data(f"lead?ticket_id={own}", **kwargs)["items"]
            self.assertEqual((item["id_lead"], item["ticket_ids"]), (left.id, [own]))
            self.assertEqual(item["ticket_id"], own)
            (item,) = self.read_data("leads", **kwargs)["items"]
            self.assertEqual(item["id_lead"], left.id)
        is_first = left == first
        for kwargs, is_own in (({}, is_first), ({"token": token}, not is_first)):
            data = self.read_data(f"lead/{left.id}", **kwargs)
            self.assertEqual(bool(data["contact_name"]), is_own)
            self.assertEqual(data["customer_portrait"] != NO_PORTRAIT, is_own)

    def _set_dates(self, leads, start):
        """Let the leads have changed one after the other."""
        self.env.flush_all()
        for number, lead in enumerate(leads):
            self.env.cr.execute(
                "UPDATE crm_lead SET write_date = %s WHERE id = %s",
                [start + timedelta(microseconds=number // 2), lead.id],
            )
        self.env.invalidate_all()

    def test_pages_leave_nothing_out(self):
        leads = self.env["crm.lead"]
        for number in range(7):
            leads |= self.send(ticket_id=number + 1)
        # Within one second; those with smaller ids later, and two at a time.
        leads = leads.browse([leads.ids[at] for at in (5, 6, 3, 4, 1, 2, 0)])
        self._set_dates(leads, datetime(2026, 1, 2, 3, 4, 5, 678_900))
        for limit in (1, 2, 3, 7, 8):
            found, cursor = [], ""
            while cursor is not None:
                page = self.read_data(f"leads?limit={limit}&cursor={cursor}")
                found += [item["id_lead"] for item in page["items"]]
                cursor = page["next_cursor"]
            self.assertEqual(found, leads.ids, limit)

    def test_since(self):
        old, new = self.send(), self.send(ticket_id=2)
        self._set_dates(old, datetime(2026, 1, 1))
        self._set_dates(new, datetime(2026, 1, 2))
        for since, expected in {
            "2026-01-02T00:00:00Z": new,
            "2026-01-02T07:00:00%2B07:00": new,
            "2026-01-02T07:00:00+07:00": new,
            "2026-01-02T06:59:59%2B07:00": new,
            "2026-01-02T00:00:01Z": self.env["crm.lead"],
            "2025-12-31T23:59:59.5Z": old | new,
        }.items():
            with self.subTest(since):
                page = self.read_data(f"leads?updated_since={since}")
                self.assertEqual(
                    [item["id_lead"] for item in page["items"]], expected.ids
                )
        for since in ("yesterday", "2026-01-02", "2026-13-01T00:00:00Z", "1", ""):
            self.assertErrors(
                self.get(f"leads?updated_since={since}"), [("updated_since", "format")]
            )

    def test_what_is_not_committed_yet_may_be_older(self):
        """Leads that are younger than the oldest open transaction come later."""
        lead = self.send()
        # A connection of its own: those of the registry are the test's.
        with closing(db_connect(self.env.cr.dbname).cursor()) as cr:
            cr.execute("SELECT now() AT TIME ZONE 'utc'")
            start = cr.fetchone()[0]
            # Of what PostgreSQL does, a transaction sees what it saw first.
            self.env.cr.execute("SELECT pg_stat_clear_snapshot()")
            for offset, found in ((-1, lead.ids), (1, [])):
                self._set_dates(lead, start + timedelta(seconds=offset))
                page = self.read_data("leads")
                self.assertEqual([item["id_lead"] for item in page["items"]], found)

    def test_what_takes_long_is_waited_for(self):
        """As long as it works; not what only reads, nor what has been left open."""
        lead, horizon = self.send(), "odoo.addons.crm_lead_api.models.reading"
        horizon += ".crm_lead_api_horizon"
        for writes, pause, is_waited_for in (
            *((True, timedelta(minutes=5), True), (True, timedelta(), False)),
            (False, timedelta(minutes=5), False),
        ):
            with (
                self.subTest(writes=writes, pause=pause),
                patch(f"{horizon}.LONGEST_READ", timedelta()),
                patch(f"{horizon}.LONGEST_PAUSE", pause),
                closing(db_connect(self.env.cr.dbname).cursor()) as cr,
            ):
                cr.execute("SELECT now() AT TIME ZONE 'utc'")
                start = cr.fetchone()[0]
                if writes:
                    cr.execute("SELECT pg_current_xact_id()")
                self.env.cr.execute("SELECT pg_stat_clear_snapshot()")
                self._set_dates(lead, start + timedelta(microseconds=1))
                items = self.read_data("leads")["items"]
                self.assertEqual(not items, is_waited_for)

    def test_the_number_of_queries_does_not_grow(self):
        counts = []
        for number in (1, 20):
            for ticket in range(number):
                self.send(ticket_id=number * 1000 + ticket)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            reader = self.env["crm.lead.api.reader"].with_user(self.caller)
            leads, _cursor = reader._get_page_of(
                *reader._get_leads(), LeadsQuery.parse({}), datetime.max
            )
            StoredLeadsResponse.from_records(leads).to_body()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 8, counts)

    def test_whatever_staff_write_can_be_read(self):
        lead = self.send()
        lead.write(
            {
                "phone": "ext. " + "1" * 300,
                "birthdate_date": "1850-01-01",
                "ticket_ref": "A-17, 99999999999999999999, 8",
                "agent_email": "x" * 400,
                "street": False,
                "partner_id": False,
                "service_ids": [Command.clear()],
            }
        )
        data = self.read_data(f"lead/{lead.id}")
        self.assertEqual(data["ticket_ids"], [17, 8])
        self.assertEqual((data["street"], data["crm_line_ids"]), (None, []))
        self.assertEqual(data["birth_date"], "1850-01-01")
