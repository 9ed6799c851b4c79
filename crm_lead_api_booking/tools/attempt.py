# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from collections.abc import Callable

from psycopg2 import OperationalError

from odoo.exceptions import ConcurrencyError

from odoo.addons.crm_lead_api.tools.savepoint import savepoint

_logger = logging.getLogger(__name__)


def attempt(record, do: Callable[[], None]) -> bool:
    """Do one record's part of a scheduled action; if it fails, undo it and log the
    error, so that the action goes on with the others.

    :return: ``True`` if it is done
    """
    try:
        with savepoint(record.env.cr):
            do()
    except (OperationalError, ConcurrencyError):
        raise  # the whole transaction is repeated
    except Exception as error:  # other addons may raise anything
        # Only the type: the text may contain data of the customer.
        name = type(error).__name__
        _logger.error("%s of %s failed: %s", do.__name__, record, name)
        return False
    return True
