# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A lead that came by a request is the lead that a salesperson would have made.

Of two copies of a database one gets leads by requests, the other the same by hand. Then
every column of every row that has come or changed is compared, in words that do not
depend on ids and times.
"""

import json
import re
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace

import pytest
from contract import FIELDS
from psycopg2.sql import SQL, Literal

# With addons that do more for a lead; Odoo installs crm_iap_enrich along with CRM.
ADDONS = ("sale_crm", "base_automation", "website_crm")

# Tables that are meant to differ, each with its reason
OTHER_TABLES = {
    r"crm_lead_api_.*": "the book-keeping of requests: log, replays, limit, locks",
    r"ir_cron|ir_cron_progress": "when scheduled actions ran",
    r"bus_bus": "what open browsers are told, and forget",
}
# Columns
OTHER_COLUMNS = {
    ("mail_message", "message_id"): "has a random number in it",
    ("mail_mail", "references"): "names messages by their random numbers",
    ("crm_lead", "lead_api_sent"): "which attributes the outside system sent",
    ("crm_lead", "lead_api_values"): "the values that the outside system sent",
    # The creation note follows the answer, so that a message which another addon posts
    # while it sees the lead being made is the first one of the thread.
    ("mail_message", "parent_id"): "the thread's first message",
    ("ir_cron_trigger", "create_uid"): "who woke the action up counts for nothing",
    ("ir_cron_trigger", "write_uid"): "who woke the action up counts for nothing",
}
# Tables that have a row for each lead by hand, but one for all that are made together
ONCE_TABLES = {"ir_cron_trigger": "one wakes the scheduled action up for all leads"}
# Ids that are new are above it, and belong to one table each.
FIRST_NEW_ID = 10_000_357  # no round number, as prices are
IDS_PER_TABLE = 100_000
NEW_ID = re.compile(r"\b[0-9]{8,10}\b")
SEQUENCE = "SELECT pg_get_serial_sequence({}, 'id')"
# Alone, and the last three together
CASES = ("new", "known", "new-together", "known-together", "nobody-together")
TICKETS = dict(zip(CASES, range(101, 106), strict=True))

# The fields of contact and lead, by the attributes of a request
PROFILE = {
    name: FIELDS[name]
    for name in (
        *("phone_no1", "phone_no2", "phone_no3", "gender", "birth_date", "street"),
        *("district_id", "state_id", "country_id", "facebook_acc", "zalo_acc"),
        "overseas_vietnamese",
    )
}
ITEMS = {"hobby": "hobby", "pain_point": "pain_point", "desires": "desire"}

DESCRIBE = """
demo = lambda name: env.ref(f"crm_lead_api.demo_{name}")
demo("client").plans_call = False  # Odoo itself plans none
demo("client").team_id = demo("team")  # of agents whom nobody knows
print(">>" + json.dumps({
    "services": [demo("service_nang_mui").id, demo("service_kham").id],
    "names": "Nâng mũi cấu trúc +1",
    "known": [demo("partner_tuan").id, demo("partner_huong").id],
    "client": demo("client").id, "caller": demo("caller").id,
    "follower": demo("caller").partner_id.id,
    "team": demo("team").id, "agent": demo("agent").id,
    "states": [env.ref("base.state_vn_VN-HN").id, env.ref("base.state_vn_VN-SG").id],
    "districts": [demo("district_hoan_kiem").id, demo("district_sai_gon").id],
}))
"""
MAKE_RULE = """
model = env["ir.model"]._get_id("crm.lead")
field = env["ir.model.fields"]._get("crm.lead", "user_id")
env["base.automation"].create({
    "name": "Rule", "model_id": model, "trigger": "on_create_or_write",
    "trigger_field_ids": [Command.link(field.id)],
    "action_server_ids": [Command.create({
        "name": "Rule", "model_id": model, "state": "code",
        "code": "record.message_post(body='By a rule')",
    })],
})
"""
# Also those that have been triggered, but the one that asks a service in the internet.
RUN_ACTIONS = """
names = [
    "mail.ir_cron_send_scheduled_message", "mail.ir_cron_mail_scheduler_action",
]
others = env["ir.cron.trigger"].search([]).cron_id
others -= env.ref("crm_iap_enrich.ir_cron_lead_enrichment")
for action in 2 * [*map(env.ref, names), *others]:
    action.method_direct_trigger()
    env.cr.commit()  # or it keeps what has been triggered since
