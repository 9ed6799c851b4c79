# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keep the keys of addresses out of Odoo's logs."""

import logging
import re
from urllib.parse import unquote

# Of Odoo's server, threaded or with workers, and of the one for websockets
LOGGERS = ("werkzeug", "longpolling")
PATH = re.compile(r"/[^\s\"']+")
ADDRESS = re.compile(r"(.*/connections/)[^/?]", re.DOTALL)


class KeyFilter(logging.Filter):
    """Replace the keys in messages of a log."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except Exception:
            return True  # a wrong call: the handler reports it, and its caller goes on
        if "connections" not in message and "%" not in message:
            return True
        if (hidden := hide_keys(message)) != message:
            record.msg, record.args = hidden, ()
        return True


def hide_keys(text: str) -> str:
    """Replace the key in each address of a text, and what follows it."""
    return PATH.sub(_hide_key, text)


def _hide_key(match):
    # The key is found however the address before it is encoded.
    address = ADDRESS.match(re.sub("/+", "/", unquote(match[0])))
    return f"{address[1]}***" if address else match[0]


def install_filter() -> None:
    """Replace keys in the log of requests, and in Odoo's log as a whole, where other
    addons write addresses, too, if they tell more than usual."""
    loggers = map(logging.getLogger, LOGGERS)
    for each in (*loggers, *logging.getLogger().handlers):
        each.addFilter(KeyFilter())
