#pragma once
// <tlLogic> with its phases: the same words in a network and in an additional file.
#include <optional>

#include "core/base/diagnostic.hpp"
#include "geodata/road/road_network.hpp"
#include "geodata/xml/xml_reader.hpp"

namespace citytwin::geodata {

struct ReadProgram {
    std::string signal;
    RoadNetwork::Program program;
    std::size_t line = 0;
};

class ProgramReader {
public:
    explicit ProgramReader(DiagnosticList& diagnostics) : diagnostics_(diagnostics) {}
    void begin(const XmlElement& element);
    void phase(const XmlElement& element);
    /// At </tlLogic>: the checked program, or nothing if it was in error.
    std::optional<ReadProgram> take();

private:
    DiagnosticList& diagnostics_;
    std::optional<ReadProgram> current_;
    std::string file_;
};

/// Every state must have a letter for each of the signal's links; more letters than links are a warning, as in SUMO.
void check_program_width(const std::string& signal, const RoadNetwork::Program& program, std::size_t links, const SourcePlace& place,
                         DiagnosticList& diagnostics);

}  // namespace citytwin::geodata
