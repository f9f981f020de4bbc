#include "core/replay/observation_time.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/base/diagnostic.hpp"
#include "core/base/text.hpp"

namespace citytwin {
namespace {

/// "+0200" and "+02" as "+02:00"; a comma before the fraction as a dot; blanks before the offset taken out.
std::string in_rfc_form(std::string_view text) {
    std::string form(text);
    if (form.size() < 11) return form;
    for (std::size_t i = 10; i < form.size(); ++i) {
        if (form[i] == ',') form[i] = '.';
    }
    const auto sign = form.find_first_of("+-", 10);
    if (sign == std::string::npos) return form;
    std::string offset = form.substr(sign);
    if (offset.size() == 3) offset += ":00";
    if (offset.size() == 5 && offset.find(':') == std::string::npos) offset = fmt::format("{}:{}", offset.substr(0, 3), offset.substr(3));
    return fmt::format("{}{}", trimmed(std::string_view(form).substr(0, sign)), offset);
}

bool has_code(const InputError& error, std::string_view code) { return error.diagnostics().front().code == code; }

}  // namespace

ObservationClock::ObservationClock(std::string zone, std::optional<UtcMicroseconds> origin) : zone_(std::move(zone)), origin_(origin) {}

std::optional<UtcMicroseconds> ObservationClock::number(std::string_view text) const {
    if (text.size() >= 5 && text[4] == '-') return std::nullopt;   // a date
    double factor = 1e6;
    if (const auto whole = parse_integer(text)) {
        if (origin_) return *origin_ + *whole * 1'000'000;
        const long long size = std::llabs(*whole);
        if (size >= 100'000'000'000'000) return *whole;               // us: from 1973 on
        if (size >= 100'000'000'000) return *whole * 1'000;           // ms: from 1973 on
        return *whole * 1'000'000;
    }
    const auto value = parse_number(text);
    if (!value || std::abs(*value) > 9e15) return std::nullopt;
    if (!origin_ && std::abs(*value) >= 1e14) factor = 1;
    else if (!origin_ && std::abs(*value) >= 1e11) factor = 1e3;
    return origin_.value_or(0) + static_cast<UtcMicroseconds>(std::llround(*value * factor));
}

UtcMicroseconds ObservationClock::read(std::string_view text, std::string_view sensor) {
    if (has_last_ && text == last_text_) return last_;
    has_last_ = false;
    if (const auto by_number = number(text)) return *by_number;
    ParsedTime parsed;
    try {
        parsed = parse_civil_time(in_rfc_form(text));
    } catch (const InputError& error) {
        fail("CT-REPLAY-010", {}, fmt::format("'{}' isn't a time: {}", text, error.diagnostics().front().message),
             "write 2025-06-03T07:00:00+02:00, a local time with `zone` in [[observations]], or seconds since 1970");
    }
    if (!parsed.offset_s) return local(parsed, text, sensor);
    last_ = to_utc(parsed, "");
    last_text_ = text;
    has_last_ = true;
    return last_;
}

UtcMicroseconds ObservationClock::local(const ParsedTime& parsed, std::string_view text, std::string_view sensor) {
    if (zone_.empty()) {
        fail("CT-REPLAY-011", {}, fmt::format("the time '{}' has no offset from UTC, and no zone is declared", text),
             "write zone = \"Europe/Berlin\" (or whichever it is) in the [[observations]] table");
    }
    try {
        last_ = to_utc(parsed, zone_);
        last_text_ = text;
        has_last_ = true;
        return last_;
    } catch (const InputError& error) {
        if (has_code(error, "CT-TIME-004")) {
            fail("CT-REPLAY-012", {}, fmt::format("the clocks of {} skip the time '{}'", zone_, text), "such a row has another zone than declared, or a clock that wasn't set forward");
        }
        if (!has_code(error, "CT-TIME-005")) throw;
    }
    // Comes twice: the offset of an hour and a half before it, or of as much after it.
    int& pass = passes_[{std::string(sensor), std::string(text)}];
    const UtcMicroseconds as_utc = to_utc(ParsedTime{parsed.civil, 0}, "");
    const auto offset_near = [&](Microseconds away) {
        UtcMicroseconds guess = as_utc;
        for (int i = 0; i < 2; ++i) guess = as_utc - Calendar(guess - 2 * day, zone_).utc_offset(2 * day + away);
        return as_utc - guess;
    };
    const UtcMicroseconds first_pass = as_utc - offset_near(-3 * hour), second_pass = as_utc - offset_near(3 * hour);
    ambiguous_ += pass == 0 ? 1 : -(pass == 1);
    return pass++ == 0 ? first_pass : second_pass;
}

}  // namespace citytwin
