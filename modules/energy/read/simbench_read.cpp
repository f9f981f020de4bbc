#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <unordered_map>

#include "core/base/csv.hpp"
#include "core/base/text.hpp"
#include "modules/energy/model/portable_trig.hpp"
#include "modules/energy/read/simbench_grid.hpp"
#include "modules/energy/read/simbench_profiles.hpp"

namespace citytwin::energy {
namespace {

using Rows = std::unordered_map<std::string, Index>;
constexpr double base_mva = 1;

/// A table of the folder; empty when the file isn't there.
std::unique_ptr<CsvReader> table(const std::string& folder, const char* name, bool needed) {
    const std::string path = folder + "/" + name + ".csv";
    if (std::filesystem::exists(path)) return std::make_unique<CsvReader>(path);
    if (needed) fail("CT-ENERGY-030", {path}, fmt::format("the file {}.csv of the SimBench folder is missing", name));
    return nullptr;
}

bool is_null(std::string_view text) { return text.empty() || text == "NULL"; }

double needed(const CsvReader& csv, std::size_t column, std::string_view what) {
    if (is_null(csv.text(column))) fail("CT-ENERGY-031", csv.place(column), fmt::format("{}: column {} is NULL, expected a number", what, csv.header()[column]));
    return csv.number(column);
}
double number_or(const CsvReader& csv, std::size_t column, double otherwise) { return is_null(csv.text(column)) ? otherwise : csv.number(column); }

Index named(const Rows& rows, const CsvReader& csv, std::size_t column, std::string_view what) {
    const auto found = rows.find(std::string(csv.text(column)));
    if (found != rows.end()) return found->second;
    std::vector<std::string> known;
    for (const auto& [name, row] : rows) known.push_back(name);
    std::sort(known.begin(), known.end());
    fail("CT-ENERGY-032", csv.place(column), fmt::format("{} names '{}' in column {}, which isn't there", what, csv.text(column), csv.header()[column]), nearest(csv.text(column), known).value_or(""));
}

struct TransformerType {
    double s_mva, hv_kv, lv_kv, shift_deg, short_circuit_percent, copper_kw, iron_kw, no_load_percent, step_percent, step_deg, neutral;
    bool tap_at_hv, can_tap;
};

class FolderReader {
public:
    FolderReader(std::string folder, DiagnosticList& diagnostics) : folder_(std::move(folder)), diagnostics_(diagnostics) {}

    SimbenchGrid read() {
        grid_.folder = folder_;
        grid_.network.base_VA = base_mva * 1e6;
        refuse_unbuilt();
        nodes();
        lines();
        transformers();
        switches();
        external_grids();
        ProfileColumns profiles;
        loads(profiles);
        generators(profiles);
        profiles.read(folder_, grid_);
        return std::move(grid_);
    }

private:
    [[nodiscard]] double nominal_kv(Index bus) const { return grid_.network.buses.nominal_V[bus] * 1e-3; }
    [[nodiscard]] double impedance_base(Index bus) const { return nominal_kv(bus) * nominal_kv(bus) / base_mva; }

    void refuse_unbuilt() {
        for (const char* name : {"Storage", "PowerPlant", "Shunt", "DCLineType"}) {
            const auto csv = table(folder_, name, false);
            if (csv && csv->next()) fail("CT-ENERGY-034", {csv->name(), csv->line()}, fmt::format("{} elements aren't built yet", name), "remove the file's rows if they don't matter for the study");
        }
    }

    void nodes() {
        const auto csv = table(folder_, "Node", true);
        const std::size_t id = csv->column("id"), nominal = csv->column("vmR"), set = csv->column("vmSetp"), angle = csv->column("vaSetp");
        while (csv->next()) {
            const std::string name(csv->text(id));
            if (!buses_.emplace(name, static_cast<Index>(grid_.bus_id.size())).second) fail("CT-ENERGY-009", csv->place(id), fmt::format("node '{}' stands twice in Node.csv", name), "ids must be unique");
            grid_.bus_id.push_back(name);
            nominal_.push_back(needed(*csv, nominal, name) * 1e3);
            setpoint_.push_back(number_or(*csv, set, NAN));
            angle_.push_back(number_or(*csv, angle, 0));
        }
        Buses& buses = grid_.network.buses;
        buses.resize(grid_.bus_id.size());
        buses.nominal_V = nominal_;
    }

    Index add_branch(Index from, Index to, Complex impedance, Complex shunt_from, Complex shunt_to, double ratio, double shift_rad) {
        Branches& b = grid_.network.branches;
        const auto row = static_cast<Index>(b.size());
        b.resize(row + 1);
        b.from[row] = from;
        b.to[row] = to;
        b.impedance[row] = impedance;
        b.shunt_from[row] = shunt_from;
        b.shunt_to[row] = shunt_to;
        b.ratio[row] = ratio;
        b.shift_rad[row] = shift_rad;
        return row;
    }

