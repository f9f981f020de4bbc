#pragma once
// Counts one kind of finding of an import, keeps the first few places, and becomes one line of the import report.
#include <cstdint>
#include <string>
#include <vector>

#include "core/city/city.hpp"

namespace citytwin::geodata {

class IssueTally {
public:
    /// `cause` is the short key ("lanes_from_default"); `action` one of read, defaulted, repaired, dropped.
    IssueTally(std::string code, std::string grade, std::string cause, std::string action, std::string hint) {
        issue_.code = std::move(code);
        issue_.grade = std::move(grade);
        issue_.cause = std::move(cause);
        issue_.action = std::move(action);
        issue_.hint = std::move(hint);
    }
    /// One finding at a place (degrees).
    void add(const std::string& id, double lon, double lat, double length_m = 0);
    /// `count` findings without a place.
    void add_count(std::uint64_t count) { issue_.count += count; }
    [[nodiscard]] std::uint64_t count() const { return issue_.count; }
    /// Appends the line to the city's issues unless nothing was found. `all` = how many could have been affected.
    void finish(City& city, std::uint64_t all);

private:
    ImportIssue issue_;
};

}  // namespace citytwin::geodata
