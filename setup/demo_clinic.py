# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Make the demo clinic, in ``odoo shell``: run once by setup/demo.

The database has no demo data of Odoo's: no office chairs between the clinic's services.
"""

from datetime import timedelta

from demo_connections import make_connections
from demo_first_calls import make_first_calls
from demo_leads import WEEKS, make_eight_weeks

from odoo import fields
from odoo.fields import Command
from odoo.modules.module import Manifest
from odoo.tools.convert import convert_file

ADDONS = ("crm_lead_api", "crm_lead_api_booking")  # that have demo data
PREPARED = "crm_lead_api.demo_clinic"
# By their English names
LOST_REASONS = {
    "Chose another clinic": "Chọn cơ sở khác",
    "Cannot be reached": "Không liên lạc được",
    "No time at present": "Chưa sắp xếp được thời gian",
    "Ill or busy at short notice": "Khách ốm hoặc bận đột xuất",
    "The family is against it": "Gia đình không đồng ý",
    "Not suitable, says the doctor": "Bác sĩ không chỉ định",
}
# Reasons of a warehouse
NO_REASONS = ("crm.lost_reason_2", "crm.lost_reason_3")
# Names of the stages, English and Vietnamese, their state for clients, and after what
# leads come there
STAGES = (
    ("New", "Mới", False, False),
    ("Contacted", "Đã liên hệ", "contacted", "contact"),
    ("Booked", "Đã đặt hẹn", False, "booking"),
    ("Won", "Đạt", False, False),
)
BRANCH = "Sen Hồng Quận 7"
ENRICHMENT = "crm_iap_enrich.ir_cron_lead_enrichment"


# Odoo asks no service about the company, and leaves mail to the server's queue.
CONTEXT = {"default_iap_enrich_auto_done": True, "mail_notify_force_send": False}


def make_clinic(env):
    """Make the clinic in a database that has the addons alone."""
    env = env(context={**env.context, **CONTEXT})
    turn_off_enrichment(env)
    load_demo_data(env)
    make_branch(env)
    settle_users(env)
    settle_lists(env)
    settle_scoring(env)
    make_eight_weeks(env)
    vietnamese = env(context={**env.context, "lang": "vi_VN"})  # for the chatter
    make_connections(vietnamese)
    make_first_calls(vietnamese)
    env["ir.config_parameter"].set_param(PREPARED, "True")
    # Of leads that came before others had ended
    env["crm.lead"]._cron_update_automated_probabilities()
    env.cr.commit()


def load_demo_data(env):
    """Load the demo data of the addons alone."""
    for addon in ADDONS:
        for name in Manifest.for_addon(addon)["demo"]:
            convert_file(env, addon, name, {}, mode="init", noupdate=True)
        # Updates bring what later versions add.
        env.ref(f"base.module_{addon}").demo = True


def make_branch(env):
    """Make the clinic's second branch, with two rooms."""
    clinic = env.ref("crm_lead_api.demo_company")
    # A branch has no chart of accounts of its own.
    companies = env["res.company"].with_context(chart_template_load=True)
    place = {"state_id": clinic.state_id.id, "country_id": clinic.country_id.id}
    place |= {"street": "101 Nguyễn Thị Thập"}
    branch = companies.create({"name": BRANCH, "parent_id": clinic.id, **place})
    branch.resource_calendar_id = clinic.resource_calendar_id.copy(
        {"company_id": branch.id, "name": BRANCH}
    )
    env.ref("crm_lead_api.demo_client").company_ids |= branch
    users = env["res.users"].search([("company_ids", "in", clinic.ids)])
    # Each its own: the superuser has one more company.
    users.write({"company_ids": [Command.link(branch.id)]})
    room = {"is_seat": True, "resource_type": "material", "company_id": branch.id}
    room |= {"calendar_id": False, "tz": "Asia/Ho_Chi_Minh"}
    rooms = [{**room, "name": f"Phòng {number}"} for number in (1, 2)]
    env["resource.resource"].create(rooms)


