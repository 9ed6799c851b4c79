# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tell whether a database and the code that serves it fit together.

They do not while the addons wait for their update, and while any module is being
installed, updated or removed: requests wait for locks then, or meet columns of another
version. All is compared with what was there when the registry was loaded, at most once
a second for each registry.
"""

import threading
import time
from contextlib import closing, nullcontext
from dataclasses import dataclass
from http import HTTPStatus

import psycopg2.errors

from odoo.api import Environment
from odoo.modules.module import Manifest
from odoo.modules.registry import Registry
from odoo.sql_db import PoolError, db_connect
from odoo.tools import parse_version
from odoo.tools.translate import LazyGettext

from ..exceptions import AnswerError
from ..translate import _lt

PREFIX = "crm_lead_api"  # of the names of the addons
INTERVAL = 1  # seconds
# Seconds: our clients, which send a request eight times, wait for 3.5 minutes.
RETRY_AFTER = 30
STATE = "crm_lead_api_code"  # of a registry: its LoadedCode

UNDEFINED = (psycopg2.errors.UndefinedColumn, psycopg2.errors.UndefinedTable)

# Whoever installs, updates or removes a module writes to the table first.
MODULES = """
    SELECT name, state, latest_version
      FROM ir_module_module
     WHERE state NOT IN ('uninstallable', 'uninstalled')
     UNION ALL
    SELECT NULL, NULL, NULL
      FROM pg_locks
     WHERE relation = 'ir_module_module'::regclass
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND mode IN ('RowExclusiveLock', 'ExclusiveLock')
       AND granted
       AND pid <> pg_backend_pid()
"""
COLUMNS = """
    SELECT relname, attname
      FROM pg_attribute
      JOIN pg_class ON pg_class.oid = attrelid
     WHERE relnamespace = current_schema::regnamespace
       AND relname IN %s AND attnum > 0 AND NOT attisdropped
"""


@dataclass
class LoadedCode:
    """Keep what the database had when a registry was loaded from it."""

    versions: dict[str, str]  # of the installed modules, by their names
    incomplete: list[str]  # names of the addons of which columns are missing
    # What the last look at the database has found, and when the next one is due
    problem: LazyGettext | None = None
    next_look: float = 0


def keep_loaded_code(registry: Registry, cr) -> None:
    """Keep with a registry what the cursor's transaction loads it from."""
    _modules, versions = _read_modules(cr)
    missing = find_modules_without_columns(registry, cr)
    incomplete = [name for name in missing if name.startswith(PREFIX)]
    setattr(registry, STATE, LoadedCode(versions, incomplete))
    get_problem(registry, cr)


def get_problem(registry: Registry, cr) -> LazyGettext | None:
    """Return the reason why a database and the code of a registry do not fit together,
    if any, by the last look at the database, or a new one if that is a second old."""
    loaded = getattr(registry, STATE, None)
    if not loaded:
        return None
    # Tests stop the clock, and set it back.
    now = time.monotonic()
    if not loaded.next_look - INTERVAL <= now < loaded.next_look:
        loaded.problem = find_problem(cr, registry)
        loaded.next_look = now + INTERVAL
    return loaded.problem


def check_loading(name: str | None) -> None:
    """Refuse a request with 503 at once while another thread updates its database."""
    registry = Registry.registries.get(name)
    if registry is not None and not registry.ready:
        with closing(db_connect(name).cursor()) as cr:
            if problem := find_problem(cr):
                raise make_error(problem)


def explain_error(
    exc: Exception, name: str, registry: Registry | None, env: Environment | None
) -> AnswerError | None:
    """Return the 503 to answer for an error of a request, if database and code do not
    fit together by a new look at the database, after a rollback."""
    try:
        with nullcontext(env.cr) if env else closing(db_connect(name).cursor()) as cr:
            cr.rollback()
            problem = find_problem(cr, registry)
            if registry and not problem and isinstance(exc, UNDEFINED):
                if modules := find_modules_without_columns(registry, cr):
                    problem = _describe_old_database(modules)
    except (psycopg2.Error, PoolError):
        return None
    return make_error(problem) if problem else None


def find_problem(cr, registry: Registry | None = None) -> LazyGettext | None:
    """Return the reason why a database and the code of a registry, or else the code
    that would be loaded now, do not fit together, if any."""
    thread = threading.current_thread()
    count = getattr(thread, "query_count", 0)
    try:
        modules, versions = _read_modules(cr)
    except psycopg2.errors.UndefinedTable:
        return None  # not a database of Odoo, or not yet
    thread.query_count = count  # asked once a second: no request's own statement
    loaded = getattr(registry, STATE, None)
    if PREFIX not in modules and not loaded:
        return None
    is_locked = modules.pop(None, None)
    busy = sorted(name for name, (state, _) in modules.items() if state[:3] == "to ")
    if busy or is_locked:
        return _lt(
            "Odoo is installing, updating or removing modules%(modules)s. Nothing was "
            "saved: send the request again.",
            modules=f" ({', '.join(busy)})" if busy else "",
        )
    if problem := _compare_with_code(versions, loaded.incomplete if loaded else []):
        return problem
    if loaded and loaded.versions != versions:
        changed = loaded.versions.items() ^ versions.items()
        return _lt(
            "The modules %(modules)s have changed, and this server is about to load "
            "them. If no update is running any more, an administrator has to restart "
            "Odoo. Nothing was saved: send the request again.",
            modules=", ".join(sorted({name for name, _version in changed})),
        )
    return None


def find_modules_without_columns(registry: Registry, cr) -> list[str]:
    columns = {
        (model._table, name): each._module or ""
        for model in registry.values()
        if model._auto
        for name, each in model._fields.items()
        if each.store and each.column_type
    }
    cr.execute(COLUMNS, [tuple({table for table, _name in columns})])
    return sorted({columns[each] for each in columns.keys() - set(cr.fetchall())})


def make_error(problem: LazyGettext) -> AnswerError:
    headers = {"Retry-After": str(RETRY_AFTER)}
    return AnswerError(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", problem, headers)


def _read_modules(cr):
    """Return state and version of the modules, by their names, ``None`` among them if
    another transaction writes to the table; and the versions of the installed ones."""
    cr.execute(MODULES)
    modules = {name: (state, version) for name, state, version in cr.fetchall()}
    installed = (n for n, (state, _) in modules.items() if n and state != "to install")
    return modules, {name: modules[name][1] for name in installed}


def _compare_with_code(versions, incomplete):
    old_database, old_code = [], []
    for name in sorted(name for name in versions if name.startswith(PREFIX)):
        manifest = Manifest.for_addon(name, display_warning=False)
        installed = parse_version(versions[name] or "0")
        if not manifest or parse_version(manifest.version) < installed:
            old_code.append(name)
        elif parse_version(manifest.version) > installed:
            old_database.append(name)
    if old_code:
        return _lt(
            "The code of %(addons)s is missing on this server, or older than the "
            "database. An administrator has to install the new version, and to restart "
            "Odoo. Nothing was saved: send the request again.",
            addons=", ".join(old_code),
        )
    old_database = old_database or incomplete
    return _describe_old_database(old_database) if old_database else None


def _describe_old_database(addons):
    return _lt(
        "The database is older than the code of %(addons)s. An administrator has to "
        "update it: odoo -d <database> -u %(addons)s --no-http --stop-after-init. "
        "Nothing was saved: send the request again.",
        addons=",".join(addons),
    )
