"""citytwin in Python: run folders as tables and arrays, and the command line as functions."""
from .command import CitytwinError, command, compare, report, run, sweep
from .ensemble import Ensemble
from .map_picture import map_picture
from .run_folder import Run, open_folder

__all__ = ["CitytwinError", "Ensemble", "Run", "command", "compare", "map_picture", "open_folder", "report", "run", "sweep"]
