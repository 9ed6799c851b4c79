# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.crm_lead_api.tests.common import LeadApiCase

from ..tools.message_body import load_json

NAMES = ("a", "name", "value", "label", "phone", "id", "is_test", "customer")
PLACES = (
    *("answers.a", "answers.phone", "a.b", "a[0]", "a[].name", "@", "answers", "id"),
    *("join(' ', [answers.a, answers.name])", "to_string(@)", "length(a)", "a || id"),
    *('answers."customer.a"', "sum(a)", "sort_by(a, &name)", "keys(@)", "`[1, {}]`"),
    *("[answers.name, a]", "{a: a}", "to_number(phone)", "answers.*", "@[0]"),
)
WORDS = (
    "",
    "Khám",
    "Nâng mũi, Khám",
    "1990-05-20",
    "0900 000 202",
    "a@b.vn",
    "x\x00",
    "Nữ",
)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.text(alphabet=st.characters(exclude_categories=())),
    st.sampled_from(WORDS),
)
KEYS = st.one_of(st.sampled_from(NAMES), st.text())
BODIES = st.recursive(
    SCALARS,
    lambda children: st.lists(children) | st.dictionaries(KEYS, children),
    max_leaves=20,
)


@tagged("post_install", "-at_install")
class TestAnything(LeadApiCase):
    """Whatever arrives is kept, and becomes a lead or is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.company_id = cls.company
        platforms = cls.env["crm.lead.api.platform"]
        cls.platform = platforms.create({"name": "Any", "code": "any-test"})
        cls.connection = cls.env["crm.lead.api.connection"].create(
            {
                "name": "Any",
                "platform_id": cls.platform.id,
                "client_id": cls.client.id,
                "makes_campaigns": True,
                "unclear_service_id": cls.service.id,
            }
        )
        lines = cls.env["crm.lead.api.connection.field"]
        cls.attributes = [name for name, _label in lines._select_attribute()]
        customs = cls.env["crm.lead.api.attribute"].search([]).mapped("name")
        cls.attributes = sorted(set(cls.attributes) - set(customs))

    def test_anything(self):
        connection, platform = self.connection, self.platform
        messages = self.env["crm.lead.api.message"]

        @settings(
            max_examples=settings().max_examples * 3 // 5,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(
            items=st.lists(BODIES, min_size=1, max_size=3),
            places=st.dictionaries(
                st.sampled_from(self.attributes),
                st.tuples(st.sampled_from(PLACES), st.sampled_from(WORDS)),
                max_size=6,
            ),
            answers=st.sampled_from(("@", "a", "a[]", "customer")),
            is_required=st.booleans(),
        )
        def run(items, places, answers, is_required):
            savepoint = self.env.cr.savepoint(flush=True)
            try:
                platform.write(
                    {
                        "answers_place": answers,
                        "id_place": "id",
                        "origin_place": "name",
                        "test_place": "is_test",
                        "secret_place": "a.phone",
                    }
                )
                connection.field_ids = [
                    (5,),
                    (0, 0, {"attribute": "contact_name", "place": "a", "value": "A"}),
                    (0, 0, {"attribute": "phone_no1", "value": "0900000202"}),
                    *(
                        (
                            0,
                            0,
                            {
                                "attribute": attribute,
                                "place": place,
                                "value": value.replace("\x00", ""),
                                "is_required": is_required,
                            },
                        )
                        for attribute, (place, value) in places.items()
                        if attribute not in ("contact_name", "phone_no1")
                    ),
                ]
                connection.is_live = True
                items = load_json(json.dumps(items))  # as of a message
                kept = messages._keep(connection, items)
                found = messages.search([("connection_id", "=", connection.id)])
                self.assertEqual(len(found), kept)
                with mute_logger("odoo.addons.crm_lead_api"):
                    for message in found:
                        message._make_lead()
                        self.assertIn(message.state, ("done", "refused"))
            finally:
                savepoint.rollback()
                savepoint.close(rollback=False)
                self.env.invalidate_all()

        run()
