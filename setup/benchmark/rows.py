# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many leads in a database, by SQL: by Odoo they would take days."""

from collections import namedtuple
from contextlib import closing

from odoo_database import Database
from psycopg2.extensions import cursor as Cursor
from psycopg2.sql import SQL, Composable, Identifier, Literal

# The rows that belong to a lead, by table, in an order that respects foreign keys
TABLES = {
    "res_partner": "id = %(partner)s",
    "crm_customer_portrait": "partner_id = %(partner)s",
    "crm_customer_portrait_item": """
        portrait_id IN
        (SELECT id FROM crm_customer_portrait WHERE partner_id = %(partner)s)
        """,
    "crm_lead": "id = %(lead)s",
    "crm_lead_service": "lead_id = %(lead)s",
    "crm_lead_api_request": "lead_id = %(lead)s",
    "crm_lead_api_answer": """
        request_id IN (SELECT id FROM crm_lead_api_request WHERE lead_id = %(lead)s)
        """,
    "mail_followers": """
        (res_model = 'crm.lead' AND res_id = %(lead)s)
        OR (res_model = 'res.partner' AND res_id = %(partner)s)
        """,
    "mail_message": """
        (model = 'crm.lead' AND res_id = %(lead)s)
        OR (model = 'res.partner' AND res_id = %(partner)s)
        """,
}
# Those of the addons for bookings and phone calls
APPOINTMENT_TABLES = {
    "crm_booking": "lead_id = %(lead)s",
    "crm_booking_service": """
        booking_id IN (SELECT id FROM crm_booking WHERE lead_id = %(lead)s)
        """,
    "crm_lead_phone_call": "lead_id = %(lead)s",
}
# The tables that others point to, by column; each has one row of a lead.
LINKS = {
    "partner_id": "res_partner",
    "commercial_partner_id": "res_partner",
    "portrait_id": "crm_customer_portrait",
    "lead_id": "crm_lead",
    "request_id": "crm_lead_api_request",
    "booking_id": "crm_booking",
}
CUSTOMER_TABLES = {"res_partner", "crm_customer_portrait", "crm_customer_portrait_item"}
MAIL_TABLES = {"mail_followers", "mail_message"}

# How copies differ, by column; n is the number of the copy. No call of the benchmark
# has phones that begin like these.
NAME = """(ARRAY['Nguyễn','Trần','Lê','Phạm','Hoàng','Vũ','Đặng','Bùi'])[1 + n % 8]
    || ' ' || (ARRAY['Thị','Văn','Hữu','Ngọc','Minh'])[1 + n % 5]
    || ' ' || left(md5(n::text), 6)"""
EMAIL = "'k' || n || '@mail' || n % 50 || '.example.com'"
PHONES = [f"'{digit}' || lpad(n::text, 8, '0')" for digit in "352"]
CUSTOMER_VALUES = {
    **dict.fromkeys(("name", "complete_name", "contact_name"), NAME),
    **dict.fromkeys(("email", "email_from", "email_normalized"), EMAIL),
    **dict.fromkeys(("email_domain_criterion", "facebook_account"), EMAIL),
    **dict.fromkeys(("phone", "zalo_account"), f"'0' || {PHONES[0]}"),
    "phone2": f"'0' || {PHONES[1]}",
    "phone3": f"'0' || {PHONES[2]}",
    **dict.fromkeys(("phone_key", "phone_sanitized"), f"'+84' || {PHONES[0]}"),
    "phones": f"'+84' || {PHONES[0]}",
    "phone2_key": f"'+84' || {PHONES[1]}",
    "phone3_key": f"'+84' || {PHONES[2]}",
    "street": "n % 900 || ' Lê Lợi'",
}
# The first copies of a booking are to come, five at each seat and day. The others fill
# ten hours of each past day; one of twenty was never closed.
COMING = 1_000
SEATS = "(SELECT array_agg(id ORDER BY id) FROM resource_resource WHERE is_seat)"
SEAT = f"({SEATS})[1 + n % cardinality({SEATS})]"
TURN = f"(n / cardinality({SEATS}))"
SHIFT = f"""CASE WHEN n <= {COMING}
    THEN (1 + {TURN} / 5) * interval '1 day' + {TURN} % 5 * interval '2 hours'
    ELSE - (4 + {TURN} / 10) * interval '1 day' + {TURN} % 10 * interval '1 hour' END"""
OF_TABLES = {
    "crm_booking": {
        "code": "'BM-' || n",
        "seat_id": SEAT,
        "start": f"t.start + {SHIFT}",
        "stop": f"t.start + {SHIFT} + interval '1 hour'",
        "duration": "60",
        "reminder_date": f"CASE WHEN n <= {COMING} THEN t.reminder_date + {SHIFT} END",
        "state": f"""CASE WHEN n <= {COMING} OR n % 20 = 0 THEN 'booked'
            WHEN n % 13 = 0 THEN 'no_show' WHEN n % 17 = 0 THEN 'cancelled'
            ELSE 'done' END""",
        "access_token": "md5('booking' || n)",
    },
    "crm_lead_phone_call": {
        "call_ref": "'bench-' || n",
        **{
            name: f"t.{name} - (n % 700) * interval '1 day'"
            for name in ("start_date", "answer_date", "end_date")
        },
    },
    "crm_lead_api_answer": {"key": "'content ' || md5('answer' || n || '-' || t.id)"},
    "mail_message": {"message_id": "md5('message' || n || '-' || t.id)"},
}
CALL_VALUES = {
    **dict.fromkeys(
        ("date", "create_date"),
        "now() AT TIME ZONE 'utc' - (n % 700) * interval '1 day'",
    ),
    "ticket_ref": "(500000000 + n)::text",
    "request_ref": "md5('request' || n)",
}


