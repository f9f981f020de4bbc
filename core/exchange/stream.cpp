#include "core/exchange/stream.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

#include "core/base/diagnostic.hpp"

namespace citytwin {

StreamTable::StreamTable(const StreamSchema& schema) {
    for (const auto& column : schema.columns) {
        switch (column.type) {
            case StreamType::number: columns_.emplace_back(std::vector<double>{}); break;
            case StreamType::integer: columns_.emplace_back(std::vector<std::int64_t>{}); break;
            case StreamType::number_list: columns_.emplace_back(Ragged<double>{}); break;
            case StreamType::reference_list: columns_.emplace_back(Ragged<std::uint32_t>{}); break;
        }
    }
}

void StreamTable::append_from(const StreamTable& other, std::size_t row) {
    begin(other.sent_[row], other.sender_[row], other.counter_[row]);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        std::visit([&](const auto& values) {
            using Values = std::decay_t<decltype(values)>;
            if constexpr (requires { values.offsets; }) {
                std::get<Values>(columns_[c]).push_row(values[row]);
            } else {
                std::get<Values>(columns_[c]).push_back(values[row]);
            }
        }, other.columns_[c]);
    }
}

void StreamTable::sort_in_order(std::size_t ordered) {
    auto before = [&](std::size_t a, std::size_t b) {
        return std::tie(sent_[a], sender_[a], counter_[a]) < std::tie(sent_[b], sender_[b], counter_[b]);
    };
    // What was sent lately comes last as a rule: only these rows are moved. Else all are.
    for (std::size_t row = ordered; ordered > 0 && row < size(); ++row) {
        if (before(row, ordered - 1)) ordered = 0;
    }
    std::vector<std::size_t> order(size() - ordered);
    std::iota(order.begin(), order.end(), ordered);
    if (std::is_sorted(order.begin(), order.end(), before)) return;
    std::stable_sort(order.begin(), order.end(), before);
    StreamTable sorted;
    for (const auto& column : columns_) {
        sorted.columns_.push_back(std::visit([](const auto& values) -> Data { return std::decay_t<decltype(values)>{}; }, column));
    }
    for (std::size_t row : order) sorted.append_from(*this, row);
    shrink(ordered);
    for (std::size_t row = 0; row < sorted.size(); ++row) append_from(sorted, row);
}

/// Keeps the first `rows`.
void StreamTable::shrink(std::size_t rows) {
    for (auto& column : columns_) {
        std::visit([rows](auto& values) {
            if constexpr (requires { values.offsets; }) {
                values.values.resize(values.offsets[rows]);
                values.offsets.resize(rows + 1);
            } else {
                values.resize(rows);
            }
        }, column);
    }
    sent_.resize(rows);
    sender_.resize(rows);
    counter_.resize(rows);
}

void StreamTable::clear() {
    for (auto& column : columns_) {
        std::visit([](auto& values) {
            if constexpr (requires { values.offsets; }) {
                values.offsets.assign(1, 0);
                values.values.clear();
            } else {
                values.clear();
            }
        }, column);
    }
    sent_.clear();
    sender_.clear();
    counter_.clear();
}

void StreamTable::save(StateWriter& out, const std::string& prefix) const {
    out.column(prefix + ".sent", sent_);
    out.column(prefix + ".sender", sender_);
    out.column(prefix + ".counter", counter_);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        std::visit([&](const auto& values) { out.column(prefix + "." + std::to_string(c), values); }, columns_[c]);
    }
}

void StreamTable::load(StateReader& in, const std::string& prefix) {
    in.column(prefix + ".sent", sent_);
    in.column(prefix + ".sender", sender_);
    in.column(prefix + ".counter", counter_);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        std::visit([&](auto& values) { in.column(prefix + "." + std::to_string(c), values); }, columns_[c]);
    }
}

StreamHub::Stream& StreamHub::stream(const std::string& module, const StreamSchema& schema) {
    auto [found, is_new] = streams_.try_emplace(schema.name);
    if (is_new) {
        found->second.schema = schema;
        found->second.pending = StreamTable(schema);
    } else if (found->second.schema.columns != schema.columns) {
        fail("CT-STREAM-001", {}, "module '" + module + "' declares stream '" + schema.name + "' with other columns than another module did",
             "use the schema of core/module/shared_streams.hpp");
    }
    return found->second;
}

