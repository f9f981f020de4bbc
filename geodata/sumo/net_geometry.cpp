#include "geodata/sumo/net_geometry.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin::geodata {

namespace {

constexpr double corner_m = 1.5;          ///< a junction reaches this far past the edge of the widest crossing street
constexpr double straight_cut_m = 0.5;    ///< where nothing crosses
constexpr double crossing_sine = 0.34;    ///< streets within 20 degrees of each other don't cross
constexpr double largest_cut_share = 0.4; ///< of a link at each end
constexpr int curve_points = 6;

struct Point {
    double x = 0, y = 0;
};
Point at(const Polyline& line, std::size_t i) { return {line[2 * i], line[2 * i + 1]}; }
double distance(Point a, Point b) { return std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)); }
void push(Polyline& line, Point p) {
    line.push_back(p.x);
    line.push_back(p.y);
}

/// Unit vector of a segment; of the next longer one if it has no length.
Point direction(const Polyline& line, std::size_t segment) {
    const Point a = at(line, segment), b = at(line, segment + 1);
    const double length = distance(a, b);
    return length > 1e-9 ? Point{(b.x - a.x) / length, (b.y - a.y) / length} : Point{1, 0};
}

/// The line moved `offset` metres to the right.
Polyline beside(const Polyline& line, double offset) {
    const std::size_t points = line.size() / 2;
    Polyline moved;
    for (std::size_t i = 0; i < points; ++i) {
        const Point before = direction(line, i == 0 ? 0 : i - 1), after = direction(line, i + 1 < points ? i : points - 2);
        double nx = before.y + after.y, ny = -(before.x + after.x);
        const double length = std::sqrt(nx * nx + ny * ny);
        if (length < 1e-6) {
            nx = after.y;
            ny = -after.x;
        } else {
            nx /= length;
            ny /= length;
        }
        const double cosine = std::max(0.5, nx * after.y - ny * after.x);  // mitre, at most twice the offset
        push(moved, {line[2 * i] + nx * offset / cosine, line[2 * i + 1] + ny * offset / cosine});
    }
    return moved;
}

/// The part of a line from `from_m` to `to_m`.
Polyline part(const Polyline& line, double from_m, double to_m) {
    Polyline result;
    double walked = 0;
    for (std::size_t i = 0; i + 1 < line.size() / 2; ++i) {
        const Point a = at(line, i), b = at(line, i + 1);
        const double step = distance(a, b);
        const auto between = [&](double metre) {
            const double share = step > 0 ? std::clamp((metre - walked) / step, 0.0, 1.0) : 0;
            return Point{a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share};
        };
        if (walked + step >= from_m && walked <= to_m) {
            if (result.empty()) push(result, between(from_m));
            push(result, between(to_m));
        }
        walked += step;
    }
    if (result.size() < 4) return line;
    return result;
}

Polyline without_repeats(const Polyline& line) {
    Polyline result;
    for (std::size_t i = 0; i < line.size() / 2; ++i)
        if (result.empty() || distance(at(line, i), at(result, result.size() / 2 - 1)) > 1e-3) push(result, at(line, i));
    return result;
}

double turn_of_points(Point o, Point a, Point b) { return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x); }

