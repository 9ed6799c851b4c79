# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many leads in a database, by SQL: by Odoo they would take days."""

from contextlib import closing
from dataclasses import dataclass

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
BOOKING_VALUES = {
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
}
PHONE_CALL_VALUES = {
    "call_ref": "'bench-' || n",
    **{
        name: f"t.{name} - (n % 700) * interval '1 day'"
        for name in ("start_date", "answer_date", "end_date")
    },
}
# Of a platform's message: neither its lead nor its log entry is there
MESSAGE_VALUES = {
    **dict.fromkeys(("message_ref", "ref_digest"), "'bench-' || n"),
    "customer_keys": "lpad(n::text, 9, '0')",
    **dict.fromkeys(("lead_id", "request_id"), "100000000 + n"),
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


def fill_log(database: Database, count: int) -> None:
    """Copy the last request in the log, without its bodies, over two years."""
    table = "crm_lead_api_request"
    with closing(database.connect()) as connection, connection:
        cursor = connection.cursor()
        row_id = get_last_id(cursor, table)
        empty = f"UPDATE {table} SET payload = '', answer = '' WHERE id = %s"  # noqa: S608
        cursor.execute(empty, (row_id,))
        copy_alone(cursor, table, row_id, count)


def fill_leads(database: Database, count: int) -> None:
    """Copy the last lead over two years, without what else it left behind."""
    with closing(database.connect()) as connection, connection:
        cursor = connection.cursor()
        row_id = get_last_id(cursor, "crm_lead")
        copy_alone(cursor, "crm_lead", row_id, count)


def copy_alone(cursor: Cursor, table: str, row_id: int, count: int) -> None:
    """Copy a row many times, each pointing to what the row points to, and analyze the
    table. Its indexes are made again faster than kept up, and no foreign key is
    checked."""
    indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s"
    cursor.execute(f"{indexes} AND indexname NOT LIKE '%%pkey'", (table,))
    indexes = cursor.fetchall()
    cursor.execute("SET LOCAL session_replication_role = replica")
    for name, _definition in indexes:
        cursor.execute(SQL("DROP INDEX {}").format(Identifier(name)))
    copy_row(cursor, table, row_id, count, {}, has_customers=False)
    cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
    for _name, definition in indexes:
        cursor.execute(definition)
    cursor.execute(SQL("ANALYZE {}").format(Identifier(table)))


def fill_messages(database: Database, count: int) -> None:
    """Copy the last message of a platform, over two years."""
    table = "crm_lead_api_message"
    with closing(database.connect()) as connection, connection:
        cursor = connection.cursor()
        cursor.execute("SET LOCAL session_replication_role = replica")
        row_id = get_last_id(cursor, table)
        copy_row(cursor, table, row_id, count, {}, has_customers=False)
        cursor.execute(SQL("ANALYZE {}").format(Identifier(table)))


@dataclass
class Link:
    """Find the copies of a row.

    :param row_id: of the row
    :param base: the id before that of the first copy
    """

    row_id: int
    base: int


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
    values = {name: Identifier("t", name) for name in get_columns(cursor, table)}
    if table in MAIL_TABLES:
        vary_mail(values, links)
    else:
        varied = (
            CALL_VALUES
            | (CUSTOMER_VALUES if has_customers else {})
            | (BOOKING_VALUES if table == "crm_booking" else {})
            | (MESSAGE_VALUES if table == "crm_lead_api_message" else {})
            | (PHONE_CALL_VALUES if table == "crm_lead_phone_call" else {})
        )
        for name in values.keys() & varied.keys():
            # Columns that are empty in the row stay empty in its copies.
            values[name] = SQL("CASE WHEN {} IS NOT NULL THEN {} END").format(
                values[name], SQL(varied[name])
            )
    for name, linked in LINKS.items():
        if name in values and (link := links.get(linked)):
            values[name] = follow(values[name], link)
    if table == "crm_lead_api_answer":
        values["key"] = SQL("'content ' || md5('answer' || n || '-' || t.id)")
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


def get_columns(cursor: Cursor, table: str) -> list[str]:
    cursor.execute(
        """
        SELECT attname FROM pg_attribute
         WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
        """,
        (table,),
    )
    return [name for (name,) in cursor.fetchall()]


def vary_mail(values: dict[str, Composable], links: dict[str, Link]) -> None:
    """Let a follower or a message be of a copy, where its record was copied.

    :param values: by column, which are changed
    """
    model = Identifier("t", "model" if "model" in values else "res_model")
    cases = [
        SQL("WHEN {} THEN {}").format(
            Literal(table.replace("_", ".")), follow(values["res_id"], links[table])
        )
        for table in ("crm_lead", "res_partner")
        if table in links
    ]
    values["res_id"] = SQL("CASE {} {} ELSE t.res_id END").format(
        model, SQL(" ").join(cases)
    )
    if "message_id" in values:
        values["message_id"] = SQL("md5('message' || n || '-' || t.id)")


def follow(value: Composable, link: Link) -> Composable:
    """Return the target of a copy: the copy of the row's target, if the target was
    copied."""
    return SQL("CASE WHEN {value} = {row_id} THEN {base} + n ELSE {value} END").format(
        value=value, row_id=Literal(link.row_id), base=Literal(link.base)
    )
