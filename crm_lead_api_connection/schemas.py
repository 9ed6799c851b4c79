# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.schemas import LeadChange, LeadRequest, Schema
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.value import Line

_lt = LazyTranslate(__name__, default_lang="en_US")

PHONES = ("phone_no1", "phone_no2", "phone_no3")


class AdvertisedLead(Schema):
    """Add to a lead what an advertisement says of itself, and the answers to questions
    that have no attribute."""

    gclid: Line | None = about(_lt("Google's id of the click."), field="gclid")
    fbclid: Line | None = about(_lt("Facebook's id of the click."), field="fbclid")
    ttclid: Line | None = about(_lt("TikTok's id of the click."), field="ttclid")
    ad_form: Line | None = about(
        _lt("The form on the platform, by its id."), field="ad_form"
    )
    ad_ref: Line | None = about(
        _lt("The advertisement on the platform, by its id."), field="ad_ref"
    )
    ad_campaign: Line | None = about(
        _lt("The campaign on the platform, by its id."), field="ad_campaign"
    )
    other_answers: dict[str, str] | None = about(
        _lt("The customer's answers to questions without an attribute, by question."),
        field="other_answers",
    )


class ConnectionLead(AdvertisedLead, LeadRequest):
    """Describe a lead from the message of a platform, which cannot know what only staff
    know: a name is needed, and a phone or an e-mail."""

    @classmethod
    def is_required(cls, name):
        return name in ("contact_name", "company_id")

    def _is_required(self, name):
        if name == "phone_no1":
            others = ("account_id", "email_from", *PHONES[1:])
            return not any(map(self._was_sent, others))
        return self.is_required(name)


class ConnectionChange(AdvertisedLead, LeadChange):
    """Describe what a message says of a lead that has been made before."""
