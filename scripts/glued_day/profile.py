"""Who spends the glue's time: the peers' own calls, vectorised numpy, or Python between them; by sector."""
import collections
import contextlib
import time


class Profile:
    """`with profile.of("traffic", "libsumo"):` around a call; what is under no such block is Python of the day's own."""

    def __init__(self):
        self.seconds = collections.defaultdict(float)
        self.begun = time.perf_counter()

    @contextlib.contextmanager
    def of(self, sector, peer):
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[sector, peer] += time.perf_counter() - begin

    def report(self):
        total = time.perf_counter() - self.begun
        by_peer, by_sector = collections.defaultdict(float), collections.defaultdict(float)
        for (sector, peer), seconds in self.seconds.items():
            by_peer[peer] += seconds
            by_sector[sector] += seconds
        native = sum(seconds for peer, seconds in by_peer.items() if peer != "python")
        return dict(total_s=total, native_share=native / total, by_peer_s=dict(by_peer), by_sector_s=dict(by_sector), between_s=total - sum(by_sector.values()),
                    by_sector_and_peer_s={f"{sector}: {peer}": seconds for (sector, peer), seconds in sorted(self.seconds.items())})