def multiply(
    database: Database,
    lead_id: int,
    count: int,
    has_customers=True,
    has_appointments=False,
) -> None:
    """Copy a lead with all that it left behind, and analyze the tables.

    :param count: how many copies
    :param has_customers: each copy has a customer of its own; else they are all leads
        of the one who has the lead already
    :param has_appointments: each copy has a booking and a phone call, too
    """
    tables = TABLES | (APPOINTMENT_TABLES if has_appointments else {})
    with closing(database.connect()) as connection, connection:
        cursor = connection.cursor()
        cursor.execute("SELECT partner_id FROM crm_lead WHERE id = %s", (lead_id,))
        [partner_id] = cursor.fetchone()
        lead = {"lead": lead_id, "partner": partner_id if has_customers else None}
        links: dict[str, Link] = {}
        for table, condition in tables.items():
            if table in CUSTOMER_TABLES and not has_customers:
                continue
            query = SQL("SELECT id FROM {} WHERE {} ORDER BY id")
            cursor.execute(query.format(Identifier(table), SQL(condition)), lead)
            for (row_id,) in cursor.fetchall():
                if table in LINKS.values():
                    # Before it is copied: a contact points to itself.
                    links[table] = Link(row_id, get_last_id(cursor, table))
                copy_row(cursor, table, row_id, count, links, has_customers)
        for table in tables:
            cursor.execute(SQL("ANALYZE {}").format(Identifier(table)))


def copy_last(database: Database, table: str, count: int) -> None:
    """Copy the last row of a table many times, without what else belongs to it: each
    copy points to what the row points to. Then analyze the table.

    Its indexes are made again faster than kept up, and no foreign key is checked.
    """
    indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s"
    with closing(database.connect()) as connection, connection:
        cursor = connection.cursor()
        cursor.execute(f"{indexes} AND indexname NOT LIKE '%%pkey'", (table,))
        indexes = cursor.fetchall()
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name, _definition in indexes:
            cursor.execute(SQL("DROP INDEX {}").format(Identifier(name)))
        row_id = get_last_id(cursor, table)
        copy_row(cursor, table, row_id, count, {}, has_customers=False)
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        cursor.execute(SQL("ANALYZE {}").format(Identifier(table)))


# A row that was copied, and the id before that of its first copy
Link = namedtuple("Link", "row_id base")


def get_last_id(cursor: Cursor, table: str) -> int:
    cursor.execute(SQL("SELECT max(id) FROM {}").format(Identifier(table)))
    return cursor.fetchone()[0]


def copy_row(
    cursor: Cursor,
    table: str,
    row_id: int,
    count: int,
    links: dict[str, Link],
    has_customers: bool,
) -> None:
    """Copy a row many times, with ids in a row after those that there are.

    :param links: of what has been copied already, by table
    """
    base = get_last_id(cursor, table)
    cursor.execute(SQL("SELECT * FROM {} LIMIT 0").format(Identifier(table)))
    values = {each.name: Identifier("t", each.name) for each in cursor.description}
    varied = OF_TABLES.get(table, {})
    if table in MAIL_TABLES:
        values["res_id"] = follow_record(values, links)
    else:
        varied = CALL_VALUES | (CUSTOMER_VALUES if has_customers else {}) | varied
    for name in values.keys() & varied.keys():
        # Columns that are empty in the row stay empty in its copies.
        values[name] = SQL("CASE WHEN {} IS NOT NULL THEN {} END").format(
            values[name], SQL(varied[name])
        )
    for name, linked in LINKS.items():
        if name in values and (link := links.get(linked)):
            values[name] = follow(values[name], link)
    values["id"] = SQL("{} + n").format(Literal(base))
    insert = SQL("""
        INSERT INTO {table} ({names})
             SELECT {values} FROM {table} t, generate_series(1, {count}) n
              WHERE t.id = {row_id}
    """)
    insert = insert.format(
        table=Identifier(table),
        names=SQL(", ").join(map(Identifier, values)),
        values=SQL(", ").join(values.values()),
        **{"count": Literal(count), "row_id": Literal(row_id)},
    )
    cursor.execute(insert)
    cursor.execute("SELECT setval(%s, %s)", (f"{table}_id_seq", base + count))


def follow_record(values: dict[str, Composable], links: dict[str, Link]) -> Composable:
    """Return the record of a follower or a message: a copy, where it was copied."""
    model = Identifier("t", "model" if "model" in values else "res_model")
    cases = [
        SQL("WHEN {} THEN {}").format(
            Literal(table.replace("_", ".")), follow(values["res_id"], links[table])
        )
        for table in ("crm_lead", "res_partner")
        if table in links
    ]
    cases = SQL(" ").join(cases)
    return SQL("CASE {} {} ELSE t.res_id END").format(model, cases)


def follow(value: Composable, link: Link) -> Composable:
    """Return the target of a copy: the copy of the row's target, if the target was
    copied."""
    return SQL("CASE WHEN {value} = {row_id} THEN {base} + n ELSE {value} END").format(
        value=value, row_id=Literal(link.row_id), base=Literal(link.base)
    )