"""
MAKE_BY_HAND = """
user = env["res.users"].browse({caller})
for each in json.loads({leads!r}):
    context = {{"lang": user.lang, "tz": user.tz}}
    leads = env(user=user, context=context)["crm.lead"]
    env.transaction.default_env = leads.env  # as in a request of the user's
    leads = leads.with_company(each["lead"]["company_id"])
    partner = leads.env["res.partner"].browse(each["partner_id"] or ())
    if not partner:
        partner = partner.create(each["partner"])
    elif each["partner"]:
        # As staff would: the user of a client may write its own contacts alone
        partner.sudo().write(each["partner"])
    portrait = leads.env["crm.customer.portrait"]
    if each["portrait"]:
        items = [Command.create(item) for item in each["items"]]
        portrait = portrait.create({{
            **each["portrait"], "item_ids": items, "partner_id": partner.id
        }})
    leads.create({{
        **each["lead"], "partner_id": partner.id, "portrait_id": portrait.id,
        "service_ids": [Command.create(service) for service in each["services"]],
    }})
    env.cr.commit()
"""


def make_payloads(known: dict) -> dict[str, dict]:
    """Return the payload of each case.

    :param known: what :data:`DESCRIBE` prints, and a payload that makes a lead
    """
    portrait = {
        **{"term_goals": "Tự tin", "affected_by": "friend", "work_start_time": 8.5},
        **{"hobby": ["âm nhạc", "câu cá"], "pain_point": ["đau"]},
    }
    payload = {
        **known["payload"],
        "agent_email": "lan.nguyen@example.com",
        "crm_line_ids": known["services"],
        **{"work_online": "no", "send_info_zalo": "sent", "shuttle_bus": "yes"},
    }
    tuan = {
        **{"contact_name": "Lê Anh Tuấn", "gender": "male", "street": "7 Tràng Tiền"},
        **{"state_id": known["states"][0], "district_id": known["districts"][0]},
        "account_id": known["known"][0],
    }
    huong = {
        **{"contact_name": "Phạm Thu Hương", "street": "45 Nguyễn Huệ"},
        **{"state_id": known["states"][1], "district_id": known["districts"][1]},
    }
    cases = {
        "new": {
            **{"phone_no1": "0968 000 101", "phone_no2": "028 3822 0000"},
            **{"email_from": "khach.101@example.com", "birth_date": "1990-05-20"},
            **{"facebook_acc": "fb.101", "customer_portrait": portrait},
        },
        "known": {
            **tuan,
            **{"phone_no1": "0900 000 102", "facebook_acc": "fb.102"},
            "customer_portrait": {**portrait, "hobby": ["đá bóng"]},
        },
        "new-together": {
            **{"phone_no1": "0968 000 103", "email_from": "khach.103@example.com"},
            "customer_portrait": {**portrait, "desires": ["trẻ", "đẹp"]},
        },
        "known-together": {**huong, "phone_no1": "0900 000 101"},
        "nobody-together": {
            **{"phone_no1": "0968 000 105", "agent_email": "nobody@example.com"},
        },
    }
    return {
        case: {
            **payload,
            "contact_name": f"Khách {TICKETS[case]}",
            "ticket_id": TICKETS[case],
            **changes,
        }
        for case, changes in cases.items()
    }


def translate(case: str, payload: dict, known: dict) -> dict:
    """Translate a payload into a salesperson's values, for :data:`MAKE_BY_HAND`."""
    profile = {
        field: payload[name] for name, field in PROFILE.items() if name in payload
    }
    partner = {**profile, "name": payload["contact_name"]}
    if email := payload.get("email_from"):
        partner["email"] = email
    partner_id, match = None, {"match_method": "none"}
    if case == "known":
        partner_id = known["known"][0]
        match = {"match_method": "account", "match_value": str(partner_id)}
        partner = {"facebook_account": payload["facebook_acc"]}  # which was empty
    elif case == "known-together":
        partner_id = known["known"][1]
        match = {"match_method": "phone", "match_value": "+84900000101"}
        partner = {}
    lead = {field: payload[name] for name, field in FIELDS.items() if name in payload}
    lead |= {
        "ticket_ref": str(payload["ticket_id"]),
        "name": f"{payload['contact_name']} – {known['names']}",
        "user_id": known["agent"],
        "lead_api_client_id": known["client"],
    }
    if case == "nobody-together":  # else Odoo knows the salesperson's team
        lead |= {"user_id": False, "team_id": known["team"]}
    portrait = dict(payload.get("customer_portrait", {}))
    items = [
        {"kind": kind, "sequence": sequence, "name": item}
        for name, kind in ITEMS.items()
        for sequence, item in enumerate(portrait.pop(name, []))
    ]
    return {
        **{"partner_id": partner_id, "partner": partner},
        "lead": {**lead, **match},
        **{"portrait": portrait, "items": items},
        "services": [
            {"sequence": sequence, "product_id": service, "quantity": 1}
            for sequence, service in enumerate(payload["crm_line_ids"])
        ],
    }


