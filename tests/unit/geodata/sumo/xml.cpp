// The XML layer: places, encodings, gzip, limits.
#include <zlib.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "geodata/xml/xml_reader.hpp"
#include "geodata/xml/xml_writer.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace citytwin;
using namespace citytwin::geodata;

struct Collector : XmlHandler {
    void begin(const XmlElement& element) override {
        names.emplace_back(element.name());
        lines.push_back(element.line());
        ids.emplace_back(element.text("id"));
    }
    std::vector<std::string> names, ids;
    std::vector<std::size_t> lines;
};

std::string code_of(std::string_view text, const XmlLimits& limits = {}) {
    Collector collector;
    try {
        parse_xml_text(text, "test.xml", collector, limits);
    } catch (const InputError& error) {
        return error.diagnostics().front().code;
    }
    return "none";
}

TEST_CASE("an element knows its line") {
    Collector collector;
    parse_xml_text("<a>\r\n<b id='1'/>\n\n<b id='2'/></a>", "test.xml", collector);
    CHECK(collector.lines == std::vector<std::size_t>{1, 2, 4});
}

TEST_CASE("a byte order mark, CRLF and Latin-1 names are read") {
    Collector collector;
    parse_xml_text("\xEF\xBB\xBF<?xml version=\"1.0\"?>\r\n<a id=\"K\xF6ln\"/>", "test.xml", collector);
    CHECK(collector.ids.front() == "K\xC3\xB6ln");
    Collector declared;
    parse_xml_text("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a id=\"K\xF6ln\"/>", "test.xml", declared);
    CHECK(declared.ids.front() == "K\xC3\xB6ln");
    Collector windows;
    parse_xml_text("<?xml version=\"1.0\" encoding=\"windows-1252\"?><a id=\"\x80\"/>", "test.xml", windows);
    CHECK(windows.ids.front() == "\xE2\x82\xAC");
}

TEST_CASE("broken, deep, long and entity-laden XML is refused with its code") {
    CHECK(code_of("<a><b></a>") == "CT-XML-002");
    CHECK(code_of("<a><b>") == "CT-XML-002");
    CHECK(code_of("") == "CT-XML-002");
    CHECK(code_of("<a><a><a/></a></a>", {.depth = 2}) == "CT-XML-003");
    CHECK(code_of(std::string(100, ' ') + "<a/>", {.bytes = 50}) == "CT-XML-004");
    CHECK(code_of("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>") == "CT-XML-005");
    std::string long_tag = "<a b=\"" + std::string(3'000'000, 'x');
    CHECK(code_of(long_tag, {.token_bytes = 1'000'000}) == "CT-XML-004");
}

TEST_CASE("what a handler throws reaches the caller") {
    struct Thrower : XmlHandler {
        void begin(const XmlElement& element) override { (void)element.required_number("x"); }
    } thrower;
    CHECK_THROWS_WITH(parse_xml_text("<a>\n", "f.xml", thrower), Catch::Contains("f.xml:1:1") && Catch::Contains("has no 'x'"));
    CHECK_THROWS_WITH(parse_xml_text("<a x='NaN'/>", "f.xml", thrower), Catch::Contains("finite number"));
}

TEST_CASE("gzip is read like plain text, a cut gzip file is an error") {
    const std::string folder = citytwin::testing::scratch_folder("xml_gzip"), path = folder + "/a.xml.gz";
    std::string text = "<a>";
    for (int i = 0; i < 20000; ++i) text += "<b id=\"" + std::to_string(i * 7919 % 10007) + "\"/>";
    text += "</a>";
    gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    Collector collector;
    parse_xml_file(path, collector);
    CHECK(collector.names.size() == 20001);
    std::ifstream in(path, std::ios::binary);
    std::string packed((std::istreambuf_iterator<char>(in)), {});
    std::ofstream(path, std::ios::binary) << packed.substr(0, packed.size() / 2);
    CHECK_THROWS_WITH(parse_xml_file(path, collector), Catch::Contains("CT-XML-001") && Catch::Contains("cut"));
    CHECK_THROWS_WITH(parse_xml_file(folder + "/none.xml", collector), Catch::Contains("CT-XML-001"));
    CHECK_THROWS_WITH(parse_xml_file(folder, collector), Catch::Contains("CT-XML-001"));
}

TEST_CASE("a written file appears whole, with numbers that read back the same") {
    const std::string folder = citytwin::testing::scratch_folder("xml_write"), path = folder + "/a.xml";
    {
        XmlWriter out(path);
        out.open("a").attribute("id", "x<\"&y").attribute("n", 0.1 + 0.2);
        out.open("b").attribute("n", std::int64_t{-5}).close();
        CHECK_FALSE(std::ifstream(path).good());
        out.close();
        out.finish();
    }
    struct Reader : XmlHandler {
        void begin(const XmlElement& element) override {
            if (element.name() == "a") number = element.required_number("n"), id = element.text("id");
        }
        double number = 0;
        std::string id;
    } reader;
    parse_xml_file(path, reader);
    CHECK(reader.number == 0.1 + 0.2);
    CHECK(reader.id == "x<\"&y");
    CHECK_THROWS_WITH(XmlWriter(folder + "/none/a.xml"), Catch::Contains("CT-XML-010"));
}

}  // namespace
