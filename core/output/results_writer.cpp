#include "core/output/results_writer.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <exception>
#include <filesystem>
#include <mutex>
#include <thread>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/folder_lock.hpp"
#include "core/output/json_text.hpp"
#include "core/output/segment.hpp"

namespace citytwin {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t hand_over_bytes = 1 << 20;     // small items are handed over together
constexpr std::size_t queue_limit_bytes = 128 << 20; // the step waits when the writer is this far behind
constexpr std::size_t segment_bytes = 256 << 20;     // rows (not compressed) after which a commit is due
constexpr double commit_interval_s = 5.0;

struct CommitItem {};
using Item = std::variant<RowItem, RecordItem, CommitItem>;

std::size_t bytes_of(const RowItem& item) { return item.values.size() * sizeof(double); }
std::size_t bytes_of(const RecordItem& item) {
    std::size_t bytes = 0;
    for (const OwnedColumn& column : item.columns) {
        bytes += std::visit([](const auto& values) { return values.size() * sizeof(values[0]); }, column);
    }
    return bytes;
}

OwnedColumn copied(const RecordColumn& column) {
    return std::visit([](auto values) -> OwnedColumn { return std::vector<std::remove_cv_t<typename decltype(values)::element_type>>(values.begin(), values.end()); },
                      column);
}

void check_columns(const ResultStream& stream, std::span<const RecordColumn> columns) {
    bool fits = columns.size() == stream.columns.size();
    const auto length = [](const RecordColumn& column) { return std::visit([](auto values) { return values.size(); }, column); };
    for (std::size_t c = 0; fits && c < columns.size(); ++c) {
        fits = columns[c].index() == static_cast<std::size_t>(stream.columns[c].type) && length(columns[c]) == length(columns[0]);
    }
    if (!fits) throw std::logic_error("results: the records don't fit the columns of stream '" + stream.name + "'");
}

}  // namespace

/// What the step's thread and the writer thread share.
struct ResultsWriter::State {
    ResultsSetup setup;
    std::uint64_t next_segment = 0;

    // the step's thread only
    std::vector<Item> pending;
    std::size_t pending_bytes = 0, uncommitted_bytes = 0;
    bool has_uncommitted = false, finished = false;
    Clock::time_point last_commit = Clock::now();
    double waited_s = 0;
    ResultsPosition given;                   ///< rows handed over up to the last commit

    // shared
    std::mutex mutex;
    std::condition_variable work, done;
    std::deque<std::vector<Item>> queue;
    std::size_t queued_bytes = 0;
    bool busy = false, stop = false;
    std::exception_ptr error;

    std::thread thread;

    void write_loop();
    void write(std::vector<Item>& items, std::unique_ptr<SegmentWriter>& segment, ChunkCodec& codec);
    void hand_over();
    void wait_until_idle();
    void rethrow() {  ///< with the mutex held
        if (error) std::rethrow_exception(error);
    }
};

void ResultsWriter::State::write(std::vector<Item>& items, std::unique_ptr<SegmentWriter>& segment, ChunkCodec& codec) {
    for (const Item& item : items) {
        if (std::holds_alternative<CommitItem>(item)) {
            if (segment) segment->commit(codec);
            if (segment) ++next_segment;
            segment.reset();
            continue;
        }
        if (!segment) segment = std::make_unique<SegmentWriter>(setup, segment_path(setup.folder, next_segment));
        if (const auto* row = std::get_if<RowItem>(&item)) segment->add(*row, codec);
        else segment->add(std::get<RecordItem>(item), codec);
    }
}

void ResultsWriter::State::write_loop() {
    ChunkCodec codec;
    std::unique_ptr<SegmentWriter> segment;
    std::unique_lock<std::mutex> lock(mutex);
    for (;;) {
        work.wait(lock, [this] { return stop || !queue.empty(); });
        if (queue.empty() || stop) break;
        std::vector<Item> items = std::move(queue.front());
        queue.pop_front();
        busy = true;
        const bool failed = error != nullptr;
        lock.unlock();
        std::exception_ptr now;
        try {
            if (!failed) write(items, segment, codec);
        } catch (...) {
            now = std::current_exception();
            segment.reset();
        }
        std::size_t bytes = 0;
        for (const Item& item : items) {
            if (const auto* row = std::get_if<RowItem>(&item)) bytes += bytes_of(*row);
            if (const auto* records = std::get_if<RecordItem>(&item)) bytes += bytes_of(*records);
        }
        items.clear();
        lock.lock();
        if (now && !error) error = now;
        queued_bytes -= bytes;
        busy = false;
        done.notify_all();
    }
}

