import {Component, onMounted, onWillUnmount, useRef, useState} from "@odoo/owl";
import {ConnectionLostError} from "@web/core/network/rpc";
import {RelativeTime} from "@mail/core/common/relative_time";
import {browser} from "@web/core/browser/browser";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

// Milliseconds between two looks for the next message
const INTERVAL = 3000;

/** Waits for the messages of a connection: the page changes when the first arrives. */
export class FirstMessage extends Component {
    static template = "crm_lead_api_connection.FirstMessage";
    static components = {RelativeTime};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        this.state = useState({});
        useRecordObserver((record) => {
            if (record.resId && record.resId !== this.resId) {
                this.resId = record.resId;
                return this.refresh();
            }
        });
        onMounted(() => this.wait());
        onWillUnmount(() => browser.clearTimeout(this.timer));
    }

    get date() {
        return this.state.date && deserializeDateTime(this.state.date);
    }

    wait() {
        this.timer = browser.setTimeout(async () => {
            if (this.props.record.resId && !document.hidden) {
                try {
                    await this.refresh();
                } catch (error) {
                    if (!(error instanceof ConnectionLostError)) {
                        throw error;
                    }
                }
            }
            if (this.root.el) {
                this.wait();
            }
        }, INTERVAL);
    }

    async refresh() {
        const {record} = this.props;
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
