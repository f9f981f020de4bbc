// The nodes of toml++ become values that remember their place.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "core/base/durable_file.hpp"
#include "core/base/toml_parser.hpp"
#include "core/scenario/document.hpp"

namespace citytwin {
namespace {

class Conversion {
public:
    Conversion(const std::string& name, std::shared_ptr<const std::string> folder, const DocumentLimits& limits)
        : name_(name), folder_(std::move(folder)), limits_(limits) {}

    Value value(const toml::node& node, std::size_t depth) {
        Value result;
        result.place = place(node.source());
        result.folder = folder_;
        if (depth > limits_.depth) refuse(result.place, fmt::format("more than {} tables and lists within one another", limits_.depth));
        if (++values_ > limits_.values) refuse(result.place, fmt::format("more than {} values in one file", limits_.values));
        if (const auto* table = node.as_table()) {
            result.data = this->table(*table, result.place, depth);
        } else if (const auto* array = node.as_array()) {
            List list;
            for (const auto& element : *array) list.push_back(value(element, depth + 1));
            result.data = std::move(list);
        } else {
            scalar(node, result);
        }
        return result;
    }

private:
    Table table(const toml::table& nodes, const SourcePlace& at, std::size_t depth) {
        if (nodes.size() > limits_.keys) refuse(at, fmt::format("more than {} keys in one table", limits_.keys));
        std::vector<Table::Entry> entries;
        for (const auto& [key, node] : nodes) {
            entries.push_back({std::string(key.str()), value(node, depth + 1), place(key.source())});
        }
        std::stable_sort(entries.begin(), entries.end(), [](const Table::Entry& a, const Table::Entry& b) {
            return std::pair(a.key_place.line, a.key_place.column) < std::pair(b.key_place.line, b.key_place.column);
        });
        Table result;
        result.entries() = std::move(entries);
        return result;
    }

    void scalar(const toml::node& node, Value& result) {
        if (const auto* v = node.as_boolean()) result.data = v->get();
        if (const auto* v = node.as_integer()) result.data = std::int64_t{v->get()};
        if (const auto* v = node.as_floating_point()) result.data = v->get();
        if (const auto* v = node.as_string()) result.data = v->get();
        if (const auto* v = node.as_date()) result.data = ParsedTime{civil(v->get(), {}, result.place), {}};
        if (const auto* v = node.as_time()) result.data = TimeOfDay{of_day(v->get(), result.place)};
        if (const auto* v = node.as_date_time()) {
            ParsedTime time{civil(v->get().date, v->get().time, result.place), {}};
            if (v->get().offset) time.offset_s = v->get().offset->minutes * 60;
            result.data = time;
        }
    }

    Microseconds of_day(const toml::time& time, const SourcePlace& at) const {
        if (time.nanosecond % 1000 != 0) fail("CT-SCENARIO-014", at, "a time finer than a microsecond", "the engine's clock counts microseconds");
        return time.hour * hour + time.minute * minute + time.second * second + time.nanosecond / 1000;
    }

    CivilTime civil(const toml::date& date, const toml::time& time, const SourcePlace& at) const {
        const Microseconds rest = of_day(time, at);
        return {date.year, date.month, date.day, time.hour, time.minute, time.second, static_cast<int>(rest % second)};
    }

    [[nodiscard]] SourcePlace place(const toml::source_region& region) const {
        return {name_, region.begin.line, region.begin.column};
    }
    [[noreturn]] static void refuse(const SourcePlace& at, const std::string& what) {
        fail("CT-SCENARIO-003", at, what, "scenario files hold settings; put data into files of their own");
    }

    const std::string& name_;
    std::shared_ptr<const std::string> folder_;
    const DocumentLimits& limits_;
    std::size_t values_ = 0;
};

Value parsed(std::string_view text, const std::string& name, std::shared_ptr<const std::string> folder, const DocumentLimits& limits) {
    try {
        const toml::table root = parse_toml(text, name);
        Value value = Conversion(name, std::move(folder), limits).value(root, 0);
        value.place = {name, 1, 1};
        return value;
    } catch (const toml::parse_error& error) {
        const auto& at = error.source().begin;
        fail("CT-SCENARIO-002", {name, at.line, at.column}, fmt::format("not TOML 1.0: {}", error.description()),
             "texts and quantities stand in double quotes, tables in [brackets]");
    }
}

}  // namespace

Value read_toml_file(const std::string& path, const DocumentLimits& limits) {
    const std::string text = read_file(path, limits.file_bytes);
    auto folder = std::make_shared<std::string>(std::filesystem::path(path).parent_path().string());
    return parsed(text, path, std::move(folder), limits);
}

Value read_toml_text(std::string_view text, const std::string& name, const DocumentLimits& limits) {
    return parsed(text, name, nullptr, limits);
}

}  // namespace citytwin
