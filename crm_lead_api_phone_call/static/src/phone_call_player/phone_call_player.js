import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** The recording of a phone call, whose media type is the field; loaded when played. */
export class PhoneCallPlayer extends Component {
    static template = "crm_lead_api_phone_call.PhoneCallPlayer";
    static props = {...standardFieldProps};

    get source() {
        const {data, resId, resModel} = this.props.record;
        return data[this.props.name] && `/web/content/${resModel}/${resId}/recording`;
    }
}

registry.category("fields").add("phone_call_player", {
    component: PhoneCallPlayer,
    displayName: _t("Player"),
    supportedTypes: ["char"],
});
