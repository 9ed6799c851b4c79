import {
    BooleanToggleField,
    booleanToggleField,
} from "@web/views/fields/boolean_toggle/boolean_toggle_field";
import {
    ListBooleanToggleField,
    listBooleanToggleField,
} from "@web/views/fields/boolean_toggle/list_boolean_toggle_field";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** Asks before it pauses a client, whose requests are refused from then on. */
const asksBeforePausing = (Toggle) =>
    class extends Toggle {
        setup() {
            super.setup();
            this.dialogService = useService("dialog");
        }

        async onChange(newValue) {
            if (!newValue || this.props.record.isNew) {
                return super.onChange(newValue);
            }
            // As the browser shows it meanwhile
            this.state.value = newValue;
            const confirmed = await new Promise((resolve) => {
                this.dialogService.add(
                    ConfirmationDialog,
                    {
                        title: _t("Pause the Client?"),
                        body: _t(
                            "Odoo refuses all requests of “%s” from now on, and no lead of it arrives until you end the pause.",
                            this.props.record.data.name
                        ),
                        confirmLabel: _t("Pause"),
                        cancelLabel: _t("Discard"),
                        confirm: () => resolve(true),
                        cancel: () => resolve(false),
                    },
                    {onClose: () => resolve(false)}
                );
            });
            if (confirmed) {
                return super.onChange(newValue);
            }
            this.state.value = this.props.record.data[this.props.name];
        }
    };

/** Opens no record by a click that misses the switch by a little. */
class ListPauseToggle extends asksBeforePausing(ListBooleanToggleField) {
    onClick(event) {
        event.stopPropagation();
    }
}

export const pauseToggleField = {
    ...booleanToggleField,
    component: asksBeforePausing(BooleanToggleField),
    displayName: _t("Pause of a Client"),
};

export const listPauseToggleField = {
    ...listBooleanToggleField,
    component: ListPauseToggle,
    displayName: _t("Pause of a Client"),
};

registry.category("fields").add("lead_api_pause", pauseToggleField);
registry.category("fields").add("list.lead_api_pause", listPauseToggleField);
