#include "geodata/xml/xml_reader.hpp"

#include <expat.h>
#include <zlib.h>

#include <exception>
#include <functional>
#include <memory>
#include <vector>

#include "geodata/xml/utf8_filter.hpp"

namespace citytwin::geodata {

namespace {

constexpr std::size_t chunk_bytes = 256 * 1024;

/// Code points of Windows-1252's bytes 0x80-0x9F; the rest equals Latin-1. -1 = not a character there.
constexpr int windows_1252_high[32] = {0x20AC, -1,     0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                       0x2039, 0x0152, -1,     0x017D, -1,     -1,     0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                       0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, -1,     0x017E, 0x0178};

int XMLCALL describe_encoding(void*, const XML_Char* name, XML_Encoding* info) {
    const std::string_view word(name);
    const bool windows = word == "windows-1252" || word == "Windows-1252" || word == "cp1252" || word == "WINDOWS-1252";
    const bool latin = word == "latin1" || word == "latin-1" || word == "Latin-1" || word == "ISO-8859-15" || word == "iso-8859-15";
    if (!windows && !latin) return XML_STATUS_ERROR;
    for (int i = 0; i < 256; ++i) info->map[i] = i;
    if (windows)
        for (int i = 0; i < 32; ++i) info->map[0x80 + i] = windows_1252_high[i];
    info->data = nullptr;
    info->convert = nullptr;
    info->release = nullptr;
    return XML_STATUS_OK;
}

/// The first line names an encoding other than UTF-8, or the file starts as UTF-16: expat does the recoding, not the filter.
bool names_other_encoding(std::string_view head) {
    if (head.size() >= 2 && ((head[0] == '\xFF' && head[1] == '\xFE') || (head[0] == '\xFE' && head[1] == '\xFF'))) return true;
    if (head.size() >= 2 && (head[0] == '\0' || head[1] == '\0')) return true;
    const auto end = head.substr(0, 200).find("?>");
    if (end == std::string_view::npos) return false;
    const std::string_view declaration = head.substr(0, end);
    const auto at = declaration.find("encoding");
    if (at == std::string_view::npos) return false;
    const std::string_view rest = declaration.substr(at);
    return rest.find("UTF-8") == std::string_view::npos && rest.find("utf-8") == std::string_view::npos && rest.find("utf8") == std::string_view::npos &&
           rest.find("UTF8") == std::string_view::npos;
}

class Parser {
public:
    Parser(const std::string& file, XmlHandler& handler, const XmlLimits& limits)
        : file_(file), handler_(handler), limits_(limits), expat_(XML_ParserCreate(nullptr), XML_ParserFree) {
        if (!expat_) throw std::bad_alloc();
        XML_SetUserData(expat_.get(), this);
        XML_SetElementHandler(expat_.get(), on_begin, on_end);
        XML_SetCharacterDataHandler(expat_.get(), on_characters);
        XML_SetEntityDeclHandler(expat_.get(), on_entity);
        XML_SetParamEntityParsing(expat_.get(), XML_PARAM_ENTITY_PARSING_NEVER);
        XML_SetUnknownEncodingHandler(expat_.get(), describe_encoding, nullptr);
    }

    void feed(std::string_view chunk, bool last) {
        if (total_ == 0) filtered_ = !names_other_encoding(chunk);
        total_ += chunk.size();
        if (total_ > limits_.bytes) fail("CT-XML-004", place(), "the file is larger than " + std::to_string(limits_.bytes) + " bytes when unpacked", "split the file");
        const std::string_view text = filtered_ ? filter_.pass(chunk, last) : chunk;
        const auto status = XML_Parse(expat_.get(), text.data(), static_cast<int>(text.size()), last ? 1 : 0);
        if (thrown_) std::rethrow_exception(thrown_);
        if (status == XML_STATUS_ERROR) fail_not_well_formed();
        fed_ += text.size();
        const auto position = XML_GetCurrentByteIndex(expat_.get());
        if (!last && position >= 0 && fed_ - static_cast<std::uint64_t>(position) > limits_.token_bytes)
            fail("CT-XML-004", place(), "one tag is longer than " + std::to_string(limits_.token_bytes) + " bytes", "check that the file is XML");
    }

