# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple


class FirstStep(NamedTuple):
    """Describe something that the first lead needs.

    :param name: of the step
    :param text: what is needed
    :param is_done: it is there
    :param button: label of the button, which calls the client's method
        ``_do_first_step_<name>``; ``""``: there is no button
    :param refusal: why this user may not press the button
    :param action: XML id of the action that shows the records; ``""``: there is none
    :param link: label of that action
    :param is_repeatable: the button stays when the step is done
    """

    name: str
    text: str
    is_done: bool
    button: str = ""
    refusal: str = ""
    action: str = ""
    link: str = ""
    is_repeatable: bool = False
