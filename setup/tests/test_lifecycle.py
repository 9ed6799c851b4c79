# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Installing, updating and uninstalling; each step fails on an error in Odoo's log."""

from pathlib import Path

PREPARE = """
print(">>" + str(env["crm.lead.api.client"].create({"name": "Tổng đài"}).user_id.id))
lead = env["crm.lead"].create({"name": "Khách", "user_id": 2})
call, date = "mail.mail_activity_data_call", datetime(2031, 3, 3, 2)
lead._plan_activity(call, date, lambda env, time: "Call by 9", automated=True)
lead._plan_activity(call, date, lambda env, time: "Call of Lan's")
env["ir.config_parameter"].set_param("crm_lead_api.payload_days", "30")
"""
ADDONS = sorted(Path(__file__).parents[2].glob("crm_lead_api*"))


def test_install_without_demo_data(plain):
    assert plain.run("print('>>', env['crm.lead'].search_count([]))").strip() == "0"


def test_uninstall(demo, start_server):
    """Nothing of the addon is left, nor anybody who could use it."""
    database = demo.copy("uninstall")
    user = int(database.run(PREPARE))
    database.uninstall("crm_lead_api")
    left = database.run(
        "print('>>', env['ir.model.data'].search_count("
        "[('module', '=', 'crm_lead_api')]), env['crm.lead'].search_count([]) > 0)"
    )
    assert left.split() == ["0", "True"]
    assert database.count("res_users", "id = %s AND NOT active", user)
    assert database.query(
        "SELECT summary FROM mail_activity WHERE date_deadline = '2031-03-03'"
    ) == [("Call of Lan's",)]
    ours = "starts_with(key, 'crm_lead_api')"
    assert not database.count("ir_config_parameter", ours)
    server = start_server(database)
    assert server.send("GET", "/web/login", [])[0] == 200
    assert server.send("POST", "/api/v1/lead", [])[0] == 404


def test_translations_are_up_to_date(sale, tmp_path):
    database = sale.copy("i18n")
    names = ",".join(addon.name for addon in ADDONS)
    database.odoo(f"--init={names}", "--stop-after-init")
    for addon in ADDONS:
        pot = f"{addon.name}.pot"
        export = ("i18n", "export", addon.name, "--languages=pot")
        database.odoo(*export, f"--output={tmp_path / pot}")
        terms = read_terms(tmp_path / pot)
        assert read_terms(addon / "i18n" / pot).keys() == terms.keys()
        vietnamese = read_terms(addon / "i18n" / "vi.po")
        assert vietnamese.keys() == terms.keys()
        assert [term for term, text in vietnamese.items() if not text] == []


def read_terms(path):
    import polib  # Odoo's own, which setup/test's Python has

    return {entry.msgid: entry.msgstr for entry in polib.pofile(path)}
