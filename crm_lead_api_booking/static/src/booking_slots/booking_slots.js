import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** The free times of a day, in its halves, to choose one, or another day. */
export class BookingSlotsField extends Component {
    static template = "crm_lead_api_booking.BookingSlots";
    static props = {...standardFieldProps};

    get choices() {
        return this.props.record.data[this.props.name] || {days: [], slots: []};
    }

    get day() {
        const {date} = this.props.record.data;
        const {DATE_MED} = luxon.DateTime;
        return date?.toLocaleString({...DATE_MED, weekday: "long"});
    }

    get days() {
        const {date} = this.props.record.data;
        const format = {weekday: "short", day: "numeric", month: "numeric"};
        return this.choices.days.map((name) => {
            const day = deserializeDate(name);
            const isChosen = date?.hasSame(day, "day") || false;
            return {name, label: day.toLocaleString(format), isChosen};
        });
    }

    get halves() {
        const isMorning = ({name}) => name < "12";
        const {slots} = this.choices;
        return [
            {label: _t("Morning"), slots: slots.filter(isMorning)},
            {label: _t("Afternoon"), slots: slots.filter((slot) => !isMorning(slot))},
        ];
    }

    /** Why half a day is empty. */
    get nothing() {
        const {seat_id} = this.props.record.data;
        return seat_id
            ? _t(
                  "%s has no free time: off, fully booked, or past. Empty “Room or Doctor” to see the times of others.",
                  seat_id.display_name
              )
            : _t("No free time.");
    }

    get nothingOnDay() {
        return _t(
            "No %s minutes are free on this day: choose a shorter service, another day, or another room or doctor.",
            this.props.record.data.duration
        );
    }

    isChosen(slot) {
        return this.props.record.data.slot?.start === slot.start;
    }

    choose(slot) {
        return this.props.record.update({slot});
    }

    goTo(day) {
        return this.props.record.update({date: deserializeDate(day)});
    }
}

registry.category("fields").add("booking_slots", {
    component: BookingSlotsField,
    displayName: _t("Free Times"),
    supportedTypes: ["json"],
    fieldDependencies: [
        {name: "date", type: "date"},
        {name: "seat_id", type: "many2one", relation: "resource.resource"},
        {name: "slot", type: "json"},
    ],
});
