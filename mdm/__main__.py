"""`python -m mdm`: the same as the command `mdm`."""

from mdm.cli import main

if __name__ == "__main__":
    main()
