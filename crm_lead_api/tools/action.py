# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Actions that Odoo's web client does, as buttons return them."""


def get_action(env, xml_id: str, **values) -> dict:
    """Return an action of this addon, or of another one by its whole XML id, with other
    values such as domain and context."""
    name = xml_id if "." in xml_id else f"crm_lead_api.{xml_id}"
    return env["ir.actions.act_window"]._for_xml_id(name) | values


def get_list_action(record, xml_id: str, link: str, **context) -> dict:
    """Return an action of :func:`get_action` for the records that link to a record, by
    the name or path of their field."""
    domain = [(link, "=", record.id)]
    return get_action(record.env, xml_id, domain=domain, context=context)


def get_notice(kind: str, message: str, closes: bool = True, **params) -> dict:
    """Return the action that shows a message, a ``success`` for example, and closes the
    dialog, or looks at the record again.

    :param params: others of Odoo's notices, such as ``links`` for each ``%s``
    """
    params |= {"type": kind, "message": message}
    if closes:
        params["next"] = {"type": "ir.actions.act_window_close"}
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": params,
    }
