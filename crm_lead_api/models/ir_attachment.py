# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import os

from odoo import api, models

from ..http.body import ReceivedFile


class IrAttachment(models.Model):
    """Store the files of requests without reading them into memory."""

    _inherit = "ir.attachment"

    @api.model
    def _create_from_file(self, file, **values):
        """Create an attachment from a :class:`ReceivedFile`, with further values."""
        # Where attachments are stored elsewhere, other addons expect bytes.
        raw = file if self._storage() == "file" else file.get_bytes()
        return self.create({**values, "raw": raw, "mimetype": file.media_type})

    def _is_lost(self):
        """Tell whether the attachment's file is gone: a copy of a database may come
        without the files."""
        name = self.store_fname or ""
        # Other addons keep files elsewhere, by names such as s3://…
        is_local = name and "://" not in name
        return is_local and not os.path.exists(self._full_path(name))

    def _get_datas_related_values(self, data, mimetype):
        if not isinstance(data, ReceivedFile):
            return super()._get_datas_related_values(data, mimetype)
        store_fname, _path = self._get_path(data, data.checksum)
        return {
            "file_size": len(data),
            "checksum": data.checksum,
            "index_content": False,
            "store_fname": store_fname,
            "db_datas": False,
        }

    @api.model
    def _file_write(self, bin_value, checksum):
        if not isinstance(bin_value, ReceivedFile):
            return super()._file_write(bin_value, checksum)
        store_fname, path = self._get_path(bin_value, checksum)
        if not os.path.exists(path):
            with open(path, "wb") as target:
                # Like Odoo: the file goes at the next clean-up if nothing is committed.
                self._mark_for_gc(store_fname)
                bin_value.copy_to(target)
        return store_fname
