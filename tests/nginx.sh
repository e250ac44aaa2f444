# Finds an nginx for the test of deploy/nginx.conf, or installs one with the package manager.
BIN=$1
found() { "$BIN/python" -m tests.proxy 2>/dev/null; }
found && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "==> Installing the system's packages nginx-light and openssl"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nginx-light openssl; } >/dev/null 2>&1
    found && exit 0
fi
echo "==> No nginx to be had: the test behind a proxy will be skipped. Install the packages nginx and openssl to run it."
exit 0
