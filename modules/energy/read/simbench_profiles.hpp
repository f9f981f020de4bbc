#pragma once
// The profile columns that a grid's loads and generators name: asked for first, then read in one pass over each file.
#include <map>
#include <string>

#include "core/base/diagnostic.hpp"
#include "modules/energy/read/simbench_grid.hpp"

namespace citytwin::energy {

class ProfileColumns {
public:
    /// Number of a column of LoadProfile.csv / RESProfile.csv in SimbenchGrid::profiles.
    Index load(const std::string& column, SourcePlace asked_at) { return number(loads_, column, std::move(asked_at)); }
    Index generator(const std::string& column, SourcePlace asked_at) { return number(generators_, column, std::move(asked_at)); }
    void read(const std::string& folder, SimbenchGrid& grid) const;

private:
    struct Wanted {
        Index number;
        SourcePlace asked_at;
    };
    using Columns = std::map<std::string, Wanted>;
    Index number(Columns& columns, const std::string& column, SourcePlace asked_at) {
        const auto [there, added] = columns.emplace(column, Wanted{count_, std::move(asked_at)});
        if (added) ++count_;
        return there->second.number;
    }
    static void read_file(const std::string& path, const Columns& columns, SimbenchGrid& grid);

    Columns loads_, generators_;
    Index count_ = 0;
};

}  // namespace citytwin::energy
