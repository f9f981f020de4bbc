#include "modules/waste/read/vrplib.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "core/base/text.hpp"
#include "modules/waste/read/instance_lines.hpp"

namespace citytwin::waste {
namespace {

const std::vector<std::string> known_keys{"NAME", "COMMENT", "TYPE", "DIMENSION", "VEHICLES", "CAPACITY", "SERVICE_TIME", "EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT", "DISPLAY_DATA_TYPE", "NODE_COORD_TYPE"};
const std::vector<std::string> known_sections{"NODE_COORD_SECTION", "DEMAND_SECTION", "TIME_WINDOW_SECTION", "SERVICE_TIME_SECTION", "RELEASE_TIME_SECTION", "VEHICLES_RELOAD_DEPOT_SECTION", "DEPOT_SECTION", "EDGE_WEIGHT_SECTION"};

constexpr std::int64_t most_vehicles = 1'000'000;

class VrplibReader {
public:
    explicit VrplibReader(const std::string& path) : lines_(path) {}

    RoutingCase read() {
        while (lines_.next()) {
            const std::string_view line = lines_.line();
            if (line == "EOF") break;
            const auto colon = line.find(':');
            const Words words = words_of(line);
            if (words[0].ends_with("_SECTION") || (colon != std::string_view::npos && trimmed(line.substr(0, colon)).ends_with("_SECTION"))) {
                section(words[0].ends_with(":") ? words[0].substr(0, words[0].size() - 1) : words[0]);
            } else if (colon != std::string_view::npos) {
                header(std::string(trimmed(line.substr(0, colon))), std::string(trimmed(line.substr(colon + 1))));
            } else {
                lines_.refuse("CT-WASTE-001", "'" + std::string(line.substr(0, 40)) + "' is neither 'KEY : value' nor a section");
            }
        }
        return finished();
    }

private:
    void header(const std::string& key, const std::string& value) {
        if (std::find(known_keys.begin(), known_keys.end(), key) == known_keys.end()) lines_.refuse("CT-WASTE-001", "unknown key '" + key + "'; " + suggestion(key, known_keys));
        if (!keys_.emplace(key, value).second && key != "COMMENT") lines_.refuse("CT-WASTE-001", "the key '" + key + "' stands twice");
        if (key == "EDGE_WEIGHT_TYPE" && value != "EUC_2D" && value != "EXPLICIT") lines_.refuse("CT-WASTE-002", "EDGE_WEIGHT_TYPE '" + value + "' isn't read", "known: EUC_2D, EXPLICIT");
        if (key == "EDGE_WEIGHT_FORMAT" && value != "FULL_MATRIX" && value != "LOWER_ROW") lines_.refuse("CT-WASTE-002", "EDGE_WEIGHT_FORMAT '" + value + "' isn't read", "known: FULL_MATRIX, LOWER_ROW");
        if (key == "TYPE" && value != "CVRP" && value != "VRPTW" && value != "MTVRPTWR") lines_.refuse("CT-WASTE-002", "TYPE '" + value + "' isn't read", "known: CVRP, VRPTW, MTVRPTWR");
        if (key == "DIMENSION") {
            size_ = static_cast<std::size_t>(std::clamp<std::int64_t>(lines_.integer(value), 0, 1'000'000));
            if (size_ < 2) lines_.refuse("CT-WASTE-004", "DIMENSION " + value + ": a depot and a stop are needed");
        }
        if (key == "CAPACITY" && lines_.number(value) <= 0) lines_.refuse("CT-WASTE-005", "CAPACITY " + value + ": nothing can be carried", "it must be above 0");
        if (key == "VEHICLES" && lines_.integer(value) < 1) lines_.refuse("CT-WASTE-005", "VEHICLES " + value + ": none can drive");
        if (key == "VEHICLES" && lines_.integer(value) > most_vehicles) lines_.refuse("CT-WASTE-005", "VEHICLES " + value + ": more than " + std::to_string(most_vehicles) + " aren't read");
        if (key == "SERVICE_TIME" && lines_.number(value) < 0) lines_.refuse("CT-WASTE-003", "SERVICE_TIME is negative");
    }

