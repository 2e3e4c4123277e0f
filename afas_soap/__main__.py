"""``python -m afas_soap`` is ``afas``."""

import sys

from afas_soap.cli import main

if __name__ == "__main__":
    sys.exit(main())
