// [OPTIONS] and [TIMES]: units first, since everything else is converted by them.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "modules/water/model/units.hpp"
#include "modules/water/read/builder.hpp"

namespace citytwin::water {
namespace {

struct FlowUnit {
    const char* name;
    double per_cubic_foot_per_second;
    bool metric;
};
constexpr std::array<FlowUnit, 11> flow_units{{{"CFS", 1.0, false}, {"GPM", 448.831, false}, {"MGD", 0.64632, false}, {"IMGD", 0.5382, false}, {"AFD", 1.9837, false},
                                              {"LPS", 28.317, true}, {"LPM", 1699.0, true}, {"MLD", 2.4466, true}, {"CMH", 101.94, true}, {"CMD", 2446.6, true}, {"CMS", 0.028317, true}}};

class OptionReader {
public:
    explicit OptionReader(NetworkBuilder& builder) : builder_(builder), options_(builder.network.options) {
        options_.pressure_required_m = 0.1;
    }

    void take(RowReader& row) {
        if (choice(row)) return;
        value(row);
    }

    void finish() {
        FileUnits& units = builder_.network.units;
        const double length = flow_.metric ? metre_per_foot : 1.0;   // file units a foot
        units.flow_m3ps = cubic_metre_per_cubic_foot / flow_.per_cubic_foot_per_second;
        units.length_m = units.head_m = metre_per_foot / length;
        units.diameter_m = metre_per_foot / (flow_.metric ? 1000 * metre_per_foot : 12.0);
        units.volume_m3 = cubic_metre_per_cubic_foot / (length * length * length);
        units.us_customary = !flow_.metric;
        units.flow_name = flow_.name;
        if (pressure_.empty()) pressure_ = flow_.metric ? "METERS" : "PSI";
        const double psi = psi_per_foot * options_.specific_gravity;
        const double per_foot = pressure_ == "METERS" ? metre_per_foot : pressure_ == "KPA" ? kilopascal_per_psi * psi : pressure_ == "BAR" ? bar_per_psi * psi : pressure_ == "FEET" ? 1.0 : psi;
        units.pressure_m = metre_per_foot / per_foot;
        options_.pressure_min_m *= units.pressure_m;
        options_.pressure_required_m *= units.pressure_m;
        options_.head_error_m *= units.head_m;
        options_.flow_change_m3ps *= units.flow_m3ps;
        options_.head_tolerance_m = head_tolerance_foot_ * metre_per_foot;
        options_.flow_tolerance_m3ps = flow_tolerance_ * cubic_metre_per_cubic_foot;
        options_.gradient_tolerance = gradient_tolerance_ * gradient_unit;
        const double square_foot = metre_per_foot * metre_per_foot;
        if (viscosity_ < 0) options_.viscosity_m2ps = 1.1e-5 * square_foot;
        else if (viscosity_ > 1e-3) options_.viscosity_m2ps = viscosity_ * 1.1e-5 * square_foot;
        else options_.viscosity_m2ps = flow_.metric ? viscosity_ : viscosity_ * square_foot;
    }

private:
    bool choice(RowReader& row) {
        if (row.is(0, "UNIT")) return flow_unit(row), true;
        if (row.is(0, "PRESSURE") && !row.is(1, "EXP")) return pressure_unit(row), true;
        if (row.is(0, "HEADL")) return head_loss(row), true;
        if (row.is(0, "UNBA")) return unbalanced(row), true;
        if (row.is(0, "PATT")) {
            if (row.size() > 1) builder_.default_pattern = row[1];
            return true;
        }
        if (row.is(0, "DEMAND") && row.is(1, "MODEL")) {
            if (row.is(2, "DDA")) options_.demand_model = DemandModel::demand_driven;
            else if (row.is(2, "PDA")) options_.demand_model = DemandModel::pressure_driven;
            else unknown(row, 2, "DDA or PDA");
            return true;
        }
        if (row.is(0, "BACK") && row.is(1, "ALLOW")) {
            if (row.is(2, "YES")) options_.emitter_backflow = true;
            else if (row.is(2, "NO")) options_.emitter_backflow = false;
            else unknown(row, 2, "YES or NO");
            return true;
        }
        // Quality and files belong to other readers; VERIFY and SEGMENTS are no longer used by the peer either.
        for (const char* word : {"QUAL", "MAP", "HYDR", "VERI", "SEGM", "TOLER", "DIFF"})
            if (row.is(0, word)) return true;
        return false;
    }

