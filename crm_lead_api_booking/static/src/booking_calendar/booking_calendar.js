import {CalendarModel} from "@web/views/calendar/calendar_model";
import {calendarView} from "@web/views/calendar/calendar_view";
import {registry} from "@web/core/registry";

/** Show a booking at its own time again, if the time that it was dragged to is taken. */
export class BookingCalendarModel extends CalendarModel {
    async updateRecord() {
        try {
            return await super.updateRecord(...arguments);
        } catch (error) {
            await this.load();
            throw error;
        }
    }
}

registry.category("views").add("crm_booking_calendar", {
    ...calendarView,
    Model: BookingCalendarModel,
});
