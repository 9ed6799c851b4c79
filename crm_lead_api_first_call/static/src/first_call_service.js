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

        const openLeads = new Set();
        const notices = new Map();

        /** Closes the notices of which no other lead is left. */
        function closeNotices(...ids) {
            for (const [close, leadIds] of notices) {
                if (ids.filter((id) => leadIds.delete(id)).length && !leadIds.size) {
                    close();
                }
            }
        }

        /** Keeps notices of a lead away while its form is open. */
        function openLead(leadId) {
            openLeads.add(leadId);
            closeNotices(leadId);
            return () => openLeads.delete(leadId);
        }

        function getTarget([leadId, ...others]) {
            if (others.length) {
                return NEXT_CALL;
            }
            return {
                type: "ir.actions.act_window",
                res_model: "crm.lead",
                res_id: leadId,
                views: [[false, "form"]],
            };
        }

        function showNotice({message, sticky, title, type, lead_ids: leadIds}) {
            const unseen = new Set(leadIds.filter((id) => !openLeads.has(id)));
            if (sticky && leadIds.length && !unseen.size) {
                return;
            }
            let close = null;
            const name = leadIds.length > 1 ? _t("My Next Lead") : _t("Open the Lead");
            const onClick = () => {
                close();
                action.doAction(getTarget(leadIds));
            };
            const buttons = leadIds.length ? [{name, primary: true, onClick}] : [];
            const onClose = () => notices.delete(close);
            const options = {buttons, onClose, sticky, title, type};
            close = notification.add(message, options);
            notices.set(close, unseen);
        }

        bus.subscribe("crm_lead_api_first_call/duty", (values) =>
            Object.assign(duty, values)
        );
        bus.subscribe("crm_lead_api_first_call/notice", showNotice);
        bus.subscribe("crm_lead_api_first_call/over", ({lead_ids: leadIds}) =>
            closeNotices(...leadIds)
        );
        return {duty, openLead, showNotice, switchDuty};
    },
};

registry.category("services").add("first_call", firstCallService);
