# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Give the items of portraits their tags, and leads the client that sent them."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        """
        SELECT kind, name, array_agg(id)
          FROM crm_customer_portrait_item
         WHERE tag_id IS NULL
      GROUP BY kind, name
        """
    )
    said = cr.fetchall()
    tags = env["crm.customer.portrait.tag"]._get_by_texts(
        [(kind, name) for kind, name, _ids in said]
    )
    env.flush_all()
    cr.execute_values(
        """
        UPDATE crm_customer_portrait_item AS item
           SET tag_id = value.tag_id
          FROM (VALUES %s) AS value (tag_id, item_ids)
         WHERE item.id = ANY(value.item_ids)
        """,
        [(tag.id, ids) for tag, (_kind, _name, ids) in zip(tags, said, strict=True)],
    )
    # Staff can type in a ticket, but only a client's user makes leads as a client.
    cr.execute(
        """
        UPDATE crm_lead AS lead
           SET lead_api_client_id = client.id
          FROM crm_lead_api_client AS client
         WHERE client.user_id = lead.create_uid
        """
    )
    env.invalidate_all()
