import {Activity} from "@mail/core/web/activity";
import {ActivityListPopoverItem} from "@mail/core/web/activity_list_popover_item";
import {patch} from "@web/core/utils/patch";

const isLeadCall = (activity) =>
    activity.res_model === "crm.lead" && activity.activity_category === "phonecall";

/**
 * Ask for the result of a call to the customer of a lead.
 *
 * @param {Object} env
 * @param {import("models").Activity} activity
 * @returns {Promise<import("models").Thread>} the chatter of the lead, after the dialog
 */
async function askForResult(env, activity) {
    const {id, res_id, res_model} = activity;
    const action = await env.services.orm.call(
        "mail.activity",
        "action_done_with_result",
        [[id]]
    );
    // Without an action the activity is done: the user may not change the lead.
    if (action?.type) {
        await new Promise((resolve) =>
            env.services.action.doAction(action, {onClose: resolve})
        );
    }
    const thread = env.services["mail.store"].Thread.insert({
        model: res_model,
        id: res_id,
    });
    thread.fetchNewMessages();
    return thread;
}

patch(Activity.prototype, {
    async onClickMarkAsDone() {
        const {activity, onActivityChanged, reloadParentView} = this.props;
        if (!isLeadCall(activity)) {
            return super.onClickMarkAsDone(...arguments);
        }
        onActivityChanged(await askForResult(this.env, activity));
        // The lead may be lost now.
        await reloadParentView();
    },
});

patch(ActivityListPopoverItem.prototype, {
    async onClickMarkAsDone() {
        const {activity, onActivityChanged} = this.props;
        if (!isLeadCall(activity)) {
            return super.onClickMarkAsDone(...arguments);
        }
        const thread = await askForResult(this.env, activity);
        onActivityChanged?.(thread);
    },
});