def send_all(server, token, payloads):
    for case in CASES[:2]:
        assert server.post(token, payloads[case]).data
    together = {"leads": [payloads[case] for case in CASES[2:]]}
    answer = server.call(token, "POST", "/leads", together)
    statuses = [result["status"] for result in answer.data["results"]]
    assert statuses == [200] * 3, answer


def find_case(text):
    """Return the case that a row is of, or ``""``."""
    for case, number in TICKETS.items():
        if re.search(rf"(lead |Khách |khach\.|fb\.|= ){number}\b", text):
            return case
    return ""


def explain(by_request, by_hand):
    """Return in which columns rows differ from those that are most like them."""
    by_hand, texts = list(by_hand), []
    for row in by_request:
        likely = [other for other in by_hand if other.table == row.table]
        if not likely:
            texts.append(f"Only by request: {row}")
            continue
        twin = max(likely, key=lambda other: len({*other.values} & {*row.values}))
        by_hand.remove(twin)
        texts.append(
            f"{row.table}\n"
            f"    by request: {sorted({*row.values} - {*twin.values})}\n"
            f"    by hand:    {sorted({*twin.values} - {*row.values})}"
        )
    return "\n\n".join([*texts, *(f"Only by hand: {row}" for row in by_hand)])


# ------------------------------------------------------------------------ changes


@dataclass(frozen=True)
class Row:
    """A row that is new or has changed, in words.

    :param values: of a new row all that are set, of an older one those that are new
    """

    table: str
    is_new: bool
    values: tuple[tuple[str, str], ...]

    def __str__(self):
        kind = "new" if self.is_new else "changed"
        values = (f"{name} = {value}" for name, value in self.values)
        return "\n    ".join([f"{self.table} ({kind})", *values])


def spread_ids(database):
    """Let the ids of new rows tell the table that they belong to."""
    tables = sorted({table for table, name in database.read_kinds() if name == "id"})
    with closing(database.connect()) as connection, connection:
        cursor = connection.cursor()
        for position, table in enumerate(tables):
            cursor.execute(SQL(SEQUENCE).format(Literal(f'"{table}"')))
            [[sequence]] = cursor.fetchall()
            if sequence:
                first = FIRST_NEW_ID + position * IDS_PER_TABLE
                cursor.execute("SELECT setval(%s, %s, false)", [sequence, first])


def find_changes(database, before, kinds):
    """Return all rows that are new or have changed since.

    :param before: all rows of the database that it was copied from
    :param kinds: of its columns
    """
    new, changed = [], []
    for table, rows in database.read_rows().items():
        for key, row in rows.items():
            old = before[table].get(key)
            if old is None:
                values = {
                    name: value for name, value in row.items() if value is not None
                }
                new.append((table, values))
            elif row != old:
                changed.append((table, {n: row[n] for n in row if row[n] != old[n]}))
    labels = label(new)

    def tell(table, name, value):
        if value is not None and kinds[table, name].startswith(("timestamp", "date")):
            return "(a time)"
        if isinstance(value, float) and not value % 1:
            value = int(value)  # PostgreSQL keeps the zeros that were written
        text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        return tell_ids(text, labels)

    return [
        Row(
            *(table, rows is new),
            tuple((n, tell(table, n, v)) for n, v in row.items() if n != "id"),
        )
        for rows in (new, changed)
        for table, row in rows
    ]


