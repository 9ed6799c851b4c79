import {Component, useRef, useState} from "@odoo/owl";
import {useBus, useService} from "@web/core/utils/hooks";
import {CopyButton} from "@web/core/copy_button/copy_button";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useLookAgain} from "@crm_lead_api/first_steps/look_again";
import {useRecordObserver} from "@web/model/relational_model/utils";

const NO_TOKEN = "YOUR_TOKEN";

/** The way to the first lead of a client, with a light that turns green when it arrives. */
export class FirstSteps extends Component {
    static template = "crm_lead_api.FirstSteps";
    static components = {CopyButton};
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.state = useState({steps: {}, token: NO_TOKEN});
        useRecordObserver((record) => {
            if (record.resId !== this.resId) {
                this.resId = record.resId;
                this.state.token = NO_TOKEN;
            }
            this.state.steps = record.data[this.props.name] || {};
        });
        // Only the page keeps a token for tests, until it shows something else.
        useBus(this.env.bus, "LEAD_API_TOKEN", ({detail}) => {
            if (detail.startsWith("crmlead_test_")) {
                this.state.token = detail;
            }
        });
        // A refused request may be corrected while the page is open.
        useLookAgain(() => {
            const {request, problem} = this.state.steps;
            return this.props.record.resId && (!request || problem) && this.refresh();
        });
    }

    async refresh() {
        const {record} = this.props;
        const {resId, resModel} = record;
        const hadRequest = this.state.steps.request;
        const steps = await this.orm.silent.call(resModel, "get_first_steps", [
            resId ? [resId] : [],
        ]);
        // The page may show another client by now
        if (record !== this.props.record) {
            return;
        }
        this.state.steps = steps;
        // The figures of the page count the request, too
        if (!hadRequest && this.state.steps.request && !(await record.isDirty())) {
            await record.load();
        }
    }

    open(xmlid) {
        return this.action.doAction(xmlid);
    }

    /** Presses the button of a step; the client need not be saved. */
    async make(name) {
        const {context, resId, resModel} = this.props.record;
        await this.action.doActionButton({
            type: "object",
            name: "action_first_step",
            args: JSON.stringify([name]),
            resModel,
            resIds: resId ? [resId] : [],
            context,
            onClose: () => this.refresh(),
        });
    }

    save() {
        return this.props.record.save();
    }

    async makeToken(name) {
        const {record} = this.props;
        if (await record.save()) {
            await this.action.doActionButton({
                type: "object",
                name,
                resModel: record.resModel,
                resId: record.resId,
                resIds: record.resIds,
                context: record.context,
                onClose: () => record.load(),
            });
        }
    }

    /** The first request, as a command that works as it stands. */
    get command() {
        const {payload, database} = this.state.steps;
        const headers = [
            `Authorization: Bearer ${this.state.token}`,
            "Content-Type: application/json",
            "Idempotency-Key: first-lead",
            ...(database ? [`X-Odoo-Database: ${database}`] : []),
        ];
        return [
            `curl '${browser.location.origin}/api/v1/lead' \\`,
            ...headers.map((header) => `  -H '${header}' \\`),
            "  --data-binary @- <<'JSON'",
            JSON.stringify(payload, null, 2),
            "JSON",
        ].join("\n");
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
