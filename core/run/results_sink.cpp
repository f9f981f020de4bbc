#include "core/run/results_sink.hpp"

#include <fmt/format.h>

namespace citytwin {
namespace {

ResultSet described(const City& city, const std::string& name) {
    ResultSet result;
    result.name = name;
    const EntitySet& set = city.at(name);
    for (Index row = 0; row < set.size(); ++row) result.ids.push_back(set.id_of(row));
    const auto place = [&](const char* column, double origin) -> std::vector<double> {  // in the city's CRS, as the file says
        const Column* found = set.find(column);
        if (found == nullptr || !std::holds_alternative<std::vector<double>>(found->data)) return {};
        std::vector<double> values = std::get<std::vector<double>>(found->data);
        for (double& value : values) value += origin;
        return values;
    };
    result.x = place("x", city.origin_x);
    result.y = place("y", city.origin_y);
    if (result.x.size() != result.y.size()) result.x.clear(), result.y.clear();
    return result;
}

ResultStream described(const StreamSchema& schema) {
    ResultStream result;
    result.name = schema.name;
    result.columns.push_back({"time", "s", ResultType::real, "when the record was sent, seconds since the start", "", {}});
    result.columns.push_back({"sender", "1", ResultType::integer, "stable id of the sending entity", "", {}});
    for (const auto& column : schema.columns) {
        const bool list = column.type == StreamType::number_list || column.type == StreamType::reference_list;
        const ResultType type = list ? ResultType::text : (column.type == StreamType::number ? ResultType::real : ResultType::integer);
        result.columns.push_back({column.name, list ? "" : column.unit, type, list ? "values separated by blanks, in " + column.unit : "", column.refers_to, column.labels});
    }
    return result;
}

template <class T>
std::string joined(std::span<const T> values) {
    return fmt::format("{}", fmt::join(values.begin(), values.end(), " "));
}

}  // namespace

ResultsSink::ResultsSink(const Engine& engine, const RecordDescription& record, const std::string& folder, const std::optional<ResultsPosition>& resume) {
    ResultsSetup setup;
    setup.folder = folder;
    setup.epoch = engine.settings().calendar.utc_text(0);
    setup.crs = engine.city().crs;
    for (const auto& field : engine.recorded_fields()) {
        if (!set_rows_.contains(field.set)) {
            set_rows_[field.set] = setup.sets.size();
            setup.sets.push_back(described(engine.city(), field.set));
        }
        ResultField result{field.field, field.unit, field.long_name, field.cell_methods, std::nullopt};
        for (const auto& [name, digits] : record.digits) {
            if (name == field.set + "." + field.field) result.rounding = digits;
        }
        setup.sets[set_rows_[field.set]].fields.push_back(std::move(result));
    }
    for (const auto& schema : engine.recorded_streams()) {
        stream_rows_[schema.name] = setup.streams.size();
        setup.streams.push_back(described(schema));
    }
    writer_ = std::make_unique<ResultsWriter>(std::move(setup), resume);
}

void ResultsSink::row(const std::string& set, Microseconds time, std::span<const std::span<const double>> columns) {
    writer_->add_row(set_rows_.at(set), time, columns);
}

void ResultsSink::records(const StreamSchema& schema, const StreamTable& table) {
    std::vector<double> time;
    std::vector<std::int64_t> sender(table.senders().begin(), table.senders().end());
    for (Microseconds t : table.sent()) time.push_back(to_seconds(t));
    std::vector<RecordColumn> columns{std::span<const double>(time), std::span<const std::int64_t>(sender)};
    std::vector<std::vector<std::string>> texts(schema.columns.size());
    for (std::size_t c = 0; c < schema.columns.size(); ++c) {
        switch (schema.columns[c].type) {
            case StreamType::number: columns.emplace_back(table.numbers(c)); break;
            case StreamType::integer: columns.emplace_back(table.integers(c)); break;
            case StreamType::number_list:
                for (std::size_t row = 0; row < table.size(); ++row) texts[c].push_back(joined(table.number_list(c, row)));
                columns.emplace_back(std::span<const std::string>(texts[c]));
                break;
            case StreamType::reference_list:
                for (std::size_t row = 0; row < table.size(); ++row) texts[c].push_back(joined(table.reference_list(c, row)));
                columns.emplace_back(std::span<const std::string>(texts[c]));
                break;
        }
    }
    writer_->add_records(stream_rows_.at(schema.name), columns);
}

}  // namespace citytwin
