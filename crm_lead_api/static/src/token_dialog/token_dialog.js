import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {FormController} from "@web/views/form/form_controller";
import {_t} from "@web/core/l10n/translation";
import {formView} from "@web/views/form/form_view";
import {onMounted} from "@odoo/owl";
import {registry} from "@web/core/registry";

/**
 * Shows a new token, the only copy: whatever closes the dialog asks first, except for its
 * button "Done".
 */
export class TokenDialogController extends FormController {
    setup() {
        super.setup();
        onMounted(() =>
            this.env.bus.trigger("LEAD_API_TOKEN", this.model.root.data.key)
        );
        if (this.env.inDialog) {
            // Odoo's dialog waits for the promise, and stays open until it is resolved.
            this.env.dialogData.dismiss = () =>
                new Promise((resolve) => this.ask(resolve));
        }
    }

    /**
     * @param {Function} close closes the dialog
     */
    ask(close) {
        this.dialogService.add(ConfirmationDialog, {
            title: _t("Close Without the Token?"),
            body: _t(
                "Odoo cannot show the token again. If the outside system does not have it yet, go back and copy it."
            ),
            confirmLabel: _t("Go Back"),
            confirm: () => true,
            cancelLabel: _t("Close"),
            cancel: close,
            dismiss: () => true,
        });
    }

    /** The browser asks before it closes or reloads the page. */
    beforeUnload(ev) {
        ev.preventDefault();
        ev.returnValue = "Token";
    }
}

registry.category("views").add("lead_api_token_dialog", {
    ...formView,
    Controller: TokenDialogController,
});
