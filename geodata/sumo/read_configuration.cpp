// .sumocfg: which files, from when to when.
#include <filesystem>

#include "core/base/text.hpp"
#include "geodata/sumo/sumo.hpp"
#include "geodata/sumo/sumo_words.hpp"
#include "geodata/xml/xml_reader.hpp"

namespace citytwin::geodata {

namespace {

class ConfigurationHandler : public XmlHandler {
public:
    explicit ConfigurationHandler(SumoConfiguration& configuration) : configuration_(configuration) {
        folder_ = std::filesystem::path(configuration.path).parent_path();
    }

    void begin(const XmlElement& element) override {
        if (depth_++ == 0) {
            const std::string_view name = element.name();
            if (name != "configuration" && name != "sumoConfiguration")
                fail("CT-SUMO-001", element.place(), "the root element is <" + std::string(name) + ">, expected <configuration> or <sumoConfiguration>", "name a .sumocfg");
            return;
        }
        if (element.find("value")) option(element);
    }
    void end(std::string_view) override { --depth_; }

private:
    void option(const XmlElement& element) {
        const std::string_view name = element.name(), value = trimmed(*element.find("value"));
        if (name == "net-file" || name == "n" || name == "net") configuration_.net_file = value.empty() ? "" : resolved(value);
        else if (name == "route-files" || name == "r") list(value, configuration_.route_files);
        else if (name == "additional-files" || name == "a" || name == "additional") list(value, configuration_.additional_files);
        else if (name == "begin" || name == "b") configuration_.begin_s = time(element);
        else if (name == "end" || name == "e") configuration_.end_s = time(element);
        else if (name == "time-to-teleport") configuration_.time_to_teleport_s = time(element);
        else if (name == "ignore-route-errors") configuration_.ignore_route_errors = element.flag("value", false);
        else configuration_.ignored_options.emplace_back(name);
    }
    [[nodiscard]] std::string resolved(std::string_view file) const {
        const std::filesystem::path path{std::string(file)};
        return path.is_absolute() ? path.string() : (folder_ / path).string();
    }
    void list(std::string_view value, std::vector<std::string>& files) const {
        for (std::string_view file : sumo_words(value)) files.push_back(resolved(file));
    }
    static double time(const XmlElement& element) {
        const auto seconds = sumo_time(*element.find("value"));
        if (!seconds)
            fail("CT-XML-007", element.place(), element.label() + " value=\"" + std::string(*element.find("value")) + "\" is not a time", "write seconds or hours:minutes:seconds");
        return *seconds;
    }

    SumoConfiguration& configuration_;
    std::filesystem::path folder_;
    std::size_t depth_ = 0;
};

}  // namespace

SumoConfiguration read_sumo_configuration(const std::string& path, DiagnosticList& diagnostics) {
    SumoConfiguration configuration;
    configuration.path = path;
    ConfigurationHandler handler(configuration);
    parse_xml_file(path, handler);
    if (configuration.net_file.empty()) fail("CT-SUMO-020", {path}, "the configuration names no net-file", "add <input><net-file value=\"X.net.xml\"/></input>");
    if (configuration.end_s >= 0 && configuration.end_s <= configuration.begin_s)
        fail("CT-SUMO-021", {path}, "end " + std::to_string(configuration.end_s) + " s is not after begin " + std::to_string(configuration.begin_s) + " s", "set begin and end in <time>");
    if (configuration.route_files.empty()) diagnostics.warning("CT-SUMO-022", {path}, "the configuration names no route-files", "without demand nothing drives");
    if (!configuration.ignored_options.empty()) {
        std::string names;
        for (const auto& name : configuration.ignored_options) names += (names.empty() ? "" : ", ") + name;
        diagnostics.warning("CT-SUMO-023", {path}, "options without a meaning here: " + names);
    }
    return configuration;
}

}  // namespace citytwin::geodata
