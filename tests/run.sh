# Runs pytest and says loudly, as the last line, when the browser tests could not run.
BIN=$1
"$BIN/pytest" -n 2 || exit $?
"$BIN/python" -m tests.browser ||
    echo "!!! THE BROWSER TESTS WERE SKIPPED: no Chromium on this machine. Install the package chromium and run make test again. !!!"
