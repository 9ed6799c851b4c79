# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Checks of the texts of an addon, for the tests of each addon."""

import re

import polib
from lxml import etree

from odoo.fields import Domain
from odoo.tools import file_path, html2plaintext

from .common import LeadApiCase

# Words that no Vietnamese text has
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|with|by|from|which|that|this|has|have|was|call|calls|agent"
    r"|customer|state|services?|bookings?|requests?|answers?|new|days?|times?|phones?"
    r"|clients?|contacts?|users?|sources?|groups?|discard|cancel|close|save|lost|won"
    r"|nobody|arrived|branch|doctors?|rooms?|reminders?|meetings?|wishes)\b",
    re.IGNORECASE,
)
# Letters that only Vietnamese texts have
VIETNAMESE = re.compile("[ăđơưạ-ỹ]", re.IGNORECASE)
# Attributes of a view's nodes that people read
TEXTS = ("string", "help", "placeholder", "title", "confirm", "aria-label", "sum")
# Spellings and words for which there is another one
OTHER_WORDS = re.compile(
    r"(huỷ|khoá|xoá|hoá)\b|Lead API|token (để thử|thử nghiệm)|nhân viên tổng đài"
    r"|phản hồi|hủy bỏ|nhân viên kinh doanh|\bđội\b|hệ thống kết nối",
    re.IGNORECASE,
)
# Names, and words of Odoo for which there is no other
NAMES = re.compile(
    r"UTM Source|Idempotency-Key|X-Request-Id|fa-\w+|E-mail|“(address|services)”"
    r"|Tiếng Việt"
)


class LanguageCase(LeadApiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("vi_VN")

    def check_pages(self, addon):
        """Check that no page of an addon has texts of two languages."""
        for lang, other in (("vi_VN", ENGLISH), ("en_US", VIETNAMESE)):
            texts = {*self._get_texts(addon, lang)}
            self.assertTrue(texts)
            wrong = {(where, t) for where, t in texts if other.search(NAMES.sub("", t))}
            with self.subTest(addon, lang=lang):
                self.assertEqual(wrong, set())

    def check_words(self, addon, *others):
        """Check that an addon's Vietnamese texts have one word for one thing."""
        terms = polib.pofile(file_path(f"{addon}/i18n/vi.po"))
        other = re.compile("|".join([OTHER_WORDS.pattern, *others]), re.IGNORECASE)
        wrong = {t.msgid: t.msgstr for t in terms if other.search(t.msgstr)}
        self.assertEqual(wrong, {})
        # A state is no button's word.
        words = {t.msgid: t.msgstr for t in terms}
        if "Pause" in words:
            self.assertNotEqual(words["Paused"], words["Pause"])

    def _get_texts(self, addon, lang):
        """Yield the texts of an addon's views, fields, choices, actions and menus, each
        with the place where it is."""
        env = self.env(context={"lang": lang})
        data = self.env["ir.model.data"].search(Domain("module", "=", addon))
        for model, rows in data.grouped("model").items():
            if model not in self.env:
                continue
            records = env[model].browse(rows.mapped("res_id")).exists()
            if model == "ir.ui.view":
                for view in records:
                    for text in self._get_view_texts(view):
                        yield view.xml_id, text
            elif model == "ir.model.fields":
                for field in records:
                    # As the web client gets it
                    known = env[field.model].fields_get([field.name])
                    for values in known.values():
                        choices = [label for _key, label in values.get("selection", ())]
                        for text in (values["string"], values.get("help"), *choices):
                            yield f"{field.model}.{field.name}", text or ""
            elif model.startswith("ir.actions.") or model == "ir.ui.menu":
                for record in records:
                    place = record.get_external_id()[record.id]
                    for name in {"name", "help"} & records._fields.keys():
                        yield place, html2plaintext(record[name] or "")

    @staticmethod
    def _get_view_texts(view):
        for node in etree.fromstring(view.arch).iter(etree.Element):
            texts = [node.text, node.tail, *(node.get(name) for name in TEXTS)]
            for name in ("add-label", "placeholder"):
                texts += node.xpath(f"*[@name='{name}']/text()")
            yield from (text.strip() for text in texts if text and text.strip())
