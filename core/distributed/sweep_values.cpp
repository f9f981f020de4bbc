#include "core/distributed/sweep_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/text.hpp"
#include "core/distributed/sweep_keys.hpp"
#include "core/random/philox.hpp"

namespace citytwin {
namespace {

/// A number with the unit that was written behind it: "10 min" -> 10, "min".
struct Bound {
    double number = 0;
    std::string unit;
};

Bound bound_of(const Value& value, const char* key) {
    if (value.text() == nullptr) return {number_of(value, key), ""};
    const std::string_view text = trimmed(*value.text());
    const auto end = text.find(' ');
    const auto number = parse_number(text.substr(0, end));
    if (!number || end == std::string_view::npos) {
        fail("CT-SWEEP-004", value.place, fmt::format("'{}' is '{}', expected a number or a quantity", key, text), "write 0.5 or \"10 min\"");
    }
    return {*number, std::string(trimmed(text.substr(end)))};
}

class Drawing {
public:
    Drawing(const Value& value, const std::string& column, bool whole, std::uint64_t seed) : value_(value), column_(column), whole_(whole), seed_(seed) {}

    AxisValues read() {
        DiagnosticList errors;
        TableReader reader(*value_.table(), value_.place, "the values of '" + column_ + "'", keys::drawn_values, errors);
        errors.throw_if_errors();
        const Bound low = bound_of(*reader.find("low"), "low"), high = bound_of(*reader.find("high"), "high");
        low_ = low.number, high_ = high.number, unit_ = low.unit;
        if (low.unit != high.unit) fail("CT-SWEEP-004", value_.place, fmt::format("'low' is in '{}' and 'high' in '{}'", low.unit, high.unit), "write both in one unit");
        if (!(low_ < high_)) fail("CT-SWEEP-004", value_.place, fmt::format("'low' is {}, expected less than 'high', {}", low_, high_));
        if (whole_ && (low_ != std::floor(low_) || high_ != std::floor(high_))) fail("CT-SWEEP-004", value_.place, "bounds of whole numbers must be whole themselves");
        const auto kinds = std::count_if(std::begin(known_), std::end(known_), [&](const char* kind) { return reader.has(kind); });
        if (kinds != 1) fail("CT-SWEEP-003", value_.place, fmt::format("{} of range, step, latin_hypercube and random are given, expected one", kinds));
        if (reader.has("step")) steps(*reader.find("step"));
        else if (reader.has("range")) range(count_of(*reader.find("range"), "range", 2));
        else drawn(reader.has("random") ? count_of(*reader.find("random"), "random", 1) : count_of(*reader.find("latin_hypercube"), "latin_hypercube", 1), reader.has("random"));
        return std::move(result_);
    }

private:
    static constexpr const char* known_[] = {"range", "step", "latin_hypercube", "random"};

    static std::size_t count_of(const Value& value, const char* key, std::int64_t least) {
        const std::int64_t count = integer_of(value, key);
        if (count < least || count > 1'000'000) fail("CT-SWEEP-004", value.place, fmt::format("'{}' is {}, expected {} to 1000000", key, count, least));
        return static_cast<std::size_t>(count);
    }

    void add(double number) {
        Value value;
        value.place = value_.place;
        value.folder = value_.folder;
        if (!unit_.empty()) value.data = fmt::format("{} {}", number, unit_);
        else if (whole_) value.data = static_cast<std::int64_t>(number);
        else value.data = number;
        result_.values.push_back(std::move(value));
    }

    void range(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const double at = i + 1 == count ? high_ : low_ + (high_ - low_) * static_cast<double>(i) / static_cast<double>(count - 1);
            add(whole_ ? std::round(at) : at);
        }
        const auto same = [](const Value& a, const Value& b) { return to_toml_value(a) == to_toml_value(b); };
        if (std::adjacent_find(result_.values.begin(), result_.values.end(), same) != result_.values.end()) {
            fail("CT-SWEEP-004", value_.place, fmt::format("{} whole numbers don't fit between {} and {}", count, low_, high_));
        }
    }

    void steps(const Value& step_value) {
        const Bound step = bound_of(step_value, "step");
        if (step.unit != unit_) fail("CT-SWEEP-004", step_value.place, fmt::format("'step' is in '{}' and 'low' in '{}'", step.unit, unit_), "write both in one unit");
        if (!(step.number > 0) || (whole_ && step.number != std::floor(step.number))) fail("CT-SWEEP-004", step_value.place, fmt::format("'step' is {}, expected more than 0", step.number));
        const double count = std::floor((high_ - low_) / step.number + 1e-9);
        if (count > 1e6) fail("CT-SWEEP-004", step_value.place, "more than a million values");
        for (double i = 0; i <= count; ++i) add(std::min(high_, low_ + i * step.number));
    }

    /// Latin hypercube: the parts are given to the points by a permutation of their own for each axis.
    void drawn(std::size_t count, bool independent) {
        const Random random(seed_, (independent ? "sweep random " : "sweep latin hypercube ") + column_);
        std::vector<std::size_t> part(count);
        std::iota(part.begin(), part.end(), std::size_t{0});
        if (!independent) std::stable_sort(part.begin(), part.end(), [&](std::size_t a, std::size_t b) { return random.bits(a, 0) < random.bits(b, 0); });
        for (std::size_t i = 0; i < count; ++i) {
            const double u = random.uniform(i, 1), share = independent ? u : (static_cast<double>(part[i]) + u) / static_cast<double>(count);
            add(whole_ ? std::min(high_, low_ + std::floor(share * (high_ - low_ + 1))) : low_ + share * (high_ - low_));
        }
        result_.is_drawn = true;
    }

    const Value& value_;
    const std::string& column_;
    bool whole_;
    std::uint64_t seed_;
    double low_ = 0, high_ = 0;
    std::string unit_;
    AxisValues result_;
};

}  // namespace

AxisValues axis_values(const Value& values, const std::string& column, bool whole, std::uint64_t seed) {
    if (values.table() != nullptr) return Drawing(values, column, whole, seed).read();
    if (values.list() == nullptr || values.list()->empty()) {
        fail("CT-SWEEP-003", values.place, fmt::format("the values of '{}' are {}, expected a list or a table", column, values.list() ? "an empty list" : values.kind()),
             "write values = [0.0, 0.5] or values = { range = 5, low = 0.0, high = 1.0 }");
    }
    for (const auto& value : *values.list()) {
        if (whole) (void)integer_of(value, column);
    }
    return {*values.list(), false};
}

}  // namespace citytwin
