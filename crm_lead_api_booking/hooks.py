# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import psycopg2

from odoo.exceptions import UserError

from odoo.addons.crm_lead_api.tools.mode import ALL, MODE


def pre_init_hook(env):
    """Create the extension of PostgreSQL that keeps the bookings of a seat apart, or
    raise a UserError: the database's user may not create it."""
    try:
        with env.cr.savepoint(flush=False):
            env.cr.execute(
                "CREATE EXTENSION IF NOT EXISTS btree_gist", log_exceptions=False
            )
    except psycopg2.Error as error:
        raise UserError(
            env._(
                "Bookings need PostgreSQL's extension btree_gist: ask the "
                "administrator of the database server to run “CREATE EXTENSION "
                "btree_gist” in this database, then install again."
            )
        ) from error


def uninstall_hook(env):
    """Delete meetings, which have the names of customers, planned calls and settings,
    which Odoo leaves when it drops the model."""
    bookings = env["crm.booking"].with_context(**{MODE: ALL})
    bookings = bookings.search(
        ["|", ("meeting_id", "!=", False), ("reminder_call_id", "!=", False)]
    )
    bookings.meeting_id.unlink()
    bookings.reminder_call_id.filtered("active").unlink()
    settings = [("key", "=like", "crm_lead_api_booking.%")]
    env["ir.config_parameter"].search(settings).unlink()
