import {Component, useState} from "@odoo/owl";
import {
    deserializeDate,
    serializeDate,
    serializeDateTime,
    today,
} from "@web/core/l10n/dates";
import {useBus, useService} from "@web/core/utils/hooks";
import {BookingDayModel} from "./booking_day_model";
import {BookingDayRenderer} from "./booking_day_renderer";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {standardViewProps} from "@web/views/standard_view_props";
import {useModel} from "@web/model/model";
import {useSetupAction} from "@web/search/action_hook";
import {user} from "@web/core/user";

// Milliseconds
const UNDO = 5000;
// The day that is shown after the page is loaded anew
const DAY = "crm_lead_api_booking.day";
const PRINT = "crm_lead_api_booking.crm_booking_day_action";
const BOOKINGS = "crm_lead_api_booking.crm_booking_action";
const WIZARD = "crm_lead_api_booking.crm_booking_wizard_action";

export class BookingDayController extends Component {
    static components = {Layout};
    static props = {
        ...standardViewProps,
        Model: Function,
        Renderer: Function,
        fieldNames: Array,
    };
    static template = "crm_lead_api_booking.BookingDayView";

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        // By booking: closes the notice that its customer has arrived
        this.notices = {};
        const {Model, resModel, fieldNames, fields, state} = this.props;
        this.states = Object.fromEntries(fields.state.selection);
        const day = browser.sessionStorage.getItem(DAY);
        browser.sessionStorage.removeItem(DAY);
        const date = state?.date || (day && deserializeDate(day));
        this.model = useModel(Model, {resModel, fieldNames, date});
        useBus(this.model.bus, "update", () => this.render(true));
        // The chosen states; without any all but the cancelled ones are shown.
        this.state = useState({chosen: state?.chosen || []});
        useSetupAction({
            getLocalState: () => ({date: this.model.date, chosen: this.state.chosen}),
        });
    }

    get chips() {
        const {bookings} = this.model;
        return this.props.fields.state.selection
            .map(([name, label]) => ({
                name,
                label,
                count: bookings.filter(({state}) => state === name).length,
                isChosen: this.state.chosen.includes(name),
            }))
            .filter(({count, isChosen}) => count || isChosen);
    }

    get bookings() {
        const {chosen} = this.state;
        return this.model.bookings.filter(({state}) =>
            chosen.length ? chosen.includes(state) : state !== "cancelled"
        );
    }

    get day() {
        const {DATE_MED} = luxon.DateTime;
        return this.model.date.toLocaleString({...DATE_MED, weekday: "long"});
    }

    /** The branches of the user, to choose one. */
    get branches() {
        const {allowedCompanies, activeCompanies} = user;
        const active = activeCompanies.map(({id}) => id);
        const branches = allowedCompanies.map(({id, name}) => ({
            ...{id, name},
            isShown: active.includes(id),
        }));
        return branches.length > 1 ? branches : [];
    }

    /** Show one branch alone; Odoo's own menu adds the branches below a company. */
    showBranch({id}) {
        browser.sessionStorage.setItem(DAY, serializeDate(this.model.date));
        return user.activateCompanies([id], {
            includeChildCompanies: false,
            reload: true,
        });
    }

    /** Show a customer's bookings of all days and branches: by phone, name or code. */
    find(ev) {
        const text = ev.target.value.trim();
        if (ev.key === "Enter" && text) {
            return this.action.doAction(BOOKINGS, {
                additionalContext: {
                    search_default_code: text,
                    allowed_company_ids: user.allowedCompanies.map(({id}) => id),
                },
                viewType: "kanban",
                // The default filter of a user would replace the search.
                props: {activateFavorite: false},
            });
        }
    }

    toggle({name, isChosen}) {
        const {chosen} = this.state;
        this.state.chosen = isChosen
            ? chosen.filter((each) => each !== name)
            : [...chosen, name];
    }

    /** Go some days on, with all states; without a number to today. */
    goTo(days) {
        this.state.chosen = [];
        return this.model.load({date: days ? this.model.wanted.plus({days}) : today()});
    }

    open({id}) {
        const activeIds = this.bookings.map((booking) => booking.id);
        return this.props.selectRecord(id, {activeIds});
    }

    /** Open the dialog *Book*, for the day or for a free time of it. */
    book(place) {
        const context = place
            ? {
                  default_wanted_start: serializeDateTime(
                      this.model.getMoment(place.begin)
                  ),
                  default_seat_id: place.seat.id,
                  default_company_id: place.seat.company_id,
              }
            : {default_wanted_date: serializeDate(this.model.wanted)};
        return this.action.doAction(WIZARD, {
            additionalContext: context,
            onClose: () => this.model.load(),
        });
    }

    /** Print the day that is asked for, also while it is read. */
    print() {
        const {wanted} = this.model;
        const date = serializeDate(wanted);
        const day = wanted.hasSame(today(), "day") ? "today" : "other";
        return this.action.doAction(PRINT, {
            additionalContext: {default_day: day, default_date: date},
        });
    }

    undo(booking) {
        this.notices[booking.id]?.();
        return this.model.press(booking, "action_undo");
    }

    async arrive(booking) {
        await this.model.press(booking, "action_arrive");
        this.notices[booking.id] = this.notification.add(
            _t(
                "%s has arrived.",
                booking.partner_id.display_name || booking.display_name
            ),
            {
                type: "success",
                autocloseDelay: UNDO,
                buttons: [
                    {
                        name: _t("Undo"),
                        onClick: () => this.undo(booking),
                    },
                ],
            }
        );
    }
}

export const bookingDayView = {
    type: "booking_day",
    Controller: BookingDayController,
    Model: BookingDayModel,
    Renderer: BookingDayRenderer,
    searchMenuTypes: [],

    props: (genericProps, {Model, Renderer}) => {
        const nodes = [...genericProps.arch.querySelectorAll("field")];
        const fieldNames = nodes.map((node) => node.getAttribute("name"));
        return {...genericProps, Model, Renderer, fieldNames};
    },
};

registry.category("views").add("booking_day", bookingDayView);
