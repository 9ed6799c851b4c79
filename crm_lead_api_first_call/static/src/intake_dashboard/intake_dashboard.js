import {IntakeDashboard} from "@crm_lead_api/intake_dashboard/intake_dashboard";
import {patch} from "@web/core/utils/patch";

const ACTION = "crm_lead_api_first_call.report_crm_first_call_action";

patch(IntakeDashboard.prototype, {
    /** Open the report of first calls with the period of the dashboard. */
    async openFirstCalls() {
        const {days, name} = this.chosen;
        const domain = [["date", ">=", this.getStart(days)]];
        const action = await this.action.loadAction(ACTION);
        return this.action.doAction(
            {...action, context: {...action.context, search_default_this_month: 0}},
            {props: {dynamicFilters: [{description: name, domain}]}}
        );
    },
});
