#pragma once
// The parts of FieldTable, shared by field_table.cpp (running) and field_binding.cpp (before the run). Not for others.
#include "core/exchange/field_table.hpp"

namespace citytwin {

struct FieldTable::Slot {
    std::string set, field, unit, module;       // module = writer
    Access access;
    bool accumulated = false, city_attribute = false;
    const ForcedField* forced = nullptr;        // measurements that overwrite rows of it
    bool observed = false;                      // nobody else writes it
    std::size_t size = 0;
    std::vector<double> current, previous, older;
    Microseconds from = 0, to = 0, older_to = 0;   // the writer's last interval, and the one before's end
    bool keep_previous = false, keep_older = false, fresh = false;
    std::vector<Subscription*> subscribers, previous_subscribers;
    [[nodiscard]] std::string name() const { return set + "." + field; }
};

struct FieldTable::Subscription {
    Slot* slot = nullptr;
    bool previous = false, aggregated = false;
    Aggregation aggregation = Aggregation::mean;
    Between between = Between::hold;
    Microseconds writer_period = second;
    std::vector<double> sum;      // weighted sum, plain sum, min or max since the reader's last step
    double weight = 0;            // seconds covered
    std::vector<double> result;   // what the reader sees
    bool has_result = false;

    void feed(const std::vector<double>& values, double seconds);
    /// The values at the reader's step; closes the window.
    const std::vector<double>& take(Microseconds now);
};

struct FieldTable::Reader {
    FieldView* view = nullptr;
    std::vector<Subscription*> parts;    // one, or one per writer of an accumulated field in name order
    std::vector<double> values;          // own buffer where a direct view isn't possible
    const std::vector<Index>* gather = nullptr;
    std::vector<Index> gather_copy;
    double otherwise = 0;
    bool constant = false;
    DynamicSet* dynamic = nullptr;
    DynamicSet::NumberColumn* number = nullptr;
    DynamicSet::ReferenceColumn* reference = nullptr;
    std::vector<double> summed;
};

struct FieldTable::Output {
    FieldView* view = nullptr;
    Slot* slot = nullptr;
    std::vector<double> rows;            // a scattering writer's own rows
    const std::vector<std::uint32_t>* scatter = nullptr;
};

struct FieldTable::ModuleFields {
    std::string module;
    std::deque<Reader> readers;
    std::deque<Output> outputs;
};

}  // namespace citytwin
