#include "core/scenario/change_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/base/text.hpp"
#include "core/base/units.hpp"
#include "core/scenario/scenario_keys.hpp"

namespace citytwin {
namespace {

/// Calls the function and puts what it throws into the list.
template <class Function>
void collect(DiagnosticList& errors, Function&& function) {
    std::vector<Diagnostic> found;
    try {
        function();
        return;
    } catch (const InputError& error) {
        found = error.diagnostics();
    }
    for (auto& diagnostic : found) errors.add(std::move(diagnostic));
}

/// "+1", "-5 km/h", "*1.1", "/2" are relative; everything else is absolute.
AttributeSetting read_setting(const Table::Entry& entry) {
    AttributeSetting setting;
    setting.attribute = entry.key;
    setting.place = entry.value.place;
    const Value& value = entry.value;
    if (const auto* boolean = std::get_if<bool>(&value.data)) {
        setting.value = *boolean;
    } else if (value.text() == nullptr) {
        setting.value = number_of(value, entry.key);
    } else {
        std::string text(trimmed(*value.text()));
        const char sign = text.empty() ? ' ' : text.front();
        const bool relative = text.size() > 1 && std::string_view("+-*/").find(sign) != std::string_view::npos &&
                              (std::isdigit(static_cast<unsigned char>(text[1])) || text[1] == '.' || text[1] == ' ');
        if (!relative) {
            setting.value = *value.text();
        } else {
            setting.operation = sign == '+' || sign == '-' ? ChangeOperation::add : ChangeOperation::multiply;
            std::string rest(trimmed(std::string_view(text).substr(1)));
            if (sign == '-') rest = "-" + rest;
            if (sign == '/') {
                const auto divisor = parse_number(rest);
                if (!divisor || *divisor == 0) fail("CT-SCENARIO-036", value.place, fmt::format("'{}' divides by '{}'", entry.key, rest), "write it like \"/2\"");
                rest = toml_number(1 / *divisor);
            }
            setting.value = rest;
        }
    }
    return setting;
}

class ChangeReader {
public:
    ChangeReader(const Value& value, const std::string& zone, DiagnosticList& errors)
        : value_(value), zone_(zone), errors_(errors), reader_(*value.table(), value.place, "[[change]]", keys::change, errors) {}

    ChangeDescription read(const std::vector<ChangeDescription>& before) {
        change_.place = value_.place;
        change_.name = reader_.text("name").value_or("");
        for (const auto& other : before) {
            if (other.name != change_.name || change_.name.empty()) continue;
            reader_.error("CT-SCENARIO-030", "name", fmt::format("the change '{}' is named twice, first at {}:{}", change_.name, other.place.file, other.place.line),
                          "names must differ, also from those of the base");
        }
        read_times();
        read_selections();
        read_settings();
        const double sample = reader_.number("sample").value_or(1);
        if (sample <= 0 || sample > 1) {
            reader_.error("CT-SCENARIO-015", "sample", fmt::format("'sample' is {}, expected a share above 0 and up to 1", sample));
        } else {
            change_.sample = sample;
        }
        return std::move(change_);
    }

private:
    void read_times() {
        change_.at = reader_.time("at", zone_);
        change_.until = reader_.time("until", zone_);
        if (const auto when = reader_.text("when")) collect(errors_, [&] { change_.when = parse_condition(*when, reader_.place_of("when")); });
        change_.hold = reader_.duration("hold").value_or(0);
        if (reader_.has("at") && reader_.has("when")) {
            reader_.error("CT-SCENARIO-031", "when", fmt::format("the change '{}' has both 'at' and 'when'", change_.name), "keep one of them");
        }
        if (reader_.has("hold") && !reader_.has("when")) {
            reader_.error("CT-SCENARIO-031", "hold", fmt::format("the change '{}' has 'hold' without 'when'", change_.name));
        }
        if (change_.at && change_.until && *change_.until <= *change_.at) {
            reader_.error("CT-SCENARIO-031", "until", fmt::format("the change '{}' ends at {}, not after its begin {}", change_.name, format_utc(*change_.until), format_utc(*change_.at)));
        }
    }

    void read_settings() {
        if (const Table* table = reader_.table("set")) {
            for (const auto& entry : table->entries()) collect(errors_, [&] { change_.set.push_back(read_setting(entry)); });
        }
        change_.remove = reader_.boolean("remove").value_or(false);
        read_addition();
        if (change_.remove) {
            AttributeSetting inactive{"active", ChangeOperation::set, false, reader_.place_of("remove")};
            change_.set.push_back(std::move(inactive));
        }
        if (change_.set.empty() && !change_.add && !errors_.has_errors()) {
            reader_.error("CT-SCENARIO-032", "name", fmt::format("the change '{}' changes nothing", change_.name), "add set = { attribute = value }, add = { set = …, file = … } or remove = true");
        }
    }

