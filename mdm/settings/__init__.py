"""Settings of one deployment, taken from the environment: where the store is and what the machine may give."""

from mdm.settings.audit_key import make_key_file, read_key_file
from mdm.settings.environment import Settings, load_settings
from mdm.settings.secrets import Secret, read_secret
from mdm.settings.sign_in import SignIn, load_sign_in

__all__ = [
    "Secret",
    "Settings",
    "SignIn",
    "load_settings",
    "load_sign_in",
    "make_key_file",
    "read_key_file",
    "read_secret",
]
