# Runs pytest and says loudly, as the last lines, when the tests with a browser or behind a proxy could not run.
BIN=$1
"$BIN/pytest" -n 2 || exit $?
"$BIN/python" -m tests.browser ||
    echo "!!! THE BROWSER TESTS WERE SKIPPED: no Chromium on this machine. Install the package chromium and run make test again. !!!"
"$BIN/python" -m tests.proxy ||
    echo "!!! THE TESTS BEHIND A PROXY WERE SKIPPED: no nginx on this machine. Install the packages nginx and openssl and run make test again. !!!"
