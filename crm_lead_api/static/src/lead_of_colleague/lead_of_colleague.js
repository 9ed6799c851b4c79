import {Component} from "@odoo/owl";
import {RPCError} from "@web/core/network/rpc";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const TAG = "crm_lead_api_lead_of_colleague";

/** A page instead of a lead that the user may not read: whose it is, whom to ask. */
export class LeadOfColleague extends Component {
    static template = "crm_lead_api.LeadOfColleague";
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
    }

    get title() {
        const {owner} = this.props.action.params;
        return owner
            ? _t("This lead belongs to %s.", owner)
            : _t("This lead belongs to a colleague.");
    }

    get advice() {
        const {owner, team, leader} = this.props.action.params;
        if (owner && leader) {
            return _t(
                "Ask %(owner)s, or %(leader)s, who leads the team %(team)s, if you are to work on it.",
                {owner, team, leader}
            );
        }
        if (leader) {
            return _t(
                "Ask %(leader)s, who leads the team %(team)s, if you are to work on it.",
                {team, leader}
            );
        }
        return owner
            ? _t("Ask %s if you are to work on it.", owner)
            : _t("Ask your sales manager if you are to work on it.");
    }

    openPipeline() {
        return this.action.doAction("crm.crm_lead_action_pipeline", {
            clearBreadcrumbs: true,
        });
    }
}

registry.category("actions").add(TAG, LeadOfColleague);

/** Open the page instead of Odoo's dialog of an access error. */
function handleLeadOfColleague(env, error, originalError) {
    const params =
        originalError instanceof RPCError &&
        originalError.data?.context?.lead_of_colleague;
    if (!params) {
        return false;
    }
    error.unhandledRejectionEvent?.preventDefault();
    const name = _t("Lead of a Colleague");
    env.services.action.doAction({type: "ir.actions.client", tag: TAG, name, params});
    return true;
}

registry
    .category("error_handlers")
    .add("crm_lead_api.leadOfColleague", handleLeadOfColleague, {sequence: 90});
