#include "modules/waste/read/waste_tables.hpp"

#include <algorithm>
#include <map>

#include "core/base/csv.hpp"
#include "core/base/text.hpp"

namespace citytwin::waste {
namespace {

struct Position {
    std::size_t x, y;
};

Position position_columns(const CsvReader& csv, const std::string& path) {
    if (csv.find("lon")) fail("CT-WASTE-029", {path, 1}, "bins and sites with lon and lat aren't read yet", "give x and y in the city's frame");
    return {csv.column("x"), csv.column("y")};
}

// A finite number or an error of ours that names the entity.
double number(const CsvReader& csv, std::size_t column, const std::string& who, DiagnosticList& diagnostics) {
    const auto value = parse_number(csv.text(column));
    if (value) return *value;
    diagnostics.error("CT-WASTE-023", csv.place(column), who + ": '" + std::string(csv.text(column)) + "' isn't a finite number");
    return 0;
}

double time_of_day(const CsvReader& csv, std::size_t column, const std::string& who, DiagnosticList& diagnostics) {
    const auto parts = split(csv.text(column), ':');
    const auto hours = parse_number(parts[0]), minutes = parts.size() > 1 ? parse_number(parts[1]) : std::optional<double>(0);
    if (parts.size() <= 2 && hours && minutes && *hours >= 0 && *hours <= 24 && *minutes >= 0 && *minutes < 60) return *hours * 3600 + *minutes * 60;
    diagnostics.error("CT-WASTE-025", csv.place(column), who + ": '" + std::string(csv.text(column)) + "' isn't a time of day", "write 06:30");
    return 0;
}

// True for a new id; an error with both lines for one that stood before.
bool is_new(std::map<std::string, std::size_t>& lines, const std::string& id, const CsvReader& csv, std::size_t column, DiagnosticList& diagnostics) {
    const auto [there, fresh] = lines.emplace(id, csv.line());
    if (!fresh) diagnostics.error("CT-WASTE-020", csv.place(column), "'" + id + "' stands twice, first in line " + std::to_string(there->second));
    return fresh;
}

}  // namespace

std::vector<BinRow> read_bins(const std::string& path, DiagnosticList& diagnostics) {
    CsvReader csv(path);
    const std::size_t id = csv.column("id"), capacity = csv.column("capacity_l"), fraction = csv.column("fraction");
    const Position position = position_columns(csv, path);
    const auto fill = csv.find("fill_l");
    std::vector<std::string> names;
    for (const auto& f : fractions) names.emplace_back(f.name);
    std::map<std::string, std::size_t> lines;
    std::vector<BinRow> rows;
    while (csv.next()) {
        BinRow row;
        row.id = std::string(csv.text(id));
        const std::string who = "bin '" + row.id + "'";
        if (!is_new(lines, row.id, csv, id, diagnostics)) continue;
        row.x = number(csv, position.x, who, diagnostics);
        row.y = number(csv, position.y, who, diagnostics);
        row.capacity_l = number(csv, capacity, who, diagnostics);
        if (row.capacity_l <= 0) diagnostics.error("CT-WASTE-021", csv.place(capacity), who + ": a capacity of " + std::string(csv.text(capacity)) + " l holds nothing", "it must be above 0");
        if (fill && !csv.is_blank(*fill)) row.fill_l = number(csv, *fill, who, diagnostics);
        if (row.fill_l < 0) diagnostics.error("CT-WASTE-022", csv.place(*fill), who + ": a fill of " + std::string(csv.text(*fill)) + " l is negative");
        if (row.fill_l > row.capacity_l && row.capacity_l > 0) {
            diagnostics.warning("CT-WASTE-026", csv.place(*fill), who + " is filled above its capacity; the excess is kept as overflow beside it");
            row.overflow_l = row.fill_l - row.capacity_l;
            row.fill_l = row.capacity_l;
        }
        const std::string word(csv.text(fraction));
        for (row.fraction = 0; row.fraction < names.size() && names[row.fraction] != word;) ++row.fraction;
        if (row.fraction == names.size()) diagnostics.error("CT-WASTE-024", csv.place(fraction), who + ": unknown fraction '" + word + "'; " + suggestion(word, names));
        else rows.push_back(std::move(row));
    }
    diagnostics.throw_if_errors();
    return rows;
}

std::vector<SiteRow> read_sites(const std::string& path, double shift_begin_s, double shift_end_s, DiagnosticList& diagnostics) {
    CsvReader csv(path);
    const std::size_t id = csv.column("id"), kind = csv.column("kind");
    const Position position = position_columns(csv, path);
    const auto opens = csv.find("opens"), closes = csv.find("closes"), unloading = csv.find("unloading_s"), rate = csv.find("rate_kg_per_s");
    const std::vector<std::string> kinds{"depot", "landfill", "incinerator", "sorting", "transfer"};
    std::map<std::string, std::size_t> lines;
    std::vector<SiteRow> rows;
    while (csv.next()) {
        SiteRow row;
        row.id = std::string(csv.text(id));
        const std::string who = "site '" + row.id + "'";
        if (!is_new(lines, row.id, csv, id, diagnostics)) continue;
        row.kind = std::string(csv.text(kind));
        if (std::find(kinds.begin(), kinds.end(), row.kind) == kinds.end()) diagnostics.error("CT-WASTE-024", csv.place(kind), who + ": unknown kind '" + row.kind + "'; " + suggestion(row.kind, kinds));
        row.x = number(csv, position.x, who, diagnostics);
        row.y = number(csv, position.y, who, diagnostics);
        if (opens && !csv.is_blank(*opens)) row.opens_s = time_of_day(csv, *opens, who, diagnostics);
        if (closes && !csv.is_blank(*closes)) row.closes_s = time_of_day(csv, *closes, who, diagnostics);
        if (unloading && !csv.is_blank(*unloading)) row.unloading_s = number(csv, *unloading, who, diagnostics);
        if (rate && !csv.is_blank(*rate)) {
            row.rate_kg_per_s = number(csv, *rate, who, diagnostics);
            row.has_rate = true;
        }
        if (row.unloading_s < 0 || row.rate_kg_per_s <= 0) diagnostics.error("CT-WASTE-021", csv.place(id), who + ": unloading takes 0 s or more, and it works at more than 0 kg/s");
        if (row.closes_s <= row.opens_s || row.opens_s >= shift_end_s || row.closes_s <= shift_begin_s) {
            diagnostics.error("CT-WASTE-027", csv.place(opens ? *opens : id), who + " is closed all shift", "let opens and closes overlap the shift");
        }
        rows.push_back(std::move(row));
    }
    diagnostics.throw_if_errors();
    return rows;
}

}  // namespace citytwin::waste
