"""The conversations of the console once more in Slack, said and read there."""

from tests.conversations.test_channels import (  # noqa: F401
    test_a_shop_that_is_not_clear_is_asked_for_with_the_command,
    test_refusals_concern_only_the_person,
)
from tests.conversations.test_commands import (  # noqa: F401 - collected again with Slack around them
    test_a_channel_sees_only_its_own_shops,
    test_a_file_with_the_order_in_the_message_is_filed_there,
    test_a_typing_error_gets_a_button_with_the_nearest_command,
    test_a_viewer_may_look_but_not_touch,
    test_in_chinese,
    test_prefixes_case_and_width_do_not_matter,
    test_the_same_event_twice_is_one_turn,
    test_two_who_claim_one_wins_and_the_other_is_told,
    test_what_cannot_be_done_says_why_and_what_to_do,
    test_with_two_cases_the_bot_asks_which_and_the_button_repeats_the_command,
)
from tests.conversations.test_path import (  # noqa: F401
    test_from_the_alert_to_the_package_with_buttons_alone,
    test_some_are_submitted_and_their_results_recorded_in_forms,
)
from tests.conversations.test_story import *  # noqa: F403
from tests.conversations.test_timeline import (  # noqa: F401
    test_the_timeline_reads_well_in_both_languages,
    test_what_the_clock_does_names_no_message,
)
