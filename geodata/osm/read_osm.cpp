// The only file that knows libosmium. Blobs are decoded by libosmium's threads and taken over here in file order.
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <osmium/io/any_input.hpp>
#include <osmium/io/detail/xml_input_format.hpp>
#include <osmium/osm.hpp>
#include <osmium/thread/pool.hpp>

#include "core/base/diagnostic.hpp"
#include "geodata/osm/osm_data.hpp"

namespace citytwin::geodata::osm {
namespace {

/// For a file with objects out of order or more than once: by kind of object, whether the n-th one in the file is the current one.
struct Currency {
    std::vector<char> nodes, ways, relations;
};

class Collector {
public:
    Collector(OsmData& data, const Currency* currency) : data_(data), currency_(currency) {}

    /// False as soon as an object is out of order or comes twice and nothing says which ones are current.
    bool take(const osmium::memory::Buffer& buffer) {
        for (const auto& object : buffer.select<osmium::OSMObject>()) {
            if (object.type() == osmium::item_type::node) take_node(static_cast<const osmium::Node&>(object));
            if (object.type() == osmium::item_type::way) take_way(static_cast<const osmium::Way&>(object));
            if (object.type() == osmium::item_type::relation) take_relation(static_cast<const osmium::Relation&>(object));
            if (!is_sorted_ && currency_ == nullptr) return false;
        }
        return true;
    }

private:
    struct Progress {
        ObjectId last_id = 0;
        std::size_t seen = 0;
    };

    /// False if the object is deleted or a later version of it stands in the file.
    bool enter(const osmium::OSMObject& object, Progress& progress, const std::vector<char>* is_current) {
        if (progress.seen != 0 && object.id() <= progress.last_id) is_sorted_ = false;
        progress.last_id = object.id();
        const std::size_t sequence = progress.seen++;
        if (is_current != nullptr) return (*is_current)[sequence] != 0;
        if (!object.visible()) ++data_.deleted_objects;
        return object.visible();
    }

    void take_node(const osmium::Node& node) {
        if (!enter(node, nodes_, currency_ ? &currency_->nodes : nullptr)) return;
        const auto place = node.location();
        const bool has_place = place.valid();
        data_.nodes.id.push_back(node.id());
        data_.nodes.x.push_back(has_place ? place.x() : NodeTable::no_place);
        data_.nodes.y.push_back(has_place ? place.y() : NodeTable::no_place);
        if (!node.tags().empty()) take_node_tags(node);
    }

    void take_node_tags(const osmium::Node& node) {
        const char* highway = node.tags()["highway"];
        if (highway == nullptr) return;
        static constexpr const char* kinds[] = {"traffic_signals", "stop", "give_way", "crossing"};
        for (std::size_t k = 0; k < std::size(kinds); ++k) {
            if (std::strcmp(highway, kinds[k]) != 0) continue;
            const char* direction = node.tags()[k == 0 ? "traffic_signals:direction" : "direction"];
            data_.tagged_nodes.push_back({node.id(), static_cast<NodeKind>(k), signal_direction(direction)});
        }
    }

    static SignalDirection signal_direction(const char* text) {
        if (text == nullptr) return SignalDirection::unknown;
        const std::string_view value = text;
        if (value == "forward") return SignalDirection::forward;
        if (value == "backward") return SignalDirection::backward;
        return value == "both" ? SignalDirection::both : SignalDirection::unknown;
    }

    void take_way(const osmium::Way& way) {
        if (!enter(way, ways_, currency_ ? &currency_->ways : nullptr)) return;
        const auto& tags = way.tags();
        if (tags.empty()) return;
        const char* highway = tags["highway"];
        if (tags.has_key("building")) add_way(data_.buildings, way, RoadClass::other, 0);
        if (highway == nullptr || way.nodes().size() < 2) return;
        const auto road_class = drivable_class(highway);
        if (!road_class) return;
        if (const char* area = tags["area"]; area != nullptr && std::strcmp(area, "yes") == 0) return;
        add_way(data_.roads, way, *road_class, driving_direction(highway, tags["oneway"], tags["junction"]));
    }

