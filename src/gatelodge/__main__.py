"""`python -m gatelodge` is `gatelodge`."""

from gatelodge.cli import main

if __name__ == "__main__":
    main()
