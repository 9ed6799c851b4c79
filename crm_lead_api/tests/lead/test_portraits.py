# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from lxml import html
from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import format_date, mute_logger

from ..common import LeadApiCase


@tagged("post_install", "-at_install")
class TestPortraits(LeadApiCase):
    def create_portrait(self, lead=None, **values):
        return self.create_lead(
            account_id=lead and lead.partner_id.id, customer_portrait=values
        ).portrait_id

    def test_tags_are_shared_whatever_way_they_are_written(self):
        first = self.create_portrait(hobby=["Âm nhạc", "Đá bóng"], desires=["âm nhạc"])
        second = self.create_portrait(hobby=["da  bong", "am nhac", "ÂM NHẠC", "bơi"])
        music, football = first.hobby_ids.tag_id
        self.assertEqual(second.hobby_ids[0].tag_id, football)
        self.assertEqual(second.hobby_ids[1:3].tag_id, music)
        self.assertEqual(music.name, "Âm nhạc")
        self.assertEqual(music.portrait_count, 2)
        self.assertNotEqual(first.desire_ids.tag_id, music, "Another kind of thing")
        self.assertEqual(
            second.hobby_ids.mapped("name"), ["da  bong", "am nhac", "ÂM NHẠC", "bơi"]
        )

    def test_tags_are_found_without_accents(self):
        music = self.create_portrait(hobby=["Âm nhạc"]).hobby_ids.tag_id
        tags = self.env["crm.customer.portrait.tag"].with_user(self.agent)
        hobbies = tags.with_context(default_kind="hobby")
        for typed in ("am nh", "ÂM", "âm  nhạc"):
            with self.subTest(typed):
                found = tags.name_search(typed, [("kind", "=", "hobby")])
                self.assertEqual([tag_id for tag_id, _name in found], music.ids)
        self.assertEqual(hobbies.name_create("AM NHAC")[0], music.id)
        new = tags.browse(hobbies.name_create("Câu cá")[0])
        self.assertEqual((new.name, new.kind), ("Câu cá", "hobby"))
        found = tags.name_search("AM NHAC", operator="=")  # as an import searches
        self.assertEqual(found, [(music.id, "Âm nhạc")])
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            tags.create({"name": "cau ca", "kind": "hobby"})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            tags.name_create("Không rõ loại")

    def test_long_texts_are_tags_too(self):
        words = " ".join(f"từ{number}" for number in range(1500))[:10_000]
        first = self.create_portrait(pain_point=[words])
        second = self.create_portrait(pain_point=[words.upper()])
        self.assertEqual(first.pain_point_ids.tag_id, second.pain_point_ids.tag_id)

    def test_order_of_words_is_that_of_staff(self):
        portrait = self.create_portrait(hobby=["nhạc", "bơi"])
        music, swimming = portrait.hobby_ids
        swimming.with_user(self.agent).sequence = music.sequence - 1
        portrait.invalidate_recordset()
        self.assertEqual(portrait.hobby_ids, swimming + music)
        self.assertEqual(portrait.hobby_ids.mapped("name"), ["bơi", "nhạc"])

    def test_words_follow_the_tag_that_staff_choose(self):
        portrait = self.create_portrait(hobby=["nhạc"])
        item = portrait.hobby_ids
        item.with_user(self.agent).name = "đọc sách"
        self.assertEqual(item.tag_id.name, "đọc sách")
        item.with_user(self.agent).tag_id = self.create_portrait(
            hobby=["xem phim"]
        ).hobby_ids.tag_id
        self.assertEqual(item.name, "xem phim")

    def test_words_of_ones_own_stay_whatever_the_tag(self):
        item = self.create_portrait(hobby=["nghe nhạc trẻ"]).hobby_ids
        music, walks = self.create_portrait(hobby=["Âm nhạc", "dạo"]).hobby_ids.tag_id
        item.write({"tag_id": music.id, "name": "nghe nhac tre"})
        item.name = "nghe nhạc trẻ buổi tối"
        self.assertEqual(item.tag_id, music)
        item.tag_id = walks
        self.assertEqual(item.name, "nghe nhạc trẻ buổi tối")
        item.name = False
        self.assertEqual((item.name, item.tag_id), ("dạo", walks))

    def test_what_nobody_says_any_more_is_forgotten(self):
        portrait = self.create_portrait(hobby=["lan đột biến"], desires=["ngủ ngon"])
        hobby, desire = portrait.hobby_ids.tag_id, portrait.desire_ids.tag_id
        portrait.hobby_ids.unlink()
        hobby._gc_unused()
        self.assertTrue(hobby.exists(), "It may be of a portrait that is being written")
        self.env.cr.execute(
            "UPDATE crm_customer_portrait_tag"
            " SET create_date = create_date - interval '2 days'"
        )
        self.env.invalidate_all()
        hobby._gc_unused()
        self.assertFalse(hobby.exists())
        self.assertTrue(desire.exists())
        portrait.unlink()
        self.assertFalse(desire.exists())

    def test_a_manager_deletes_only_words_that_no_company_needs(self):
        manager = self._new_user("manager", "sales_team.group_sale_manager")
        portrait = self.create_portrait(hobby=["bơi", "hát"])
        swimming, singing = portrait.hobby_ids.tag_id
        portrait.create(
            {
                "partner_id": portrait.partner_id.id,
                "company_id": self.other_company.id,
                "hobby_ids": [Command.create({"name": "bơi"})],
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        portrait.with_user(manager).unlink()
        self.assertEqual((swimming + singing).exists(), swimming)

    def test_who_deletes_a_contact_deletes_its_portraits(self):
        user = self._new_user("contacts", "base.group_partner_manager")
        portrait = self.create_portrait(hobby=["bơi"])
        partner, tag = portrait.partner_id, portrait.hobby_ids.tag_id
        portrait.lead_ids.unlink()
        self.env.invalidate_all()
        partner.with_user(user).unlink()
        self.assertFalse(portrait.exists() or tag.exists())

    def test_a_lead_shows_what_is_known_of_its_customer(self):
        """The last value of each subject with its date, and the one before it."""
        first = self.create_lead(
            customer_portrait={
                "term_goals": "Tự tin",
                "transport": "scooter",
                "hobby": ["bơi", "hát"],
                "work_start_time": 8,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_customer_portrait SET create_date = '2026-03-01' WHERE id = %s",
            [first.portrait_id.id],
        )
        lead = self.create_lead(
            ticket_id=2,
            account_id=first.partner_id.id,
            customer_portrait={
                "transport": "car",
                "hobby": ["hát", "đọc sách"],
                "work_end_time": 17,
            },
        )
        self.env.invalidate_all()
        card = html.fromstring(lead.with_user(self.agent).portrait_card)
        rows = {
            dt.text: " ".join(dt.getnext().text_content().split())
            for dt in card.iter("dt")
        }
        today = lead.portrait_id.create_date
        today = format_date(self.env, today, date_format="medium")
        self.assertEqual(rows["Goals"], "Tự tin Mar 1, 2026")
        self.assertEqual(rows["Means of Transport"], f"Scooter → Car {today}")
        self.assertEqual(rows["Hobbies"], f"bơi → hát đọc sách {today}")
        self.assertEqual(rows["Working Day"], f"08:00 – … → 08:00 – 17:00 {today}")
        # A new portrait begins with all of it.
        context = lead.with_user(self.agent).action_add_portrait()["context"]
        portraits = self.env["crm.customer.portrait"].with_user(self.agent)
        form = Form(portraits.with_context(**context))
        form.term_goals = "Tự tin hơn"
        portrait = form.save()
        self.assertEqual(lead.portrait_id, portrait)
        self.assertEqual(portrait.transport, "car")
        self.assertEqual(portrait.hobby_ids.mapped("name"), ["hát", "đọc sách"])
        self.assertEqual((portrait.work_start_time, portrait.work_end_time), (8, 17))
        self.assertFalse(portrait.break_start_time)
        self.assertEqual(first.portrait_id.term_goals, "Tự tin")

    def test_staff_add_one_by_hand(self):
        lead = self.create_lead(customer_portrait=None).with_user(self.agent)
        self.assertFalse(lead.portrait_card)
        action = self.assertDialog(lead.action_add_portrait(), "Add a Portrait")
        portraits = self.env[action["res_model"]].with_user(self.agent)
        # The portrait has the company of the lead, not that where the agent works now.
        self.agent.company_ids += self.other_company
        companies = self.other_company + self.company
        portraits = portraits.with_context(allowed_company_ids=companies.ids)
        form = Form(portraits.with_context(**action["context"]))
        form.term_goals = "Tự tin"
        tag = self.env["crm.customer.portrait.tag"].with_user(self.agent)
        tag = tag.with_context(default_kind="hobby")
        with form.hobby_ids.new() as hobby:
            hobby.tag_id = tag.browse(tag.name_create("đọc sách")[0])
        portrait = form.save()
        self.assertEqual(lead.portrait_id, portrait)
        self.assertIn("đọc sách", lead.portrait_card)
        self.assertEqual(portrait.partner_id, lead.partner_id)
        self.assertEqual(portrait.company_id, self.company)
        self.assertEqual(portrait.hobby_ids.mapped("name"), ["đọc sách"])

    def test_lead_without_a_portrait_shows_the_customers_newest(self):
        self.create_portrait(term_goals="Tự tin")
        lead = self.create_lead(ticket_id=2, customer_portrait=None)
        self.assertFalse(lead.portrait_id)
        self.assertIn("Tự tin", lead.with_user(self.agent).portrait_card)
        own = self.create_lead(ticket_id=3)
        action = own.with_user(self.agent).action_open_portrait()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("crm.customer.portrait", own.portrait_id.id),
        )

    def test_a_lead_opens_without_a_portrait_of_another_company(self):
        portrait = self.create_portrait(hobby=["bơi"])
        lead = portrait.lead_ids.with_user(self.agent)
        self.assertEqual(lead.hobby_tag_ids.mapped("name"), ["bơi"])
        portrait.company_id = self.other_company
        self.env.invalidate_all()
        self.assertFalse(lead.hobby_tag_ids)

    def test_the_portrait_of_a_lost_lead_moves_with_the_lead(self):
        portrait = self.create_portrait(hobby=["bơi"])
        lead = portrait.lead_ids
        lead.action_set_lost()
        self.env.flush_all()
        self.env.invalidate_all()
        others = dict.fromkeys(("user_id", "team_id", "pricelist_id"), False)
        lead.write({**others, "company_id": self.other_company.id})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(portrait.company_id, self.other_company)
        self.assertEqual(portrait.lead_ids, lead)
        copy = portrait.copy()
        self.assertFalse(copy.is_shared)
        self.assertTrue(portrait.hobby_ids)
        self.assertEqual(copy.item_ids.mapped("name"), portrait.item_ids.mapped("name"))

    def _read_card(self, portrait):
        """Return the card's texts by subject, and its bar's spans in percent."""
        card = html.fromstring(portrait.card)
        subjects = [node.text_content() for node in card.iter("dt")]
        texts = [
            [node.text_content() for node in dd] or [dd.text_content().strip()]
            for dd in card.iter("dd")
        ]
        spans = [
            tuple(float(number) for number in re.findall(r"[\d.]+", span.get("style")))
            for span in card.xpath("//div[@class='o_portrait_day']/span")
        ]
        return dict(zip(subjects, texts, strict=True)), spans

    def _read_changes(self, portrait):
        """Return by subject what is struck out and what is new."""
        rows = html.fromstring(portrait.card).xpath("//div[span and (del or ins)]")
        return {
            row.findtext("span").rstrip(":"): tuple(
                [node.text for node in row.findall(tag)] for tag in ("del", "ins")
            )
            for row in rows
        }

    def test_card_tells_all_that_was_said(self):
        subjects, spans = self._read_card(
            self.create_portrait(
                hobby=["xem phim", "âm nhạc"],
                transport="bus",
                work_start_time=6,
                work_end_time=18,
                break_start_time=12,
                break_end_time=13.5,
            )
        )
        self.assertEqual(
            subjects,
            {
                "Hobbies": ["xem phim", "âm nhạc"],
                "Means of Transport": ["Bus"],
                "Working Day": ["06:00 – 18:00"],
                "Lunch Break": ["12:00 – 13:30"],
            },
        )
        self.assertEqual(spans, [(25, 50), (50, 6.25)])

    def test_hours_of_a_night_and_of_half_a_day(self):
        for start, end, text, spans in (
            (22, 6, "22:00 – 06:00", [(0, 25), (100 * 22 / 24, 100 * 2 / 24)]),
            (0, None, "00:00 – …", []),
            (None, 17.25, "… – 17:15", []),
        ):
            with self.subTest(text):
                portrait = self.create_portrait(
                    work_start_time=start, work_end_time=end
                )
                subjects, found = self._read_card(portrait)
                self.assertEqual(subjects, {"Working Day": [text]})
                self.assertEqual(found, spans)

    def test_changes_from_one_to_the_next(self):
        first = self.create_portrait(
            term_goals="Tự tin",
            transport="bus",
            hobby=["Âm nhạc", "bơi"],
            work_start_time=8,
            work_end_time=17,
        )
        second = self.create_portrait(hobby=["am nhac", "xem phim"], desires=["trẻ"])
        third = self.create_portrait(
            term_goals="Đẹp hơn", transport="bus", work_start_time=8, work_end_time=18.5
        )
        self.assertFalse(self._read_changes(first))
        self.assertEqual(
            self._read_changes(second),
            {"Hobbies": (["bơi"], ["xem phim"]), "Desires": ([], ["trẻ"])},
        )
        changes = self._read_changes(third)
        self.assertEqual(
            changes,
            {
                "Goals": (["Tự tin"], ["Đẹp hơn"]),
                "Working Day": (["08:00 – 17:00"], ["08:00 – 18:30"]),
            },
        )
        fourth = self.create_portrait(work_start_time=8)
        self.assertFalse(self._read_changes(fourth), "Nothing else was said")
        subjects, _spans = self._read_card(fourth)
        self.assertEqual(subjects, {"Working Day": ["08:00 – …"]})
        fifth = self.create_portrait(work_end_time=19)
        self.assertEqual(
            self._read_changes(fifth), {"Working Day": (["08:00 – …"], ["… – 19:00"])}
        )
        vietnamese = self._read_changes(third.with_context(lang="vi_VN"))
        self.assertEqual(vietnamese["Mục tiêu"], changes["Goals"])

    def test_texts_of_callers_are_no_markup(self):
        self.create_portrait(term_goals="a")
        portrait = self.create_portrait(term_goals="<b>x</b>", hobby=["<i>y</i>"])
        self.assertIn("&lt;b&gt;x", portrait.card)
        self.assertIn("&lt;i&gt;y", portrait.card)
        self.assertNotIn("<b>", portrait.card)