/// Andrew's monotone chain.
Polyline convex_hull(std::vector<Point> points) {
    std::sort(points.begin(), points.end(), [](Point a, Point b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
    std::vector<Point> hull(2 * points.size());
    std::size_t k = 0;
    for (const Point& p : points) {
        while (k >= 2 && turn_of_points(hull[k - 2], hull[k - 1], p) <= 0) --k;
        hull[k++] = p;
    }
    for (std::size_t i = points.size() - 1, low = k + 1; i-- > 0;) {
        while (k >= low && turn_of_points(hull[k - 2], hull[k - 1], points[i]) <= 0) --k;
        hull[k++] = points[i];
    }
    Polyline line;
    for (std::size_t i = 0; i + 1 < k; ++i) push(line, hull[i]);
    return line;
}

double width_of(const RoadNetwork& net, Index link) {
    double width = 0;
    for (Index lane = net.link_first_lane[link]; lane < net.link_first_lane[link + 1]; ++lane) width += net.lane_width_m[lane];
    return width;
}

}  // namespace

double length_of(const Polyline& line) {
    double length = 0;
    for (std::size_t i = 0; i + 1 < line.size() / 2; ++i) length += distance(at(line, i), at(line, i + 1));
    return length;
}

std::pair<Polyline, Polyline> halves_of(const Polyline& line) {
    const double length = length_of(line);
    return {part(line, 0, length / 2), part(line, length / 2, length)};
}

NetGeometry::NetGeometry(const RoadNetwork& network) : net_(network) {
    const std::size_t links = net_.links();
    std::vector<std::pair<std::pair<Index, Index>, Index>> pairs;
    for (Index link = 0; link < links; ++link) pairs.push_back({{net_.link_from[link], net_.link_to[link]}, link});
    std::sort(pairs.begin(), pairs.end());
    is_centred_.resize(links);
    line_m_.resize(links);
    for (Index link = 0; link < links; ++link) {
        const std::pair<Index, Index> back{net_.link_to[link], net_.link_from[link]};
        const auto found = std::lower_bound(pairs.begin(), pairs.end(), std::pair{back, Index{0}});
        is_centred_[link] = found == pairs.end() || found->first != back;
        const auto shape = net_.link_shape[link];
        line_m_[link] = length_of(Polyline(shape.begin(), shape.end()));
    }
    cut_back();
}

/// A link ends where the streets that cross it begin: half their width and a corner back from the node.
void NetGeometry::cut_back() {
    struct Arm {
        Index link;
        bool arrives;
        double away_x, away_y;  ///< unit vector out of the node
        double half_m;
    };
    std::vector<std::vector<Arm>> arms(net_.nodes());
    for (Index link = 0; link < net_.links(); ++link) {
        const auto shape = net_.link_shape[link];
        const Polyline line = without_repeats(Polyline(shape.begin(), shape.end()));
        if (line.size() < 4) continue;
        const Point start = direction(line, 0), end = direction(line, line.size() / 2 - 2);
        const double half = is_centred_[link] ? width_of(net_, link) / 2 : width_of(net_, link);
        arms[net_.link_from[link]].push_back({link, false, start.x, start.y, half});
        arms[net_.link_to[link]].push_back({link, true, -end.x, -end.y, half});
    }
    cut_start_m_.assign(net_.links(), 0);
    cut_end_m_.assign(net_.links(), 0);
    for (const auto& node : arms)
        for (const Arm& arm : node) {
            double cut = node.size() > 1 ? straight_cut_m : 0;
            for (const Arm& other : node) {
                const double across = std::abs(arm.away_x * other.away_y - arm.away_y * other.away_x);
                if (across > crossing_sine) cut = std::max(cut, other.half_m * across + corner_m);
            }
            (arm.arrives ? cut_end_m_ : cut_start_m_)[arm.link] = std::min(cut, largest_cut_share * line_m_[arm.link]);
        }
}

Polyline NetGeometry::lane(Index link, std::int32_t lane) const {
    const auto shape = net_.link_shape[link];
    Polyline line = without_repeats(Polyline(shape.begin(), shape.end()));
    if (line.size() < 4) {
        const Index from = net_.link_from[link], to = net_.link_to[link];
        line = {net_.node_x[from], net_.node_y[from], net_.node_x[to], net_.node_y[to]};
        if (distance(at(line, 0), at(line, 1)) < 0.1) line[2] += 0.1;
    }
    const double length = length_of(line);
    line = part(line, std::min(cut_start_m_[link], largest_cut_share * length), length - std::min(cut_end_m_[link], largest_cut_share * length));
    const double width = width_of(net_, link);
    double right_of_lane = 0;  // from the link's right edge to the lane's middle
    for (std::int32_t i = 0; i <= lane; ++i) right_of_lane += net_.lane_width_m[net_.link_first_lane[link] + static_cast<Index>(i)] * (i == lane ? 0.5 : 1.0);
    const double offset = (is_centred_[link] ? width / 2 : width) - right_of_lane;
    return beside(line, offset);
}

Polyline NetGeometry::connection(Index c) const {
    if (const auto given = net_.connection_shape[c]; given.size() >= 4) {
        Polyline line = without_repeats(Polyline(given.begin(), given.end()));
        if (line.size() >= 4) return line;
    }
    const Polyline from = lane(net_.connection_from_link[c], net_.connection_from_lane[c]);
    const Polyline to = lane(net_.connection_to_link[c], net_.connection_to_lane[c]);
    const Point a = at(from, from.size() / 2 - 1), b = at(to, 0);
    const Point out = direction(from, from.size() / 2 - 2), in = direction(to, 0);
    const double reach = distance(a, b) * (net_.connection_turn[c] == Turn::u_turn ? 1.0 : 0.4) + 0.1;
    const Point p{a.x + out.x * reach, a.y + out.y * reach}, q{b.x - in.x * reach, b.y - in.y * reach};
    Polyline curve;  // a cubic Bézier curve
    for (int i = 0; i < curve_points; ++i) {
        const double t = static_cast<double>(i) / (curve_points - 1), s = 1 - t;
        push(curve, {s * s * s * a.x + 3 * s * s * t * p.x + 3 * s * t * t * q.x + t * t * t * b.x, s * s * s * a.y + 3 * s * s * t * p.y + 3 * s * t * t * q.y + t * t * t * b.y});
    }
    return curve;
}

Polyline NetGeometry::outline(Index node, const std::vector<Index>& in, const std::vector<Index>& out) const {
    std::vector<Point> points{{net_.node_x[node], net_.node_y[node]}};
    const auto add = [&](Index link, bool at_end) {
        for (std::int32_t i : {0, net_.link_lanes[link] - 1}) {
            const Polyline line = lane(link, i);
            const std::size_t last = line.size() / 2 - 1;
            const Point p = at(line, at_end ? last : 0), d = direction(line, at_end ? last - 1 : 0);
            const double half = net_.lane_width_m[net_.link_first_lane[link] + static_cast<Index>(i)] / 2;
            points.push_back({p.x + d.y * half, p.y - d.x * half});
            points.push_back({p.x - d.y * half, p.y + d.x * half});
        }
    };
    for (Index link : in) add(link, true);
    for (Index link : out) add(link, false);
    if (points.size() < 4) return {};
    Polyline hull = convex_hull(std::move(points));
    return hull.size() < 6 ? Polyline{} : hull;
}

double NetGeometry::share_inside_junctions(Index link) const { return line_m_[link] > 0 ? (cut_start_m_[link] + cut_end_m_[link]) / line_m_[link] : 0; }

}  // namespace citytwin::geodata
