# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each call with a valid token leaves an entry, also one that was refused."""

import json
from datetime import timedelta
from unittest.mock import patch

import psycopg2
from lxml import etree

from odoo import fields
from odoo.fields import Domain
from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import file_path, mute_logger
from odoo.tools.safe_eval import safe_eval

from ...models import ir_cron
from ..common import URL, LeadApiLogCase
from ..data import MANAGER_GROUP

KEY = {"Idempotency-Key": "8e03978e", "X-Request-Id": "call-1"}


@tagged("post_install", "-at_install")
class TestRequestLog(LeadApiLogCase):
    def test_success(self):
        response = self.post({**self.payload, "màu": "đỏ"}, headers=KEY)
        lead = self.assertSuccess(response)
        entry = self._get_entry()
        self.assertRecordValues(
            entry,
            [
                {
                    "client_id": self.client.id,
                    "token_id": self.client.token_ids.id,
                    "company_id": self.company.id,
                    "address": "127.0.0.1",
                    "request_ref": "call-1",
                    "idempotency_key": "8e03978e",
                    "status": 200,
                    "state": "done",
                    "error_type": False,
                    "error_fields": False,
                    "is_replayed": False,
                    "lead_id": lead.id,
                    "partner_id": lead.partner_id.id,
                    "ticket_ref": "4711",
                    "name": "Trần Thị Thanh Thảo",
                    "email": "thao.tran@example.com",
                    "phones": "+84900000202, +84900000203, +842838220000",
                    "answer": response.text,
                    "ignored_fields": "màu",
                }
            ],
        )
        self.assertEqual(json.loads(entry.payload), {**self.payload, "màu": "đỏ"})
        self.assertIn('\n  "contact_name": "Trần Thị Thanh Thảo",', entry.payload_text)
        self.assertLess(fields.Datetime.now() - entry.date, timedelta(minutes=1))
        self.assertGreater(entry.duration, 0)
        self.assertEqual(lead.lead_api_request_ids, entry)

    def test_refused(self):
        payload = {**self.payload, "gender": "nữ", "street": "", "màu": "đỏ"}
        with self.assertNothingMade():
            response = self.post(payload)
        entry = self._get_entry()
        self.assertRecordValues(
            entry,
            [
                {
                    "status": 422,
                    "state": "refused",
                    "error_type": "validation",
                    "error_fields": "gender, street",
                    "lead_id": False,
                    "company_id": self.company.id,
                    "ticket_ref": "4711",
                    "name": "Trần Thị Thanh Thảo",
                    "email": "thao.tran@example.com",
                    "phones": "+84900000202, +84900000203, +842838220000",
                    "answer": response.text,
                    "ignored_fields": "màu",
                    "request_ref": response.headers["X-Request-Id"],
                }
            ],
        )
        self.assertEqual(json.loads(entry.payload), payload)
        self.assertIn("gender: Send one of: male, female, other.", entry.problems)

    def test_errors_are_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        wrong = {**self.payload, "gender": "nữ"}
        for url, body in ((URL, wrong), ("/api/v1/leads", {"leads": [wrong]})):
            headers = {"Accept-Language": "vi", "Idempotency-Key": ""}
            self.post(body, url=url, headers=headers)
        for entry in self._get_entries():
            self.assertIn("Hãy gửi", entry.with_context(lang="vi_VN").problems)
            self.assertIn("gender: Send one of: male", entry.problems)
        # From before the update
        entry.problems_by_lang = False
        self.assertIn("Hãy gửi", entry.problems)
        entry.problems_by_lang = {"en_US": "Lê An"}
        entry._anonymize()
        self.assertFalse(entry.problems_by_lang or entry.problems)

    def test_the_type_of_an_error_is_not_beside_its_sentences(self):
        """Leave the type, which is the API's and English, to the answer."""
        views = self.env["crm.lead.api.request"].get_views(
            [(False, "form"), (False, "kanban")]
        )["views"]
        form = etree.fromstring(views["form"]["arch"])
        shown = form.xpath("//div[@role='alert']//field/@name")
        self.assertEqual(shown, ["problems"])
        self.assertNotIn("error_type", views["kanban"]["arch"])

    def test_company_is_that_of_the_lead(self):
        """Whoever may not see the lead may not read what was said about it."""
        self.client.company_ids += self.other_company
        manager = self._new_user("manager", MANAGER_GROUP)
        elsewhere = {
            **self.payload,
            "company_id": self.other_company.id,
            "price_list_id": self.other_pricelist.id,
            "crm_line_ids": [self.service_2.id],
        }
        lead = self.assertSuccess(self.post(elsewhere))
        note = {"text": "Bí mật", "agent_email": self.agent.login}
        sent = (
            (note, f"{URL}/{lead.id}/notes", "POST", 200),
            (note, f"{URL}/notes?ticket_id=4711", "POST", 200),
            ({"street": "1 Lê Lợi"}, f"{URL}/{lead.id}", "PATCH", 200),
            (elsewhere, URL, "PUT", 200),
        )
        headers = {"Idempotency-Key": ""}
        for payload, url, method, status in sent:
            response = self.post(payload, url=url, method=method, headers=headers)
            self.assertJson(response, status)
        entries = self._get_entries()
        self.assertEqual(len(entries), 5)
        self.assertEqual(entries.company_id, self.other_company)
        self.assertFalse(entries.with_user(manager).search([]))
        # Repeated requests are about the same lead.
        again = self.post(note, url=f"{URL}/{lead.id}/notes", headers=headers)
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        self.assertEqual(self._get_entries()[:1].company_id, self.other_company)
        self.assertFalse(entries.with_user(manager).search([]))

    def test_company_of_a_refused_request(self):
        """Take the payload's company; without one, ask for all of the client's."""
        self.client.company_ids += self.other_company
        manager = self._new_user("manager", MANAGER_GROUP)
        wrong = {**self.payload, "gender": "x"}
        nowhere = {name: wrong[name] for name in wrong if name != "company_id"}
        note = {"text": "", "agent_email": "x"}
        lead = self.create_lead()
        for payload, url, company in (
            (wrong, URL, self.company),
            ({**wrong, "company_id": self.other_company.id}, URL, self.other_company),
            ({**wrong, "company_id": 0}, URL, self.company.browse()),
            (nowhere, URL, self.company.browse()),
            (note, f"{URL}/{lead.id}/notes", self.company.browse()),
            # Ignored there, and so not the lead's company
            (
                {**note, "company_id": self.company.id},
                f"{URL}/{lead.id}/notes",
                self.company.browse(),
            ),
        ):
            with self.subTest(payload=payload):
                self.assertJson(self.post(payload, url=url), 422)
                entry = self._get_entries()[:1]
                self.assertEqual(entry.company_id, company)
                sees = bool(entry.with_user(manager).search([("id", "=", entry.id)]))
                self.assertEqual(sees, company == self.company)
        manager.company_ids += self.other_company
        self.assertEqual(self._get_entries().with_user(manager).search_count([]), 6)

    def test_the_update_gives_old_entries_the_company_of_the_lead(self):
        self.assertSuccess(self.post())
        of_lead = self._get_entries()
        left_over = of_lead.copy({"kind": "note", "state": "done"})
        refused = of_lead.copy({"state": "refused"})
        refused.lead_id = left_over.lead_id = False
        (of_lead | left_over | refused).company_id = self.other_company
        self.env.flush_all()
        path = file_path("crm_lead_api/migrations/19.0.8.1.0/post-migrate.py")
        load_script(path, "post_migrate").migrate(self.env.cr, "19.0.8.0.0")
        self.env.invalidate_all()
        self.assertEqual(of_lead.company_id, self.company)
        self.assertFalse(left_over.company_id)
        self.assertEqual(refused.company_id, self.other_company)

    def test_lead_that_is_gone(self):
        """An entry of a lead that staff deleted in the same moment does not keep the
        others from being read."""
        manager = self._new_user("manager", MANAGER_GROUP)
        manager.group_ids += self.env.ref("base.group_allow_export")
        lead = self.assertSuccess(self.post())
        gone = self.assertSuccess(self.post({**self.payload, "ticket_id": 2}))
        entry = self._get_entries()[:1]
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM crm_lead WHERE id = %s", [gone.id])
        self.env.invalidate_all()
        self.assertEqual(entry.read(["lead_id"], load=None)[0]["lead_id"], False)
        self.env.invalidate_all()
        entries = self.env["crm.lead.api.request"].with_user(manager)
        names = {"lead_id": {"fields": {"display_name": {}}}, "name": {}}
        page = entries.web_search_read([], names)["records"]
        self.assertEqual([bool(each["lead_id"]) for each in page], [False, True])
        self.env.invalidate_all()
        rows = entries.search([]).export_data(["lead_id", "lead_id/name"])["datas"]
        self.assertEqual(rows[1], [lead.display_name, lead.name])
        self.env.invalidate_all()
        groups = entries.formatted_read_group([], ["lead_id"], ["__count"])
        self.assertEqual(sum(group["__count"] for group in groups), 2)

    def test_dry_runs_are_hidden_at_first(self):
        self.post(self.payload)
        self.post({**self.payload, "ticket_id": 2}, url=f"{URL}?dry_run=1")
        requests = self.env["crm.lead.api.request"]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_api.crm_lead_api_request_action"
        )
        arch = etree.fromstring(requests.get_view(view_type="search")["arch"])
        domain = Domain("client_id", "=", self.client.id)
        for name in safe_eval(action["context"]):
            [node] = arch.iterfind(f"filter[@name='{name[15:]}']")
            domain &= Domain(safe_eval(node.get("domain")))
        self.assertEqual(requests.search(domain).mapped("state"), ["done"])

    def test_what_was_ignored(self):
        for payload in (self.payload, {**self.payload, "gender": "x"}):
            self.post({**payload, "note": "x"}, url="/api/v1/lead?other=1")
            entry = self._get_entries()[:1]
            self.assertEqual(entry.ignored_fields, "other, note")

    def test_every_other_refusal(self):
        half = '{"contact_name": "Ánh'
        cases = {
            "not JSON": ({"data": half.encode()}, 400, half),
            "NUL": ({"data": b'{"a": "\x00"}'}, 400, '{"a": "\ufffd"}'),
            "not UTF-8": ({"data": b'{"a": "\xff"}'}, 400, '{"a": "\ufffd"}'),
            "half of a surrogate": ({"data": b'"\xed\xa0\x80"'}, 400, None),
            "large": ({"data": b" " * 300_000}, 413, ""),
            "XML": ({"data": b"<a/>"}, 415, "<a/>"),
        }
        for case, (kwargs, status, payload) in cases.items():
            with self.subTest(case):
                media_type = "text/xml" if status == 415 else "application/json"
                kwargs["headers"] = {"Content-Type": media_type}
                self.assertEqual(self.post(**kwargs).status_code, status)
                entry = self._get_entries()[:1]
                self.assertEqual(entry.status, status)
                if payload is not None:
                    self.assertEqual(entry.payload or "", payload)
                    lines = entry.payload_text or ""
                    self.assertEqual("".join(lines.split()), "".join(payload.split()))

    def test_replayed(self):
        lead = self.assertSuccess(self.post(headers=KEY))
        self.post(headers=KEY)
        self.post({**self.payload, "ticket_id": 2}, headers=KEY)
        conflict, replayed, first = self._get_entries()
        self.assertEqual((first.is_replayed, replayed.is_replayed), (False, True))
        self.assertEqual((first | replayed).lead_id, lead)
        for name in ("lead_id", "partner_id", "phones", "answer"):
            self.assertTrue(first[name])
            self.assertEqual(replayed[name], first[name])
        self.assertEqual((conflict.status, conflict.lead_id.id), (409, False))

    @mute_logger("odoo.http", "odoo.addons.crm_lead_api.http.dispatcher")
    def test_fault_of_ours(self):
        leads = type(self.env["crm.lead"])
        with patch.object(leads, "_create_from_payload", side_effect=KeyError("x")):
            response = self.post()
        entry = self._get_entry()
        self.assertEqual((entry.status, entry.state), (500, "fault"))
        self.assertIn(response.json()["reference"], entry.answer)

    @mute_logger("odoo.addons.crm_lead_api.http.dispatcher")
    def test_a_log_that_cannot_be_written_does_not_change_the_answer(self):
        requests = type(self.env["crm.lead.api.request"])
        for error in (psycopg2.OperationalError, KeyError("of another addon")):
            with patch.object(requests, "_log", side_effect=error):
                response = self.post({**self.payload, "gender": "x"})
            self.assertErrors(response, [("gender", "choice")])

    def test_without_a_valid_token_calls_are_counted_only(self):
        self.post(token="")
        self.post(token="crmlead_" + "0" * 40)
        self.assertFalse(self._get_entries())
        counted = self.env["crm.lead.api.refusal"].search([])
        self.assertRecordValues(
            counted, [{"address": "127.0.0.1", "calls": 2, "wrong_tokens": 1}]
        )

    def test_no_token_is_kept(self):
        other = self._new_token()
        payload = {**self.payload, "access_token": self.token, "note": f"x{other}y"}
        self.assertSuccess(self.post(payload, headers={"X-Request-Id": self.token}))
        self.post({**payload, self.token: 1, "gender": self.token})
        self.assertEqual(len(self._get_entries()), 2)
        for entry in self._get_entries():
            for name, value in entry.read()[0].items():
                for token in (self.token, other):
                    self.assertNotIn(token, str(value), name)

    def test_search(self):
        lead = self.assertSuccess(self.post())
        entry = self._get_entry()
        self.post({**self.payload, "phone_no1": "0912345678", "ticket_id": 5})
        entries = self.env["crm.lead.api.request"]
        view = etree.fromstring(entries.get_view(view_type="search")["arch"])
        first = view.find("field").get("filter_domain")
        for domain in (
            safe_eval(first, {"self": "0900 000 202"}),
            safe_eval(first, {"self": "4711"}),
            [("phone_search", "ilike", "0900 000 202")],
            [("phone_search", "ilike", "84900000202")],
            [("phone_search", "ilike", "+84 900.000.202")],
            [("phone_search", "ilike", "000202")],
            [("ticket_ref", "=", "4711")],
            [("request_ref", "=", entry.request_ref)],
            [("lead_id", "=", lead.id)],
        ):
            with self.subTest(domain):
                self.assertEqual(entries.search(domain), entry)
        both = entries.search([("phone_search", "ilike", "028 3822 0000")])
        self.assertEqual(len(both), 2)
        other = entries.search(
            [
                ("phone_search", "not ilike", "0900 000 202"),
                ("client_id", "=", self.client.id),
            ]
        )
        self.assertEqual(other, both - entry)

    def test_one_statement_writes_it(self):
        # With a warm cache.
        self.assertSuccess(self.post())
        execute, statements = type(self.env.cr).execute, []

        def record(cursor, query, *args, **kwargs):
            statements.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", record):
            self.assertSuccess(self.post())
        touching = [text for text in statements if "crm_lead_api_request" in text]
        self.assertEqual(len(touching), 1, touching)
        self.assertIn("INSERT INTO", touching[0])

    def test_only_the_administrator_of_the_lead_api_reads_it(self):
        self.post()
        entry = self._get_entry()
        manager = self._new_user("manager", MANAGER_GROUP)
        self.assertTrue(entry.with_user(manager).has_access("read"))
        for access in ("write", "create", "unlink"):
            self.assertFalse(entry.with_user(manager).has_access(access))
        self.assertFalse(entry.with_user(self.agent).has_access("read"))

    def test_payloads_are_forgotten_and_figures_stay(self):
        self.post()
        self.post(
            {**self.payload, "gender": "x", "note": "x"},
            url=f"{URL}?ticket_id=4711",
            method="PATCH",
        )
        refused, done = self._get_entries()
        refused.changes = {"contact_name": ["Ánh", "Thảo"]}
        erased = (
            *("payload", "answer", "name", "email", "phones", "ticket_ref"),
            *("ignored_fields", "request_ref", "idempotency_key", "changes", "route"),
        )
        self.assertTrue(all(refused[name] for name in erased))
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("crm_lead_api.payload_days", 30)
        refused.date -= timedelta(days=31)
        done.date -= timedelta(days=29)
        cron = self.env.ref("crm_lead_api.ir_cron_forget_payloads")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertRecordValues(
            refused,
            [
                {
                    "status": 422,
                    "error_fields": "gender",
                    "client_id": self.client.id,
                    **dict.fromkeys(erased, False),
                }
            ],
        )
        self.assertTrue(done.payload)
        progress = self.env["ir.cron.progress"].search([("cron_id", "=", cron.id)])
        self.assertRecordValues(progress, [{"done": 1, "remaining": 0}])
        done.date -= timedelta(days=2)
        self.post()
        other = self._get_entries()[0]
        other.date -= timedelta(days=31)
        with (
            patch.object(ir_cron, "BATCH", 1),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.assertFalse(done.payload or other.payload)

    def test_entries_without_a_payload_are_forgotten_too(self):
        self.post()
        url = f"{URL}?ticket_id=4711"
        self.assertJson(self.post(url=url, method="PATCH", data=b""), 400)
        entry = self._get_entries()[0]
        self.assertTrue(entry.route and entry.answer and not entry.payload)
        entry.date -= timedelta(days=400)
        cron = self.env.ref("crm_lead_api.ir_cron_forget_payloads")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(any(entry[name] for name in ("route", "answer", "ticket_ref")))

    def test_an_erased_entry_erases_its_answer(self):
        self.post()
        self._get_entry().unlink()
        self.assertFalse(self.env["crm.lead.api.answer"].search([]))

    def test_an_erased_contact_erases_its_refused_requests(self):
        """Odoo's Privacy Lookup finds those with an e-mail, a name or a contact."""
        lead = self.assertSuccess(self.post())
        partner, phone = lead.partner_id, self.payload["phone_no1"]
        done = self._get_entry()

        def refuse(method, address="", **body):
            answer = self.post(
                {**body, "gender": "x"}, url=URL + address, method=method
            )
            self.assertIn(answer.status_code, (404, 422))
            return self._get_entries()[:1]

        erased = refuse("PATCH", f"/{lead.id}", street="Lê Lợi")
        erased += refuse("PATCH", f"/{lead.id}?dry_run=true")
        erased += refuse("PATCH", "?ticket_id=4711")
        erased += refuse("POST", f"/{lead.id}/notes")
        erased += refuse("POST", phone_no1=phone)
        kept = refuse("PATCH", f"/{lead.id}0")
        kept += refuse("PATCH", "?ticket_id=47")
        kept += refuse("POST", phone_no1="0944555666")
        values = {"name": "Thảo", "phone": partner.phone}
        duplicate, test = partner.create([values, {**values, "is_lead_api_test": True}])
        test.unlink()
        duplicate.with_user(self._new_user("an", "base.group_partner_manager")).unlink()
        self.assertTrue(all(erased.mapped("payload")))
        partner.unlink()
        for name in ("payload", "answer", "route", "phones"):
            self.assertFalse(any(erased.mapped(name)), name)
        self.assertTrue(all((kept + done).mapped("payload")))