    void read_addition() {
        const Table* table = reader_.table("add");
        if (table == nullptr) return;
        for (const char* key : {"where", "within", "ids", "sample", "remove"}) {
            if (reader_.has(key)) reader_.error("CT-SCENARIO-024", key, fmt::format("the change '{}' adds entities and has '{}' too: it is about those of the file, all of them", change_.name, key), "make a second change of what is there already");
        }
        TableReader reader(*table, reader_.place_of("add"), "add", keys::addition, errors_);
        Addition addition;
        addition.set = reader.text("set").value_or("");
        addition.file = reader.path("file").value_or("");
        addition.layer = reader.text("layer").value_or("");
        addition.connect = reader.text("connect").value_or("");
        addition.like = reader.text("like").value_or("");
        addition.place = reader_.place_of("add");
        change_.where.front().set = addition.set;
        change_.add = std::move(addition);
    }

    // where = { road_link = "SQL" | ["id", …], set = "road_link", ids = […], within = "file" }; ids and within also beside `where`
    void read_selections() {
        std::vector<std::string> ids = reader_.texts("ids");
        std::string within = reader_.path("within").value_or("");
        std::string set;
        const Table* where = reader_.table("where");
        if (where != nullptr) {
            for (const auto& entry : where->entries()) {
                collect(errors_, [&] {
                    if (entry.key == "ids") ids = texts_of(entry.value, "where.ids");
                    else if (entry.key == "within") within = path_in(entry.value, "where.within");
                    else if (entry.key == "set") set = text_of(entry.value, "where.set");
                    else change_.where.push_back(selection(entry));
                });
            }
        }
        if (change_.where.empty()) {
            Selection all;
            all.place = where != nullptr ? reader_.place_of("where") : value_.place;
            change_.where.push_back(std::move(all));
        }
        if (!set.empty() && (change_.where.size() > 1 || !change_.where.front().set.empty())) {
            reader_.error("CT-SCENARIO-037", "where", fmt::format("the change '{}' names its set twice in 'where'", change_.name), "keep set = … or the set's own key");
        } else if (!set.empty()) {
            change_.where.front().set = set;
        }
        if (!ids.empty() && change_.where.size() > 1) {
            reader_.error("CT-SCENARIO-037", "where", fmt::format("the change '{}' has ids, but selects from several sets", change_.name), "make a change of each set");
        }
        for (auto& selection : change_.where) {
            selection.ids.insert(selection.ids.end(), ids.begin(), ids.end());
            selection.within = within;
        }
    }

    static Selection selection(const Table::Entry& entry) {
        Selection selection;
        selection.set = entry.key;
        selection.place = entry.value.place;
        if (entry.value.list() != nullptr) {
            selection.ids = texts_of(entry.value, "where." + entry.key);
            if (selection.ids.empty()) fail("CT-SCENARIO-037", entry.value.place, fmt::format("the list of ids of '{}' is empty", entry.key));
            return selection;
        }
        selection.expression = std::string(trimmed(text_of(entry.value, "where." + entry.key)));
        if (!selection.expression.empty()) (void)Predicate::parse(selection.expression, entry.value.place);
        return selection;
    }

    const Value& value_;
    const std::string& zone_;
    DiagnosticList& errors_;
    TableReader reader_;
    ChangeDescription change_;
};

}  // namespace

ChangeDescription read_change(const Value& value, const std::string& zone, const std::vector<ChangeDescription>& before, DiagnosticList& errors) {
    return ChangeReader(value, zone, errors).read(before);
}

double AttributeSetting::number_in(std::string_view unit) const {
    const std::string_view needed = operation == ChangeOperation::multiply ? "1" : unit;
    Value stands;
    stands.place = place;
    std::visit([&](const auto& v) { stands.data = v; }, value);
    if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? 1 : 0;
    try {
        const double number = quantity_of(stands, attribute, needed);
        if (operation != ChangeOperation::add || stands.text() == nullptr) return number;
        // a difference of temperatures has no offset: "+2 degC" is 2 K
        const auto& text = *stands.text();
        const auto unit_at = text.find_first_not_of("0123456789.+-eE ");
        return unit_at == std::string::npos ? number : number - parse_quantity("0 " + text.substr(unit_at), needed);
    } catch (const InputError& error) {
        const auto& first = error.diagnostics().front();
        fail("CT-SCENARIO-036", place, first.message, first.hint);
    }
}

}  // namespace citytwin
