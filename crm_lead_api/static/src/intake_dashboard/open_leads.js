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
 * @param {Object} [options]
 * @param {Boolean} [options.newWindow]
 * @param {String} [options.group] the filter of the search view that groups the leads
 */
export async function openLeads(actionService, filter, viewType, options = {}) {
    const action = await actionService.loadAction(ACTION);
    const context = {...action.context, search_default_last_90_days: 0};
    if (options.group) {
        context[`search_default_${options.group}`] = 1;
    }
    await actionService.doAction(
        {...action, context},
        {
            viewType,
            newWindow: options.newWindow,
            props: {dynamicFilters: [filter], activateFavorite: false},
        }
    );
}
