import {_t} from "@web/core/l10n/translation";
import {reactive} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {session} from "@web/session";

const NEXT_CALL = "crm_lead_api_first_call.crm_lead_next_call_action";

/** Tells whether the user is on duty, and of the user's leads, as it happens. */
export const firstCallService = {
    dependencies: ["action", "bus_service", "notification", "orm"],
    start(env, {action, bus_service: bus, notification, orm}) {
        const duty = reactive({
            is_member: false,
            is_on_duty: false,
            ...session.first_call_duty,
        });

        /** Switches the duty; the server says no when the working day is over. */
        async function switchDuty() {
            const wanted = !duty.is_on_duty;
            duty.is_on_duty = await orm.call("res.users", "switch_first_call_duty", [
                wanted,
            ]);
            if (duty.is_on_duty) {
                notification.add(_t("You are on duty: new leads come to you."), {
                    type: "success",
                });
            } else if (wanted) {
                notification.add(_t("Your working day is over: you stay off duty."), {
                    type: "warning",
                });
            } else {
                notification.add(_t("You are off duty: no new leads come to you."), {
                    type: "info",
                });
            }
        }

        function getTarget({lead_id, opens_next}) {
            if (opens_next) {
                return NEXT_CALL;
            }
            return (
                lead_id && {
                    type: "ir.actions.act_window",
                    res_model: "crm.lead",
                    res_id: lead_id,
                    views: [[false, "form"]],
                }
            );
        }

        function showNotice({message, sticky, title, type, ...notice}) {
            const target = getTarget(notice);
            const name = notice.opens_next ? _t("My Next Lead") : _t("Open the Lead");
            let close = null;
            const open = () => {
                close();
                action.doAction(target);
            };
            const buttons = target ? [{name, primary: true, onClick: open}] : [];
            close = notification.add(message, {buttons, sticky, title, type});
        }

        bus.subscribe("crm_lead_api_first_call/duty", (values) =>
            Object.assign(duty, values)
        );
        bus.subscribe("crm_lead_api_first_call/notice", showNotice);
        return {duty, switchDuty};
    },
};

registry.category("services").add("first_call", firstCallService);
