# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``crm.lead.api.token`` was a dialog, and is what the dialog makes now.

The answers that are kept for repeated calls are found by a hash of the caller's key.
"""


def migrate(cr, version):
    cr.execute("DELETE FROM crm_lead_api_token")
    cr.execute(
        """
        DROP TABLE crm_lead_api_token_res_company_rel;
        DELETE FROM ir_model_relation
         WHERE name = 'crm_lead_api_token_res_company_rel'
        """
    )
    cr.execute(
        """
        ALTER TABLE crm_lead_api_answer RENAME fingerprint TO fingerprints;
        UPDATE crm_lead_api_answer
           SET key = 'key ' || encode(sha256(convert_to(key, 'UTF8')), 'hex')
         WHERE key !~ '^content '
        """
    )
