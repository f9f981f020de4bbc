#pragma once
// A vector file on its way into a city: read, moved into the city's frame, its columns found by name, its blanks counted.
// Shared by zones, buildings and places.
#include <set>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/city/city.hpp"
#include "geodata/vector/vector_geometry.hpp"
#include "geodata/vector/vector_layer.hpp"
#include "geodata/vector/zones.hpp"

namespace citytwin::geodata {

class PartTable {
public:
    /// Reads the file and moves it; reports repairs, missing geometry and guessed encodings into the city's issues.
    PartTable(City& city, std::string set, const std::string& path, const PartOptions& options, Arena& arena);

    [[nodiscard]] const VectorLayer& layer() const { return layer_; }
    [[nodiscard]] std::size_t size() const { return layer_.size(); }
    [[nodiscard]] SourcePlace place(std::size_t row) const;

    /// Ids from the named column, else from `id`, else the row's number. Throws CT-ZONE-002 when two are equal.
    [[nodiscard]] std::vector<std::string> ids();
    /// The column that the option names (must be there), else the first of `usual` that is there, else nothing.
    const VectorField* field(const std::string& option, std::initializer_list<const char*> usual);
    /// Its numbers; a blank cell is `blank`, counted. Throws CT-ZONE-003/004 for text, and for negatives unless allowed.
    std::vector<double> numbers(const VectorField& field, double blank, bool may_be_negative = false);
    std::vector<std::string> texts(const VectorField& field);
    /// Every column not used so far, under its own name, or file_NAME where the city's set already has one.
    void add_other_columns(EntitySet& set);
    /// Points that stand for the features, local frame.
    void points(std::vector<double>& x, std::vector<double>& y) const;
    [[nodiscard]] const std::map<std::string, std::uint64_t>& blanks() const { return blanks_; }

private:
    void report_repairs();

    City& city_;
    std::string set_;
    const PartOptions& options_;
    VectorLayer layer_;
    std::set<std::string> used_;
    std::map<std::string, std::uint64_t> blanks_;
};

/// Nearest usable link of each point: columns road_link, road_offset.
void add_road_access(City& city, EntitySet& set, const std::vector<double>& x, const std::vector<double>& y, Arena& arena);
/// Zone of each point: the polygon it lies in, else the nearest zone point within twice the usual spacing; no zones: no column.
void add_zone_of(City& city, EntitySet& set, const std::vector<double>& x, const std::vector<double>& y);
/// Refuses a second file for a set that is there.
void require_new_set(const City& city, const std::string& set, const std::string& path);

}  // namespace citytwin::geodata
