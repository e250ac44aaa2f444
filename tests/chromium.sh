# Finds a Chromium for the browser tests, or installs one: the system's, Playwright's own, the package manager's.
BIN=$1
found() { "$BIN/python" -m tests.browser 2>/dev/null; }
found && exit 0
echo "==> No Chromium found; asking Playwright for one"
timeout 300 "$BIN/playwright" install chromium >/dev/null 2>&1 && found && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "==> Installing the system's package chromium"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1
    found && exit 0
fi
echo "==> No Chromium to be had: the browser tests will be skipped. Install the package chromium to run them."
exit 0