def label(new):
    """Return the labels of new rows, by id: what :func:`describe` makes of them, or the
    labels of the rows that they point to."""
    rows = [(table, row) for table, row in new if "id" in row]
    labels = {row["id"]: describe(table, row) for table, row in rows}
    for row_id, text in labels.items():
        labels[row_id] = tell_ids(text, labels)
    for table, row in rows:
        if not labels[row["id"]]:
            related = [
                labels[value]
                for name, value in row.items()
                if name != "id" and isinstance(value, int) and labels.get(value)
            ]
            labels[row["id"]] = f"{table}({', '.join(related)})"
    return labels


def tell_ids(text, labels):
    """Return a text with the names of new rows in place of their ids."""
    return NEW_ID.sub(lambda match: labels.get(int(match[0]), match[0]), text)


def describe(table, row):
    """Return the name by which other rows refer to a new row."""
    if table == "crm_lead":
        return f"lead {row['ticket_ref']}"
    if table == "res_partner":
        return f"contact {row['name']}"
    if table == "mail_message":
        return f"{row['message_type']} {row['subtype_id']} of {row['res_id']}"
    if table == "mail_followers":
        return f"follower {row['partner_id']} of {row['res_id']}"
    return ""


# ------------------------------------------------------------------------ comparison


@dataclass
class Twins:
    """Hold the rows that the same leads made, by requests and by hand."""

    by_request: list[Row]
    by_hand: list[Row]
    follower: int

    def compare(self, case: str) -> tuple[list[Row], list[Row]]:
        """Return the rows of a case that came by request alone, and by hand alone.

        :param case: ``""`` for the rows that are of no lead
        """
        requested = Counter(self._select(self.by_request, case))
        entered = Counter(self._select(self.by_hand, case))
        return [*(requested - entered).elements()], [*(entered - requested).elements()]

    def _select(self, rows, case):
        rows = [left for row in rows if (left := self._leave_out(row))]
        rows = [row for row in rows if find_case(str(row)) == case]
        once = {row for row in rows if row.table in ONCE_TABLES}
        return [*(row for row in rows if row not in once), *once]

    def _leave_out(self, row):
        """Return a row without the differences that are meant, if more is left."""
        if any(re.fullmatch(pattern, row.table) for pattern in OTHER_TABLES):
            return None
        # A program does not follow what it makes.
        if row.table == "mail_followers" and (
            ("partner_id", str(self.follower)) in row.values
        ):
            return None
        if row.table == "mail_followers_mail_message_subtype_rel" and any(
            value.startswith(f"follower {self.follower} ")
            for _name, value in row.values
        ):
            return None
        values = [
            each for each in row.values if (row.table, each[0]) not in OTHER_COLUMNS
        ]
        return replace(row, values=tuple(values)) if values else None


# ------------------------------------------------------------------------ tests


@pytest.fixture(scope="module")
def database(demo):
    database = demo.copy("twins_bare")
    database.run_anyway(RUN_ACTIONS)  # what demo data have left to be done
    return database


@pytest.fixture(scope="module")
def known(database, payload):
    return {**json.loads(database.run(DESCRIBE)), "payload": payload}


@pytest.fixture(scope="module", params=["", *ADDONS], ids=["bare", *ADDONS])
def twins(request, database, token, known, tmp_path_factory):
    """The leads in two copies of a database."""
    original = database.copy("twins")
    if request.param:
        original.odoo(f"--init={request.param}", "--stop-after-init")
    if request.param == "base_automation":
        original.run(MAKE_RULE)
    payloads = make_payloads(known)
    spread_ids(original)
    before, kinds = original.read_rows(), original.read_kinds()
    requested, entered = (original.copy(f"twins_{n}") for n in ("request", "hand"))
    with requested.serve(tmp_path_factory.mktemp("twins") / "odoo.log") as server:
        send_all(server, token, payloads)
    requested.run_anyway(RUN_ACTIONS)
    leads = [translate(case, each, known) for case, each in payloads.items()]
    script = MAKE_BY_HAND.format(caller=known["caller"], leads=json.dumps(leads))
    entered.run_anyway(script + RUN_ACTIONS)
    rows = (find_changes(each, before, kinds) for each in (requested, entered))
    return Twins(*rows, known["follower"])


@pytest.mark.parametrize("case", [*CASES, ""], ids=[*CASES, "else"])
def test_twins(twins, case):
    by_request, by_hand = twins.compare(case)
    assert not (by_request or by_hand), explain(by_request, by_hand)
