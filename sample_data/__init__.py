"""A generated customer master with planted truth: five systems after an acquisition, at any size."""
