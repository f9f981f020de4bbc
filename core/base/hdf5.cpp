#include "core/base/hdf5.hpp"

#include <fmt/format.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <filesystem>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/hdf5_detail.hpp"

namespace citytwin {
namespace hdf5_detail {
namespace {

std::recursive_mutex& process_mutex() {
    static std::recursive_mutex mutex;
    return mutex;
}

}  // namespace

Session::Session() : lock_(process_mutex()) {
    static const bool quiet = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0;  // errors become exceptions, not prints
    (void)quiet;
}

Handle text_type() {
    Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

hid_t native(Hdf5Type type) {
    switch (type) {
        case Hdf5Type::f64: return H5T_NATIVE_DOUBLE;
        case Hdf5Type::f32: return H5T_NATIVE_FLOAT;
        case Hdf5Type::i64: return H5T_NATIVE_INT64;
        case Hdf5Type::i32: return H5T_NATIVE_INT32;
        case Hdf5Type::u32: return H5T_NATIVE_UINT32;
        case Hdf5Type::u64: return H5T_NATIVE_UINT64;
        case Hdf5Type::u8: return H5T_NATIVE_UINT8;
        default: return -1;
    }
}

std::size_t size_of(Hdf5Type type) { return type == Hdf5Type::text ? sizeof(char*) : H5Tget_size(native(type)); }

const char* name_of(Hdf5Type type) {
    constexpr const char* names[] = {"float64", "float32", "int64", "int32", "uint32", "uint8", "uint64", "text", "other"};
    return names[static_cast<int>(type)];
}

Hdf5Type type_of(hid_t datatype) {
    if (H5Tget_class(datatype) == H5T_STRING) return Hdf5Type::text;
    for (Hdf5Type type : {Hdf5Type::f64, Hdf5Type::f32, Hdf5Type::i64, Hdf5Type::i32, Hdf5Type::u32, Hdf5Type::u64, Hdf5Type::u8}) {
        if (H5Tequal(datatype, native(type)) > 0) return type;
    }
    return Hdf5Type::other;
}

Cause last_cause() {
    Cause cause;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, [](unsigned n, const H5E_error2_t* error, void* data) -> herr_t {
        auto& found = *static_cast<Cause*>(data);
        const std::string text = error->desc ? error->desc : "";
        if (n == 0) found.text = text;
        const auto at = text.find("errno = ");
        if (at != std::string::npos && found.error_number == 0) found.error_number = std::atoi(text.c_str() + at + 8);
        return 0;
    }, &cause);
    return cause;
}

}  // namespace hdf5_detail

using namespace hdf5_detail;

namespace {

Handle opened_object(Hdf5File::Id file, const std::string& object) { return {H5Oopen(file, object.c_str(), H5P_DEFAULT), H5Oclose}; }

Handle access_list() {
    Handle list(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    constexpr std::size_t slots = 12421, cache_bytes = 8 << 20;
    H5Pset_cache(list, 0, slots, cache_bytes, 1.0);  // 1.0: chunks written in full are let go first
    H5Pset_fclose_degree(list, H5F_CLOSE_STRONG);
    return list;
}

/// H5Lexists wants every group on the way to exist.
bool link_exists(hid_t file, const std::string& object) {
    if (object.empty() || object == "/") return true;
    for (std::size_t at = object.find('/', 1);; at = object.find('/', at + 1)) {
        if (H5Lexists(file, object.substr(0, at).c_str(), H5P_DEFAULT) <= 0) return false;
        if (at == std::string::npos) return true;
    }
}

}  // namespace

void Hdf5File::failed(const std::string& what, const std::string& object) const {
    const Cause cause = last_cause();
    H5Eclear2(H5E_DEFAULT);
    const std::string where = object.empty() || object == "/" ? "" : fmt::format(" '{}'", object);
    if (writing_) {
        if (cause.error_number != 0) fail_file_operation(FileOperation::write, path_, cause.error_number);
        throw RunError(ExitCode::run_failed,
                       Diagnostic{Severity::error, "CT-FILE-021", {path_}, fmt::format("can't {}{}: {}", what, where, cause.text), {}}.text());
    }
    fail("CT-FILE-020", {path_}, fmt::format("can't {}{}: {}", what, where, cause.text),
         "the file is damaged, cut off or not what it should be; make it again");
}

Hdf5File Hdf5File::create(const std::string& path, std::uint64_t user_block) {
    const Session session;
    before_file_operation(FileOperation::open, path);
    const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose), access = access_list();
    H5Pset_obj_track_times(creation, false);
    H5Pset_userblock(creation, user_block);
    Hdf5File file(path, H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access), true);
    if (file.id_ < 0) file.failed("create the file", "");
    return file;
}