def turn_off_enrichment(env):
    """Enrich no leads: without credit a note on each lead says so."""
    env["ir.config_parameter"].set_param("crm.iap.lead.enrich.setting", "manual")
    if action := env.ref(ENRICHMENT, raise_if_not_found=False):
        action.active = False


def settle_users(env):
    """Make three salespeople and a receptionist, who get their notices in Odoo; see
    only the clinic."""
    company = env.ref("crm_lead_api.demo_company")
    (
        company.partner_id
        | company.child_ids.partner_id
        | env.ref("crm_lead_api.demo_caller").partner_id
        | env["crm.lead"].search([("company_id", "child_of", company.id)]).partner_id
    ).lang = "vi_VN"
    company.resource_calendar_id.tz = "Asia/Ho_Chi_Minh"  # for calls within its hours
    lan = env.ref("crm_lead_api.demo_agent")
    minh = env.ref("crm_lead_api.demo_agent_2")
    trang = {"name": "Hoàng Thu Trang", "login": "trang", "password": "trang"}
    own = {"image_1920": False}  # or they have his picture
    trang = minh.copy({**trang, **own, "email": "trang.hoang@example.com"})
    hoa = {"name": "Phạm Thị Hoa", "login": "hoa", "password": "hoa"}
    hoa = minh.copy({**hoa, **own, "email": "hoa.pham@example.com"})
    hoa.group_ids += env.ref("sales_team.group_sale_salesman_all_leads")
    # Each begins where the work is.
    lan.action_id = env.ref("crm_lead_api.crm_lead_intake_dashboard_action").id
    (minh | trang).action_id = env.ref("crm_lead_api.crm_lead_call_action").id
    hoa.action_id = env.ref("crm_lead_api_booking.crm_booking_action_day").id
    doctors = env["res.users"].search([("login", "in", ("bs.hanh", "bs.tuan"))])
    doctors.action_id = env.ref("calendar.action_calendar_event").id
    (minh | trang | hoa | doctors).lang = "vi_VN"
    env.ref("crm_lead_api.demo_team").member_ids |= trang
    admin = env.ref("base.user_admin")
    people = lan | minh | trang | hoa | admin
    people.write({"tz": "Asia/Ho_Chi_Minh", "notification_type": "inbox"})
    companies = [Command.set((company | company.child_ids).ids)]
    admin.write({"company_id": company.id, "company_ids": companies})
    if "odoobot_state" in people:  # no greeting of the robot
        people.odoobot_state = "disabled"


def settle_lists(env):
    """Leave only what a clinic has in the lists that staff choose from."""
    clinic = env.ref("crm_lead_api.demo_company")
    for model in ("product.template", "crm.team"):
        env[model].search([("company_id", "!=", clinic.id)]).action_archive()
    for stage, (name, vietnamese, state, after) in zip(
        env["crm.stage"].search([], order="sequence, id"), STAGES, strict=False
    ):
        values = {"name": name, "lead_api_state": state, "lead_api_after": after}
        stage.write(values)
        stage.with_context(lang="vi_VN").name = vietnamese
    # Odoo gives each company one more price list.
    names = ("pricelist", "pricelist_promotion", "pricelist_overseas")
    own = [env.ref(f"crm_lead_api.demo_{name}").id for name in names]
    env["product.pricelist"].search([("id", "not in", own)]).action_archive()
    reasons = env["crm.lost.reason"]
    for name in NO_REASONS:
        reasons |= env.ref(name, raise_if_not_found=False) or reasons
    reasons.action_archive()
    for name, vietnamese in LOST_REASONS.items():
        reasons.create({"name": name}).with_context(lang="vi_VN").name = vietnamese


def settle_scoring(env):
    """Let Odoo learn from all leads how probable it is to win one: by itself it counts
    those made since eight days before its start, of which hardly any has ended."""
    start = fields.Date.today() - timedelta(weeks=WEEKS)
    env["ir.config_parameter"].set_param("crm.pls_start_date", str(start))
