#!/usr/bin/env bash
# A planner's session (planner_session.py) with the Python that has numpy and h5py. usage: run.sh BUILD_FOLDER SOURCE_FOLDER CITY
set -euo pipefail
python=$1/peers/bin/python
"$python" -c "import h5py, numpy" 2>/dev/null || { echo "session: skipped: numpy and h5py aren't here (scripts/peers installs them)"; exit 77; }
exec "$python" "$2/tests/end_to_end/session/planner_session.py" "$1/citytwin" "$2" "$1/scratch/session_$3" "$3"
