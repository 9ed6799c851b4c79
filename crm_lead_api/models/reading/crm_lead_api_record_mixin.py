# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain

from ...exceptions import FORBIDDEN, AnswerError
from ...schemas.customer import MAX_RECORDS
from ...tools.domain import has_newest_id
from ..lead.customer_profile_mixin import get_staff_url


class CrmLeadApiRecordMixin(models.AbstractModel):
    """Let clients read the records of a model: by pages, and with their customer.

    The model of another addon also inherits ``crm.lead.api.test.mixin``, has the fields
    ``lead_id``, ``partner_id`` and ``company_id``, and an index of ``(write_date,
    id)``. What clients read of it changes with a merge of contacts.
    """

    _name = "crm.lead.api.record.mixin"
    _description = "Lead API Record"

    # The schemas, subclasses of StoredRecord and Answer, of a record and of a page
    _record_schema = None
    _page_schema = None
    # The attributes that stay in a kept answer whose personal data was erased
    _kept_attributes = frozenset()
    # The schema that adds the newest records to a customer, in its only attribute
    _customer_schema = None
    # The XML id of the action that shows the records to staff
    _staff_action = None
    # What a client is told that has no right to read such records
    _no_right = None

    @api.model
    def _get_record_models(self) -> list[models.BaseModel]:
        """Return the models whose records clients read, besides leads."""
        names = self.env.registry.descendants([self._name], "_inherit")
        return [self.env[name] for name in names if name != self._name]

    @api.model
    def _may_be_read(self):
        """Tell whether the client has the right to read such records."""
        return True

    @api.model
    def _check_right(self):
        """Check the right to read such records, or raise an AnswerError (403)."""
        if not self._may_be_read():
            raise AnswerError(*FORBIDDEN, self._no_right)

    @api.model
    def _get_readable(self):
        """Return the model, with superuser rights, and the domain of the records that
        the client may read: of the leads that it may read."""
        # sudo: the domain limits the records; the client's user has no rights on them
        records = self.sudo().browse()
        domain = Domain("company_id", "in", self.env.companies.ids)
        if not self.env.user._get_lead_api_client().reads_all_leads:
            own = self.env["crm.lead.api.reader"]._get_own_domain()
            leads = records.lead_id.with_context(active_test=False)
            domain &= Domain("lead_id", "in", leads._search(own))
        return records, domain

    @api.model
    def _get_query_domain(self, query):
        """Return the domain of the records that a query for a page asks for."""
        return Domain.TRUE

    @api.model
    def _read_page(self, query):
        """Return a page of records, the oldest change first, as ``_page_schema``, by a
        checked query with the parameters of :class:`LeadsQuery`."""
        self._check_right()
        reader = self.env["crm.lead.api.reader"]
        horizon = reader._find_horizon()
        records, domain = self._get_readable()
        domain &= self._get_query_domain(query)
        page = reader._get_page_of(records, domain, query, horizon)
        return self._page_schema.from_records(*page)

    @api.model
    def _read_parts(self, partners, words):
        """Return the schemas of the newest records that the client may read, by the
        part's word, if it is among the words, and by the ids of customers."""
        part = next(iter(getattr(self._customer_schema, "model_fields", ())), None)
        if part not in words or not self._may_be_read():
            return {}
        newest = self._find_newest(partners).grouped("partner_id")
        return {
            part: {
                partner.id: [
                    self._record_schema.from_record(record)
                    for record in records[:MAX_RECORDS]
                ]
                for partner, records in newest.items()
            }
        }

    @api.model
    def _find_newest(self, partners, is_wanted=Domain.TRUE):
        """Return the newest wanted records of customers that the client may read."""
        records, domain = self._get_readable()
        domain &= is_wanted
        return records.search(
            has_newest_id(records, domain, partners, MAX_RECORDS, self._order)
        )

    def _leave_out_equal(self, values):
        """Return the values for ``write`` that the record does not have yet."""
        return {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }

    # ------------------------------------------------------------ staff

    def _get_staff_url(self):
        return get_staff_url(self, self._staff_action)

    @api.model
    def _get_list_action(self, domain, **values):
        """Return the action that opens the records of a domain, with further values."""
        action = self.env["ir.actions.act_window"]._for_xml_id(self._staff_action)
        return action | {"domain": domain, "context": {}} | values

    def _get_timeline_entry(self):
        """Return the :class:`TimelineEntry` of the record."""
        raise NotImplementedError
