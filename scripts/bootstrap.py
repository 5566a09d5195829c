"""Check that this Python is new enough, then make the environment in .venv (see environment.py).

This file is written so that even an old Python can read it and say in a sentence that it is too old.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # the check is for Pythons that must not run the rest
    sys.stderr.write(
        "Python {} at {} is too old: mdm needs Python 3.11 or newer.\n"
        "Install a newer one beside it (Debian, Ubuntu: apt install python3.11 python3.11-venv; macOS: brew install "
        "python), then run the command again.\n".format(sys.version.split()[0], sys.executable)
    )
    sys.exit(1)

from environment import main

sys.exit(main(sys.argv[1:]))