    void add_way(WayTable& table, const osmium::Way& way, RoadClass road_class, int direction) {
        table.id.push_back(way.id());
        table.road_class.push_back(road_class);
        table.direction.push_back(static_cast<std::int8_t>(direction));
        for (const auto& ref : way.nodes()) table.refs.push_back(ref.ref());
        table.ref_offset.push_back(table.refs.size());
        for (const auto& tag : way.tags()) {
            const auto key = tag_key_of(tag.key());
            if (!key) continue;
            table.tag_key.push_back(*key);
            table.tag_value.push_back(data_.texts.intern(tag.value()));
        }
        table.tag_offset.push_back(table.tag_key.size());
    }

    void take_relation(const osmium::Relation& relation) {
        if (!enter(relation, relations_, currency_ ? &currency_->relations : nullptr)) return;
        if (relation.tags().has_key("building")) ++data_.building_relations;
        const char* type = relation.tags()["type"];
        if (type == nullptr || std::strcmp(type, "restriction") != 0) return;
        ++data_.turn_restrictions;
        take_restriction(relation);
    }

    void take_restriction(const osmium::Relation& relation) {
        const char* kind = relation.tags()["restriction"];
        if (kind == nullptr) kind = relation.tags()["restriction:motorcar"];
        if (kind == nullptr) {
            ++(relation.tags()["restriction:conditional"] != nullptr ? data_.restrictions_conditional : data_.restrictions_not_for_cars);
            return;
        }
        if (const char* except = relation.tags()["except"]; except != nullptr && std::strstr(except, "motorcar") != nullptr) {
            ++data_.restrictions_not_for_cars;
            return;
        }
        std::vector<ObjectId> from, via, to;
        bool is_over_way = false;
        for (const auto& member : relation.members()) {
            const bool is_way = member.type() == osmium::item_type::way, is_via = std::strcmp(member.role(), "via") == 0;
            if (is_via && is_way) is_over_way = true;
            if (is_via && member.type() == osmium::item_type::node) via.push_back(member.ref());
            if (is_way && std::strcmp(member.role(), "from") == 0) from.push_back(member.ref());
            if (is_way && std::strcmp(member.role(), "to") == 0) to.push_back(member.ref());
        }
        const bool only = std::strncmp(kind, "only_", 5) == 0, no = std::strncmp(kind, "no_", 3) == 0;
        if (is_over_way) {
            ++data_.restrictions_over_ways;
        } else if (via.size() != 1 || from.empty() || to.empty() || (!only && !no)) {
            ++data_.restrictions_incomplete;
        } else {
            for (ObjectId f : from) {
                for (ObjectId t : to) {
                    data_.restrictions.push_back({relation.id(), f, via[0], t, only});
                }
            }
        }
    }

