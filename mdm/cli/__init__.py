"""The command `mdm`: read the options, call one use case, show what it says."""
