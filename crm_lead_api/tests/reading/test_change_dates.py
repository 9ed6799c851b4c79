# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that ``updated_at`` moves with whatever changes a lead's body or ETag: by
comparing bodies before and after what staff do."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import ReadCase


@tagged("post_install", "-at_install")
class TestChangeDates(ReadCase):
    def setUp(self):
        super().setUp()
        self.lead = self.assertSuccess(self.post())
        self.portrait = self.lead.portrait_id

    def read_lead(self):
        """Return body and ETag of the lead, and apart from them ``updated_at``."""
        response = self.get(f"lead/{self.lead.id}")
        data = self.assertJson(response, 200)["data"]
        return (data, response.headers["ETag"]), data.pop("updated_at")

    def do(self, act):
        """Do something an hour after the last change; tell whether the body, or the
        ETag, has changed, and whether pollers see that."""
        self.env.cr.flush()
        self.env.cr.execute(
            "UPDATE crm_lead SET write_date = write_date - interval '1 hour'"
        )
        self.env.invalidate_all()
        before, date = self.read_lead()
        act()
        self.env.cr.flush()
        self.env.invalidate_all()
        after, moved = self.read_lead()
        page = self.read_data(f"leads?updated_since={moved}")
        is_listed = self.lead.id in [item["id_lead"] for item in page["items"]]
        self.assertTrue(is_listed)
        return before != after, date != moved

    def test_what_staff_do_moves_the_date(self):
        lead, portrait, env = self.lead, self.portrait, self.env
        stage = lead.stage_id
        product = self.service_2.product_tmpl_id
        reason = env["crm.lost.reason"].create({"name": "Giá cao"})
        other = env["res.partner"].create({"name": "Cùng người", "phone": "0912 1"})
        merges = env["base.partner.merge.automatic.wizard"]
        campaign = env["utm.campaign"].create({"title": "Tháng Tám"})
        second = env["crm.stage"].create({"name": "Giữa", "sequence": 900})
        # sudo is that of the test: who may do what is not its subject
        doings = {
            "text of the portrait": lambda: portrait.write({"term_goals": "Khác"}),
            "hour of the portrait": lambda: portrait.write({"work_start_time": 6.25}),
            "a new word": lambda: portrait.write(
                {"hobby_ids": [Command.create({"name": "Bơi", "kind": "hobby"})]}
            ),
            "another word": lambda: portrait.hobby_ids[0].write({"name": "Đi bộ"}),
            "order of words": lambda: portrait.hobby_ids[0].write({"sequence": 99}),
            "a word less": lambda: portrait.hobby_ids[0].unlink(),
            "quantity": lambda: lead.service_ids[0].write({"quantity": 3}),
            "price": lambda: lead.service_ids[0].write({"price_unit": 5}),
            "order of services": lambda: lead.service_ids[0].write({"sequence": 99}),
            "a service more": lambda: env["crm.lead.service"].create(
                {"lead_id": lead.id, "product_id": self.service.id, "price_unit": 0}
            ),
            "a service less": lambda: lead.service_ids[-1].unlink(),
            "name of a service": lambda: product.write({"name": "Khám kỹ"}),
            "code of a service": lambda: product.write({"default_code": "K-2"}),
            "name of the team": lambda: self.team.write({"name": "Nhóm khác"}),
            "name of the salesperson": lambda: self.agent.write({"name": "Hương"}),
            "e-mail of the salesperson": lambda: self.agent.partner_id.write(
                {"email": "huong.le@example.com"}
            ),
            "currency": lambda: env.ref("base.VND").write({"name": "VNX"}),
            "currency of the price list": lambda: self.pricelist.write(
                {"currency_id": env.ref("base.USD").id}
            ),
            "state of the stage": lambda: stage.write({"lead_api_state": "contacted"}),
            "state of the stage again": lambda: stage.write({"lead_api_state": False}),
            "another first stage": lambda: second.write({"sequence": -5}),
            "the first stage is folded": lambda: second.write({"fold": True}),
            "the first stage is back": lambda: second.write({"fold": False}),
            "the first stage is gone": lambda: second.unlink(),
            "a new first stage": lambda: env["crm.stage"].create(
                {"name": "Đầu", "sequence": -9}
            ),
            "campaign": lambda: lead.write({"campaign_id": campaign.id}),
            "the campaign is deleted": lambda: campaign.unlink(),
            "phone of the contact": lambda: lead.partner_id.write(
                {"phone": "0987 654 321"}
            ),
            "contacts are merged": lambda: merges._merge(
                (lead.partner_id | other).ids, other
            ),
            "the portrait is deleted": lambda: portrait.unlink(),
            "lost": lambda: lead.action_set_lost(lost_reason_id=reason.id),
            "name of the lost reason": lambda: reason.write({"name": "Xa"}),
            "reopened": lambda: lead.action_unarchive(),
            "the customer is deleted": lambda: lead.partner_id.unlink(),
            "won": lambda: lead.action_set_won(),
        }
        for name, act in doings.items():
            with self.subTest(name):
                self.assertEqual(self.do(act), (True, True))

    def test_what_changes_no_body_moves_no_date(self):
        lead, agent = self.lead, self.agent
        tag = self.portrait.hobby_ids.tag_id[0]
        for name, act in {
            "a note": lambda: lead.message_post(body="Gọi lại"),
            "comment of the contact": lambda: lead.partner_id.write({"comment": "x"}),
            "name of a tag": lambda: tag.write({"name": f"{tag.name}!"}),
            "description of a service": lambda: self.service.write(
                {"description_sale": "x"}
            ),
            "name of another contact": lambda: self.other_partner.write({"name": "x"}),
            "street of the salesperson": lambda: agent.write({"street": "x"}),
            "the last stage": lambda: self.env["crm.stage"].create(
                {"name": "Cuối", "sequence": 999}
            ),
        }.items():
            with self.subTest(name):
                self.assertEqual(self.do(act), (False, False))

    def test_merged_leads(self):
        other = self.assertSuccess(self.post({**self.payload, "ticket_id": 2}))

        def merge():
            (self.lead | other)._merge_opportunity()
            self.lead = (self.lead | other).exists()

        self.assertEqual(self.do(merge), (True, True))
