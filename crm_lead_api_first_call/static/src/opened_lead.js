import {Component, useEffect, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

/** Tells the service of first calls which lead's form is open. */
export class OpenedLead extends Component {
    static template = xml``;
    static props = {...standardWidgetProps};

    setup() {
        const firstCall = useService("first_call");
        useEffect(firstCall.openLead, () => [this.props.record.resId]);
    }
}

registry
    .category("view_widgets")
    .add("first_call_opened_lead", {component: OpenedLead});