    [[nodiscard]] SourcePlace place() const {
        return {file_, static_cast<std::size_t>(XML_GetCurrentLineNumber(expat_.get())),
                static_cast<std::size_t>(XML_GetCurrentColumnNumber(expat_.get())) + 1};
    }

private:
    [[noreturn]] void fail_not_well_formed() const {
        const auto error = XML_GetErrorCode(expat_.get());
        const bool truncated = error == XML_ERROR_NO_ELEMENTS || error == XML_ERROR_UNCLOSED_TOKEN || error == XML_ERROR_PARTIAL_CHAR ||
                               error == XML_ERROR_UNCLOSED_CDATA_SECTION;
        std::string message = truncated ? "the XML ends before it is complete (" : "not well-formed XML (";
        message += XML_ErrorString(error);
        message += ")";
        if (!open_.empty()) message += ", inside <" + open_.back() + ">";
        fail("CT-XML-002", place(), message, truncated ? "the file is cut: write or copy it again" : "correct the line named here");
    }

    template <class Action>
    void guarded(Action&& action) {
        if (thrown_) return;
        try {
            action();
        } catch (...) {  // expat is C: nothing may fly through it
            thrown_ = std::current_exception();
            XML_StopParser(expat_.get(), XML_FALSE);
        }
    }
    static void XMLCALL on_begin(void* self_pointer, const XML_Char* name, const XML_Char** attributes) {
        auto& self = *static_cast<Parser*>(self_pointer);
        self.guarded([&] {
            const SourcePlace place = self.place();
            if (self.open_.size() >= self.limits_.depth)
                fail("CT-XML-003", place, "elements are nested deeper than " + std::to_string(self.limits_.depth), "flatten the file");
            self.open_.emplace_back(name);
            self.handler_.begin(XmlElement(name, attributes, self.file_, place.line, place.column));
        });
    }
    static void XMLCALL on_end(void* self_pointer, const XML_Char* name) {
        auto& self = *static_cast<Parser*>(self_pointer);
        self.guarded([&] {
            if (!self.open_.empty()) self.open_.pop_back();
            self.handler_.end(name);
        });
    }
    static void XMLCALL on_characters(void* self_pointer, const XML_Char* text, int length) {
        auto& self = *static_cast<Parser*>(self_pointer);
        self.guarded([&] { self.handler_.characters({text, static_cast<std::size_t>(length)}); });
    }
    static void XMLCALL on_entity(void* self_pointer, const XML_Char* name, int, const XML_Char*, int, const XML_Char*, const XML_Char*, const XML_Char*, const XML_Char*) {
        auto& self = *static_cast<Parser*>(self_pointer);
        self.guarded([&] {
            fail("CT-XML-005", self.place(), "the entity '" + std::string(name) + "' is declared: entities are not read", "write its text in place");
        });
    }

    const std::string& file_;
    XmlHandler& handler_;
    const XmlLimits& limits_;
    std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> expat_;
    Utf8Filter filter_;
    bool filtered_ = true;
    std::uint64_t total_ = 0, fed_ = 0;
    std::vector<std::string> open_;
    std::exception_ptr thrown_;
};

}  // namespace

void parse_xml_text(std::string_view text, const std::string& name, XmlHandler& handler, const XmlLimits& limits) {
    Parser parser(name, handler, limits);
    for (std::size_t at = 0; at < text.size(); at += chunk_bytes) parser.feed(text.substr(at, chunk_bytes), false);
    parser.feed({}, true);
}

void parse_xml_file(const std::string& path, XmlHandler& handler, const XmlLimits& limits) {
    std::unique_ptr<gzFile_s, decltype(&gzclose)> file(gzopen(path.c_str(), "rb"), gzclose);
    if (!file) fail("CT-XML-001", {path}, "the file can't be opened", "check the path and the permissions");
    gzbuffer(file.get(), chunk_bytes);
    std::vector<char> buffer(chunk_bytes);
    Parser parser(path, handler, limits);
    for (;;) {
        const int read = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()));
        int error = Z_OK;
        const char* reason = gzerror(file.get(), &error);
        if (read < 0 || (error != Z_OK && error != Z_STREAM_END))
            fail("CT-XML-001", parser.place(), std::string("the file can't be read to its end (") + (error == Z_BUF_ERROR ? "the gzip data is cut" : reason) + ")",
                 "a folder, a cut or a damaged gzip file: write or copy it again");
        if (read == 0) break;
        parser.feed({buffer.data(), static_cast<std::size_t>(read)}, false);
    }
    parser.feed({}, true);
}

}  // namespace citytwin::geodata