    void lines() {
        struct LineType {
            double r, x, b, current_A;
        };
        std::vector<LineType> types;
        Rows type_rows;
        const auto type = table(folder_, "LineType", true);
        const std::size_t t_id = type->column("id"), r = type->column("r"), x = type->column("x"), b = type->column("b"), current = type->column("iMax");
        while (type->next()) {
            const std::string name(type->text(t_id));
            type_rows.emplace(name, static_cast<Index>(types.size()));
            types.push_back({needed(*type, r, name), needed(*type, x, name), needed(*type, b, name), needed(*type, current, name)});
        }
        const auto csv = table(folder_, "Line", true);
        const std::size_t id = csv->column("id"), a = csv->column("nodeA"), z = csv->column("nodeB"), kind = csv->column("type"), length = csv->column("length");
        while (csv->next()) {
            const std::string name = "line '" + std::string(csv->text(id)) + "'";
            const Index from = named(buses_, *csv, a, name), to = named(buses_, *csv, z, name);
            const LineType& line = types[named(type_rows, *csv, kind, name)];
            const double km = needed(*csv, length, name), base = impedance_base(from);
            const Complex half_charging{0, line.b * 1e-6 * km * base / 2};   // b in uS/km
            grid_.line_id.emplace_back(csv->text(id));
            grid_.line_branch.push_back(add_branch(from, to, {line.r * km / base, line.x * km / base}, half_charging, half_charging, 1, 0));
            grid_.line_rated_current.push_back(line.current_A * 1e-3 / (base_mva / (std::sqrt(3.0) * nominal_kv(from))));
        }
    }

    std::vector<TransformerType> transformer_types(Rows& rows) {
        std::vector<TransformerType> types;
        const auto csv = table(folder_, "TransformerType", true);
        const auto at = [&](const char* column, std::string_view name) { return needed(*csv, csv->column(column), name); };
        while (csv->next()) {
            const std::string name(csv->text(csv->column("id")));
            rows.emplace(name, static_cast<Index>(types.size()));
            types.push_back({at("sR", name), at("vmHV", name), at("vmLV", name), at("va0", name), at("vmImp", name), at("pCu", name), at("pFe", name), at("iNoLoad", name), at("dVm", name),
                             at("dVa", name), at("tapNeutr", name), csv->text(csv->column("tapside")) != "LV", csv->text(csv->column("tapable")) == "1"});
        }
        return types;
    }

    void transformers() {
        const auto csv = table(folder_, "Transformer", false);
        if (!csv) return;
        Rows type_rows;
        const auto types = transformer_types(type_rows);
        const std::size_t id = csv->column("id"), hv = csv->column("nodeHV"), lv = csv->column("nodeLV"), kind = csv->column("type"), tap = csv->column("tappos"), automatic = csv->column("autoTap");
        std::size_t held = 0;
        while (csv->next()) {
            const std::string name = "transformer '" + std::string(csv->text(id)) + "'";
            const TransformerType& t = types[named(type_rows, *csv, kind, name)];
            const double steps = number_or(*csv, tap, t.neutral) - t.neutral;
            if (steps != 0 && t.step_deg != 0) fail("CT-ENERGY-034", csv->place(tap), name + ": taps that turn the angle aren't built yet");
            held += csv->text(automatic) == "1" ? 1 : 0;
            grid_.transformer_id.emplace_back(csv->text(id));
            add_transformer(t, named(buses_, *csv, hv, name), named(buses_, *csv, lv, name), t.can_tap ? 1 + steps * t.step_percent / 100 : 1.0);
        }
        if (held != 0) diagnostics_.warning("CT-ENERGY-037", {csv->name()}, fmt::format("{} transformers change their taps by themselves (autoTap); they are held at tappos", held));
    }

    // On the transformer's own LV base z = vmImp/100, r = pCu/(1000 sR); |y| = iNoLoad/100 sR, g = pFe/1000, b = -sqrt(y^2 - g^2).
    void add_transformer(const TransformerType& t, Index hv, Index lv, double tap) {
        const double hv_kv = t.hv_kv * (t.tap_at_hv ? tap : 1), lv_kv = t.lv_kv * (t.tap_at_hv ? 1 : tap), to_bus = lv_kv / nominal_kv(lv) * (lv_kv / nominal_kv(lv));
        const double z = t.short_circuit_percent / 100, r = t.copper_kw / (1000 * t.s_mva), scale = base_mva / t.s_mva * to_bus;
        const Complex half{r * scale / 2, std::sqrt(z * z - r * r) * scale / 2};
        const double y = t.no_load_percent / 100 * t.s_mva / base_mva, g = t.iron_kw / 1000 / base_mva;
        const Complex magnetising{g / to_bus, -std::sqrt(std::max(0.0, y * y - g * g)) / to_bus};
        Complex series = half + half, shunt;
        if (!is_zero(magnetising)) {   // star (half, half, 1/magnetising) to delta
            const Complex middle = inverse(magnetising), sum = half * half + 2 * (half * middle);
            series = sum / middle;
            shunt = half / sum;
        }
        const double ratio = hv_kv / lv_kv / (nominal_kv(hv) / nominal_kv(lv));
        grid_.transformer_branch.push_back(add_branch(hv, lv, series, shunt, shunt, ratio, t.shift_deg * degree));
        grid_.transformer_rated_from.push_back(t.s_mva / base_mva * nominal_kv(hv) / t.hv_kv);
        grid_.transformer_rated_to.push_back(t.s_mva / base_mva * nominal_kv(lv) / t.lv_kv);
    }

