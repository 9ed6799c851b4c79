# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.place import check_place, get_path, read
from ..tools.proof import ANY

PLACE_FIELDS = (
    *("items_place", "id_place", "time_place", "test_place", "answers_place"),
    *("secret_place", "origin_place"),
)
OWN = "own-"  # begins the codes of platforms that the addon does not bring
FREE_FIELDS = {"sequence", "active", "is_checked"}  # which no update changes


class CrmLeadApiPlatform(models.Model):
    """Describe how a system sends its leads: its proof, ids, shape and answer.

    A place is an expression in JMESPath. Places of secret, time and items are found in
    the whole body, the others in a single item.
    """

    _name = "crm.lead.api.platform"
    _description = "Lead API Platform"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: f"{OWN}{uuid.uuid4().hex[:8]}",
    )
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    icon = fields.Char(help="A class of Font Awesome, such as fa-facebook-square.")
    guide = fields.Html(
        translate=True, help="What to enter on the platform, and where, in steps."
    )
    is_checked = fields.Boolean(
        "Checked",
        help="It was tried with the real platform, and not only with the example that "
        "the platform publishes.",
    )

    # The proof that a message comes from the platform
    proof = fields.Selection(
        [
            ("none", "The address alone"),
            ("header", "A secret in a header"),
            ("body", "A secret in the body"),
            ("hmac", "A signature with a secret (HMAC)"),
            ("digest", "A hash of body and secret"),
            ("standard_webhooks", "Standard Webhooks"),
        ],
        required=True,
        default="none",
    )
    header = fields.Char(help="The name of the header with the secret or signature.")
    header_text = fields.Char(
        default=ANY,
        help="The whole header, with {mac} for the secret or signature, and {time} for "
        "a Unix time in seconds.",
    )
    algorithm = fields.Selection(
        [("sha1", "SHA-1"), ("sha256", "SHA-256")],
        default="sha256",
        required=True,
    )
    encoding = fields.Selection(
        [
            ("hex", "Hexadecimal"),
            ("hex_upper", "Hexadecimal, in capitals"),
            ("base64", "Base64"),
        ],
        default="hex",
        required=True,
    )
    signed_text = fields.Char(
        default="{body}",
        help="The text that is signed, with {body}, {time}, and for a hash {app} and "
        "{secret}.",
    )
    time_place = fields.Char(help="Of the Unix time in a body, if it is signed.")
    max_age = fields.Integer(
        help="The number of seconds after which a signed time is too old. 0: it is "
        "not compared."
    )
    secret_place = fields.Char(help="Of the secret in a body.")
    is_verified = fields.Boolean(
        "Address Is Verified",
        help="The platform first sends a GET with hub.mode, hub.verify_token and "
        "hub.challenge.",
    )

    # The shape
    media_type = fields.Selection(
        [
            ("application/json", "JSON"),
            ("application/x-www-form-urlencoded", "Form"),
            ("multipart/form-data", "Form in parts"),
        ],
        "Sent as",
        required=True,
        default="application/json",
        help="How the platform sends a message. Each of these is taken from all.",
    )
    items_place = fields.Char(
        help="Of the list of leads in a body; empty: the body is one lead, or a list "
        "of leads."
    )
    id_place = fields.Char(help="Of the platform's id of a lead in an item.")
    id_header = fields.Char(
        help="The name of the header with the platform's id of a message."
    )
    answers_place = fields.Char(
        default="@",
        help="Of the customer's answers in an item: an object, or a list of objects "
        "with name, value and perhaps label.",
    )
    test_place = fields.Char(help="Of a mark in an item that it is a test.")
    origin_place = fields.Char(
        "Name of the Form", help="Of the text that tells staff where a lead comes from."
    )
    day_first = fields.Boolean(
        "Day before Month",
        default=True,
        help="Of dates such as 03/04/1990; a date that begins with the year needs "
        "none of this.",
    )
    mapping = fields.Json(help="The usual place of each attribute, by attribute.")
    answer = fields.Char(
        help="The body of the 200 that the platform expects, in JSON; empty: that of "
        "the lead API."
    )
    fetches = fields.Selection(
        [("meta", "By the Graph API")],
        "Fetches Leads",
        help="A message has only the id of a lead, which is fetched from the platform.",
    )
    example = fields.Json(help="A body as the platform publishes it.")

    _code_unique = models.UniqueIndex("(code)")

    @api.constrains("proof", "header", "header_text", "signed_text")
    def _check_proof(self):
        for platform in self:
            proof = platform.proof
            if proof not in ("header", "hmac", "digest"):
                continue
            header = platform.header_text or ANY
            is_right = header.count("{mac}") == 1 and header.count("{time}") <= 1
            if not platform.header or not is_right:
                raise ValidationError(
                    self.env._(
                        "Name the header of the proof. Its text has {mac} once, as in "
                        "sha256={mac}."
                    )
                )
            text = platform.signed_text or "{body}"
            is_hash = proof == "digest"
            if "{body}" not in text or (is_hash and "{secret}" not in text):
                raise ValidationError(
                    self.env._(
                        "The signed text needs {body}, and that of a hash {secret}, "
                        "too: otherwise anybody could make the proof."
                    )
                )

    @api.constrains(*PLACE_FIELDS, "mapping", "proof")
    def _check_places(self):
        for platform in self:
            places = [platform[name] for name in PLACE_FIELDS]
            for place in filter(None, [*places, *(platform.mapping or {}).values()]):
                check_place(self.env, place)
            # Of names alone: from any other place the secret could not be removed.
            place = platform.secret_place
            if platform.proof == "body" and not (place and get_path(place)):
                raise ValidationError(
                    self.env._(
                        "Say where in the body the secret is: a name, or names with "
                        "dots between them, such as auth.key."
                    )
                )

    @api.constrains("answer")
    def _check_answer(self):
        for platform in self.filtered("answer"):
            try:
                is_object = isinstance(json.loads(platform.answer), dict)
            except ValueError:
                is_object = False
            if not is_object:
                raise ValidationError(
                    self.env._("Write the answer as an object in JSON, such as {}.")
                )

    def write(self, vals):
        if not self.env.su and vals.keys() - FREE_FIELDS:
            self._check_own()
        return super().write(vals)

    def _load_records_write(self, values):
        """Leave the choices of administrators as they are in an update."""
        if self.env.context.get("install_mode"):
            values = {key: values[key] for key in values.keys() - FREE_FIELDS}
        return super()._load_records_write(values)

    def _check_own(self):
        """Check that a change concerns nobody else's connections, and lasts."""
        if not all(platform.code.startswith(OWN) for platform in self):
            raise UserError(
                self.env._(
                    "The next update would undo this change: press Adapt on the "
                    "connection, and change the copy of the platform."
                )
            )
        # sudo: those of other companies, too, are proven as the platform says
        connections = self.env["crm.lead.api.connection"].sudo()
        connections = connections.with_context(active_test=False).search(
            [("platform_id", "in", self.ids)]
        )
        connections.sudo(False).check_access("write")

    def copy_data(self, default=None):
        return [
            {**values, "name": self.env._("%s (adapted)", platform.name)}
            for platform, values in zip(
                self, super().copy_data(default=default), strict=True
            )
        ]

    def _split(self, body) -> list:
        """Return the items in a body, without those that are empty."""
        items = read(self.items_place or "[@][]", body)
        items = items if isinstance(items, list) else [items]
        return [item for item in items if item not in (None, "", {}, [])]
