"""Check that this Python is new enough, then make the environment in .venv (see environment.py).

This file is written so that even an old Python can read it and say in a sentence that it is too old.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # the check is for Pythons that must not run the rest
    found = sys.version.split()[0] + " at " + sys.executable
    sys.stderr.write("Python " + found + " is too old: mdm needs Python 3.11 or newer.\n")
    sys.stderr.write("Install a newer one beside it, then run the command again:\n")
    sys.stderr.write("Debian, Ubuntu: apt install python3.11 python3.11-venv; macOS: brew install python@3.13\n")
    sys.exit(1)

from environment import main

sys.exit(main(sys.argv[1:]))
