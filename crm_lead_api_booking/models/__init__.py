from . import booking, odoo, api
