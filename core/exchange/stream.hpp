#pragma once
// Streams: records of what happens (a trip request, an arrival, an outage), as columns.
// Records are ordered by (time sent, sending entity, counter). One sent in a step at t is delivered at the receiver's first step
// with time > t, whatever the order of the modules in the step's graph.
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"
#include "core/city/column.hpp"
#include "core/exchange/state_io.hpp"
#include "core/time/clock.hpp"

namespace citytwin {

enum class StreamType { number, integer, number_list, reference_list };

struct StreamColumn {
    std::string name, unit = "1";
    StreamType type = StreamType::integer;
    std::string refers_to;                 ///< set whose rows the integers are
    std::vector<std::string> labels;       ///< words of an enumeration, by value
    bool operator==(const StreamColumn&) const = default;
};

struct StreamSchema {
    std::string name;
    std::vector<StreamColumn> columns;
};

/// Rows of one stream, column by column, with when and by whom each was sent.
class StreamTable {
public:
    StreamTable() = default;
    explicit StreamTable(const StreamSchema& schema);

    [[nodiscard]] std::size_t size() const { return sent_.size(); }
    [[nodiscard]] bool empty() const { return sent_.empty(); }
    [[nodiscard]] std::span<const double> numbers(std::size_t column) const { return std::get<std::vector<double>>(columns_[column]); }
    [[nodiscard]] std::span<const std::int64_t> integers(std::size_t column) const { return std::get<std::vector<std::int64_t>>(columns_[column]); }
    [[nodiscard]] std::span<const double> number_list(std::size_t column, std::size_t row) const { return std::get<Ragged<double>>(columns_[column])[row]; }
    [[nodiscard]] std::span<const std::uint32_t> reference_list(std::size_t column, std::size_t row) const {
        return std::get<Ragged<std::uint32_t>>(columns_[column])[row];
    }
    [[nodiscard]] const std::vector<Microseconds>& sent() const { return sent_; }
    [[nodiscard]] const std::vector<StableId>& senders() const { return sender_; }

    void append_from(const StreamTable& other, std::size_t row);
    /// The first `ordered` rows are in order already.
    void sort_in_order(std::size_t ordered = 0);
    void clear();
    void save(StateWriter& out, const std::string& prefix) const;
    void load(StateReader& in, const std::string& prefix);

    // One record is written by begin(), then one value a column in the schema's order.
    void begin(Microseconds time, StableId sender, std::uint64_t counter) {
        sent_.push_back(time);
        sender_.push_back(sender);
        counter_.push_back(counter);
        next_ = 0;
    }
    void put(double value) { std::get<std::vector<double>>(columns_[next_++]).push_back(value); }
    void put(std::int64_t value) { std::get<std::vector<std::int64_t>>(columns_[next_++]).push_back(value); }
    void put(std::span<const double> values) { std::get<Ragged<double>>(columns_[next_++]).push_row(values); }
    void put(std::span<const std::uint32_t> values) { std::get<Ragged<std::uint32_t>>(columns_[next_++]).push_row(values); }

private:
    using Data = std::variant<std::vector<double>, std::vector<std::int64_t>, Ragged<double>, Ragged<std::uint32_t>>;
    std::vector<Data> columns_;
    std::vector<Microseconds> sent_;
    std::vector<StableId> sender_;
    std::vector<std::uint64_t> counter_;
    void shrink(std::size_t rows);

    std::size_t next_ = 0;
};

/// A module's end of a stream that it sends.
class StreamSender {
public:
    StreamSender() = default;
    StreamSender(StreamTable* outbox, std::uint64_t* counter, const bool* received) : outbox_(outbox), counter_(counter), received_(received) {}
    /// Some module receives the stream, or it is recorded. Known once all modules are there: ask in prepare(), not in a constructor.
    [[nodiscard]] bool is_received() const { return received_ != nullptr && *received_; }
    /// Starts a record; then put() each column in the schema's order. `sender` = stable id of the sending entity.
    StreamTable& record(Microseconds now, StableId sender) {
        outbox_->begin(now, sender, (*counter_)++);
        return *outbox_;
    }

private:
    StreamTable* outbox_ = nullptr;
    std::uint64_t* counter_ = nullptr;
    const bool* received_ = nullptr;
};

/// A module's end of a stream that it receives: the records delivered at this step.
class StreamReceiver {
public:
    StreamReceiver() = default;
    explicit StreamReceiver(const StreamTable* inbox) : inbox_(inbox) {}
    [[nodiscard]] const StreamTable& records() const { return *inbox_; }

private:
    const StreamTable* inbox_ = nullptr;
};

/// All streams of a run: outboxes, what isn't delivered yet, inboxes.
class StreamHub {
public:
    /// Throws InputError CT-STREAM-001 if a stream of this name has other columns.
    StreamSender sends(const std::string& module, const StreamSchema& schema);
    StreamReceiver receives(const std::string& module, const StreamSchema& schema);

    void before_step(const std::string& module, Microseconds now);   ///< delivers
    void after_step(const std::string& module);                      ///< empties the inbox, collects what was sent
    /// Called once all modules of a tick have stepped: forgets what everybody has.
    void end_tick();
    /// Records sent in [from, to) or, at the end, all that are left, for the recorder; null if there is no such stream.
    [[nodiscard]] const StreamSchema* schema(const std::string& stream) const;
    [[nodiscard]] std::vector<std::string> names() const;
    [[nodiscard]] bool has_streams(const std::string& module) const;

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    struct Outbox {
        std::string module;
        StreamTable records;
        std::uint64_t counter = 0;
    };
    struct Inbox {
        std::string module;
        StreamTable records;
        Microseconds delivered_before = 0;   // everything sent before this time was delivered
        bool active = false;
    };
    struct Stream {
        StreamSchema schema;
        std::map<std::string, std::unique_ptr<Outbox>> outboxes;   // by module name: a fixed order
        std::map<std::string, std::unique_ptr<Inbox>> inboxes;
        StreamTable pending;
        bool received = false;
    };
    Stream& stream(const std::string& module, const StreamSchema& schema);
    std::map<std::string, Stream> streams_;
};

}  // namespace citytwin
