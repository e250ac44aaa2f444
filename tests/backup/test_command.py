"""The two commands as people type them."""

from tests.cli.conftest import Cli, anomaly, cli

__all__ = ["anomaly", "cli"]


def test_out_and_back_through_the_command_line(anomaly: Cli) -> None:
    made = anomaly.json("backup", "b.zip")
    assert (
        made["originals"] == 0 and made["damaged"] == made["missing"] == [] and (anomaly.folder / "b.zip").is_file()
    )
    again = anomaly("backup", "b.zip")
    assert again.exit_code == 1 and "--force" in again.stderr and not again.stdout
    refused = anomaly("restore", "b.zip")
    assert refused.exit_code == 1 and "not empty" in refused.stderr
    done = anomaly.json("restore", "b.zip", "--force")
    assert done["earlier_database"].endswith(".replaced")
    elsewhere = anomaly("restore", "b.zip", ODR_BOT_DATA_DIR=str(anomaly.folder / "new"))
    assert elsewhere.exit_code == 0, elsewhere.stderr
    assert '"case": "C1"' in anomaly("cases", "--json", ODR_BOT_DATA_DIR=str(anomaly.folder / "new")).stdout


def test_a_missing_or_wrong_file_is_said_in_words(anomaly: Cli) -> None:
    for name in ("none.zip", str(anomaly.file("wrong.zip", "no zip"))):
        result = anomaly("restore", name, "--force")
        assert result.exit_code == 1 and name.rpartition("/")[2] in result.stderr and "Traceback" not in result.stderr
    nowhere = anomaly("backup", "no/such/folder/b.zip")
    assert nowhere.exit_code == 1 and "Traceback" not in nowhere.stderr
