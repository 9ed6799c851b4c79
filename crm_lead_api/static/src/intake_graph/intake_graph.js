import {GraphModel} from "@web/views/graph/graph_model";
import {GraphRenderer} from "@web/views/graph/graph_renderer";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {formatInteger} from "@web/views/fields/formatters";
import {graphView} from "@web/views/graph/graph_view";
import {openLeads} from "@crm_lead_api/intake_dashboard/open_leads";
import {registry} from "@web/core/registry";

const SEPARATOR = " · ";

/** A graph of leads, whose bars open their leads, and whose counts have no decimals. */
export class IntakeGraphRenderer extends GraphRenderer {
    get isCount() {
        return this.model.metaData.measure === "__count";
    }

    formatValue(value, allIntegers = true, formatType = "") {
        if (formatType) {
            return super.formatValue(value, allIntegers, formatType);
        }
        return this.isCount
            ? formatInteger(value)
            : formatFloat(value, {digits: [16, 1], trailingZeros: false});
    }

    getScaleOptions() {
        const options = super.getScaleOptions();
        if (this.isCount && options.y) {
            options.y.ticks.precision = 0;
        }
        return options;
    }

    onGraphClicked(ev) {
        const [element] = this.chart.getElementsAtEventForMode(
            ev,
            "nearest",
            {intersect: true},
            false
        );
        const dataset = element && this.chart.data.datasets[element.datasetIndex];
        this.clickedLabels = [];
        if (dataset?.trueLabels) {
            this.clickedLabels.push(dataset.trueLabels[element.index]);
            if (this.model.metaData.groupBy.length > 1) {
                this.clickedLabels.push(dataset.label);
            }
        }
        return super.onGraphClicked(...arguments);
    }

    openView(domain, views, context, newWindow) {
        const searched = this.env.searchModel.facets.map((facet) =>
            facet.values.join(", ")
        );
        const description = [...this.clickedLabels, ...searched, context.intake_period]
            .filter(Boolean)
            .join(SEPARATOR);
        const filter = {description: description || _t("Leads"), domain};
        return openLeads(this.actionService, filter, "list", {newWindow});
    }
}

/** No line of sums over stacks of bars, whose tops say the same. */
export class IntakeGraphModel extends GraphModel {
    _getLineOverlayDataset() {
        return null;
    }
}

registry.category("views").add("intake_graph", {
    ...graphView,
    Model: IntakeGraphModel,
    Renderer: IntakeGraphRenderer,
});
