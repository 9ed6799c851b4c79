import {Component, markRaw, onWillStart, useState} from "@odoo/owl";
import {formatInteger, formatMonetary} from "@web/views/fields/formatters";
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {View} from "@web/views/view";
import {_t} from "@web/core/l10n/translation";
import {openLeads} from "./open_leads";
import {registry} from "@web/core/registry";
import {serializeDateTime} from "@web/core/l10n/dates";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

const {DateTime} = luxon;
const MODEL = "crm.lead.intake.report";
const FAST = "is_fast";
const AMOUNT = "won_amount";

/** The leads that came in the last days: how far they came, against the days before, and from where. */
export class IntakeDashboard extends Component {
    static template = "crm_lead_api.IntakeDashboard";
    static components = {Layout, View};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.keepLast = new KeepLast();
        this.periods = [
            {days: DateTime.now().day, label: _t("This month")},
            ...[7, 30, 90].map((days) => ({days, label: _t("%s days", days)})),
        ];
        // As it was left, or as it begins
        const {days = 30, group = "source_id"} = this.props.state || {};
        this.state = useState({days, group, figures: [], rows: []});
        useSetupAction({
            getLocalState: () => ({days: this.state.days, group: this.state.group}),
        });
        onWillStart(() => this.choose(days, group));
    }

    /** The name of the filter that the dashboard sets. */
    getPeriod(days) {
        return _t("Last %s days", days);
    }

    /** @param {Number} days how many, with today */
    getStart(days) {
        const start = DateTime.now()
            .startOf("day")
            .minus({days: days - 1});
        return serializeDateTime(start);
    }

    getDomain() {
        return [["create_date", ">=", this.getStart(this.state.days)]];
    }

    getGraph(days) {
        return {
            key: `graph-${days}`,
            props: markRaw({
                resModel: MODEL,
                useSampleModel: false,
                type: "graph",
                domain: [["create_date", ">=", this.getStart(days)]],
                context: {
                    graph_view_ref: "crm_lead_api.crm_lead_intake_report_view_graph",
                    intake_period: this.getPeriod(days),
                },
                display: {controlPanel: false},
                views: [
                    [false, "graph"],
                    [false, "search"],
                ],
            }),
        };
    }

    async choose(days, group) {
        const {currency, figures, groups, rows} = await this.keepLast.add(
            this.orm.call(MODEL, "get_funnel", [this.getStart(days), days, group])
        );
        const [all] = figures;
        const share = (part, whole) => (whole ? (100 * part) / whole : 0);
        const percent = (part, whole) =>
            whole ? `${Math.round(share(part, whole))} %` : "–";
        const amount = (value) =>
            formatMonetary(value, {currencyId: currency, digits: [16, 0]});
        const prepare = ({name, label, value, before}) => {
            const isAmount = name === AMOUNT;
            const isFast = name === FAST;
            const text = (number, whole) => {
                if (isAmount) {
                    return amount(number);
                }
                return isFast ? percent(number, whole) : formatInteger(number);
            };
            return {
                name,
                label,
                text: text(value, all.value),
                before: _t("before: %s", text(before, all.before)),
                isUp: isFast
                    ? share(value, all.value) > share(before, all.before)
                    : value > before,
                isDown: isFast
                    ? share(value, all.value) < share(before, all.before)
                    : value < before,
                share: name && !isAmount && !isFast ? percent(value, all.value) : "",
                width: share(value, all.value),
                domain: this.getStepDomain(name),
            };
        };
        const steps = figures.filter(({name}) => name !== FAST && name !== AMOUNT);
        Object.assign(this.state, {
            days,
            group,
            groups,
            figures: figures.map(prepare),
            columns: figures.map(({label}) => label),
            rows: rows.map(({label, domain, values}) => ({
                label,
                domain,
                cells: values.map((value, index) => {
                    const {name} = figures[index];
                    const part = index ? ` (${percent(value, values[0])})` : "";
                    return {
                        name,
                        text:
                            name === AMOUNT
                                ? amount(value)
                                : `${formatInteger(value)}${part}`,
                        domain: [...domain, ...this.getStepDomain(name)],
                    };
                }),
            })),
            stepCount: steps.length,
            graph: this.getGraph(days),
        });
    }

    getStepDomain(name) {
        if (!name) {
            return [];
        }
        return [[name === AMOUNT ? "won" : name, "=", 1]];
    }

    open(domain, ...names) {
        const filter = {
            description: [...names, this.getPeriod(this.state.days)].join(" · "),
            domain: [...this.getDomain(), ...domain],
        };
        return openLeads(this.action, filter, "list");
    }

    analyze() {
        const filter = {
            description: this.getPeriod(this.state.days),
            domain: this.getDomain(),
        };
        return openLeads(this.action, filter, "pivot");
    }
}

registry.category("actions").add("crm_lead_api.intake_dashboard", IntakeDashboard);