    void section(const std::string& name) {
        if (std::find(known_sections.begin(), known_sections.end(), name) == known_sections.end()) lines_.refuse("CT-WASTE-001", "unknown section '" + name + "'; " + suggestion(name, known_sections));
        if (size_ == 0) lines_.refuse("CT-WASTE-004", "DIMENSION must stand before the sections");
        if (!sections_.insert(name).second) lines_.refuse("CT-WASTE-001", "the section '" + name + "' stands twice");
        if (name == "DEPOT_SECTION") depots();
        else if (name == "EDGE_WEIGHT_SECTION") weights();
        else if (name == "NODE_COORD_SECTION") rows(name, size_, 2, coordinates_);
        else if (name == "DEMAND_SECTION") rows(name, size_, 1, demand_);
        else if (name == "TIME_WINDOW_SECTION") rows(name, size_, 2, windows_);
        else if (name == "SERVICE_TIME_SECTION") rows(name, size_, 1, service_);
        else if (name == "RELEASE_TIME_SECTION") rows(name, size_, 1, release_);
        else reload_depots();
    }

    void rows(const std::string& name, std::size_t count, std::size_t width, std::vector<double>& values) {
        values.assign(count * width, 0);
        std::vector<std::size_t> seen(count, 0);
        for (std::size_t k = 0; k < count; ++k) {
            if (!lines_.next()) lines_.refuse("CT-WASTE-004", name + " ends after " + std::to_string(k) + " of " + std::to_string(count) + " lines");
            const Words words = words_of(lines_.line());
            if (words.size() != width + 1) lines_.refuse("CT-WASTE-004", name + ": expected a number and " + std::to_string(width) + " values, found '" + std::string(lines_.line().substr(0, 40)) + "'");
            const std::int64_t node = lines_.integer(words[0]);
            if (node < 1 || node > static_cast<std::int64_t>(count)) lines_.refuse("CT-WASTE-004", name + ": no node " + words[0] + "; they go from 1 to " + std::to_string(count));
            if (seen[static_cast<std::size_t>(node - 1)] != 0) lines_.refuse("CT-WASTE-004", name + ": node " + words[0] + " stands twice, first in line " + std::to_string(seen[static_cast<std::size_t>(node - 1)]));
            seen[static_cast<std::size_t>(node - 1)] = lines_.place().line;
            for (std::size_t c = 0; c < width; ++c) values[static_cast<std::size_t>(node - 1) * width + c] = lines_.number(words[c + 1]);
            check_row(name, words);
        }
    }

    void check_row(const std::string& name, const Words& words) const {
        if (name == "DEMAND_SECTION") {
            if (lines_.integer(words[1]) < 0) lines_.refuse("CT-WASTE-003", "node " + words[0] + ": negative demand");
            if (keys_.contains("CAPACITY") && lines_.number(words[1]) > *parse_number(keys_.at("CAPACITY"))) {
                lines_.refuse("CT-WASTE-006", "node " + words[0] + " demands " + words[1] + ", a truck holds " + keys_.at("CAPACITY"), "split the demand into several stops");
            }
        }
        if (name == "TIME_WINDOW_SECTION" && lines_.number(words[1]) > lines_.number(words[2])) lines_.refuse("CT-WASTE-007", "node " + words[0] + ": its window ends before it begins");
    }

    void depots() {
        while (lines_.next()) {
            if (lines_.line() == "EOF") return;
            const std::int64_t node = lines_.integer(std::string(words_of(lines_.line())[0]));
            if (node == -1) return;
            if (node < 1 || node > static_cast<std::int64_t>(size_)) lines_.refuse("CT-WASTE-004", "no node " + std::to_string(node) + " for a depot");
            depots_.push_back(static_cast<Index>(node - 1));
        }
    }