    /// A closed switch joins its nodes; an open one is left open (its line stays charged from the other end).
    void switches() {
        const auto csv = table(folder_, "Switch", false);
        if (!csv) return;
        const std::size_t id = csv->column("id"), a = csv->column("nodeA"), z = csv->column("nodeB"), closed = csv->column("cond");
        while (csv->next()) {
            const std::string name = "switch '" + std::string(csv->text(id)) + "'";
            const Index row = add_branch(named(buses_, *csv, a, name), named(buses_, *csv, z, name), {}, {}, {}, 1, 0);
            grid_.network.branches.closed[row] = needed(*csv, closed, name) != 0 ? 1 : 0;
        }
    }

    void external_grids() {
        const auto csv = table(folder_, "ExternalNet", true);
        const std::size_t id = csv->column("id"), node = csv->column("node"), kind = csv->column("calc_type");
        Units& units = grid_.network.units;
        while (csv->next()) {
            const std::string name = "external net '" + std::string(csv->text(id)) + "'";
            if (csv->text(kind) != "vavm") fail("CT-ENERGY-034", csv->place(kind), fmt::format("{} is of type '{}'", name, csv->text(kind)), "built is vavm (voltage and angle given)");
            const Index bus = named(buses_, *csv, node, name), row = static_cast<Index>(units.size());
            if (!(setpoint_[bus] > 0)) fail("CT-ENERGY-031", csv->place(node), fmt::format("{}: vmSetp of node '{}' is NULL, expected its voltage", name, grid_.bus_id[bus]));
            grid_.network.buses.kind[bus] = BusKind::slack;
            grid_.network.buses.angle_rad[bus] = angle_[bus] * degree;
            units.resize(row + 1);
            units.bus[row] = bus;
            units.setpoint[row] = setpoint_[bus];
        }
    }

    void loads(ProfileColumns& profiles) {
        const auto csv = table(folder_, "Load", false);
        if (!csv) return;
        const std::size_t id = csv->column("id"), node = csv->column("node"), profile = csv->column("profile"), p = csv->column("pLoad"), q = csv->column("qLoad");
        while (csv->next()) {
            const std::string name = "load '" + std::string(csv->text(id)) + "'", shape(csv->text(profile));
            if (is_null(shape)) fail("CT-ENERGY-031", csv->place(profile), name + " has no profile");
            grid_.injections.push_back({named(buses_, *csv, node, name), needed(*csv, p, name) / base_mva, needed(*csv, q, name) / base_mva, profiles.load(shape + "_pload", csv->place(profile)),
                                        profiles.load(shape + "_qload", csv->place(profile)), true, std::string(csv->text(id))});
        }
    }

    void generators(ProfileColumns& profiles) {
        const auto csv = table(folder_, "RES", false);
        if (!csv) return;
        const std::size_t id = csv->column("id"), node = csv->column("node"), profile = csv->column("profile"), kind = csv->column("calc_type"), p = csv->column("pRES"), q = csv->column("qRES");
        while (csv->next()) {
            const std::string name = "generator '" + std::string(csv->text(id)) + "'", shape(csv->text(profile));
            if (csv->text(kind) != "pq") fail("CT-ENERGY-034", csv->place(kind), fmt::format("{} is of type '{}'", name, csv->text(kind)), "built is pq");
            if (is_null(shape)) fail("CT-ENERGY-031", csv->place(profile), name + " has no profile");
            grid_.injections.push_back({named(buses_, *csv, node, name), -needed(*csv, p, name) / base_mva, -number_or(*csv, q, 0) / base_mva, profiles.generator(shape, csv->place(profile)), no_index, false, std::string(csv->text(id))});
        }
    }

    std::string folder_;
    DiagnosticList& diagnostics_;
    SimbenchGrid grid_;
    Rows buses_;
    std::vector<double> nominal_, setpoint_, angle_;
};

std::string csv_folder(const std::string& path) {
    for (const char* below : {"", "/simbench_csv"}) {
        if (std::filesystem::exists(path + below + "/Node.csv") && std::filesystem::exists(path + below + "/LineType.csv")) return path + below;
    }
    return {};
}

}  // namespace

bool is_simbench_folder(const std::string& path) { return !csv_folder(path).empty(); }

SimbenchGrid read_simbench(const std::string& path, DiagnosticList& diagnostics) {
    const std::string folder = csv_folder(path);
    return FolderReader(folder.empty() ? path : folder, diagnostics).read();
}

}  // namespace citytwin::energy