    OsmData& data_;
    const Currency* currency_;
    bool is_sorted_ = true;
    Progress nodes_, ways_, relations_;
};

struct Occurrence {
    ObjectId id;
    std::uint32_t version;
    std::uint32_t sequence;  ///< order in the file
    bool is_deleted;
};

/// By object: true where the occurrence is the highest version (the last one if equal) and not deleted.
std::vector<char> current_occurrences(std::vector<Occurrence> seen, std::uint64_t& duplicates, std::uint64_t& deleted) {
    std::vector<char> is_current(seen.size(), 0);
    std::sort(seen.begin(), seen.end(), [](const Occurrence& a, const Occurrence& b) {
        return std::tie(a.id, a.version, a.sequence) < std::tie(b.id, b.version, b.sequence);
    });
    for (std::size_t i = 0; i < seen.size(); ++i) {
        if (i + 1 < seen.size() && seen[i + 1].id == seen[i].id) {
            ++duplicates;
        } else if (seen[i].is_deleted) {
            ++deleted;
        } else {
            is_current[seen[i].sequence] = 1;
        }
    }
    return is_current;
}

template <class Take>
void for_each_buffer(const std::string& path, int threads, osmium::io::read_meta meta, Take&& take) {
    osmium::thread::Pool pool(std::clamp(threads, 1, 16));
    osmium::io::Reader reader(osmium::io::File(path), pool, meta);
    while (const auto buffer = reader.read()) {
        if (!take(buffer)) break;
    }
    reader.close();
}

Currency find_current(const std::string& path, int threads, OsmData& data) {
    std::vector<Occurrence> nodes, ways, relations;
    for_each_buffer(path, threads, osmium::io::read_meta::yes, [&](const osmium::memory::Buffer& buffer) {
        for (const auto& object : buffer.select<osmium::OSMObject>()) {
            auto& seen = object.type() == osmium::item_type::node ? nodes : object.type() == osmium::item_type::way ? ways : relations;
            seen.push_back({object.id(), object.version(), static_cast<std::uint32_t>(seen.size()), !object.visible()});
        }
        return true;
    });
    return {current_occurrences(std::move(nodes), data.duplicate_nodes, data.deleted_objects),
            current_occurrences(std::move(ways), data.duplicate_ways, data.deleted_objects),
            current_occurrences(std::move(relations), data.duplicate_relations, data.deleted_objects)};
}

void sort_nodes(OsmData& data) {
    auto& nodes = data.nodes;
    std::vector<Index> order(nodes.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::sort(order.begin(), order.end(), [&](Index a, Index b) { return nodes.id[a] < nodes.id[b]; });
    NodeTable sorted;
    for (Index row : order) {
        sorted.id.push_back(nodes.id[row]);
        sorted.x.push_back(nodes.x[row]);
        sorted.y.push_back(nodes.y[row]);
    }
    nodes = std::move(sorted);
    std::sort(data.tagged_nodes.begin(), data.tagged_nodes.end(), [](const TaggedNode& a, const TaggedNode& b) { return a.id < b.id; });
}

/// The usual file is sorted and read once; another one is read for its versions first.
OsmData read_all(const std::string& path, int threads) {
    OsmData data;
    bool is_sorted = true;
    Collector collector(data, nullptr);
    for_each_buffer(path, threads, osmium::io::read_meta::no,
                    [&](const osmium::memory::Buffer& buffer) { return is_sorted = collector.take(buffer); });
    if (!is_sorted) {
        data = OsmData();
        data.was_unsorted = true;
        const Currency currency = find_current(path, threads, data);
        Collector second(data, &currency);
        for_each_buffer(path, threads, osmium::io::read_meta::no, [&](const osmium::memory::Buffer& buffer) { return second.take(buffer); });
        sort_nodes(data);
    }
    for (const auto& node : data.tagged_nodes) data.traffic_signal_nodes += node.kind == NodeKind::traffic_signals;
    data.nodes_without_place = static_cast<std::uint64_t>(std::count(data.nodes.x.begin(), data.nodes.x.end(), NodeTable::no_place));
    return data;
}

void check_path(const std::string& path) {
    if (!std::filesystem::exists(path)) {
        fail("CT-OSM-001", {path}, "the file does not exist", "check the path; relative paths start at the file that names them");
    }
    if (std::filesystem::is_directory(path)) fail("CT-OSM-001", {path}, "this is a folder, an OpenStreetMap file was expected");
    for (const char* ending : {".pbf", ".osm", ".osm.gz", ".osm.bz2", ".osm.xml"}) {
        if (path.ends_with(ending)) return;
    }
    fail("CT-OSM-002", {path}, "the name does not end in .osm.pbf, .osm, .osm.gz or .osm.bz2",
         "rename the file, or convert it with osmium cat");
}

}  // namespace

OsmData read_osm_file(const std::string& path, int threads) {
    check_path(path);
    try {
        return read_all(path, threads);
    } catch (const osmium::xml_error& error) {
        fail("CT-OSM-003", {path, static_cast<std::size_t>(error.line), static_cast<std::size_t>(error.column)},
             std::string("broken XML: ") + error.error_string, "fetch the extract again; a cut-off download is the usual cause");
    } catch (const InputError&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        fail("CT-OSM-004", {path}, std::string("the file can't be read: ") + error.what(),
             "fetch the extract again; a cut-off download is the usual cause. `osmium fileinfo -e FILE` checks it");
    }
}

}  // namespace citytwin::geodata::osm