    void flow_unit(RowReader& row) {
        for (const auto& unit : flow_units)
            if (row.is(1, unit.name)) {
                flow_ = unit;
                return;
            }
        if (row.is(1, "SI")) flow_ = flow_units[5];
        else if (row.size() > 1) unknown(row, 1, "CFS GPM MGD IMGD AFD LPS LPM MLD CMH CMD or CMS");
    }
    void pressure_unit(RowReader& row) {
        if (row.size() < 2) return;
        for (const char* unit : {"PSI", "KPA", "METERS", "BAR", "FEET"})
            if (row.is(1, unit)) {
                pressure_ = unit;
                return;
            }
        unknown(row, 1, "PSI, KPA, METERS, BAR or FEET");
    }
    void head_loss(RowReader& row) {
        if (row.is(1, "H-W")) options_.head_loss = HeadLoss::hazen_williams;
        else if (row.is(1, "D-W")) options_.head_loss = HeadLoss::darcy_weisbach;
        else if (row.is(1, "C-M")) options_.head_loss = HeadLoss::chezy_manning;
        else if (row.size() > 1) unknown(row, 1, "H-W, D-W or C-M");
    }
    void unbalanced(RowReader& row) {
        if (row.is(1, "STOP")) options_.extra_trials = -1;
        else if (row.is(1, "CONT")) options_.extra_trials = row.size() > 2 ? static_cast<std::int32_t>(std::clamp(row.number(2, "UNBALANCED CONTINUE").value_or(0), 0.0, 1e9)) : 0;
        else if (row.size() > 1) unknown(row, 1, "STOP or CONTINUE");
    }
    void unknown(RowReader& row, std::size_t i, const char* expected) { row.error("CT-WATER-014", fmt::format("option {} is '{}'", row[0], row[i]), fmt::format("use {}", expected)); }

    void value(RowReader& row) {
        std::size_t at = 1;
        for (const char* word : {"SPEC", "EMIT", "DEMAND", "MINIMUM", "REQ", "PRESSURE", "PREC"})
            if (row.is(0, word)) at = 2;
        if (row.size() <= at) return;
        const std::string name(row[0]);
        const auto number = row.not_negative(at, "option");
        if (!number) return;
        if (!not_negative_option(row, *number) && !positive_option(row, *number)) row.error("CT-WATER-014", fmt::format("unknown option '{}'", name), "see the users' manual of EPANET 2.3, [OPTIONS]");
    }
    bool not_negative_option(RowReader& row, double y) {
        if (row.is(0, "DAMPLIMIT")) options_.damp_limit = y;
        else if (row.is(0, "FLOWCHANGE")) options_.flow_change_m3ps = y;
        else if (row.is(0, "HEADERROR")) options_.head_error_m = y;
        else if (row.is(0, "MINIMUM")) minimum_pressure(row, y);
        else if (row.is(0, "REQ")) required_pressure(row, y);
        else if (row.is(0, "PRESSURE")) options_.pressure_exponent = y;
        else return false;
        return true;
    }
    void minimum_pressure(RowReader& row, double y) {
        if (options_.pressure_required_m == 0.1) options_.pressure_required_m = y + 0.1;
        else if (options_.pressure_required_m - y < 0.1) row.error("CT-WATER-015", "MINIMUM PRESSURE is not at least 0.1 below REQUIRED PRESSURE");
        options_.pressure_min_m = y;
    }
    void required_pressure(RowReader& row, double y) {
        if (y - options_.pressure_min_m < 0.1) row.error("CT-WATER-015", "REQUIRED PRESSURE is not at least 0.1 above MINIMUM PRESSURE");
        options_.pressure_required_m = y;
    }
    bool positive_option(RowReader& row, double y) {
        if (!(y > 0)) return row.error("CT-WATER-011", fmt::format("option {} must be above zero", row[0])), true;
        const auto whole = static_cast<std::int32_t>(std::min(y, 1e9));
        if (row.is(0, "VISC")) viscosity_ = y;
        else if (row.is(0, "SPEC")) options_.specific_gravity = y;
        else if (row.is(0, "TRIAL")) options_.trials = whole;
        else if (row.is(0, "ACCU")) options_.accuracy = std::clamp(y, 1e-5, 1e-1);
        else if (row.is(0, "HTOL")) head_tolerance_foot_ = y;
        else if (row.is(0, "QTOL")) flow_tolerance_ = y;
        else if (row.is(0, "RQTOL")) gradient_tolerance_ = y;
        else if (row.is(0, "CHECKFREQ")) options_.check_frequency = whole;
        else if (row.is(0, "MAXCHECK")) options_.max_check = whole;
        else if (row.is(0, "EMIT")) options_.emitter_exponent = 1 / y;
        else if (row.is(0, "DEMAND")) options_.demand_multiplier = y;
        else return false;
        return true;
    }

