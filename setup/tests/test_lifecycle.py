# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Installing, updating and uninstalling; each step fails on an error in Odoo's log."""

import json
from pathlib import Path

import polib  # Odoo's own, which setup/test's Python has
import pytest
from odoo_database import CONNECT

PREPARE = """
print(">>" + str(env["crm.lead.api.client"].create({"name": "Tổng đài"}).user_id.id))
lead = env["crm.lead"].create({"name": "Khách", "user_id": 2})
call, date = "mail.mail_activity_data_call", datetime(2031, 3, 3, 2)
lead._plan_activity(call, date, lambda env, time: "Call by 9", automated=True)
lead._plan_activity(call, date, lambda env, time: "Call of Lan's")
test = lead.with_context(lead_api_mode="test").create({"name": "Test", "active": False})
test.partner_id = test.partner_id.create({"name": "Test"})
env["ir.config_parameter"].set_param("crm_lead_api.payload_days", "30")
"""
# A lead of a contact whose address is known in part; staff wrote to the customer.
USED = """
country = env.ref("base.vn")
partner = env["res.partner"].create({"name": "Lan", "country_id": country.id})
lead = env["crm.lead"].create({"name": "Lan", "partner_id": partner.id})
lead.write({"street": "12 Lê Lợi", "city": "Huế", "expected_revenue": 500})
lead.with_user(2).message_post(
    body="Chào chị", message_type="comment", subtype_xmlid="mail.mt_comment")
lead.copy({"name": "Mai", "active": False}).message_post(body="Note")
"""
NEVER_CALLED = "SELECT name FROM crm_lead WHERE first_contact_date IS NULL"
ADDRESS = "SELECT street, city, expected_revenue FROM crm_lead WHERE name = 'Lan'"
ADDONS = sorted(Path(__file__).parents[2].glob("crm_lead_api*"))
SIBLINGS = [
    f"crm_lead_api_{name}"
    for name in ("booking", "phone_call", "connection", "first_call")
]
COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns
     WHERE starts_with(table_name, 'crm_')
        OR table_name IN ('res_partner', 'res_company')
"""
KINDS = "SELECT DISTINCT kind FROM crm_lead_api_request"
LEADS = "SELECT count(*), sum(id) FROM crm_lead"
BOOK = """
from odoo.addons.crm_lead_api.http.received_request import ReceivedRequest
client = env.ref("crm_lead_api.demo_client")
log = env["crm.lead.api.request"]
for kind in ("create", "booking", "booking_change"):
    received = ReceivedRequest(client, request_ref=kind, kind=kind)
    log.sudo().create(log._prepare_values(received, 200, {}))
client.write({"webhook_url": "https://tickets.example.com", "webhook_bookings": True})
lead = env.ref("crm_lead_api_booking.demo_lead_anh")
lead.sudo().lead_api_client_id = client
lead.booking_ids.filtered(lambda b: b.state == "arrived").action_finish()
env.cr.precommit.run()
assert env["crm.lead.api.event"].search([("type", "=", "booking.done")])
company = env.ref("crm_lead_api.demo_company").id
seat = env["resource.resource"].create(
    {"name": "Bác sĩ", "is_seat": True, "company_id": company, "user_id": 2})
booking = env["crm.booking"].create({
    "lead_id": env.ref("crm_lead_api.demo_lead_huong").id, "company_id": company,
    "seat_id": seat.id, "start": "2031-03-03 02:00:00"})
booking._plan_reminder_call()
env["crm.booking"]._cron_write_meetings()
assert booking.meeting_id and booking.reminder_call_id
env["ir.config_parameter"].set_param("crm_lead_api_booking.reminder_hours", "48")
"""
LEFT = """
    SELECT name FROM calendar_event WHERE start > '2031-01-01'
     UNION ALL
    SELECT summary FROM mail_activity
     WHERE date_deadline > '2031-01-01' OR starts_with(summary, 'Remind of')
        OR starts_with(res_model, 'crm.lead.api.')
     UNION ALL
    SELECT key FROM ir_config_parameter WHERE starts_with(key, 'crm_lead_api_')
     UNION ALL
    SELECT name FROM ir_attachment WHERE res_model = 'crm.lead.phone.call'
     UNION ALL
    SELECT name FROM ir_model_data WHERE starts_with(module, 'crm_lead_api_')
