"""Mesa's side of flocking-large: Mesa's own Boid example (400 boids, radius 15, 150 x 150 torus, 100 steps)."""
import json
import time

from mesa.examples.basic.boid_flockers.model import BoidFlockers

flock = BoidFlockers(population_size=400, width=150, height=150, speed=1, vision=15, separation=1, cohere=0.03, separate=0.015, match=0.05)
begin = time.perf_counter()
for _ in range(100):
    flock.step()
seconds = time.perf_counter() - begin
print(json.dumps({"case": "flocking_large", "wall_s": seconds, "updates_per_s": 40000 / seconds}))
