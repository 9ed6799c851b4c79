import {Component, useEffect} from "@odoo/owl";
import {PhoneField, phoneField} from "@web/views/fields/phone/phone_field";
import {RelativeTime} from "@mail/core/common/relative_time";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {toLocaleDateTimeString} from "@web/core/l10n/dates";

/** A phone of a lead, with links that dial it and, not as a button, open a Zalo chat. */
export class LeadPhoneField extends PhoneField {
    static template = "crm_lead_api.LeadPhoneField";
    static props = {...PhoneField.props, isButton: {type: Boolean, optional: true}};

    get linkClass() {
        return this.props.isButton ? "btn btn-secondary" : "text-nowrap";
    }

    get phone() {
        return this.props.record.data[this.props.name];
    }

    get callLabel() {
        return _t("Call %s", this.phone);
    }

    get zaloLabel() {
        return _t("Zalo chat with %s", this.phone);
    }

    /** The address of the chat; false if the phone is no phone number. */
    get zaloHref() {
        return this.props.record.data[`${this.props.name}_zalo_url`];
    }
}

registry.category("fields").add("lead_phone", {
    ...phoneField,
    component: LeadPhoneField,
    displayName: _t("Phone with Zalo"),
    extractProps: (field) => ({
        ...phoneField.extractProps(field),
        isButton: Boolean(field.options.is_button),
    }),
    fieldDependencies: ({name}) => [
        {name: `${name}_zalo_url`, type: "char", readonly: true},
    ],
});

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/**
 * How long ago something was: "5 minutes ago". A deadline that has passed is red, and
 * amber from the time of the field `soon` on, while one looks, too; a decoration of the
 * view would compare the deadline with the time of the wrong zone.
 */
export class TimeAgoField extends Component {
    static template = "crm_lead_api.TimeAgoField";
    static components = {RelativeTime};
    static props = {
        ...standardFieldProps,
        isDeadline: {type: Boolean, optional: true},
        hasDate: {type: Boolean, optional: true},
        soon: {type: String, optional: true},
        why: {type: String, optional: true},
    };

    setup() {
        useEffect(() => {
            const times = this.props.isDeadline ? [this.soon, this.datetime] : [];
            const waits = times
                .map((time) => (time ? time - luxon.DateTime.now() : 0))
                .filter((wait) => wait > 0);
            const timer =
                waits.length &&
                browser.setTimeout(() => this.render(), Math.min(HOUR, ...waits));
            return () => browser.clearTimeout(timer);
        });
    }

    get colorClass() {
        const now = luxon.DateTime.now();
        if (!this.props.isDeadline || !this.datetime) {
            return "";
        }
        if (this.datetime <= now) {
            return "text-danger";
        }
        return this.soon && this.soon <= now ? "text-warning-emphasis" : "";
    }

    get soon() {
        return this.props.soon && this.props.record.data[this.props.soon];
    }

    get datetime() {
        return this.props.record.data[this.props.name];
    }

    get title() {
        const why = this.props.why && this.props.record.data[this.props.why];
        return [this.date, why].filter(Boolean).join(" · ");
    }

    /** Whether the day says more: Odoo counts days by the calendar, not by hours. */
    get isFar() {
        return this.props.hasDate && this.datetime - luxon.DateTime.now() > DAY;
    }

    get date() {
        return toLocaleDateTimeString(this.datetime);
    }
}

registry.category("fields").add("time_ago", {
    component: TimeAgoField,
    displayName: _t("Time Ago"),
    supportedTypes: ["datetime"],
    extractProps: ({options}) => ({
        isDeadline: Boolean(options.is_deadline),
        hasDate: Boolean(options.has_date),
        soon: options.soon,
        why: options.why,
    }),
    fieldDependencies: ({options: {soon, why}}) =>
        [
            {name: soon, type: "datetime", readonly: true},
            {name: why, type: "char", readonly: true},
        ].filter(({name}) => name),
});
