"""Lets ``python -m jobnet`` be the command ``jobnet``."""

from jobnet.cli import main

if __name__ == "__main__":
    main()
