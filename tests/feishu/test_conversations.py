"""The conversations of the console once more, led on Feishu; every command in English is said in test_cards."""

from tests.conversations.test_channels import (  # noqa: F401 - collected again under this folder's settings
    test_a_shop_that_is_not_clear_is_asked_for_with_the_command,
    test_refusals_concern_only_the_person,
)
from tests.conversations.test_commands import (  # noqa: F401
    test_a_channel_sees_only_its_own_shops,
    test_a_typing_error_gets_a_button_with_the_nearest_command,
    test_a_viewer_may_look_but_not_touch,
    test_in_chinese,
    test_prefixes_case_and_width_do_not_matter,
    test_the_same_event_twice_is_one_turn,
    test_two_who_claim_one_wins_and_the_other_is_told,
    test_what_cannot_be_done_says_why_and_what_to_do,
)
from tests.conversations.test_path import (  # noqa: F401
    test_from_the_alert_to_the_package_with_buttons_alone,
    test_some_are_submitted_and_their_results_recorded_in_forms,
)
from tests.conversations.test_story import (  # noqa: F401
    test_a_file_that_fits_nothing_is_kept_and_asked_about,
    test_a_link_is_checked_and_baidu_is_refused,
    test_a_picture_that_cannot_be_read_is_asked_about_and_counts_as_stated,
    test_after_the_deadline_the_window_is_closed_and_says_what_is_left,
    test_all_orders_can_be_tagged_at_once,
    test_an_excluded_order_leaves_both_sides_of_the_rate,
    test_editing_the_draft_runs_the_checks_again,
    test_files_alone_find_their_case_from_the_channel,
    test_from_alert_to_excluded,
    test_pasted_words_are_evidence,
    test_rejected_orders_wait_for_the_platforms_notice,
    test_the_alert_stands_in_the_channel_with_countdown_chart_and_buttons,
    test_the_form_for_a_scenario_can_take_the_other_orders_along,
    test_the_outlook_learns_from_own_outcomes_and_promises_nothing,
    test_the_package_holds_form_evidence_hashes_and_timeline,
    test_the_work_card_is_one_card_that_moves_not_a_stream,
    test_withdrawn_evidence_no_longer_counts_but_is_kept,
)
from tests.conversations.test_timeline import (  # noqa: F401
    test_the_timeline_reads_well_in_both_languages,
    test_what_the_clock_does_names_no_message,
)