"""
# As of 19.0.1.0, where a user could be in two rooms at the same time
CLASH = """
bookings = env["crm.booking"].search([("state", "=", "booked")], order="id")
first = bookings[0]
second = bookings.filtered(lambda each: each.seat_id != first.seat_id)[0]
print(">>" + second.code)
parameters = [(first + second)._ids, (first + second).seat_id._ids]
env.cr.execute('''
    ALTER TABLE crm_booking DROP COLUMN seat_user_id;
    UPDATE crm_booking SET start = '2040-01-02 02:00', stop = '2040-01-02 03:00'
     WHERE id IN %s;
    UPDATE resource_resource SET user_id = 2 WHERE id IN %s;
    UPDATE ir_module_module SET latest_version = '19.0.1.0.0'
     WHERE name = 'crm_lead_api_booking'
''', parameters)
"""
USERS = """
SELECT count(*) FILTER (WHERE seat_user_id = 2),
       (SELECT count(*) FROM pg_constraint WHERE conname = 'crm_booking_user_free')
  FROM crm_booking WHERE start = '2040-01-02 02:00'
"""
WITHOUT_RIGHT = """
from odoo.exceptions import UserError
from odoo.addons.crm_lead_api_booking.hooks import pre_init_hook
env.cr.execute("CREATE ROLE crm_lead_api_weak")
env.cr.execute("SET LOCAL ROLE crm_lead_api_weak")
try:
    pre_init_hook(env)
except UserError as error:
    print(">>" + str(error))
env.cr.rollback()
"""
# The free starts of a doctor who is an employee
FIND_WORKING = """
from datetime import time
import pytz

company = env.ref("crm_lead_api.demo_company")
zone = company._get_booking_zone()
today = datetime.now(zone).date()
end = today + timedelta(days=10)
begin = today - timedelta(days=30)
doctor = env["hr.employee"].create({
    "name": "BS. Hoa", "company_id": company.id, "contract_date_start": begin,
    "resource_calendar_id": company.resource_calendar_id.id, "date_version": begin,
    "contract_date_end": end,
})
seat = doctor.resource_id
seat.is_seat = True
bounds = [
    zone.localize(datetime.combine(today + timedelta(days=days), time()))
    for days in (1, 31)
]
days = {slot.start.date() for slot in seat._find_slots(60, *bounds)}
late = [
    day for day in (end + timedelta(days=n) for n in range(1, 8))
    if seat._filter_working(
        *(zone.localize(datetime.combine(day, time(hour))) for hour in (9, 10))
    )
]
print(">>" + json.dumps([len(days), max(days) <= end, len(late)]))
"""
CALL = """
import base64
client = env.ref("crm_lead_api.demo_client")
own = [("lead_api_client_id", "=", client.id)]
lead = env["crm.lead"].search(own, limit=1, order="id")
call = env["crm.lead.phone.call"].create({
    "client_id": client.id, "call_ref": "1", "company_id": lead.company_id.id,
    "direction": "in", "agent_email": "lan", "start_date": "2026-11-25 01:15:00",
    "lead_id": lead.id, "recording_type": "audio/wav",
    "recording": base64.b64encode(b"RIFF0000WAVE"),
    "callback_date": "2031-03-03 02:00:00",
})
call._plan_callback()
assert call.activity_id
env["crm.lead.api.request"].create({
    "date": "2026-11-25 01:15:00", "client_id": client.id, "kind": "phone_call",
    "status": 200, "state": "done", "payload": "{}",
})
env["ir.config_parameter"].set_param("crm_lead_api_phone_call.recording_days", 30)
"""
MESSAGE = f"""
{CONNECT}
connection.activity_schedule("mail.mail_activity_data_todo", user_id=env.uid)
env["crm.lead.api.message"]._keep(connection, [{{"lead_id": "1"}}])
"""
SCRIPTS = dict(zip(SIBLINGS, (BOOK, CALL, MESSAGE), strict=False))
KEPT = (
    "SELECT name, key_digest, is_live, mapped FROM crm_lead_api_connection "
    "CROSS JOIN LATERAL (SELECT count(*) AS mapped FROM crm_lead_api_connection_field "
    "WHERE connection_id = crm_lead_api_connection.id) field ORDER BY id"
)
# As "odoo i18n export" does, of all addons at one start
EXPORT = """
from odoo.tools.translate import trans_export
for name in {names}:
    with open(f"{folder}/{{name}}.pot", "wb") as file:
        trans_export(None, [name], file, "po", env)
