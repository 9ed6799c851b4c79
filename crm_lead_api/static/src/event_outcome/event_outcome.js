import {Component, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useLookAgain} from "@crm_lead_api/first_steps/look_again";

/** Shows the outcome of an event that is being sent, as soon as there is one. */
export class EventOutcome extends Component {
    static template = xml``;
    static props = {...standardWidgetProps};

    setup() {
        useLookAgain(() => {
            // Another one after the pager, and after each button
            const {record} = this.props;
            return record.data.state === "waiting" && record.load();
        });
    }
}

registry.category("view_widgets").add("lead_api_event_outcome", {
    component: EventOutcome,
});
