# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Erase a person by Odoo's Privacy Lookup, and look for what is left."""

from odoo_database import Database

# Finds a person as an administrator does, and erases all that is found.
ERASE = """
wizard = env["privacy.lookup.wizard"].create(
    {"name": "Vũ Hải Yến", "email": "yen.vu@example.com"})
wizard.action_lookup()
print(">>" + ",".join(sorted(set(wizard.line_ids.mapped("res_model")))))
wizard.line_ids.action_unlink_all()
env.cr.commit()
"""


def find_text(database: Database, text: str) -> list[str]:
    """Return the tables of a database that have a text in any of their columns."""
    tables = database.query(
        "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace"
    )
    return [
        table
        for (table,) in tables
        if database.query(
            f"SELECT 1 FROM {table} t WHERE t::text LIKE %s LIMIT 1",  # noqa: S608
            f"%{text}%",
        )
    ]
