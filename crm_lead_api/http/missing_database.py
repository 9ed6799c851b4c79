# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from odoo.http import db_list
from odoo.sql_db import PoolError
from odoo.tools.translate import LazyTranslate

from ..exceptions import MalformedRequestError

_lt = LazyTranslate(__name__, default_lang="en_US")


def explain_missing_database(name: str | None) -> HTTPException | MalformedRequestError:
    """Return the reason why Odoo has no database for a request, as an exception.

    :param name: of the database that the request asks for
    """
    try:
        databases = db_list(force=True)
    except PoolError:
        databases = []  # as if PostgreSQL were away
    is_known = name in databases if name else len(databases) == 1
    if is_known or not databases:
        return ServiceUnavailable()
    return MalformedRequestError(
        _lt("Name a database of this server in the header X-Odoo-Database.")
    )
