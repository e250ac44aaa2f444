# Runs pytest and says loudly, as the last lines, when the tests with a browser or behind a proxy could not run.
# Every commit waits for the disk, and nothing that a test keeps outlives it: its files lie in memory where there is room.
BIN=$1
room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 {print $4}')
if [ -w /dev/shm ] && [ "${room:-0}" -gt 6000000 ]; then
    TMPDIR=$(mktemp -d /dev/shm/odr.XXXXXX)
    trap 'rm -rf "$TMPDIR"' EXIT
    chmod 711 "$TMPDIR"
    export TMPDIR
fi
"$BIN/pytest" -n 2 || exit $?
"$BIN/python" -m tests.browser ||
    echo "!!! THE BROWSER TESTS WERE SKIPPED: no Chromium on this machine. Install the package chromium and run make test again. !!!"
"$BIN/python" -m tests.proxy ||
    echo "!!! THE TESTS BEHIND A PROXY WERE SKIPPED: no nginx on this machine. Install the packages nginx and openssl and run make test again. !!!"
