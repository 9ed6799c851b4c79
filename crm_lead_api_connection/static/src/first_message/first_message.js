import {Component, useState} from "@odoo/owl";
import {RelativeTime} from "@mail/core/common/relative_time";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useLookAgain} from "@crm_lead_api/first_steps/look_again";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

/** Waits for the messages of a connection: the page changes when the first arrives. */
export class FirstMessage extends Component {
    static template = "crm_lead_api_connection.FirstMessage";
    static components = {RelativeTime};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({});
        useRecordObserver((record) => {
            if (record.resId && record.resId !== this.resId) {
                this.resId = record.resId;
                this.state.isKnown = false;
                return this.refresh(record);
            }
        });
        useLookAgain(() => this.props.record.resId && this.refresh());
    }

    get date() {
        return this.state.date && deserializeDateTime(this.state.date);
    }

    async refresh(record = this.props.record) {
        const before = this.state.date;
        const isFirst = this.state.isKnown;
        Object.assign(
            this.state,
            await this.orm.silent.call(record.resModel, "get_arrivals", [record.resId]),
            {isKnown: true}
        );
        // What somebody is typing stays; the mapping shows the new message later.
        if (isFirst && before !== this.state.date && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("lead_api_first_message", {
    component: FirstMessage,
});
