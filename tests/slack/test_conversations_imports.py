"""Exports dropped in Slack: preview, confirmation by word and by button, and the message of missing data."""

from tests.conversations.test_imports import (  # noqa: F401 - collected again with Slack around them
    en,
    settings,
    test_a_dropped_export_is_previewed_and_imported_by_the_word,
    test_the_card_is_one_message_that_changes,
    test_the_message_of_missing_data_leads_to_the_upload,
)
