#pragma once
// What sensors write as a time, as UTC: RFC 3339, offsets without a colon, local times of a zone, seconds, ms or us since 1970,
// or numbers since a stated origin.
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/time/calendar.hpp"

namespace citytwin {

class ObservationClock {
public:
    /// `zone` "" = a local time without an offset is refused. With an origin, numbers are seconds since it.
    explicit ObservationClock(std::string zone, std::optional<UtcMicroseconds> origin = {});

    /// UTC of a text. An hour that comes twice (clocks set back) is the first for a sensor's first row of that local time, and the
    /// second for its next one. Throws InputError CT-REPLAY-010 (not a time), -011 (local time, no zone), -012 (a time the clocks skip).
    UtcMicroseconds read(std::string_view text, std::string_view sensor);
    /// Rows whose local time came twice and that had no second row (taken for the first).
    [[nodiscard]] std::size_t ambiguous() const { return ambiguous_; }

private:
    [[nodiscard]] std::optional<UtcMicroseconds> number(std::string_view text) const;
    UtcMicroseconds local(const ParsedTime& parsed, std::string_view text, std::string_view sensor);

    std::string zone_;
    std::optional<UtcMicroseconds> origin_;
    std::string last_text_;
    UtcMicroseconds last_ = 0;
    bool has_last_ = false;
    std::map<std::pair<std::string, std::string>, int, std::less<>> passes_;
    std::size_t ambiguous_ = 0;
};

}  // namespace citytwin
