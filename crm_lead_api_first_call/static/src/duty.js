import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** The switch in the menu of the user. */
function dutyItem(env) {
    const {duty, switchDuty} = env.services.first_call;
    return {
        type: "switch",
        id: "first_call_duty",
        description: _t("On Duty"),
        isChecked: duty.is_on_duty,
        callback: switchDuty,
        show: () => duty.is_member,
        sequence: 5,
    };
}

registry.category("user_menuitems").add("first_call_duty", dutyItem);

/** The same at a glance, on each page. */
export class Duty extends Component {
    static template = "crm_lead_api_first_call.Duty";
    static props = {};

    setup() {
        this.firstCall = useService("first_call");
        this.duty = useState(this.firstCall.duty);
    }

    get title() {
        return this.duty.is_on_duty
            ? _t("On duty: new leads come to you")
            : _t("Off duty: no new leads come to you");
    }
}

registry.category("systray").add("first_call_duty", {Component: Duty}, {sequence: 30});
