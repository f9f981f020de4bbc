#include "core/output/segment.hpp"

#include <algorithm>

#include "core/base/durable_file.hpp"

namespace citytwin {
namespace {

constexpr std::size_t text_block = 8192;
constexpr Hdf5Storage text_storage{0, text_block};
const char* const segment_times = "time_us";

}  // namespace

RecordTable::RecordTable(Hdf5File& file, const ResultStream& stream) : file_(file), stream_(stream), texts_(stream.columns.size()) {
    for (const ResultColumn& column : stream.columns) {
        const std::string path = stream_path(stream) + "/" + column.name;
        numbers_.push_back(nullptr);
        if (column.type == ResultType::text) {
            file.create_rows(path, Hdf5Type::text, 0, text_storage);
        } else {
            const Hdf5Type type = column.type == ResultType::real ? Hdf5Type::f64 : Hdf5Type::i64;
            numbers_.back() = std::make_unique<ChunkedRows>(file, path, type, 0, ChunkShape{record_chunk, 1});
        }
    }
}

void RecordTable::flush_texts(std::size_t column) {
    file_.append_texts(stream_path(stream_) + "/" + stream_.columns[column].name, texts_[column]);
    texts_[column].clear();
}

void RecordTable::append(const std::vector<OwnedColumn>& columns, ChunkCodec& codec) {
    rows_ += std::visit([](const auto& values) { return values.size(); }, columns.at(0));
    for (std::size_t c = 0; c < columns.size(); ++c) {
        if (const auto* real = std::get_if<std::vector<double>>(&columns[c])) numbers_[c]->append(std::span<const double>(*real), codec);
        else if (const auto* integer = std::get_if<std::vector<std::int64_t>>(&columns[c])) numbers_[c]->append(std::span<const std::int64_t>(*integer), codec);
        else {
            for (const std::string& text : std::get<std::vector<std::string>>(columns[c])) {
                texts_[c].push_back(text);
                if (texts_[c].size() == text_block) flush_texts(c);
            }
        }
    }
}

void RecordTable::append_from(Hdf5File& source, std::size_t column, ChunkCodec& codec) {
    const std::string path = stream_path(stream_) + "/" + stream_.columns[column].name;
    if (!source.has(path)) return;
    const std::uint64_t rows = source.info(path).rows();
    if (numbers_[column]) numbers_[column]->append_from(source, rows, codec);
    else append_texts_from(source, column, rows);
    if (column == 0) rows_ += rows;
}

void RecordTable::append_texts_from(Hdf5File& source, std::size_t column, std::uint64_t rows) {
    const std::string path = stream_path(stream_) + "/" + stream_.columns[column].name;
    for (std::uint64_t row = 0; row < rows; row += text_block) {
        for (std::string& text : source.read_texts(path, row, std::min<std::uint64_t>(text_block, rows - row))) {
            texts_[column].push_back(std::move(text));
            if (texts_[column].size() == text_block) flush_texts(column);
        }
    }
}

void RecordTable::finish(ChunkCodec& codec) {
    for (std::size_t c = 0; c < columns(); ++c) {
        if (numbers_[c]) numbers_[c]->finish(codec);
        else if (!texts_[c].empty()) flush_texts(c);
    }
}

void RecordTable::write_checksums() {
    for (auto& column : numbers_) {
        if (column) column->write_checksums();
    }
}

RowTable::RowTable(Hdf5File& file, const ResultSet& set) : file_(file), set_(set) {
    if (set.ids.empty()) return;  // nothing to chunk; the times are kept
    for (const ResultField& field : set.fields) {
        fields_.emplace_back(file, set_path(set) + "/" + field.name, Hdf5Type::f64, set.ids.size(), chunk_shape(set.ids.size()));
    }
}

void RowTable::append(Microseconds time_us, const std::vector<double>& values, ChunkCodec& codec) {
    times_us_.push_back(time_us);
    for (std::size_t f = 0; f < fields_.size(); ++f) {
        fields_[f].append(std::span<const double>(values).subspan(f * set_.ids.size(), set_.ids.size()), codec);
    }
}

void RowTable::append_from(Hdf5File& source, std::size_t column, ChunkCodec& codec) {
    const std::string times = set_path(set_) + "/" + segment_times;
    if (!source.has(times)) return;
    if (column > 0) {
        fields_[column - 1].append_from(source, source.info(times).rows(), codec);
        return;
    }
    const auto rows = source.read<std::int64_t>(times);
    times_us_.insert(times_us_.end(), rows.begin(), rows.end());
}

void RowTable::finish(ChunkCodec& codec, bool cf_time) {
    for (ChunkedRows& field : fields_) field.finish(codec);
    if (!cf_time) {
        file_.write(set_path(set_) + "/" + segment_times, times_us_);
        return;
    }
    std::vector<double> seconds(times_us_.size());
    std::transform(times_us_.begin(), times_us_.end(), seconds.begin(), [](Microseconds t) { return static_cast<double>(t) / 1e6; });
    const std::string path = set_path(set_) + "/time";
    file_.create_rows(path, Hdf5Type::f64, 0, {1, 1024});
    file_.append_rows(path, std::span<const double>(seconds));
}

void RowTable::write_checksums() {
    for (ChunkedRows& field : fields_) field.write_checksums();
}

SegmentWriter::SegmentWriter(const ResultsSetup& setup, std::string path)
    : setup_(setup), path_(std::move(path)), file_(Hdf5File::create(path_ + ".part")) {}

void SegmentWriter::add(const RowItem& item, ChunkCodec& codec) {
    auto table = sets_.find(item.set);
    if (table == sets_.end()) table = sets_.try_emplace(item.set, file_, setup_.sets[item.set]).first;
    table->second.append(item.time_us, item.values, codec);
}

void SegmentWriter::add(const RecordItem& item, ChunkCodec& codec) {
    auto table = streams_.find(item.stream);
    if (table == streams_.end()) table = streams_.try_emplace(item.stream, file_, setup_.streams[item.stream]).first;
    table->second.append(item.columns, codec);
}

void SegmentWriter::commit(ChunkCodec& codec) {
    for (auto& [set, table] : sets_) {
        table.finish(codec, false);
        table.write_checksums();
    }
    for (auto& [stream, table] : streams_) {
        table.finish(codec);
        table.write_checksums();
    }
    file_.close();
    put_in_place(path_ + ".part", path_);
}

ResultsPosition empty_position(const ResultsSetup& setup) {
    ResultsPosition position;
    for (const ResultSet& set : setup.sets) position.rows.emplace_back(set_path(set), 0);
    for (const ResultStream& stream : setup.streams) position.rows.emplace_back(stream_path(stream), 0);
    return position;
}

void count_rows(const ResultsSetup& setup, std::uint64_t segment, ResultsPosition& position) {
    Hdf5File file = Hdf5File::open(segment_path(setup.folder, segment));
    std::size_t entry = 0;
    for (const ResultSet& set : setup.sets) {
        const std::string times = set_path(set) + "/" + segment_times;
        if (file.has(times)) position.rows[entry].second += file.info(times).rows();
        ++entry;
    }
    for (const ResultStream& stream : setup.streams) {
        const std::string first = stream_path(stream) + "/" + stream.columns[0].name;
        if (file.has(first)) position.rows[entry].second += file.info(first).rows();
        ++entry;
    }
    ++position.segments;
}

ResultsPosition joined_position(const std::string& folder) {
    Hdf5File file = Hdf5File::open(folder + "/results.h5");
    ResultsPosition position;
    for (const std::string& group : file.members()) {
        if (group == "streams") continue;
        position.rows.emplace_back(group, file.info(group + "/time").rows());
    }
    if (!file.has("streams")) return position;
    for (const std::string& stream : file.members("streams")) {
        const std::string path = "streams/" + stream;
        position.rows.emplace_back(path, file.info(path + "/" + file.members(path).at(0)).rows());
    }
    return position;
}

/// Column by column and segment by segment: memory holds no more than a band of chunks.
ResultsPosition join_segments(const ResultsSetup& setup, std::uint64_t count) {
    const std::string path = setup.folder + "/results.h5";
    ResultsPosition position = empty_position(setup);
    position.segments = count;
    ChunkCodec codec;
    Hdf5File file = Hdf5File::create(path + ".part");
    write_static_part(file, setup);
    std::size_t entry = 0;
    const auto append_all = [&](auto& table) {
        for (std::size_t column = 0; column < table.columns(); ++column) {
            for (std::uint64_t segment = 1; segment < count; ++segment) {
                Hdf5File source = Hdf5File::open(segment_path(setup.folder, segment));
                table.append_from(source, column, codec);
            }
        }
        position.rows[entry++].second = table.rows();
    };
    for (const ResultSet& set : setup.sets) {
        RowTable table(file, set);
        append_all(table);
        table.finish(codec, true);
        write_set_attributes(file, setup, set);
    }
    for (const ResultStream& stream : setup.streams) {
        RecordTable table(file, stream);
        append_all(table);
        table.finish(codec);
        write_stream_attributes(file, setup, stream);
    }
    file.close();
    put_in_place(path + ".part", path);
    return position;
}

}  // namespace citytwin
