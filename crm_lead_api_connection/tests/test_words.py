# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.crm_lead_api.tests.data import MANAGER_GROUP

from .common import ConnectionHttpCase


@tagged("post_install", "-at_install")
class TestWords(ConnectionHttpCase):
    """A word that nobody knows costs no lead; its meaning heals the leads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"name": "Cần làm rõ", "type": "service"}
        cls.unclear = cls.env["product.product"].create(values)
        cls.connection.field_ids = [
            (0, 0, {"attribute": "crm_line_ids", "place": "answers.SERVICE"}),
            (0, 0, {"attribute": "state_id", "place": "answers.CITY"}),
            (0, 0, {"attribute": "country_id", "res_id": cls.country.id}),
        ]

    def enter(self, word, record, attribute="crm_line_ids"):
        codes = self.env["crm.lead.api.code"]
        code = codes.search([("attribute", "=", attribute), ("code", "=", word)])
        self.assertEqual(code.client_id, self.client)
        self.assertFalse(code.res_id)
        code.res_id = record.id
        self.heal_leads()
        return code

    def test_without_a_service(self):
        message = self.make_lead(answers={"SERVICE": "Nâng ngực", "CITY": "Sài Gòn"})
        lead = message.lead_id
        self.assertFalse(lead.service_ids or lead.state_id)
        self.assertEqual(lead.other_answers["SERVICE"], "Nâng ngực")
        self.assertIn(["crm_line_ids", "Nâng ngực"], message.unknown)
        named = [("customer", "ilike", "thị thanh")]
        self.assertEqual(message.search(named), message)
        self.assertFalse(message.search([("customer", "ilike", "100%")]))
        code = self.enter("Nâng ngực", self.service_2)
        own = code.with_user(self._new_user("manager-of-words", MANAGER_GROUP))
        action = own.action_open_leads()
        self.assertEqual(own.lead_count, 1)
        leads = own.env[action["res_model"]]
        self.assertEqual(leads.search(action["domain"]), lead)
        self.assertEqual(lead.service_ids.product_id, self.service_2)
        self.assertEqual(lead.name, "Trần Thị Thanh Thảo – Khám")
        self.assertEqual(message.unknown, [["state_id", "Sài Gòn"]])
        self.assertNotIn("SERVICE", lead.other_answers)
        self.assertIn("CITY", lead.other_answers)
        self.enter("Sài Gòn", self.state, "state_id")
        self.assertEqual(lead.state_id, self.state)
        self.assertFalse(message.unknown)
        self.assertFalse(lead.proposal_ids)
        # The next one is understood.
        lead = self.make_lead("2", answers={"SERVICE": "Nâng ngực"}).lead_id
        self.assertEqual(lead.service_ids.product_id, self.service_2)

    def test_a_word_opens_leads_that_its_reader_may_see(self):
        lead = self.make_lead(answers={"SERVICE": "Nâng ngực"}).lead_id
        code = self.enter("Nâng ngực", self.service_2)
        lead.team_id = False
        lead.company_id = self.other_company
        own = code.with_user(self._new_user("manager-of-words", MANAGER_GROUP))
        self.assertEqual((code.lead_count, own.lead_count), (1, 0))
        action = own.action_open_leads()
        self.assertFalse(self.env["crm.lead"].search(action["domain"]))

    def test_service_to_be_clarified(self):
        self.connection.unclear_service_id = self.unclear
        lead = self.make_lead(answers={"SERVICE": "Nâng ngực; Cắt mí"}).lead_id
        self.assertEqual(lead.service_ids.product_id, self.unclear)
        self.enter("Nâng ngực; Cắt mí", self.service_2)
        self.assertEqual(lead.service_ids.product_id, self.service_2)

    def test_an_archived_service_to_be_clarified(self):
        """Nobody reads an id of the database as an answer, or as a word."""
        self.connection.unclear_service_id = self.unclear
        self.unclear.active = False
        message = self.make_lead(answers={"SERVICE": "Nâng ngực"})
        lead = message.lead_id
        self.assertFalse(lead.service_ids)
        self.assertEqual(lead.other_answers["SERVICE"], "Nâng ngực")
        self.assertEqual(message.unknown, [["crm_line_ids", "Nâng ngực"]])
        codes = self.env["crm.lead.api.code"].search([])
        self.assertNotIn(str(self.unclear.id), codes.mapped("code"))
        self.enter("Nâng ngực", self.service_2)
        self.assertEqual(lead.service_ids.product_id, self.service_2)
        self.assertNotIn("SERVICE", lead.other_answers)
        self.assertFalse(message.unknown)

    def test_a_fixed_record_that_the_lead_cannot_have(self):
        lines = self.connection.field_ids.grouped("attribute")
        lines["crm_line_ids"].res_id = self.archived_service.id
        self.map("campaign_id", "answers.CAMPAIGN", res_id=self.archived_campaign.id)
        message = self.make_lead()
        self.assertEqual(message.lead_id.other_answers.keys(), {"EMAIL"})
        self.assertFalse(message.unknown or message.lead_id.service_ids)
        message = self.make_lead("2", answers={"SERVICE": "Nâng ngực"})
        self.assertEqual(message.unknown, [["crm_line_ids", "Nâng ngực"]])

    def test_several_words(self):
        self.connection.unclear_service_id = self.unclear
        message = self.make_lead(answers={"SERVICE": ["Khám", "Nâng ngực", "Cắt mí"]})
        lead = message.lead_id
        self.assertEqual(lead.service_ids.product_id, self.service_2)
        self.assertEqual(lead.other_answers["SERVICE"], "Nâng ngực, Cắt mí")
        self.enter("Nâng ngực", self.service)
        self.assertEqual(lead.service_ids.product_id, self.service | self.service_2)
        self.assertEqual(message.unknown, [["crm_line_ids", "Cắt mí"]])
        self.assertIn("SERVICE", lead.other_answers)

    def test_a_word_opens_the_requests_of_its_messages(self):
        message = self.make_lead(answers={"SERVICE": "Nâng ngực"})
        self.make_lead("2", answers={"SERVICE": "Cắt mí"})
        own = self.env(user=self._new_user("manager-of-words", MANAGER_GROUP))
        code = own["crm.lead.api.code"].search([("code", "=", "Nâng ngực")])
        action = code.action_open_requests()
        requests = own[action["res_model"]]
        self.assertEqual(requests.search(action["domain"]), message.request_id)
        self.assertTrue(code.call_count)
        code.res_id = self.service.id
        self.assertFalse(code.call_count)  # no refused request waits for it

    def test_a_meaning_is_no_request_of_the_client(self):
        """A client that sends nothing any more does not look alive."""
        message = self.make_lead(answers={"SERVICE": "Nâng ngực"})
        figures = self.client.call_count, self.client.last_call_date
        self.enter("Nâng ngực", self.service_2)
        self.client.invalidate_recordset()
        self.assertEqual(message.lead_id.service_ids.product_id, self.service_2)
        self.assertEqual((self.client.call_count, self.client.last_call_date), figures)

    def test_a_known_word_among_several(self):
        message = self.make_lead(answers={"SERVICE": "Khám, Cắt mí"})
        self.assertEqual(message.lead_id.service_ids.product_id, self.service_2)
        self.assertEqual(message.unknown, [["crm_line_ids", "Cắt mí"]])

    def test_values_of_staff_stay(self):
        self.connection.unclear_service_id = self.unclear
        lead = self.make_lead(answers={"SERVICE": "Nâng ngực", "CITY": "SG"}).lead_id
        lead = lead.with_user(self.agent)
        lead.service_ids = [(5,), (0, 0, {"product_id": self.service.id})]
        lead.state_id = self.other_state
        self.enter("Nâng ngực", self.service_2)
        self.enter("SG", self.state, "state_id")
        self.assertEqual(lead.service_ids.product_id, self.service)
        self.assertEqual(lead.state_id, self.other_state)
        proposed = lead.proposal_ids.filtered(lambda each: each.state == "pending")
        self.assertEqual(len(proposed), 2)

    def test_staff_have_understood_already(self):
        lead = self.make_lead(answers={"SERVICE": "Nâng ngực"}).lead_id
        lead.with_user(self.agent).service_ids = [
            (0, 0, {"product_id": self.service_2.id})
        ]
        self.enter("Nâng ngực", self.service_2)
        self.assertEqual(lead.service_ids.mapped("quantity"), [1])

    def test_closed_merged_and_deleted_leads(self):
        answers = {"SERVICE": "Nâng ngực"}
        leads = [self.make_lead(str(n), answers=answers).lead_id for n in range(5)]
        lost, won, deleted, kept, merged = leads
        lost.action_set_lost()
        won.action_set_won()
        deleted.unlink()
        (kept | merged).merge_opportunity()
        stayed = (kept | merged).exists()
        self.enter("Nâng ngực", self.service_2)
        self.assertFalse((lost | won).service_ids)
        self.assertEqual(stayed.service_ids.product_id, self.service_2)
        self.assertEqual(stayed.service_ids.quantity, 1)
        messages = self.connection.message_record_ids
        self.assertFalse(messages.filtered("unknown"))
        self.assertEqual(len(messages.filtered(lambda m: m.lead_id == stayed)), 2)

    def test_a_meaning_that_the_lead_cannot_have(self):
        """Keep the word among the answers, and the service that stands for it."""
        self.connection.unclear_service_id = self.unclear
        message = self.make_lead(answers={"SERVICE": "Nâng ngực", "CITY": "Sài Gòn"})
        lead = message.lead_id
        self.service_2.active = False
        self.env["crm.lead.api.code"].search(
            [("code", "=", "Sài Gòn")]
        ).res_id = self.state.id
        self.enter("Nâng ngực", self.service_2)
        self.assertEqual(lead.state_id, self.state)
        self.assertEqual(lead.service_ids.product_id, self.unclear)
        self.assertEqual(lead.other_answers["SERVICE"], "Nâng ngực")
        self.assertNotIn("CITY", lead.other_answers)
        self.assertFalse(message.unknown)

    def test_a_lead_that_the_client_may_not_change(self):
        """Nothing harms a lead that staff have moved to a company of others."""
        message = self.make_lead(answers={"SERVICE": "Nâng ngực"})
        lead = message.lead_id
        lead.team_id = False
        lead.company_id = self.other_company
        self.enter("Nâng ngực", self.service_2)
        self.assertFalse(lead.service_ids or message.unknown or message.retries)

    def test_words_of_tests(self):
        """Fill test leads, too, and no others, with words that are understood later."""
        message = self.make_lead(answers={"SERVICE": "Nâng ngực"}, is_test=True)
        self.enter("Nâng ngực", self.service_2)
        lead = message.lead_id
        self.assertEqual(lead.service_ids.product_id, self.service_2)
        self.assertTrue(lead.is_lead_api_test)

    def test_a_required_word(self):
        lines = self.connection.field_ids
        lines.filtered(lambda line: line.attribute == "crm_line_ids").is_required = True
        self.fill_in(answers={"SERVICE": "Nâng ngực"})
        self.make_leads()
        message = self.find()
        self.assertEqual(message.state, "refused")
        self.enter("Nâng ngực", self.service_2)
        self.make_leads()
        self.assertEqual(message.state, "done", message.problems)
        self.assertEqual(message.lead_id.service_ids.product_id, self.service_2)
        first = self.env["crm.lead.api.request"].search([], order="id", limit=1)
        self.assertEqual((first.state, first.lead_id), ("resent", message.lead_id))

    def test_a_word_of_a_discarded_message(self):
        """Send again the messages that waited for the word, but no spam."""
        lines = self.connection.field_ids.grouped("attribute")
        lines["crm_line_ids"].is_required = True
        for lead_id in ("1", "2", "3"):
            self.fill_in(lead_id, answers={"SERVICE": "Nâng ngực"})
        self.make_leads()
        own = self.env(user=self._new_user("manager-of-words", MANAGER_GROUP))
        code = own["crm.lead.api.code"].search([("code", "=", "Nâng ngực")])
        self.assertEqual(code.waiting_count, 3)
        spam, again, waiting = map(self.find, ("1", "2", "3"))
        # The last attempt at the second message had another word.
        first = again.request_id
        payload = json.dumps({**json.loads(first.payload), "crm_line_ids": ["x"]})
        self.env["crm.lead.api.resend"]._send(first, payload)
        self.assertEqual(again.request_id.origin_id, first)
        (spam | again)._discard("Spam")
        code.invalidate_recordset()
        self.assertEqual(code.waiting_count, 1)
        code.res_id = self.service_2.id
        context = code.action_send_waiting()["context"]
        entries = self.env["crm.lead.api.request"].browse(
            context["default_request_ids"]
        )
        self.assertEqual(entries, waiting.request_id)
        waiting._discard("Spam")
        code.invalidate_recordset()
        self.assertEqual(code.waiting_count, 0)
        self.assertEqual(code.action_send_waiting()["tag"], "display_notification")

    def test_a_word_in_a_corrected_message(self):
        """The word heals the lead, unless somebody corrected it, too."""
        for lead_id, services in ("1", ["Khám", "Mũi"]), ("2", "Mũi"), ("3", "Mũi"):
            self.fill_in(lead_id, answers={"SERVICE": services, "FULL_NAME": ""})
        self.make_leads()
        for lead_id, values in ("1", {}), ("2", {}), ("3", {"crm_line_ids": ["Khám"]}):
            entry = self.find(lead_id).request_id
            wizard = self.env["crm.lead.api.resend"].create(
                {"request_ids": [Command.set(entry.ids)]}
            )
            payload = {**json.loads(entry.payload), **values, "contact_name": "Thảo"}
            wizard.payload = json.dumps(payload)
            wizard.action_send()
        self.enter("Mũi", self.service)
        for lead_id, services in (
            ("1", self.service | self.service_2),
            ("2", self.service),
            ("3", self.service_2),
        ):
            message = self.find(lead_id)
            self.assertEqual(message.lead_id.service_ids.product_id, services)
            self.assertFalse(message.unknown)

    def test_a_removed_product(self):
        """A word whose product is archived is as unknown as any."""
        codes = self.env["crm.lead.api.code"]
        values = {"client_id": self.client.id, "attribute": "crm_line_ids"}
        codes.create({**values, "code": "Cũ", "res_id": self.archived_service.id})
        message = self.make_lead(answers={"SERVICE": ["Cũ", "Khám"]})
        self.assertEqual(message.lead_id.service_ids.product_id, self.service_2)
        self.assertFalse(message.unknown)
        self.heal_leads()
        self.assertEqual(message.lead_id.other_answers["SERVICE"], "Cũ")
        # A refused message is not made again for ever, because its word has a meaning.
        self.fill_in("2", answers={"SERVICE": "Cũ", "FULL_NAME": ""})
        self.make_leads()
        self.heal_leads()
        refused = self.find("2")
        self.assertEqual((refused.state, refused.unknown), ("refused", False))
