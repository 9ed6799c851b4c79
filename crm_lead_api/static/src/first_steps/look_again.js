import {onMounted, onWillUnmount} from "@odoo/owl";
import {ConnectionLostError} from "@web/core/network/rpc";
import {browser} from "@web/core/browser/browser";

// Milliseconds between two looks
const INTERVAL = 3000;

/**
 * Let a component look at the server again and again while its page is seen.
 *
 * @param {Function} look asks the server; a lost connection is no error
 */
export function useLookAgain(look) {
    let timer = null;
    let isOpen = true;
    function wait() {
        timer = browser.setTimeout(async () => {
            if (!document.hidden) {
                try {
                    await look();
                } catch (error) {
                    if (!(error instanceof ConnectionLostError)) {
                        throw error;
                    }
                }
            }
            if (isOpen) {
                wait();
            }
        }, INTERVAL);
    }
    onMounted(wait);
    onWillUnmount(() => {
        isOpen = false;
        browser.clearTimeout(timer);
    });
}