Hdf5File Hdf5File::open(const std::string& path) {
    const Session session;
    if (!std::filesystem::is_regular_file(path)) fail("CT-FILE-001", {path}, "the file can't be read: it isn't there or is no file");
    const Handle access = access_list();
    Hdf5File file(path, H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), false);
    if (file.id_ < 0) file.failed("open the file as HDF5", "");
    return file;
}

Hdf5File Hdf5File::open_for_writing(const std::string& path) {
    const Session session;
    before_file_operation(FileOperation::open, path);
    const Handle access = access_list();
    Hdf5File file(path, H5Fopen(path.c_str(), H5F_ACC_RDWR, access), true);
    if (file.id_ < 0) file.failed("open the file to write", "");
    return file;
}

Hdf5File::Hdf5File(Hdf5File&& other) noexcept
    : path_(std::move(other.path_)), id_(std::exchange(other.id_, -1)), writing_(other.writing_),
      open_datasets_(std::move(other.open_datasets_)) {
    other.open_datasets_.clear();
}

Hdf5File::~Hdf5File() {
    const Session session;
    release();
    if (id_ >= 0) H5Fclose(id_);
    H5Eclear2(H5E_DEFAULT);
}

void Hdf5File::release() noexcept {
    for (const auto& [name, id] : open_datasets_) H5Dclose(id);
    open_datasets_.clear();
}

void Hdf5File::announce_write(const std::string& object) const {
    if (!writing_) throw std::logic_error("'" + object + "' in '" + path_ + "': the file is open to read only");
    before_file_operation(FileOperation::write, path_);
}

void Hdf5File::flush() {
    const Session session;
    before_file_operation(FileOperation::sync, path_);
    if (H5Fflush(id_, H5F_SCOPE_GLOBAL) < 0) failed("flush", "");
}

void Hdf5File::close() {
    const Session session;
    if (id_ < 0) return;
    if (writing_) before_file_operation(FileOperation::close, path_);
    for (auto at = open_datasets_.begin(); at != open_datasets_.end(); at = open_datasets_.erase(at)) {
        if (H5Dclose(at->second) < 0) {
            const std::string name = at->first;
            open_datasets_.erase(at);
            failed("close", name);
        }
    }
    if (H5Fclose(std::exchange(id_, -1)) < 0) failed("close the file", "");
}

bool Hdf5File::has(const std::string& object) {
    const Session session;
    return link_exists(id_, object);
}

bool Hdf5File::is_group(const std::string& object) {
    const Session session;
    if (!link_exists(id_, object)) return false;
    const Handle handle = opened_object(id_, object);
    return handle >= 0 && H5Iget_type(handle) == H5I_GROUP;
}

std::vector<std::string> Hdf5File::members(const std::string& group) {
    const Session session;
    std::vector<std::string> names;
    const Handle handle(H5Gopen2(id_, group.c_str(), H5P_DEFAULT), H5Gclose);
    if (handle < 0) failed("open the group", group);
    const auto collect = [](hid_t, const char* name, const H5L_info_t*, void* data) -> herr_t {
        static_cast<std::vector<std::string>*>(data)->emplace_back(name);
        return 0;
    };
    if (H5Literate(handle, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names) < 0) failed("list the group", group);
    return names;
}

void Hdf5File::make_group(const std::string& group) {
    const Session session;
    if (link_exists(id_, group)) return;
    announce_write(group);
    const Handle link(H5Pcreate(H5P_LINK_CREATE), H5Pclose), creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
    H5Pset_obj_track_times(creation, false);
    const auto slash = group.rfind('/');
    if (slash != std::string::npos && slash != 0) make_group(group.substr(0, slash));
    const Handle made(H5Gcreate2(id_, group.c_str(), link, creation, H5P_DEFAULT), H5Gclose);
    if (made < 0) failed("make the group", group);
}

