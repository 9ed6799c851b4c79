# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.fields import Command

from ..common import URL
from .common import ChangeCase


class TestChangeRecords(ChangeCase):
    def test_all_errors_at_once(self):
        response = self.change(
            {
                "gender": "x",
                "state_id": self.other_state.id,
                "source_id": 999_999,
            }
        )
        self.assertErrors(
            response,
            [
                ("gender", "choice"),
                ("district_id", "mismatch"),
                ("source_id", "unknown"),
            ],
        )

    def test_a_source_that_has_another_group_since(self):
        self.source.group_id = self.other_group
        self.env.flush_all()
        payload = {**self.payload, "work_online": "yes"}
        self.assertChanged(self.change(payload, URL, "PUT"))
        self.assertErrors(
            self.change({**payload, "ticket_id": 6}, URL, "PUT"),
            [("source_id", "mismatch")],
        )

    def test_records_that_were_archived_since(self):
        """A change may still name those of the lead, and no others."""
        user = self._new_user("cu2", "base.group_user")
        payload = {**self.payload, "ticket_id": 5, "user_id": user.id}
        lead = self.assertSuccess(self.post(payload))
        self.write_as_staff(lead, campaign_id=self.campaign.copy().id)
        self.service_2.sale_ok = False
        for record in (self.campaign, self.district, self.service, user):
            record.active = False
        self.env.flush_all()
        self.assertChanged(
            self.change({**payload, "work_online": "yes"}, URL, "PUT"),
            [("lead", "campaign_id", lead.campaign_id.id, self.campaign.id)],
        )
        self.assertEqual(lead.work_online, "yes")
        self.assertEqual(lead.creator_id, user)
        services = [self.service.id, self.archived_service.id]
        self.assertErrors(
            self.change(
                {
                    "user_id": self.archived_user.id,
                    "campaign_id": self.archived_campaign.id,
                    "crm_line_ids": services,
                },
                f"{URL}/{lead.id}",
            ),
            [
                ("user_id", "archived"),
                ("campaign_id", "archived"),
                ("crm_line_ids.1", "archived"),
            ],
        )
        payload["ticket_id"] = 6  # a new lead has none of them
        self.assertEqual(self.change(payload, URL, "PUT").status_code, 422)

    def test_a_record_that_was_deleted_since(self):
        values = {"name": "Tẩy trắng răng", "type": "service"}
        service = self.env["product.product"].create(values)
        services = [service.id, self.service.id]
        payload = {**self.payload, "ticket_id": 5, "crm_line_ids": services}
        lead = self.assertSuccess(self.post(payload))
        lead.service_ids.filtered(lambda line: line.product_id == service).unlink()
        service.unlink()
        self.env.flush_all()
        answer = self.change(payload, URL, "PUT")
        self.assertErrors(answer, [("crm_line_ids.0", "unknown")])

    def test_an_own_code_of_a_record_that_was_archived_since(self):
        self.client.takes_own_codes = True
        code = {"attribute": "campaign_id", "code": "HE", "res_id": self.campaign.id}
        self.client.code_ids = [Command.create(code)]
        self.campaign.active = False
        self.assertChanged(
            self.change({**self.payload, "campaign_id": "HE"}, URL, "PUT")
        )

    def test_a_name_of_a_record_that_was_archived_since(self):
        self.client.write({"takes_codes": True, "takes_own_codes": True})
        names = {"campaign_id": self.campaign.title, "crm_line_ids": ["Nâng mũi"]}
        payload = {**self.payload, **names}
        self.assertChanged(self.change(payload, URL, "PUT"))
        other = self.env["utm.campaign"].create({"title": self.campaign.title})
        (self.campaign + other).active = self.service.sale_ok = False
        self.assertChanged(self.change(names))
        self.assertChanged(self.change({**payload, "shuttle_bus": "no"}, URL, "PUT"))
        self.assertEqual(self.lead.shuttle_bus, "no")
        wrong = {**payload, "gender": "nữ", "district_id": "Phường Sao Hỏa"}
        errors = [("gender", "choice"), ("district_id", "unknown")]
        self.assertErrors(self.change(wrong, URL, "PUT"), errors)
        self.assertEqual(self.client.code_ids.mapped("code"), ["Phường Sao Hỏa"])
        errors = [("campaign_id", "unknown"), ("crm_line_ids.0", "unknown")]
        new = {**payload, "ticket_id": 6}
        self.assertErrors(self.change(new, URL, "PUT"), errors)

    def test_a_name_is_looked_for_in_the_leads_province(self):
        self.client.takes_codes = True
        states = (self.state, self.other_state)
        here, _there = self.district.create(
            [{"name": "Phường An Phú", "state_id": state.id} for state in states]
        )
        change = {"district_id": "Phường An Phú"}
        self.assertChanged(
            self.change(change), [("customer", "district_id", None, here.id)]
        )
        self.assertEqual(self.lead.district_id, here)
        twin = here.copy()
        answer = self.change({**change, "gender": "nữ"})
        errors = [("gender", "choice"), ("district_id", "ambiguous")]
        body = self.assertErrors(answer, errors)
        candidates = [each["id"] for each in body["errors"][1]["candidates"]]
        self.assertEqual(candidates, sorted((here | twin).ids))

    def test_a_name_is_looked_for_in_the_leads_company(self):
        """The client's defaults count for a new lead alone."""
        self.client.write({"takes_codes": True, "company_id": self.company.id})
        self.client.company_ids = self.company + self.other_company
        (self.pricelist + self.other_pricelist).name = "Bảng giá chung"
        payload = {**self.payload, "ticket_id": 5, "price_list_id": "Bảng giá chung"}
        del payload["company_id"]
        for created in (True, False):
            data = self.assertChanged(self.change(payload, URL, "PUT"))
            self.assertIs(data["created"], created)
            self.assertEqual(data["price_list_id"], self.pricelist.id)

    def test_records_have_to_be_of_the_leads_company(self):
        client = self._new_client("tong-dai-chung")
        client.company_ids = self.company + self.other_company
        token = self._new_token(client)
        lead = self.assertSuccess(self.post({**self.payload}, token=token))
        response = self.change(
            {"price_list_id": self.other_pricelist.id},
            url=f"{URL}/{lead.id}",
            token=token,
        )
        self.assertErrors(response, [("price_list_id", "unknown")])

    def _move(self):
        """Move the lead to another branch of the client, as staff do."""
        self.client.company_ids = self.company + self.other_company
        self.lead.write(
            {
                "company_id": self.other_company.id,
                "pricelist_id": self.other_pricelist.id,
                "user_id": False,
                "team_id": False,
            }
        )
        self.env.flush_all()

    def _new_colleague(self):
        """Return a new salesperson of the other branch alone."""
        colleague = self._new_user("colleague", "sales_team.group_sale_salesman")
        colleague.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        return colleague

    def test_services_of_the_company_that_staff_have_moved_the_lead_from(self):
        """The lead's cards and lists name all of them to the new branch."""
        self._move()
        colleague = self._new_colleague()
        tags = {"fields": {"display_name": {}}}
        names = ("service_product_ids", "untitled_service_ids")
        for title in (self.lead.name, "Khách quen"):
            self.lead.name = title
            self.assertIn(
                self.service, self.lead.service_product_ids
            )  # of all branches
            [values] = self.lead.with_user(colleague).web_read(
                {"first_service": {}, **dict.fromkeys(names, tags)}
            )
            self.assertEqual(values["first_service"], "Nâng mũi +1")
            for name in names:
                ids = [tag["id"] for tag in values[name]]
                self.assertEqual(ids, self.service_2.ids)
        self.env.invalidate_all()
        lead = self.lead.with_user(colleague)
        self.assertIn("Nâng mũi +1", lead._get_timeline_entry().text)
        products = lead.service_ids.product_id
        self.assertFalse(lead._is_made_title(lead.name, lead.contact_name, products))

    def test_the_company_that_staff_have_moved_the_lead_from(self):
        self._move()
        other = {"company_id": self.other_company.id}
        expected = [
            ("lead", "price_list_id", self.other_pricelist.id, self.pricelist.id)
        ]
        for url, method, payload in (
            (f"{URL}?dry_run=1", "PUT", self.payload),
            (URL, "PUT", self.payload),
            (self.url, "PATCH", {"price_list_id": self.pricelist.id}),
        ):
            with self.subTest(method, url=url):
                data = self.assertChanged(self.change(payload, url, method), expected)
                self.assertEqual(data["company_id"], self.other_company.id)
        self.assertEqual(self.lead.pricelist_id, self.other_pricelist)
        self.assertChanged(self.change({"company_id": self.company.id}))
        self.assertChanged(
            self.change({**other, "price_list_id": self.other_pricelist.id})
        )
        self.assertFalse(self.lead.pending_proposal_ids)
        self.assertErrors(
            self.change({**other, "price_list_id": self.pricelist.id}),
            [("price_list_id", "unknown")],
        )
        third = self.env["res.company"].create({"name": "Phòng khám Hoa Sen"})
        self.assertErrors(
            self.change({"company_id": third.id}), [("company_id", "immutable")]
        )

    def test_records_of_the_company_that_staff_have_moved_the_lead_from(self):
        """They are new, but the lead's company may not use them."""
        old_list = self.pricelist.copy({"name": "Cũ"})
        old, new = self.service.create(
            [
                {"name": name, "company_id": company.id}
                for name, company in (
                    ("Răng sứ", self.company),
                    ("Niềng", self.other_company),
                )
            ]
        )
        self._move()
        present = [self.service.id, self.service_2.id]
        sent = [*present, old.id, new.id]
        self.assertChanged(
            self.change(
                {
                    **self.payload,
                    "price_list_id": old_list.id,
                    "crm_line_ids": sent,
                },
                URL,
                "PUT",
            ),
            [
                ("lead", "price_list_id", self.other_pricelist.id, old_list.id),
                ("lead", "crm_line_ids", [*present, new.id], sent),
            ],
        )
        self.assertEqual(self.lead.pricelist_id, self.other_pricelist)
        services = self.lead.service_ids.product_id
        self.assertEqual(services.ids, [*present, new.id])
        proposals = self.lead.pending_proposal_ids
        texts = ["Cũ (VND)", "+ Răng sứ"]
        self.assertEqual(proposals.mapped("new_text"), texts)
        # Whoever has the lead now may use neither record, and reads what is proposed.
        proposals.invalidate_recordset()
        read = proposals.with_user(self._new_colleague()).web_read({"new_text": {}})
        self.assertEqual([values["new_text"] for values in read], texts)

    def test_accept_all_leaves_records_that_the_lead_may_not_have(self):
        old = self.service.create({"name": "Răng sứ", "company_id": self.company.id})
        values = {"name": "Zalo", "group_id": self.source_group.id}
        source = self.env["utm.source"].create(values)
        self._move()
        self.lead.write({"source_id": self.other_source.id, "street": "1 Tràng Tiền"})
        self.env.flush_all()
        change = {
            "price_list_id": self.pricelist.id,
            "add_crm_line_ids": [old.id, self.service_2.id],
            "source_id": source.id,
            "street": "2 Hai Bà Trưng",
        }
        self.assertJson(self.change(change), 200)
        source.unlink()
        self.env.invalidate_all()
        self.lead.action_accept_proposals()
        self.assertEqual(self.lead.street, "2 Hai Bà Trưng")
        left = self.lead.pending_proposal_ids
        subjects = ["pricelist_id", "services", "source_id"]
        self.assertEqual(sorted(left.mapped("subject")), subjects)
        texts = {"This was deleted, or belongs to another company."}
        self.assertEqual(set(left.mapped("doubt_text")), texts)

    def test_a_contact_that_the_client_does_not_see_any_more(self):
        """A value that Odoo took from the contact is not one of staff."""
        contact = {
            "name": "Bà Ánh",
            "email": "anh@example.com",
            "phone": "0911 222 333",
        }
        partner = self.env["res.partner"].create(contact)
        payload = {**self.payload, "account_id": partner.id, "email_from": None}
        lead = self.assertSuccess(self.post({**payload, "ticket_id": 5}))
        self.assertEqual(lead.email_from, "anh@example.com")
        partner.company_id = self.other_company
        self.env.flush_all()
        data = self.change({"email_from": "moi@example.com"}, url=f"{URL}/{lead.id}")
        self.assertChanged(data, [("customer", "email_from", None, "moi@example.com")])
        self.assertEqual(lead.email_from, "moi@example.com")
        self.assertEqual(partner.email, "anh@example.com")

    def test_a_lead_whose_country_odoo_has_emptied(self):
        """Odoo takes the whole address of a contact that staff choose."""
        contact = {"name": "Bà Ánh", "street": "1 Tràng Tiền"}
        self.write_as_staff(partner_id=self.env["res.partner"].create(contact).id)
        self.assertFalse(self.lead.country_id)
        self.assertChanged(self.change({"phone_no2": "0911 222 333"}))
        self.assertEqual(self.lead.phone2_key, "+84911222333")

    def test_another_addon_gets_the_records_of_a_change(self):
        leads, seen = type(self.lead), []
        prepare = leads._prepare_change_values

        def look(lead, payload, records):
            seen.append({name: records[name].id for name in ("state_id", "source_id")})
            return prepare(lead, payload, records)

        with patch.object(leads, "_prepare_change_values", look):
            self.change({"street": "2 Hai Bà Trưng", "state_id": self.state.id})
        self.assertEqual(
            seen, [{"state_id": self.state.id, "source_id": self.source.id}]
        )
