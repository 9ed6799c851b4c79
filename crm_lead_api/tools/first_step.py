# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple


class FirstStep(NamedTuple):
    """Describe something that the first lead needs."""

    name: str
    text: str  # what is needed
    is_done: bool
    button: str = ""  # label of what calls the client's _do_first_step_<name>
    refusal: str = ""  # why this user may not press the button
    action: str = ""  # XML id of the action that shows the records
    link: str = ""  # label of that action
    is_repeatable: bool = False  # the button stays when the step is done
