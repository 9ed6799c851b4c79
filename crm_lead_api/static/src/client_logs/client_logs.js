import {Component} from "@odoo/owl";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** Opens the logs of all clients that are seldom needed, from the menu of their list. */
export class ClientLogs extends Component {
    static template = "crm_lead_api.ClientLogs";
    static components = {DropdownItem};
    static props = {};

    setup() {
        this.action = useService("action");
    }
}

registry.category("cogMenu").add("lead-api-client-logs", {
    Component: ClientLogs,
    isDisplayed: ({config, searchModel}) =>
        searchModel?.resModel === "crm.lead.api.client" && config.viewType === "list",
});
