#include "core/scenario/document.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "core/scenario/table_reader.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;

namespace {

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

Diagnostic refusal(const std::function<void()>& action) {
    try {
        action();
    } catch (const InputError& error) {
        return error.diagnostics().front();
    }
    return {};
}

}  // namespace

TEST_CASE("every value of a document remembers its file, line and column", "[scenario]") {
    const Value root = read_toml_text("a = 1\n[b]\nc = [2, \"x\"]\n", "f.toml");
    const Value& c = *root.table()->find("b")->table()->find("c");
    CHECK(c.place.file == "f.toml");
    CHECK(c.place.line == 3);
    CHECK((*c.list())[1].place.column == 9);
}

TEST_CASE("a base lies below: tables merge, lists of tables append, the rest is replaced", "[scenario]") {
    const auto folder = testing::scratch_folder("scenario_base");
    std::filesystem::create_directories(folder + "/sub");
    write(folder + "/sub/base.toml", "fields = [\"a\", \"b\"]\nfile = \"x.csv\"\n[t]\nk = 1\nl = 2\n[[change]]\nname = \"one\"\n");
    write(folder + "/top.toml", "base = \"sub/base.toml\"\nfields = [\"c\"]\n[t]\nl = 3\n[[change]]\nname = \"two\"\n");
    const Document document = load_document(folder + "/top.toml");
    const Table& root = *document.root.table();
    CHECK(root.find("base") == nullptr);
    CHECK(root.find("fields")->list()->size() == 1);
    CHECK(integer_of(*root.find("t")->table()->find("k"), "k") == 1);
    CHECK(integer_of(*root.find("t")->table()->find("l"), "l") == 3);
    CHECK(root.find("change")->list()->size() == 2);
    CHECK(root.find("file")->place.file == folder + "/sub/base.toml");
    CHECK(path_in(*root.find("file"), "file") == folder + "/sub/x.csv");
    CHECK(document.files.size() == 2);
    CHECK(document.own == std::vector<std::string>{"fields", "t.l", "change[two]"});
}

TEST_CASE("bases that form a circle are refused where the circle closes", "[scenario]") {
    const auto folder = testing::scratch_folder("scenario_circle");
    write(folder + "/a.toml", "base = \"b.toml\"\n");
    write(folder + "/b.toml", "\nbase = \"./a.toml\"\n");
    const auto error = refusal([&] { load_document(folder + "/a.toml"); });
    CHECK(error.code == "CT-SCENARIO-004");
    CHECK(error.place.file == folder + "/b.toml");
    CHECK(error.place.line == 2);
}

TEST_CASE("an override is read as TOML where it is TOML and as a text else", "[scenario]") {
    Value root = read_toml_text("[modules.traffic]\nperiod = \"1 s\"\n[[change]]\nname = \"x\"\n", "f.toml");
    apply_override(root, "modules.traffic.period=2 s");
    apply_override(root, "modules.traffic.seed = 7");
    apply_override(root, "change.0.at=2025-06-03T07:00:00");
    apply_override(root, "new.table.list=[1, 2]");
    const Table& traffic = *root.table()->find("modules")->table()->find("traffic")->table();
    CHECK(text_of(*traffic.find("period"), "period") == "2 s");
    CHECK(integer_of(*traffic.find("seed"), "seed") == 7);
    CHECK(text_of(*traffic.find("seed"), "seed") == "7");
    const Value& change = root.table()->find("change")->list()->front();
    CHECK(std::holds_alternative<ParsedTime>(change.table()->find("at")->data));
    CHECK(root.table()->find("new")->table()->find("table")->table()->find("list")->list()->size() == 2);
    CHECK(refusal([&] { apply_override(root, "change.1.at=1"); }).code == "CT-SCENARIO-005");
    CHECK(refusal([&] { apply_override(root, "no value"); }).code == "CT-SCENARIO-005");
    CHECK(refusal([&] { apply_override(root, "a..b=1"); }).code == "CT-SCENARIO-005");
}

TEST_CASE("a table written as TOML reads back the same, keys in one order", "[scenario]") {
    const std::string text = "b = 1.5\na = \"x\\\"y\\n\"\n[z]\nt = 2025-06-03T07:00:00+02:00\n[[l]]\nk = [1, 2]\n[[l]]\nk = { q = true }\n";
    const Value first = read_toml_text(text, "f");
    const std::string written = to_toml(*first.table());
    CHECK(to_toml(*read_toml_text(written, "g").table()) == written);
    CHECK(written.find("a = ") < written.find("b = "));
    CHECK(written.find("t = 2025-06-03T07:00:00+02:00") != std::string::npos);
    CHECK(to_toml(*read_toml_text("[z]\nt = 2025-06-03T07:00:00+02:00\n", "h").table()) == "\n[z]\nt = 2025-06-03T07:00:00+02:00\n");
}

TEST_CASE("a document over a cap is refused before it can exhaust anything", "[scenario]") {
    DocumentLimits limits;
    limits.values = 10;
    CHECK(refusal([&] { read_toml_text("a = [1,2,3,4,5,6,7,8,9,10]", "f", limits); }).code == "CT-SCENARIO-003");
    std::string deep = "a = ";
    for (int i = 0; i < 100; ++i) deep += "[";
    for (int i = 0; i < 100; ++i) deep += "]";
    CHECK(refusal([&] { read_toml_text(deep, "f"); }).code == "CT-SCENARIO-003");
    std::string dotted = "[a";
    for (int i = 0; i < 500'000; ++i) dotted += ".a";
    CHECK(refusal([&] { read_toml_text(dotted + "]\n", "f"); }).code == "CT-SCENARIO-002");
    const auto broken = refusal([&] { read_toml_text("a = 1\n\n[ = 2\nb = 3\n", "f"); });
    CHECK(broken.code == "CT-SCENARIO-002");
    CHECK(broken.place.line == 3);
    CHECK(refusal([&] { read_toml_text("t = 2025-06-03T07:00:00.0000001", "f"); }).code == "CT-SCENARIO-014");
}

TEST_CASE("a bare number where a unit is needed says how to write it", "[scenario]") {
    const Value root = read_toml_text("period = 15\nshare = 0.5\n", "f");
    const auto error = refusal([&] { quantity_of(*root.table()->find("period"), "period", "s"); });
    CHECK(error.code == "CT-SCENARIO-013");
    CHECK(error.hint == "write period = \"15 s\"");
    CHECK(error.place.line == 1);
    CHECK(quantity_of(*root.table()->find("share"), "share", "1") == 0.5);
}
