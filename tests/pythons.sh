# Runs the quick tests on every given version of Python found on this machine, each in an environment of its own.
ran=
for version in "$@"; do
    found=
    for python in "python$version" "$HOME"/.pyenv/versions/"$version".*/bin/python "$HOME"/.local/share/uv/python/cpython-"$version".*/bin/python; do
        [ "$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$version" ] && found=$python && break
    done
    [ -n "$found" ] || { echo "==> Python $version is not on this machine"; continue; }
    "$found" -c 'import sqlite3, sys; print("==> Python", sys.version.split()[0], "with SQLite", sqlite3.sqlite_version)'
    make --no-print-directory PYTHON="$found" VENV=".venv-$version" quick || exit 1
    ran="$ran $version"
done
[ -n "$ran" ] || { echo "!!! None of the versions $* was found. !!!"; exit 1; }
echo "==> The quick tests passed on Python$ran"
