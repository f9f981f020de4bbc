#include "core/city/city_columns.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "core/base/diagnostic.hpp"

namespace citytwin {
namespace {

struct PackedText {
    std::vector<std::uint64_t> offsets{0};
    std::vector<std::uint8_t> bytes;
};

PackedText packed(const std::vector<std::string>& texts) {
    PackedText result;
    result.offsets.reserve(texts.size() + 1);
    for (const auto& text : texts) {
        result.bytes.insert(result.bytes.end(), text.begin(), text.end());
        result.offsets.push_back(result.bytes.size());
    }
    return result;
}

struct Writer {
    Hdf5File& file;
    const std::string& object;

    template <class T>
    void operator()(const std::vector<T>& values) {
        file.write(object, values);
    }
    void operator()(const std::vector<std::string>& texts) {
        const PackedText text = packed(texts);
        rows("text", text.offsets, "bytes", text.bytes);
    }
    template <class T>
    void operator()(const Ragged<T>& ragged) {
        rows("ragged", ragged.offsets, "values", ragged.values);
    }
    template <class T>
    void rows(const char* kind, const std::vector<std::uint64_t>& offsets, const char* part, const std::vector<T>& values) {
        file.write(object + "/offsets", offsets);
        file.write(object + "/" + part, values);
        file.set_attribute(object, "kind", kind);
    }
};

[[noreturn]] void damaged(const Hdf5File& file, const std::string& object, const std::string& what) {
    fail("CT-CITY-003", {file.path()}, fmt::format("'{}' is damaged: {}", object, what), "import the city again from its sources");
}

class Reader {
public:
    Reader(Hdf5File& file, std::string object, std::size_t rows) : file_(file), object_(std::move(object)), rows_(rows) {}

    ColumnData read() {
        return file_.is_group(object_) ? read_group() : read_dataset();
    }

private:
    ColumnData read_dataset() {
        const Hdf5Info info = file_.info(object_);
        if (info.shape.size() != 1 || info.rows() != rows_) damaged(file_, object_, fmt::format("expected {} rows", rows_));
        switch (info.type) {
            case Hdf5Type::f64: return file_.read<double>(object_);
            case Hdf5Type::i64: return file_.read<std::int64_t>(object_);
            case Hdf5Type::i32: return file_.read<std::int32_t>(object_);
            case Hdf5Type::u32: return file_.read<std::uint32_t>(object_);
            case Hdf5Type::u8: return file_.read<std::uint8_t>(object_);
            default: damaged(file_, object_, "its type is none of a city's");
        }
    }
    std::vector<std::uint64_t> offsets(std::uint64_t total) {
        auto result = file_.read<std::uint64_t>(object_ + "/offsets");
        bool valid = result.size() == rows_ + 1 && result.front() == 0 && result.back() == total;
        for (std::size_t i = 1; valid && i < result.size(); ++i) valid = result[i - 1] <= result[i];
        if (!valid) damaged(file_, object_, fmt::format("its offsets are not those of {} rows", rows_));
        return result;
    }
    template <class T>
    ColumnData ragged() {
        Ragged<T> result;
        result.offsets = offsets(file_.info(object_ + "/values").rows());
        result.values = file_.read<T>(object_ + "/values");
        return result;
    }
    ColumnData read_group() {
        if (file_.text_attribute(object_, "kind") == "text") return texts();
        const Hdf5Type type = file_.info(object_ + "/values").type;
        if (type == Hdf5Type::f64) return ragged<double>();
        if (type == Hdf5Type::u32) return ragged<std::uint32_t>();
        damaged(file_, object_, "its type is none of a city's");
    }
    ColumnData texts() {
        const auto begin = offsets(file_.info(object_ + "/bytes").rows());
        const auto bytes = file_.read<std::uint8_t>(object_ + "/bytes");
        const char* text = reinterpret_cast<const char*>(bytes.data());
        std::vector<std::string> result;
        result.reserve(rows_);
        for (std::size_t i = 0; i < rows_; ++i) result.emplace_back(text + begin[i], begin[i + 1] - begin[i]);
        return result;
    }

    Hdf5File& file_;
    std::string object_;
    std::size_t rows_;
};

}  // namespace

void write_column(Hdf5File& file, const std::string& set, const Column& column, std::int64_t order) {
    if (column.name == "id" || column.name.empty() || column.name.find('/') != std::string::npos) {
        throw std::logic_error("a column of '" + set + "' can't be named '" + column.name + "'");
    }
    const std::string object = set + "/" + column.name;
    std::visit(Writer{file, object}, column.data);
    file.set_attribute(object, "order", order);
    file.set_attribute(object, "unit", column.unit);
    if (!column.refers_to.empty()) file.set_attribute(object, "refers_to", column.refers_to);
    if (!column.long_name.empty()) file.set_attribute(object, "long_name", column.long_name);
}

void write_ids(Hdf5File& file, const EntitySet& set) {
    if (set.ids.size() != set.size()) throw std::logic_error("set '" + set.name() + "' has not as many ids as rows");
    const std::string object = set.name() + "/id";
    Writer{file, object}(set.ids);
}

Column read_column(Hdf5File& file, const std::string& set, const std::string& name, std::size_t rows) {
    const std::string object = set + "/" + name;
    Column column;
    column.name = name;
    column.data = Reader(file, object, rows).read();
    column.unit = file.text_attribute(object, "unit").value_or("");
    column.refers_to = file.text_attribute(object, "refers_to").value_or("");
    column.long_name = file.text_attribute(object, "long_name").value_or("");
    return column;
}

}  // namespace citytwin
