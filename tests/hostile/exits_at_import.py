"""Ends the process while it is imported.

Touches: everything
Says: ended its process with exit status 0
"""

import os

os._exit(0)