void ResultsWriter::State::hand_over() {
    const auto begin = Clock::now();
    std::unique_lock<std::mutex> lock(mutex);
    done.wait(lock, [this] { return error != nullptr || queued_bytes == 0 || queued_bytes + pending_bytes <= queue_limit_bytes; });
    rethrow();
    queue.push_back(std::move(pending));
    queued_bytes += pending_bytes;
    lock.unlock();
    work.notify_one();
    pending.clear();
    pending_bytes = 0;
    waited_s += std::chrono::duration<double>(Clock::now() - begin).count();
}

void ResultsWriter::State::wait_until_idle() {
    const auto begin = Clock::now();
    std::unique_lock<std::mutex> lock(mutex);
    done.wait(lock, [this] { return error != nullptr || (queue.empty() && !busy); });
    waited_s += std::chrono::duration<double>(Clock::now() - begin).count();
    rethrow();
}

ResultsWriter::ResultsWriter(ResultsSetup setup, std::optional<ResultsPosition> resume) : state_(std::make_unique<State>()) {
    check_setup(setup);
    state_->setup = std::move(setup);
    State& state = *state_;
    if (resume && resume->segments > 0) {
        cut(state.setup.folder, *resume);
        state.next_segment = resume->segments;
        state.given = *resume;
    } else {
        cut(state.setup.folder, {});
        write_layout_segment(state.setup, segment_path(state.setup.folder, 0));
        state.next_segment = 1;
        state.given = empty_position(state.setup);
    }
    state.thread = std::thread([&state] { state.write_loop(); });
}

ResultsWriter::~ResultsWriter() {
    if (!state_->thread.joinable()) return;
    {
        const std::lock_guard<std::mutex> guard(state_->mutex);
        state_->stop = true;
    }
    state_->work.notify_one();
    state_->thread.join();
    try {
        drop_unfinished_results(state_->setup.folder);
    } catch (const std::exception&) {  // left for the next start to remove: nobody reads .part files
    }
}

void ResultsWriter::add_row(std::size_t set, Microseconds time_us, std::span<const std::span<const double>> fields) {
    State& state = *state_;
    const ResultSet& target = state.setup.sets.at(set);
    if (fields.size() != target.fields.size()) throw std::logic_error("results: wrong number of fields for '" + target.name + "'");
    RowItem item{set, time_us, {}};
    item.values.reserve(fields.size() * target.ids.size());
    for (std::size_t f = 0; f < fields.size(); ++f) {
        if (fields[f].size() != target.ids.size()) throw std::logic_error("results: wrong length of '" + target.name + "." + target.fields[f].name + "'");
        item.values.insert(item.values.end(), fields[f].begin(), fields[f].end());
        if (const auto unit = target.fields[f].rounding; unit && *unit > 0) {
            for (auto value = item.values.end() - static_cast<std::ptrdiff_t>(fields[f].size()); value != item.values.end(); ++value) {
                *value = std::nearbyint(*value / *unit) * *unit;
            }
        }
    }
    const std::size_t bytes = bytes_of(item);
    ++state.given.rows[set].second;
    state.pending.emplace_back(std::move(item));
    state.pending_bytes += bytes;
    state.uncommitted_bytes += bytes;
    state.has_uncommitted = true;
    if (state.pending_bytes >= hand_over_bytes) state.hand_over();
}

void ResultsWriter::add_records(std::size_t stream, std::span<const RecordColumn> columns) {
    State& state = *state_;
    check_columns(state.setup.streams.at(stream), columns);
    const std::size_t records = std::visit([](auto values) { return values.size(); }, columns[0]);
    if (records == 0) return;
    RecordItem item{stream, {}};
    for (const RecordColumn& column : columns) item.columns.push_back(copied(column));
    const std::size_t bytes = bytes_of(item);
    state.given.rows[state.setup.sets.size() + stream].second += records;
    state.pending.emplace_back(std::move(item));
    state.pending_bytes += bytes;
    state.uncommitted_bytes += bytes;
    state.has_uncommitted = true;
    if (state.pending_bytes >= hand_over_bytes) state.hand_over();
}

