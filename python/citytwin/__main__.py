"""python -m citytwin map RUN -o map.png [--base BASE] [--field road_link.flow] [--begin TIME] [--end TIME]"""
import argparse

from .map_picture import map_picture


def main():
    parser = argparse.ArgumentParser(prog="python -m citytwin", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("map", help="a static map of road links for a paper")
    one.add_argument("run", help="folder of a run or an ensemble")
    one.add_argument("-o", "--output", required=True, help=".png, .pdf or .svg")
    one.add_argument("--base", help="draw the difference from this folder")
    one.add_argument("--field", default="road_link.flow")
    one.add_argument("--begin", help="first recorded time, 2025-06-03T07:00 (UTC, as in results.h5)")
    one.add_argument("--end", help="last recorded time")
    one.add_argument("--dpi", type=int, default=300)
    words = parser.parse_args()
    map_picture(words.run, words.output, words.field, words.base, words.begin, words.end, words.dpi)


main()
