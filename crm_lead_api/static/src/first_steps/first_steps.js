import {Component, onMounted, onWillUnmount, useRef, useState} from "@odoo/owl";
import {ConnectionLostError} from "@web/core/network/rpc";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

// Milliseconds between two looks for the first request
const INTERVAL = 3000;

/** The way to the first request of a client, with a light that turns green when it arrives. */
export class FirstSteps extends Component {
    static template = "crm_lead_api.FirstSteps";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.state = useState({steps: {}});
        useRecordObserver((record) => {
            this.state.steps = record.data[this.props.name] || {};
        });
        onMounted(() => this.wait());
        onWillUnmount(() => browser.clearTimeout(this.timer));
    }

    wait() {
        this.timer = browser.setTimeout(async () => {
            const {resId, resModel} = this.props.record;
            if (resId && !document.hidden) {
                try {
                    this.state.steps = await this.orm.silent.call(
                        resModel,
                        "get_first_steps",
                        [resId]
                    );
                } catch (error) {
                    if (!(error instanceof ConnectionLostError)) {
                        throw error;
                    }
                }
            }
            // A refused request may be corrected while the page is open.
            if (
                this.root.el &&
                (!this.state.steps.request || this.state.steps.problem)
            ) {
                this.wait();
            }
        }, INTERVAL);
    }

    open(xmlid) {
        return this.action.doAction(xmlid);
    }

    async makeToken() {
        const {record} = this.props;
        if (await record.save()) {
            await this.action.doActionButton({
                type: "object",
                name: "action_new_test_token",
                resModel: record.resModel,
                resId: record.resId,
                resIds: record.resIds,
                onClose: () => record.load(),
            });
        }
    }

    openEvents() {
        this.root.el
            .closest(".o_form_view")
            .querySelector(".nav-link[name=events]")
            .click();
    }
}

registry.category("fields").add("lead_api_first_steps", {
    component: FirstSteps,
    supportedTypes: ["json"],
});
