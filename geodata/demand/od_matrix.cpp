#include "geodata/demand/od_matrix.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

#include "core/base/csv.hpp"
#include "core/base/text.hpp"

namespace citytwin::geodata {

namespace {

/// "7", "07:30", "07:30:15" (hours of the day) or "25200 s": seconds; nothing if it is none of them.
std::optional<double> time_of_day(std::string_view text) {
    text = trimmed(text);
    if (text.size() > 2 && text.substr(text.size() - 2) == " s") return parse_number(text.substr(0, text.size() - 2));
    double seconds = 0, unit = 3600;
    for (const auto part : split(text, ':')) {
        const auto value = parse_number(part);
        if (!value || *value < 0 || unit < 1) return std::nullopt;
        seconds += *value * unit;
        unit /= 60;
    }
    return seconds;
}

void add_cell(OdMatrix& matrix, OdCell cell, const SourcePlace& place) {
    if (cell.trips < 0) fail("CT-OD-002", place, fmt::format("{} trips from '{}' to '{}', expected 0 or more", cell.trips, cell.origin, cell.destination), "correct the cell");
    if (!(cell.from_s < cell.to_s) || cell.to_s > 7 * 86'400.0) {
        fail("CT-OD-003", place, fmt::format("the interval from {} s to {} s isn't one", cell.from_s, cell.to_s), "from must lie before to");
    }
    if (cell.trips == 0) return;
    matrix.total += cell.trips;
    matrix.cells.push_back(std::move(cell));
}

double time_field(const CsvReader& csv, std::size_t column) {
    const auto seconds = time_of_day(csv.text(column));
    if (!seconds) fail("CT-OD-004", csv.place(column), fmt::format("'{}' isn't a time of day", csv.text(column)), "write 07:30 or 7.5 (hours) or \"27000 s\"");
    return *seconds;
}

OdMatrix read_long_csv(const std::string& path) {
    CsvReader csv(path);
    OdMatrix matrix;
    matrix.file = path;
    const std::size_t origin = csv.column("origin"), destination = csv.column("destination"), trips = csv.column("trips");
    const auto from = csv.find("from"), to = csv.find("to");
    if (from.has_value() != to.has_value()) fail("CT-OD-001", {path, 1}, "the header has only one of 'from' and 'to'", "give both, or neither");
    matrix.has_times = from.has_value();
    while (csv.next()) {
        OdCell cell{std::string(csv.text(origin)), std::string(csv.text(destination)), csv.number(trips), 0, 86'400, csv.line()};
        if (matrix.has_times) {
            cell.from_s = time_field(csv, *from);
            cell.to_s = time_field(csv, *to);
        }
        add_cell(matrix, std::move(cell), csv.place(trips));
    }
    return matrix;
}

/// Tokens of a VISUM text with their lines; comment lines (*) and the header line are left out.
class VisumReader {
public:
    VisumReader(const std::string& text, std::string name) : name_(std::move(name)) {
        std::istringstream lines(text);
        std::size_t number = 0;
        for (std::string line; std::getline(lines, line);) {
            ++number;
            const auto content = trimmed(line);
            if (content.empty() || content[0] == '*') continue;
            if (content[0] == '$') {
                format_ = std::string(split(content, ';')[0]);
                continue;
            }
            std::istringstream words{std::string(content)};
            for (std::string word; words >> word;) tokens_.push_back({word, number});
        }
    }

    OdMatrix read() {
        if (format_.size() < 2 || (format_[1] != 'V' && format_[1] != 'O')) {
            fail("CT-OD-010", {name_, 1}, fmt::format("the format '{}' isn't known", format_), "expected $V… (full matrix) or $O… (pairs)");
        }
        matrix_.file = name_;
        matrix_.has_times = true;
        if (format_.find('M') != std::string::npos) next("a vehicle type");
        from_s_ = clock("the interval's begin");
        to_s_ = clock("the interval's end");
        factor_ = number("the factor");
        if (format_[1] == 'V') read_full();
        else read_pairs();
        return std::move(matrix_);
    }

private:
    struct Token {
        std::string text;
        std::size_t line;
    };

    Token next(const char* wanted) {
        if (at_ == tokens_.size()) {
            fail("CT-OD-011", {name_, tokens_.empty() ? 1 : tokens_.back().line}, fmt::format("the file ends where {} is expected", wanted), "the file may be cut short");
        }
        return tokens_[at_++];
    }
    double number(const char* wanted) {
        const Token token = next(wanted);
        const auto value = parse_number(token.text);
        if (!value) fail("CT-OD-012", {name_, token.line}, fmt::format("'{}' isn't a number, expected {}", token.text, wanted), "");
        return *value;
    }
    /// VISUM writes 7.30 for half past seven.
    double clock(const char* wanted) {
        const Token token = next(wanted);
        const auto parts = split(token.text, '.');
        const auto hours = parse_number(parts[0]), minutes = parts.size() > 1 ? parse_number(parts[1]) : std::optional<double>(0);
        if (!hours || !minutes || *minutes >= 60 || parts.size() > 2) fail("CT-OD-013", {name_, token.line}, fmt::format("'{}' isn't a time, expected {}", token.text, wanted), "write hours.minutes: 7.30");
        return *hours * 3600 + *minutes * 60;
    }
    void push(std::string origin, std::string destination, double trips, std::size_t line) {
        add_cell(matrix_, {std::move(origin), std::move(destination), trips * factor_, from_s_, to_s_, line}, {name_, line});
    }
    void read_full() {
        const double count = number("the number of zones");
        if (count < 1 || count > 100'000 || count != static_cast<double>(static_cast<int>(count))) fail("CT-OD-014", {name_, tokens_[at_ - 1].line}, fmt::format("{} zones, expected 1 to 100000", count), "");
        const auto n = static_cast<std::size_t>(count);
        std::vector<std::string> zones;
        for (std::size_t z = 0; z < n; ++z) zones.push_back(next("a zone number").text);
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j) {
                const double trips = number("a number of trips");
                push(zones[i], zones[j], trips, tokens_[at_ - 1].line);
            }
        }
        if (at_ != tokens_.size()) fail("CT-OD-015", {name_, tokens_[at_].line}, fmt::format("more values than {} x {} zones need", n, n), "check the number of zones");
    }
    void read_pairs() {
        while (at_ < tokens_.size()) {
            const Token origin = next("an origin"), destination = next("a destination");
            const double trips = number("a number of trips");
            push(origin.text, destination.text, trips, origin.line);
        }
    }

    std::string name_, format_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    double from_s_ = 0, to_s_ = 0, factor_ = 1;
    OdMatrix matrix_;
};

}  // namespace

bool is_visum_matrix(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return in.peek() == '$';
}

OdMatrix read_visum_text(const std::string& text, const std::string& name) { return VisumReader(text, name).read(); }

OdMatrix read_od_matrix(const std::string& path) {
    if (!is_visum_matrix(path)) return read_long_csv(path);
    std::ifstream in(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    return read_visum_text(text, path);
}

}  // namespace citytwin::geodata