StreamSender StreamHub::sends(const std::string& module, const StreamSchema& schema) {
    Stream& of = stream(module, schema);
    auto& box = of.outboxes[module];
    if (!box) box = std::make_unique<Outbox>(Outbox{module, StreamTable(schema), 0});
    return {&box->records, &box->counter, &of.received};
}

StreamReceiver StreamHub::receives(const std::string& module, const StreamSchema& schema) {
    Stream& of = stream(module, schema);
    of.received = true;
    auto& box = of.inboxes[module];
    if (!box) box = std::make_unique<Inbox>(Inbox{module, StreamTable(schema), 0, false});
    return StreamReceiver(&box->records);
}

void StreamHub::before_step(const std::string& module, Microseconds now) {
    for (auto& [name, stream] : streams_) {
        const auto found = stream.inboxes.find(module);
        if (found == stream.inboxes.end()) continue;
        Inbox& box = *found->second;
        const auto& sent = stream.pending.sent();   // in order of time
        const auto row_at = [&](Microseconds time) { return static_cast<std::size_t>(std::lower_bound(sent.begin(), sent.end(), time) - sent.begin()); };
        for (std::size_t row = row_at(box.delivered_before), last = row_at(now); row < last; ++row) box.records.append_from(stream.pending, row);
        box.delivered_before = now;
    }
}

void StreamHub::after_step(const std::string& module) {
    for (auto& [name, stream] : streams_) {
        const auto found = stream.inboxes.find(module);
        if (found != stream.inboxes.end()) found->second->records.clear();
    }
}

void StreamHub::end_tick() {
    for (auto& [name, stream] : streams_) {
        Microseconds everybody = std::numeric_limits<Microseconds>::max();
        for (const auto& [module, box] : stream.inboxes) everybody = std::min(everybody, box->delivered_before);
        StreamTable& pending = stream.pending;
        if (!pending.empty() && pending.sent().front() < everybody) {
            StreamTable kept(stream.schema);
            for (std::size_t row = 0; row < pending.size(); ++row) {
                if (pending.sent()[row] >= everybody) kept.append_from(pending, row);
            }
            pending = std::move(kept);
        }
        const std::size_t ordered = pending.size();
        for (auto& [module, box] : stream.outboxes) {
            for (std::size_t row = 0; row < box->records.size(); ++row) {
                if (box->records.sent()[row] >= everybody) pending.append_from(box->records, row);
            }
            box->records.clear();
        }
        if (pending.size() > ordered) pending.sort_in_order(ordered);
    }
}

const StreamSchema* StreamHub::schema(const std::string& stream) const {
    const auto found = streams_.find(stream);
    return found == streams_.end() ? nullptr : &found->second.schema;
}

std::vector<std::string> StreamHub::names() const {
    std::vector<std::string> result;
    for (const auto& [name, stream] : streams_) result.push_back(name);
    return result;
}

bool StreamHub::has_streams(const std::string& module) const {
    return std::any_of(streams_.begin(), streams_.end(), [&](const auto& entry) {
        return entry.second.inboxes.contains(module) || entry.second.outboxes.contains(module);
    });
}

void StreamHub::save(StateWriter& out) const {
    for (const auto& [name, stream] : streams_) {
        stream.pending.save(out, name + ".pending");
        for (const auto& [module, box] : stream.outboxes) out.value(name + ".counter@" + module, box->counter);
        for (const auto& [module, box] : stream.inboxes) out.value(name + ".delivered@" + module, box->delivered_before);
    }
}

void StreamHub::load(StateReader& in) {
    for (auto& [name, stream] : streams_) {
        stream.pending.load(in, name + ".pending");
        for (auto& [module, box] : stream.outboxes) in.value(name + ".counter@" + module, box->counter);
        for (auto& [module, box] : stream.inboxes) in.value(name + ".delivered@" + module, box->delivered_before);
    }
}

}  // namespace citytwin
