# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Installing, updating and uninstalling; each step fails on an error in Odoo's log."""

from pathlib import Path

ADDON = Path(__file__).parents[2] / "crm_lead_api"


def test_install_without_demo_data(plain):
    assert plain.run("print('>>', env['crm.lead'].search_count([]))").strip() == "0"


def test_uninstall(demo, start_server):
    database = demo.copy("uninstall")
    database.run(
        "env['ir.module.module'].search([('name', '=', 'crm_lead_api')])"
        ".button_immediate_uninstall()"
    )
    left = database.run(
        "print('>>', env['ir.model.data'].search_count("
        "[('module', '=', 'crm_lead_api')]), env['crm.lead'].search_count([]) > 0)"
    )
    assert left.split() == ["0", "True"]
    server = start_server(database)
    assert server.send("GET", "/web/login", [])[0] == 200
    assert server.send("POST", "/api/v1/lead", [])[0] == 404


def test_translations_are_up_to_date(sale, tmp_path):
    database = sale.copy("i18n")
    for addon in ("crm_lead_api", "crm_lead_api_sale"):
        database.odoo(
            *("i18n", "export", addon, "--languages=pot"),
            f"--output={tmp_path}/{addon}.pot",
        )
        terms = read_terms(tmp_path / f"{addon}.pot")
        i18n = ADDON.parent / addon / "i18n"
        assert read_terms(i18n / f"{addon}.pot").keys() == terms.keys()
        vietnamese = read_terms(i18n / "vi.po")
        assert vietnamese.keys() == terms.keys()
        assert [term for term, text in vietnamese.items() if not text] == []


def read_terms(path):
    import polib  # Odoo's own, which setup/test's Python has

    return {entry.msgid: entry.msgstr for entry in polib.pofile(path)}
