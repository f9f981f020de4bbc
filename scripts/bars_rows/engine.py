"""The bars of the engine and its first run on a real city: one function a row."""
from .digits import digits, digits_porto_alegre, kills
from .roads import network_against_netconvert, network_in_sumo, osm_speed, osm_tiled
from .speed import agents, engine_step, recording_cost
from .tests import malformed_sanitized, fuzz, parity_tests, style
from .traffic import porto_alegre, queue_grid, queue_parity

ROWS = {function.__name__: function for function in (
    engine_step, digits, digits_porto_alegre, kills, parity_tests, queue_parity, queue_grid, osm_speed, osm_tiled, network_in_sumo, network_against_netconvert,
    porto_alegre, recording_cost, agents, malformed_sanitized, fuzz, style)}
