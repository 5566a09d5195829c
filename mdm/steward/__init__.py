"""Which cases need a person, in what order, and whether a decision fits those that stand."""
