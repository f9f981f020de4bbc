"""The bars of the way from a run to a decision: sensor history, sweeps, comparisons of many seeds."""
from .study_compare import compare_speed
from .study_kills import kills_1000
from .study_replay import replay
from .study_report import report_map
from .study_rollout import false_go, pairing
from .study_sweep import sweep_executors, sweep_kills
from .study_twin import twin_experiment

ROWS = {function.__name__: function for function in (compare_speed, false_go, kills_1000, pairing, replay, report_map, sweep_executors, sweep_kills, twin_experiment)}