"""


def test_install_without_demo_data(plain):
    assert plain.run("print('>>', env['crm.lead'].search_count([]))").strip() == "0"


def test_install_in_a_used_crm(bare_crm):
    """The leads' own addresses and revenues stay, and who was called is no new lead."""
    database = bare_crm.copy("used")
    database.run(USED)
    database.odoo("--init=crm_lead_api", "--stop-after-init")
    assert database.query(ADDRESS) == [("12 Lê Lợi", "Huế", 500)]
    assert database.query(NEVER_CALLED) == [("Mai",)]


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
    assert not database.count("crm_lead", "name = 'Test'")
    assert not database.count("res_partner", "name = 'Test'")
    ours = "starts_with(key, 'crm_lead_api')"
    assert not database.count("ir_config_parameter", ours)
    server = start_server(database)
    assert server.send("GET", "/web/login", [])[0] == 200
    assert server.send("POST", "/api/v1/lead", [])[0] == 404


@pytest.mark.parametrize(
    "names",
    [*zip(SIBLINGS[:3], strict=True), SIBLINGS[:2], SIBLINGS],
    ids=["booking", "phone_call", "connection", "booking and phone_call", "all"],
)
def test_uninstall_siblings(demo, names):
    """Everything is as before, and the rest of the data stays."""
    before = set(demo.query(COLUMNS))
    database = demo.copy("siblings_uninstalled")
    database.odoo(f"--init={','.join(names)}", "--stop-after-init")
    database.run("".join(script for name, script in SCRIPTS.items() if name in names))
    database.uninstall(*names)
    assert set(database.query(COLUMNS)) == before
    logged = [("create",)] if SIBLINGS[0] in names else []
    assert database.query(KINDS) == logged
    assert database.query(LEFT) == []
    # The addons take their own demo data along, and nothing else.
    assert database.query(LEADS) == demo.query(LEADS)
    assert not database.count("crm_lead_api_event", "starts_with(type, 'booking.')")


def test_update_with_a_doctor_in_two_rooms(booking):
    """Old bookings that clash do not stop the update, whose log names them."""
    database = booking.copy("booking_updated")
    code = database.run(CLASH)
    log = database.odoo("--update=crm_lead_api_booking", "--stop-after-init")
    assert code in log
    assert database.query(USERS) == [(1, 1)]


def test_without_the_right_to_create_the_extension(plain):
    """The sentence says what to do; nothing is installed."""
    text = plain.copy("booking_without_right").run(WITHOUT_RIGHT)
    assert "CREATE EXTENSION btree_gist" in text


def test_end_of_a_contract(booking):
    """A doctor takes no bookings after the end of the contract, which Odoo's addon for
    employees knows."""
    database = booking.copy("booking_hours")
    database.odoo("--init=hr", "--stop-after-init")
    count, is_before_end, late = json.loads(database.run(FIND_WORKING))
    assert count >= 5
    assert is_before_end
    assert late == 0


def test_update_of_connections(addons):
    """Addresses, mappings and messages stay."""
    database = addons.copy("updated_messages")
    database.run(MESSAGE)
    before = database.query(KEPT), database.count("crm_lead_api_message", "true")
    database.odoo("--update=crm_lead_api_connection", "--stop-after-init")
    after = database.query(KEPT), database.count("crm_lead_api_message", "true")
    assert after == before
    assert before[1] == 1


def test_translations_are_up_to_date(clean_addons, tmp_path):
    names = [addon.name for addon in ADDONS]
    clean_addons.run(EXPORT.format(names=names, folder=str(tmp_path)))
    for addon in ADDONS:
        pot = f"{addon.name}.pot"
        terms = read_terms(tmp_path / pot)
        assert read_terms(addon / "i18n" / pot).keys() == terms.keys()
        vietnamese = read_terms(addon / "i18n" / "vi.po")
        assert vietnamese.keys() == terms.keys()
        assert [term for term, text in vietnamese.items() if not text] == []


def read_terms(path):
    return {entry.msgid: entry.msgstr for entry in polib.pofile(path)}
