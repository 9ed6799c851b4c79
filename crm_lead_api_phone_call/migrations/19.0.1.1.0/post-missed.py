# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.crm_lead_api.tools.phone_number import is_filler


def migrate(cr, version):
    """Let nobody wait to be called back who has withheld the number, or was spoken with
    since."""
    cr.execute(
        "SELECT DISTINCT COALESCE(phone_key, '') FROM crm_lead_phone_call "
        "WHERE call_back_deadline IS NOT NULL AND COALESCE(phone_key, '') NOT LIKE '+%'"
    )
    withheld = [key for (key,) in cr.fetchall() if is_filler(key)]
    cr.execute(
        "UPDATE crm_lead_phone_call SET call_back_deadline = NULL "
        "WHERE call_back_deadline IS NOT NULL AND COALESCE(phone_key, '') = ANY(%s)",
        [withheld],
    )
    cr.execute(
        """
        UPDATE crm_lead_phone_call AS missed
           SET called_back_date = later.date,
               is_called_back_late = later.date > missed.call_back_deadline
          FROM (SELECT missed.id, min(call.start_date) AS date
                  FROM crm_lead_phone_call AS missed
                  JOIN crm_lead_phone_call AS call
                    ON call.phone_key = missed.phone_key
                   AND call.company_id = missed.company_id
                   AND call.start_date >= missed.start_date
                   AND call.is_answered
                   AND call.is_lead_api_test IS NOT DISTINCT FROM
                       missed.is_lead_api_test
                 WHERE missed.is_missed AND missed.called_back_date IS NULL
              GROUP BY missed.id) AS later
         WHERE later.id = missed.id
        """
    )
    # In the place of the former: Odoo drops no index of a class.
    cr.execute("DROP INDEX IF EXISTS crm_lead_phone_call_outgoing_index")
