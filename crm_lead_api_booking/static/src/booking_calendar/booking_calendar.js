import {serializeDate, serializeDateTime} from "@web/core/l10n/dates";
import {CalendarCommonPopover} from "@web/views/calendar/calendar_common/calendar_common_popover";
import {CalendarCommonRenderer} from "@web/views/calendar/calendar_common/calendar_common_renderer";
import {CalendarController} from "@web/views/calendar/calendar_controller";
import {CalendarModel} from "@web/views/calendar/calendar_model";
import {CalendarRenderer} from "@web/views/calendar/calendar_renderer";
import {calendarView} from "@web/views/calendar/calendar_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** Show a booking at its own time again, if the time that it was dragged to is taken, and
 * no cancelled ones, whose time is free, unless a filter is about the state. */
export class BookingCalendarModel extends CalendarModel {
    computeDomain() {
        const domain = super.computeDomain(...arguments);
        const hasState = domain.some((leaf) => leaf[0] === "state");
        return hasState ? domain : [...domain, ["state", "!=", "cancelled"]];
    }

    async updateRecord() {
        try {
            return await super.updateRecord(...arguments);
        } catch (error) {
            await this.load();
            throw error;
        }
    }
}

/** A booking with the buttons for what comes next. */
export class BookingPopover extends CalendarCommonPopover {
    static subTemplates = {
        ...CalendarCommonPopover.subTemplates,
        footer: "crm_lead_api_booking.BookingPopover.footer",
    };

    setup() {
        super.setup();
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get booking() {
        return this.props.record.rawRecord;
    }

    /** Press a button of the booking, as in its form; if that is refused, show what the
     * booking is now. */
    async onClickMethod(method) {
        const {close, model, record} = this.props;
        let action = null;
        try {
            action = await this.orm.call(model.resModel, method, [[record.id]]);
        } finally {
            if (!action) {
                await model.load();
                close();
            }
        }
        if (action) {
            close();
            await this.action.doAction(action, {onClose: () => model.load()});
        }
    }

    onClickCancel() {
        const {model, record} = this.props;
        this.props.close();
        return this.action.doAction("crm_lead_api_booking.crm_booking_cancel_action", {
            additionalContext: {active_id: record.id},
            onClose: () => model.load(),
        });
    }
}

export class BookingCommonRenderer extends CalendarCommonRenderer {
    static components = {...CalendarCommonRenderer.components, Popover: BookingPopover};
}

export class BookingCalendarRenderer extends CalendarRenderer {
    static components = {
        ...CalendarRenderer.components,
        day: BookingCommonRenderer,
        week: BookingCommonRenderer,
        month: BookingCommonRenderer,
    };
}

/** Whoever clicks on a free time books it, as from everywhere else. */
export class BookingCalendarController extends CalendarController {
    async createRecord({start, isAllDay}) {
        if (!this.model.canCreate) {
            return;
        }
        const wanted = isAllDay
            ? {default_wanted_date: serializeDate(start)}
            : {default_wanted_start: serializeDateTime(start)};
        await this.action.doAction("crm_lead_api_booking.crm_booking_wizard_action", {
            additionalContext: {...this.props.context, ...wanted},
            onClose: () => this.model.load(),
        });
    }
}

registry.category("views").add("crm_booking_calendar", {
    ...calendarView,
    Controller: BookingCalendarController,
    Model: BookingCalendarModel,
    Renderer: BookingCalendarRenderer,
});
