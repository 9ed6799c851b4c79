# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from markupsafe import Markup

from odoo import SUPERUSER_ID, api
from odoo.tools.sql import column_exists, table_exists

_logger = logging.getLogger(__name__)

# The body of a creation note, as mail.thread.create() posts it
NOTE = Markup('<div summary="o_mail_notification"><p>%s</p></div>')


def migrate(cr, version):
    do_queued_work(cr)
    load_words(cr)


def do_queued_work(cr):
    """Do the work on leads and contacts that the update finds in the queue of former
    versions, and remove the queue."""
    env = api.Environment(cr, SUPERUSER_ID, {"mail_notify_force_send": False})
    # Odoo sends no notice while it loads modules: all are loaded now.
    is_ready, env.registry.ready = env.registry.ready, True
    try:
        for task, user, lead, partner, arguments in _read_queue(cr):
            record = env["res.partner" if partner else "crm.lead"]
            record = record.browse(partner or lead)
            # A score leaves the last editor.
            record = _act_as(record.write_uid.id if task == "score" else user, record)
            try:
                env.transaction.default_env = record.env
                with cr.savepoint():
                    _do(task, record, arguments or {})
                    record.env.flush_all()
            except Exception as error:  # other addons may raise anything
                env.transaction.clear()
                name = type(error).__name__
                _logger.error("Not done: %s of %s: %s", task, record, name)
    finally:
        env.transaction.default_env = env
        env.registry.ready = is_ready
    cr.execute("DROP TABLE IF EXISTS crm_lead_api_follow_up")
    if cron := env.ref("crm_lead_api.ir_cron_follow_up", raise_if_not_found=False):
        cron.unlink()
    if kind := env.ref(
        "crm_lead_api.mail_activity_type_follow_up", raise_if_not_found=False
    ):
        activities = env["mail.activity"].with_context(active_test=False)
        activities.search([("activity_type_id", "=", kind.id)]).unlink()
        kind.unlink()
    if mails := env.ref("mail.ir_cron_mail_scheduler_action", raise_if_not_found=False):
        mails._trigger()


def _read_queue(cr):
    """Return the waiting work: task, user, lead, contact, arguments."""
    if table_exists(cr, "crm_lead_api_follow_up"):
        cr.execute(
            """
            SELECT task, user_id, lead_id, partner_id, arguments
              FROM crm_lead_api_follow_up WHERE is_failed IS NOT TRUE ORDER BY id
            """
        )
        return cr.fetchall()
    if not column_exists(cr, "crm_lead", "lead_api_follow_up"):
        return []
    # Before version 19.0.7.0.0
    cr.execute(
        """
        SELECT id, create_uid, partner_id,
               lead_api_follow_up @> '{"is_contact_new": true}'
          FROM crm_lead WHERE lead_api_follow_up IS NOT NULL ORDER BY id
        """
    )
    return [
        row
        for lead, user, partner, is_contact_new in cr.fetchall()
        for row in (
            *([("contact_note", user, None, partner, None)] if is_contact_new else ()),
            *((task, user, lead, None, None) for task in ("new", "call", "score")),
        )
    ]


def _act_as(user_id, record):
    """Return a lead or contact in the environment of a user, with superuser rights:
    the user may have lost access meanwhile."""
    env = record.env(user=user_id, su=True)
    context = {**env.user.context_get(), **env.context}
    return record.with_env(env(context=context))


def _do(task, record, arguments):
    date = record.create_date.replace(microsecond=0)
    if task == "new":
        values = {
            name: record[name].id
            for name, field in record._fields.items()
            if field.type == "many2one" and field.store
        }
        record.message_post(
            body=NOTE % record._creation_message(),
            subtype_id=record._creation_subtype().id,
            author_id=record.env.user.partner_id.id,
            date=date,
        )
        record._message_auto_subscribe(values, "update")
    elif task == "note":
        body = Markup(arguments.pop("body"))  # noqa: S704  made of Odoo's own text
        record.message_post(body=body, date=date, **arguments)
    elif task == "contact_note":
        body = arguments.get("body") or record._creation_message()
        record = record.with_context(default_date=date)
        record._message_log_batch(bodies={record.id: body})
    elif task == "notice":
        record = record.with_context(lang=arguments.pop("lang"))
        record.with_company(record.company_id)._message_auto_subscribe_notify(
            **arguments
        )
    elif task == "call":
        record._plan_first_call(record.create_date)
    elif task == "score" and record.won_status == "pending":
        record._compute_probabilities()
    # "message": Odoo's own scheduled action sends the notices of other messages.


def load_words(cr):
    """Give the database the Vietnamese words of this version: an update alone leaves
    those of the former version."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    if env["res.lang"]._get_data(code="vi_VN"):
        ours = [("name", "=like", "crm_lead_api%"), ("state", "!=", "uninstalled")]
        modules = env["ir.module.module"].search(ours)
        modules._load_module_terms(modules.mapped("name"), ["vi_VN"], overwrite=True)
