const ACTION = "crm_lead_api.crm_lead_intake_report_action";

/**
 * Open the leads of the report, with a filter that shows which, even if the user has a
 * default filter.
 *
 * @param {Object} actionService
 * @param {Object} filter
 * @param {String} filter.description the name of the filter
 * @param {Array} filter.domain
 * @param {String} viewType
 * @param {Boolean} [newWindow]
 */
export async function openLeads(actionService, filter, viewType, newWindow = false) {
    const action = await actionService.loadAction(ACTION);
    await actionService.doAction(
        {...action, context: {...action.context, search_default_last_90_days: 0}},
        {
            viewType,
            newWindow,
            props: {dynamicFilters: [filter], activateFavorite: false},
        }
    );
}
