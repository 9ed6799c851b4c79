import {ActionHelper} from "@web/views/action_helper";
import {patch} from "@web/core/utils/patch";
import {useExternalListener} from "@odoo/owl";

/** Lets the button for all leads, in an empty list, search for what the user has typed. */
patch(ActionHelper.prototype, {
    setup() {
        super.setup(...arguments);
        const addSearch = ({target}) => {
            const link = target.closest("a.o_lead_search_in_all");
            if (link) {
                const {query, searchItems} = this.env.searchModel;
                const context = {};
                for (const {searchItemId, autocompleteValue} of query) {
                    if (autocompleteValue) {
                        const name = searchItems[searchItemId].fieldName;
                        context[`search_default_${name}`] = autocompleteValue.value;
                    }
                }
                link.dataset.context = JSON.stringify(context);
            }
        };
        // Before Odoo reads the context of the link
        useExternalListener(window, "click", addSearch, {capture: true});
    },
});
