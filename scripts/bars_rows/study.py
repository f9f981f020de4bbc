"""The bars of the way from a run to a decision: sweeps, comparisons of many seeds."""
from .study_compare import compare_speed
from .study_sweep import sweep_executors, sweep_kills

ROWS = {function.__name__: function for function in (compare_speed, sweep_executors, sweep_kills)}
