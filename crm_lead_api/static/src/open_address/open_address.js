import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

/** Opens an address such as sms:…, before which Odoo's own action would put a slash. */
registry.category("actions").add("crm_lead_api_open_address", (env, action) => {
    browser.location.assign(action.params.url);
});
