import {Component, markRaw, onWillStart, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {View} from "@web/views/view";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {formatInteger} from "@web/views/fields/formatters";
import {openLeads} from "./open_leads";
import {registry} from "@web/core/registry";
import {serializeDateTime} from "@web/core/l10n/dates";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";

const {DateTime} = luxon;
const MODEL = "crm.lead.intake.report";

/** The leads that came in by the API in the last days: how many, from where, and what became of them. */
export class IntakeDashboard extends Component {
    static template = "crm_lead_api.IntakeDashboard";
    static components = {Layout, View};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.keepLast = new KeepLast();
        this.periods = [7, 30, 90].map((days) => ({days, label: _t("%s days", days)}));
        this.state = useState({days: 0, figures: [], graphs: []});
        onWillStart(async () => {
            // Without Odoo's leads, all arrive as opportunities.
            this.usesLeads = await user.hasGroup("crm.group_use_lead");
            await this.choose(30);
        });
    }

    /** The name of the filter that the dashboard sets. */
    getPeriod(days) {
        return _t("From the API, last %s days", days);
    }

    /** @param {Number} days how many, with today */
    getDomain(days) {
        const start = DateTime.now()
            .startOf("day")
            .minus({days: days - 1});
        return [
            ["lead_api_client_id", "!=", false],
            ["create_date", ">=", serializeDateTime(start)],
        ];
    }

    getGraphs(days) {
        return [
            {title: _t("Leads per day and source group"), view: "graph", wide: true},
            {title: _t("Won, by source group (%)"), view: "graph_rates"},
            {
                title: _t("Hours to the first activity, by salesperson"),
                view: "graph_hours",
            },
        ].map(({title, view, wide}) => ({
            title,
            wide,
            key: `${view}-${days}`,
            props: markRaw({
                resModel: MODEL,
                useSampleModel: false,
                type: "graph",
                domain: this.getDomain(days),
                context: {
                    graph_view_ref: `crm_lead_api.crm_lead_intake_report_view_${view}`,
                    intake_period: this.getPeriod(days),
                },
                display: {controlPanel: false},
                views: [
                    [false, "graph"],
                    [false, "search"],
                ],
            }),
        }));
    }

    async choose(days) {
        const measures = [
            "opportunity_rate:avg",
            "won_rate:avg",
            "hours_to_activity:avg",
        ];
        const [row] = await this.keepLast.add(
            this.orm.formattedReadGroup(
                MODEL,
                this.getDomain(days),
                [],
                ["__count", ...measures]
            )
        );
        const format = (value, unit) =>
            typeof value === "number" && row.__count
                ? `${formatFloat(value, {digits: [16, 1], trailingZeros: false})} ${unit}`
                : "–";
        const [opportunities, won, hours] = measures.map((name) => row[name]);
        const figures = [
            {label: _t("Leads"), value: formatInteger(row.__count)},
            ...(this.usesLeads
                ? [
                      {
                          label: _t("Became opportunities"),
                          value: format(opportunities, "%"),
                      },
                  ]
                : []),
            {label: _t("Won"), value: format(won, "%")},
            {label: _t("To the first activity"), value: format(hours, _t("hours"))},
        ];
        Object.assign(this.state, {days, figures, graphs: this.getGraphs(days)});
    }

    open() {
        const {days} = this.state;
        const filter = {
            description: this.getPeriod(days),
            domain: this.getDomain(days),
        };
        return openLeads(this.action, filter, "pivot");
    }
}

registry.category("actions").add("crm_lead_api.intake_dashboard", IntakeDashboard);