    void reload_depots() {
        if (!keys_.contains("VEHICLES")) lines_.refuse("CT-WASTE-004", "VEHICLES must stand before this section");
        const auto count = static_cast<std::size_t>(*parse_integer(keys_["VEHICLES"]));
        std::vector<double> of;
        rows("VEHICLES_RELOAD_DEPOT_SECTION", count, 1, of);
        for (double node : of) {
            if (node < 1 || node > static_cast<double>(size_)) lines_.refuse("CT-WASTE-004", "no node " + std::to_string(node) + " to reload at");
            if (node != of[0]) lines_.refuse("CT-WASTE-002", "trucks with different reload depots aren't read");
        }
        reload_ = static_cast<Index>(of[0] - 1);
    }

    void weights() {
        const bool lower = keys_["EDGE_WEIGHT_FORMAT"] == "LOWER_ROW";
        const std::size_t wanted = lower ? size_ * (size_ - 1) / 2 : size_ * size_;
        if (size_ > 20'000) lines_.refuse("CT-WASTE-002", "a matrix of more than 20,000 nodes isn't read", "give coordinates");
        std::vector<double> values;
        while (values.size() < wanted && lines_.next()) {
            for (const auto& word : words_of(lines_.line())) {
                values.push_back(lines_.number(word));
                if (values.back() < 0) lines_.refuse("CT-WASTE-003", "the distance " + word + " is negative");
            }
        }
        if (values.size() != wanted) lines_.refuse("CT-WASTE-004", "EDGE_WEIGHT_SECTION has " + std::to_string(values.size()) + " of " + std::to_string(wanted) + " numbers");
        weights_.assign(size_ * size_, 0);
        std::size_t k = 0;
        for (std::size_t i = 0; i < size_; ++i) {
            for (std::size_t j = 0; j < (lower ? i : size_); ++j, ++k) {
                weights_[i * size_ + j] = static_cast<std::int32_t>(values[k] + 0.5);
                if (lower) weights_[j * size_ + i] = weights_[i * size_ + j];
            }
        }
    }

    void require(bool there, const std::string& what) const {
        if (!there) fail("CT-WASTE-004", {lines_.place().file}, what + " is missing");
    }

    RoutingCase finished() {
        require(size_ > 0, "DIMENSION");
        require(keys_.contains("CAPACITY"), "CAPACITY");
        require(!demand_.empty(), "DEMAND_SECTION");
        require(!coordinates_.empty() || !weights_.empty(), "NODE_COORD_SECTION or EDGE_WEIGHT_SECTION");
        require(!depots_.empty(), "DEPOT_SECTION");
        if (depots_.size() > 1) fail("CT-WASTE-002", {lines_.place().file}, "several depots aren't read from .vrp files", "give them in a scenario");
        RoutingCase result;
        result.name = keys_["NAME"];
        result.type = keys_.contains("TYPE") ? keys_["TYPE"] : "CVRP";
        RoutingProblem& p = result.problem;
        const bool timed = !windows_.empty();
        const Cost scale = timed ? 10 : 1;
        p.resize(size_);
        p.has_windows = timed;
        p.rounding = timed ? Rounding::truncated_tenths : Rounding::nearest;
        p.capacity = static_cast<Cost>(*parse_number(keys_["CAPACITY"]));
        p.distance_matrix = std::move(weights_);
        if (p.distance_matrix.empty() || !coordinates_.empty()) {
            for (std::size_t i = 0; i < size_; ++i) p.x.push_back(coordinates_[2 * i]), p.y.push_back(coordinates_[2 * i + 1]);
        }
        refuse_far_places(p, lines_.place().file);
        fill_stops(p, scale);
        const std::size_t trucks = keys_.contains("VEHICLES") ? static_cast<std::size_t>(*parse_integer(keys_["VEHICLES"])) : size_ - 1;
        p.trucks.assign(std::min(trucks, size_ - 1), {depots_[0], depots_[0], p.earliest[depots_[0]], p.latest[depots_[0]]});
        p.finish();
        // Customers are counted from 1 without the depot.
        result.number.assign(size_, 0);
        std::int64_t next = 0;
        for (Index i = 0; i < size_; ++i) result.number[i] = i == depots_[0] ? 0 : ++next;
        result.cost_per_unit = result.type == "VRPTW" ? 0.1 : 1;
        return result;
    }

    void fill_stops(RoutingProblem& p, Cost scale) const {
        const double service = keys_.contains("SERVICE_TIME") ? *parse_number(keys_.at("SERVICE_TIME")) : 0;
        for (std::size_t i = 0; i < size_; ++i) {
            const bool depot = i == depots_[0];
            p.is_client[i] = !depot;
            p.demand[i] = depot ? 0 : static_cast<std::int32_t>(demand_[i]);
            const auto tenths = [&](double value) { return static_cast<Cost>(std::floor(value * static_cast<double>(scale) + 0.5)); };
            p.service[i] = depot ? 0 : tenths(service_.empty() ? service : service_[i]);
            if (!windows_.empty()) p.earliest[i] = tenths(windows_[2 * i]), p.latest[i] = tenths(windows_[2 * i + 1]);
            if (!release_.empty() && !depot) p.release[i] = tenths(release_[i]);
        }
        if (reload_ != no_index) p.reload_sites.push_back(reload_);
    }

    Lines lines_;
    std::map<std::string, std::string> keys_;
    std::set<std::string> sections_;
    std::size_t size_ = 0;
    std::vector<double> coordinates_, demand_, windows_, service_, release_;
    std::vector<std::int32_t> weights_;
    std::vector<Index> depots_;
    Index reload_ = no_index;
};

}  // namespace

void refuse_far_places(const RoutingProblem& problem, const std::string& path) {
    if (problem.x.empty()) return;
    const auto [left, right] = std::minmax_element(problem.x.begin(), problem.x.end());
    const auto [bottom, top] = std::minmax_element(problem.y.begin(), problem.y.end());
    const double widest = std::hypot(*right - *left, *top - *bottom) * (problem.rounding == Rounding::truncated_tenths ? 10 : 1);
    if (widest >= std::numeric_limits<std::int32_t>::max())
        fail("CT-WASTE-003", {path}, "the places lie so far apart that a distance has more than nine digits", "give coordinates in a larger unit");
}

RoutingCase read_vrplib(const std::string& path) { return VrplibReader(path).read(); }

RoutingCase read_routing_case(const std::string& path) {
    Lines lines(path);
    if (!lines.next()) fail("CT-WASTE-004", {path}, "the file is empty");
    return lines.line().find(':') != std::string_view::npos ? read_vrplib(path) : read_solomon(path);
}

WrittenPlan read_vrplib_solution(const std::string& path, const RoutingCase& instance) {
    Lines lines(path);
    WrittenPlan written;
    std::vector<Index> location(instance.number.size(), no_index);
    for (Index i = 0; i < instance.number.size(); ++i) location[static_cast<std::size_t>(instance.number[i])] = i;
    while (lines.next()) {
        const Words words = words_of(lines.line());
        if (words[0] == "Cost" || words[0] == "Cost:") {
            written.cost = lines.number(words.back());
        } else if (words[0] == "Route") {
            auto& route = written.plan.routes.emplace_back();
            for (std::size_t k = 2; k < words.size(); ++k) {
                const std::int64_t number = lines.integer(words[k]);
                if (number < 0 || number >= static_cast<std::int64_t>(location.size())) lines.refuse("CT-WASTE-004", "no customer " + words[k]);
                route.push_back(number == 0 && instance.problem.has_trips() ? instance.problem.reload_sites[0] : location[static_cast<std::size_t>(number)]);
            }
        } else if (words[0] != "Optimal:") {
            lines.refuse("CT-WASTE-001", "'" + std::string(lines.line().substr(0, 40)) + "' has no place in a solution");
        }
    }
    return written;
}

}  // namespace citytwin::waste