void Hdf5File::set_attribute(const std::string& object, const std::string& name, std::string_view text) {
    const Session session;
    announce_write(object);
    const Handle handle = opened_object(id_, object);
    if (handle < 0) failed("open", object);
    if (H5Aexists(handle, name.c_str()) > 0) H5Adelete(handle, name.c_str());
    const Handle type = text_type(), space(H5Screate(H5S_SCALAR), H5Sclose);
    const Handle attribute(H5Acreate2(handle, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    const std::string terminated(text);
    const char* value = terminated.c_str();
    if (attribute < 0 || H5Awrite(attribute, type, &value) < 0) failed("write attribute '" + name + "' of", object);
}

void Hdf5File::set_number(const std::string& object, const std::string& name, Hdf5Type type, const void* value) {
    const Session session;
    announce_write(object);
    const Handle handle = opened_object(id_, object);
    if (handle < 0) failed("open", object);
    if (H5Aexists(handle, name.c_str()) > 0) H5Adelete(handle, name.c_str());
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const Handle attribute(H5Acreate2(handle, name.c_str(), native(type), space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    if (attribute < 0 || H5Awrite(attribute, native(type), value) < 0) failed("write attribute '" + name + "' of", object);
}

std::optional<std::string> Hdf5File::text_attribute(const std::string& object, const std::string& name) {
    const Session session;
    const Handle handle = opened_object(id_, object);
    if (handle < 0) failed("open", object);
    if (H5Aexists(handle, name.c_str()) <= 0) return std::nullopt;
    const Handle attribute(H5Aopen(handle, name.c_str(), H5P_DEFAULT), H5Aclose);
    const Handle type(attribute < 0 ? -1 : H5Aget_type(attribute), H5Tclose);
    if (type < 0 || H5Tget_class(type) != H5T_STRING) return std::nullopt;
    const Handle space(H5Aget_space(attribute), H5Sclose);
    if (H5Sget_simple_extent_npoints(space) != 1) return std::nullopt;
    if (H5Tis_variable_str(type) > 0) {
        const Handle memory = text_type();
        char* value = nullptr;
        if (H5Aread(attribute, memory, &value) < 0) failed("read attribute '" + name + "' of", object);
        const std::string text = value ? value : "";
        H5free_memory(value);
        return text;
    }
    std::string text(H5Tget_size(type), '\0');
    if (H5Aread(attribute, type, text.data()) < 0) failed("read attribute '" + name + "' of", object);
    return std::string(text.c_str());
}

namespace {

template <class T>
std::optional<T> numeric_attribute(Hdf5File::Id file, const std::string& object, const std::string& name) {
    const Handle handle = opened_object(file, object);
    if (handle < 0 || H5Aexists(handle, name.c_str()) <= 0) return std::nullopt;
    const Handle attribute(H5Aopen(handle, name.c_str(), H5P_DEFAULT), H5Aclose);
    const Handle type(attribute < 0 ? -1 : H5Aget_type(attribute), H5Tclose);
    const auto kind = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
    if (kind != H5T_FLOAT && kind != H5T_INTEGER) return std::nullopt;
    const Handle space(H5Aget_space(attribute), H5Sclose);
    T value{};
    if (H5Sget_simple_extent_npoints(space) != 1 || H5Aread(attribute, native(hdf5_type_of<T>()), &value) < 0) return std::nullopt;
    return value;
}

}  // namespace

std::optional<double> Hdf5File::number_attribute(const std::string& object, const std::string& name) {
    const Session session;
    return numeric_attribute<double>(id_, object, name);
}

std::optional<std::int64_t> Hdf5File::integer_attribute(const std::string& object, const std::string& name) {
    const Session session;
    return numeric_attribute<std::int64_t>(id_, object, name);
}

std::vector<std::string> Hdf5File::attributes(const std::string& object) {
    const Session session;
    std::vector<std::string> names;
    const Handle handle = opened_object(id_, object);
    if (handle < 0) failed("open", object);
    const auto collect = [](hid_t, const char* name, const H5A_info_t*, void* data) -> herr_t {
        static_cast<std::vector<std::string>*>(data)->emplace_back(name);
        return 0;
    };
    if (H5Aiterate2(handle, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names) < 0) failed("list attributes of", object);
    return names;
}

void Hdf5File::make_scale(const std::string& name, const std::string& label) {
    const Session session;
    announce_write(name);
    if (H5DSset_scale(dataset(name), label.c_str()) < 0) failed("make a dimension scale of", name);
}

void Hdf5File::attach_scale(const std::string& name, unsigned axis, const std::string& scale) {
    const Session session;
    announce_write(name);
    if (H5DSattach_scale(dataset(name), dataset(scale), axis) < 0) failed("attach scale '" + scale + "' to", name);
}

}  // namespace citytwin
