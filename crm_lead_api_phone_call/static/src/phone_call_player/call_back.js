import {PhoneField, phoneField} from "@web/views/fields/phone/phone_field";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/** The phone of a call, with a button to call back if the call was missed. */
export class CallBackField extends PhoneField {
    static template = "crm_lead_api_phone_call.CallBackField";

    get phone() {
        return this.props.record.data[this.props.name];
    }

    get isWaiting() {
        const {call_back_deadline, called_back_date} = this.props.record.data;
        return Boolean(call_back_deadline && !called_back_date);
    }
}

registry.category("fields").add("call_back", {
    ...phoneField,
    component: CallBackField,
    displayName: _t("Phone with Call Back"),
    fieldDependencies: [
        {name: "call_back_deadline", type: "datetime", readonly: true},
        {name: "called_back_date", type: "datetime", readonly: true},
    ],
});
