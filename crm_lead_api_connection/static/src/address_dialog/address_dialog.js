import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {TokenDialogController} from "@crm_lead_api/token_dialog/token_dialog";
import {_t} from "@web/core/l10n/translation";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";

/** Shows a new address, the only copy, as the core shows a token. */
export class AddressDialogController extends TokenDialogController {
    ask(close) {
        this.dialogService.add(ConfirmationDialog, {
            title: _t("Close Without the Address?"),
            body: _t(
                "Odoo cannot show the address again. If the platform does not have it yet, go back and copy it."
            ),
            confirmLabel: _t("Go Back"),
            confirm: () => true,
            cancelLabel: _t("Close"),
            cancel: close,
            dismiss: () => true,
        });
    }
}

registry.category("views").add("lead_api_address_dialog", {
    ...formView,
    Controller: AddressDialogController,
});
