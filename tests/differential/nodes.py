"""All expression and pattern nodes under one name."""
from .effects import *  # noqa: F401,F403
from .expressions import *  # noqa: F401,F403
