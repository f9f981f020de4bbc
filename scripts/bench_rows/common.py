"""One row of a benchmark: our figure beside the peer's, from one run in turns."""


def compared(case, unit, citytwin, peer, peer_value, bar, runs, more_is_better=True, **extra):
    ratio = (citytwin / peer_value if more_is_better else peer_value / citytwin) if peer_value else None
    return dict(case=case, unit=unit, citytwin=citytwin, peer=peer, peer_value=peer_value, ratio=ratio and round(ratio, 3), bar=bar, runs=runs, **extra)