bool ResultsWriter::commit_due() const {
    if (!state_->has_uncommitted) return false;
    if (state_->uncommitted_bytes >= segment_bytes) return true;
    return std::chrono::duration<double>(Clock::now() - state_->last_commit).count() >= commit_interval_s;
}

void ResultsWriter::commit() {
    State& state = *state_;
    state.last_commit = Clock::now();
    if (!state.has_uncommitted) {
        const std::lock_guard<std::mutex> guard(state.mutex);
        state.rethrow();
        return;
    }
    state.pending.emplace_back(CommitItem{});
    state.hand_over();
    state.has_uncommitted = false;
    state.uncommitted_bytes = 0;
}

ResultsPosition ResultsWriter::checkpoint() {
    commit();
    state_->wait_until_idle();
    state_->given.segments = state_->next_segment;
    return state_->given;
}

void ResultsWriter::finish() {
    if (state_->finished) return;
    const ResultsPosition position = checkpoint();
    const ResultsPosition joined = join_segments(state_->setup, position.segments);
    if (!(joined == position)) throw RunError(ExitCode::run_failed, "the joined results don't hold the rows that were written: a segment was changed from outside");
    state_->finished = true;
}

double ResultsWriter::waited_s() const { return state_->waited_s; }

void ResultsWriter::cut(const std::string& folder, const ResultsPosition& position) {
    drop_unfinished_results(folder);
    const std::vector<std::uint64_t> numbers = segment_numbers(folder);
    for (std::uint64_t n = 0; n < position.segments; ++n) {
        if (n < numbers.size() && numbers[n] == n) continue;
        fail("CT-OUT-011", {segment_path(folder, n)}, fmt::format("a committed segment of the results is missing; the checkpoint needs {}", position.segments),
             "run again from the start");
    }
    if (position.segments > 0) {
        const ResultsSetup setup = read_layout_segment(folder);
        ResultsPosition found = empty_position(setup);
        found.segments = 1;
        for (std::uint64_t n = 1; n < position.segments; ++n) count_rows(setup, n, found);
        if (!(found == position)) {
            fail("CT-OUT-011", {folder}, fmt::format("the segments hold other rows than the checkpoint says: {} instead of {}", found.json(), position.json()),
                 "run again from the start");
        }
    }
    for (auto n = numbers.rbegin(); n != numbers.rend() && *n >= position.segments; ++n) {  // the last first: a kill leaves no gap
        remove_durably(segment_path(folder, *n));
    }
}

ResultsPosition ResultsWriter::recover(const std::string& folder) {
    const FolderLock lock(folder);
    std::uint64_t count = 0;
    for (const std::uint64_t n : segment_numbers(folder)) {
        if (n == count) ++count;  // a gap ends what can be trusted
    }
    if (count == 0 && std::filesystem::exists(folder + "/results.h5")) return joined_position(folder);
    if (count == 0) fail("CT-OUT-012", {folder}, "the folder holds no committed results", "the run was stopped before its first commit");
    return join_segments(read_layout_segment(folder), count);
}

void ResultsWriter::remove_segments(const std::string& folder) {
    drop_unfinished_results(folder);
    std::vector<std::uint64_t> numbers = segment_numbers(folder);
    for (auto n = numbers.rbegin(); n != numbers.rend(); ++n) remove_durably(segment_path(folder, *n));
}

std::string ResultsPosition::json() const {
    Json json = {{"segments", segments}, {"rows", Json::object()}};
    for (const auto& [table, count] : rows) json["rows"][table] = count;
    return json_line(json);
}

ResultsPosition ResultsPosition::from_json(const std::string& text) {
    const Json json = Json::parse(text, nullptr, false);
    ResultsPosition position;
    if (!json.is_object() || !json.contains("segments") || !json.contains("rows") || !json["rows"].is_object()) {
        fail("CT-OUT-010", {}, "not a position of results: " + text);
    }
    position.segments = json["segments"].get<std::uint64_t>();
    for (const auto& [table, count] : json["rows"].items()) position.rows.emplace_back(table, count.get<std::uint64_t>());
    return position;
}

}  // namespace citytwin
