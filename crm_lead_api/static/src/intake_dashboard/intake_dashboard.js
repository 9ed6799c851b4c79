import {Component, markRaw, onWillStart, useState} from "@odoo/owl";
import {formatDate, serializeDateTime} from "@web/core/l10n/dates";
import {formatInteger, formatMonetary} from "@web/views/fields/formatters";
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {View} from "@web/views/view";
import {_t} from "@web/core/l10n/translation";
import {openLeads} from "./open_leads";
import {registry} from "@web/core/registry";
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
        // As it was left, or as it begins: with 30 days
        const {index = 3, group = "source_id"} = this.props.state || {};
        this.state = useState({index, group, figures: [], rows: []});
        useSetupAction({
            getLocalState: () => ({index: this.state.index, group: this.state.group}),
        });
        onWillStart(() => this.choose(index, group));
    }

    /** The periods, with the name of the filter that the dashboard sets. */
    get periods() {
        const [day, month] = [_t("Today"), _t("This month")];
        return [
            {days: 1, label: day, name: day},
            // Grows while the page is open
            {days: DateTime.now().day, label: month, name: month},
            ...[7, 30, 90].map((days) => ({
                days,
                label: _t("%s days", days),
                name: _t("Last %s days", days),
            })),
        ];
    }

    get chosen() {
        return this.periods[this.state.index];
    }

    /** @param {Number} days how many, with today */
    getStart(days) {
        const start = DateTime.now()
            .startOf("day")
            .minus({days: days - 1});
        return serializeDateTime(start);
    }

    getDomain() {
        return [["create_date", ">=", this.getStart(this.chosen.days)]];
    }

    getGraph({days, name}) {
        return {
            key: `graph-${name}`,
            props: markRaw({
                resModel: MODEL,
                useSampleModel: false,
                type: "graph",
                domain: [["create_date", ">=", this.getStart(days)]],
                context: {
                    graph_view_ref: "crm_lead_api.crm_lead_intake_report_view_graph",
                    intake_period: name,
                },
                display: {controlPanel: false},
                views: [
                    [false, "graph"],
                    [false, "search"],
                ],
            }),
        };
    }

    async choose(index, group) {
        const period = this.periods[index];
        const {days} = period;
        const {currency, figures, groups, rows} = await this.keepLast.add(
            this.orm.call(MODEL, "get_funnel", [this.getStart(days), days, group])
        );
        const [all] = figures;
        const now = DateTime.now();
        const share = (part, whole) => (whole ? (100 * part) / whole : 0);
        const percent = (part, whole) =>
            whole ? `${Math.round(share(part, whole))}\u00a0%` : "–";
        const amount = (value) =>
            formatMonetary(value, {currencyId: currency, digits: [16, 0]});
        const prepare = ({name, label, value, before}) => {
            const isAmount = name === AMOUNT;
            const isFast = name === FAST;
            const hasShare = name && !isAmount && !isFast;
            const rate = isFast ? share : (number) => number;
            const [part, partBefore] = [
                share(value, all.value),
                share(before, all.before),
            ];
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
                shareBefore:
                    hasShare && _t("share before: %s", percent(before, all.before)),
                // Without leads before there is nothing to compare
                isUp: all.before && rate(value, all.value) > rate(before, all.before),
                isDown: rate(value, all.value) < rate(before, all.before),
                share: hasShare ? percent(value, all.value) : "",
                isShareUp: hasShare && all.before && part > partBefore,
                isShareDown: hasShare && all.value && part < partBefore,
                width: part,
                domain: this.getStepDomain(name),
            };
        };
        const steps = figures.filter(({name}) => name !== FAST && name !== AMOUNT);
        Object.assign(this.state, {
            index,
            group,
            groups,
            figures: figures.map(prepare),
            before: _t(
                "“Before” is %(start)s – %(end)s, until this time of day. Those leads have had more time to book, come and be won (%(days)s days): do not compare the last steps with theirs yet.",
                {
                    start: formatDate(now.minus({days: 2 * days - 1})),
                    end: formatDate(now.minus({days})),
                    days,
                }
            ),
            columns: figures.map(({label}) => label),
            rows: rows.map(({label, domain, values}) => ({
                label,
                domain,
                cells: values.map((value, column) => {
                    const {name} = figures[column];
                    const part = column ? ` (${percent(value, values[0])})` : "";
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
            graph: this.getGraph(period),
        });
    }

    getStepDomain(name) {
        if (!name) {
            return [];
        }
        return [[name === AMOUNT ? "won" : name, "=", 1]];
    }

    open(domain, ...names) {
        return openLeads(this.action, this.getFilter(domain, ...names), "list");
    }

    getFilter(domain, ...names) {
        return {
            description: [...names, this.chosen.name].join(" · "),
            domain: [...this.getDomain(), ...domain],
        };
    }

    /** Open the late leads by salesperson. */
    async openLate() {
        const domain = [
            [FAST, "=", 0],
            ["create_date", "<=", await this.orm.call(MODEL, "get_late_before")],
        ];
        const name = _t("Not contacted within 15 working minutes");
        const filter = this.getFilter(domain, name);
        return openLeads(this.action, filter, "list", {group: "group_user"});
    }

    /** Open the leads that were won in the period by salesperson, whenever they came. */
    openWon() {
        const filter = {
            description: [_t("Won"), this.chosen.name].join(" · "),
            domain: [
                ["won", "=", 1],
                ["date_closed", ">=", this.getStart(this.chosen.days)],
            ],
        };
        return openLeads(this.action, filter, "list", {group: "group_user"});
    }

    analyze() {
        return openLeads(this.action, this.getFilter([]), "pivot");
    }
}

registry.category("actions").add("crm_lead_api.intake_dashboard", IntakeDashboard);
