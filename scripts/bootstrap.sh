#!/bin/sh
# Finds a Python that can make an environment and hands over to bootstrap.py; all arguments are passed on.
set -u
here=$(dirname "$0")

# The versions that every change is tested with come first; a Python without venv is taken only when there is no other.
for needs in "venv, ensurepip" "sys"; do
  for name in python3.13 python3.12 python3.11 python3.14 python3 python; do
    if "$name" -c "import sys, $needs; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1; then
      exec "$name" "$here/bootstrap.py" "$@"
    fi
  done
done

# Only too old ones are left; bootstrap.py says so with the version.
for name in python3 python; do
  if "$name" -c "" >/dev/null 2>&1; then
    exec "$name" "$here/bootstrap.py" "$@"
  fi
done
echo "No Python was found. mdm needs Python 3.11 or newer: install it, then run the command again." >&2
exit 1