    NetworkBuilder& builder_;
    HydraulicOptions& options_;
    FlowUnit flow_ = flow_units[1];
    std::string pressure_;
    double viscosity_ = -1, head_tolerance_foot_ = 0.0005, flow_tolerance_ = 1e-4, gradient_tolerance_ = 1e-7;
};

}  // namespace

void NetworkBuilder::read_options() {
    OptionReader reader(*this);
    each_row(Section::options, [&](RowReader& row) { reader.take(row); });
    reader.finish();
}

void NetworkBuilder::read_times() {
    RunTimes& times = network.times;
    std::int64_t quality_step = 0, rule_step = 0;
    each_row(Section::times, [&](RowReader& row) {
        if (row.is(0, "STAT") || row.is(0, "MINI") || !row.at_least(2, "expected: name, value")) return;
        const std::size_t n = row.size() - 1;
        auto hours = hours_of(row[n], "");
        if (!hours) hours = hours_of(row[n - 1], row[n]);
        if (!hours || *hours < 0) return row.error("CT-WATER-016", fmt::format("'{}' of {} is not a time", row[n], row[0]), "write hours, h:mm or a number with SEC, MIN, HOURS or DAYS");
        if (std::count(row[n].begin(), row[n].end(), ':') > 2) row.warning("CT-WATER-017", fmt::format("the time '{}' has more than hours, minutes and seconds; the rest is not read", row[n]));
        const auto seconds = static_cast<std::int64_t>(3600 * *hours + 0.5);
        if (row.is(0, "DURA")) times.duration_s = seconds;
        else if (row.is(0, "HYDR")) times.hydraulic_step_s = seconds;
        else if (row.is(0, "QUAL")) quality_step = seconds;
        else if (row.is(0, "RULE")) rule_step = seconds;
        else if (row.is(0, "PATT")) (row.is(1, "STAR") ? times.pattern_start_s : times.pattern_step_s) = seconds;
        else if (row.is(0, "REPO")) (row.is(1, "STAR") ? times.report_start_s : times.report_step_s) = seconds;
        else if (row.is(0, "STAR")) times.clock_start_s = seconds % 86400;
        else row.error("CT-WATER-014", fmt::format("unknown entry '{}' in [TIMES]", row[0]));
    });
    if (times.pattern_step_s <= 0) times.pattern_step_s = 3600;
    if (times.report_step_s <= 0) times.report_step_s = times.pattern_step_s;
    if (times.hydraulic_step_s <= 0) times.hydraulic_step_s = 3600;
    times.hydraulic_step_s = std::min({times.hydraulic_step_s, times.pattern_step_s, times.report_step_s});
    if (times.report_start_s > times.duration_s) times.report_start_s = 0;
    times.quality_step_s = std::max<std::int64_t>(1, std::min(quality_step > 0 ? quality_step : times.hydraulic_step_s / 10, times.hydraulic_step_s));
    times.rule_step_s = std::max<std::int64_t>(1, std::min(rule_step > 0 ? rule_step : times.hydraulic_step_s / 10, times.hydraulic_step_s));
}

}  // namespace citytwin::water
