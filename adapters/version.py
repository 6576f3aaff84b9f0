"""Which version of the program this is: what it makes for others names it."""

from typing import Final

VERSION: Final = "0.1.0"
