# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import fields, models
from odoo.tools import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import FieldError

_lt = LazyTranslate(__name__, default_lang="en_US")

INSURANCE_NO = re.compile(r"[A-Z]{2}[0-9]{13}", re.ASCII)
NO_INSURANCE_NO = _lt("Send two letters and thirteen digits, such as DN4010123456789.")


class CrmLead(models.Model):
    _inherit = "crm.lead"

    insurance_no = fields.Char("Health Insurance Number", index="btree_not_null")

    def _check_payload_records(self, payload, records):
        errors = super()._check_payload_records(payload, records)
        number = _normalize(payload.insurance_no)
        if number and not INSURANCE_NO.fullmatch(number):
            errors.append(FieldError("insurance_no", "format", NO_INSURANCE_NO))
        return errors

    def _prepare_payload_values(self, payload, records):
        return {
            **super()._prepare_payload_values(payload, records),
            "insurance_no": _normalize(payload.insurance_no),
        }

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "insurance_no"]


def _normalize(number):
    """Return a number as it is stored: cards have spaces, forms small letters."""
    return re.sub(r"[\s.-]", "", number).upper() if number else None
