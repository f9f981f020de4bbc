#include "geodata/sumo/read_program.hpp"

#include <utility>

#include "core/base/text.hpp"
#include "geodata/sumo/sumo_words.hpp"

namespace citytwin::geodata {

namespace {

double time_of(const XmlElement& element, std::string_view attribute, double otherwise) {
    const auto text = element.find(attribute);
    if (!text) return otherwise;
    const auto seconds = sumo_time(*text);
    if (!seconds)
        fail("CT-XML-007", element.place(), element.label() + ": " + std::string(attribute) + "=\"" + std::string(*text) + "\" is not a time",
             "write seconds or hours:minutes:seconds");
    return *seconds;
}

bool is_all_red(const RoadNetwork::Program& program) {
    for (const auto& state : program.state)
        if (state.find_first_not_of("ruR") != std::string::npos) return false;
    return true;
}

}  // namespace

void ProgramReader::begin(const XmlElement& element) {
    current_.reset();
    ReadProgram read;
    read.signal = element.required("id");
    read.line = element.line();
    read.program.id = element.text("programID", "0");
    read.program.type = element.text("type", "static");
    const std::string_view offset = element.text("offset", "0");
    read.program.offset_s = offset == "begin" ? 0 : time_of(element, "offset", 0);
    file_ = element.place().file;
    current_ = std::move(read);
}

void ProgramReader::phase(const XmlElement& element) {
    if (!current_) return;
    auto& program = current_->program;
    const std::string_view state = element.required("state");
    (void)element.required("duration");
    const double duration = time_of(element, "duration", 0);
    if (duration <= 0)
        fail("CT-SUMO-011", element.place(), "tlLogic '" + current_->signal + "': a phase of " + std::to_string(duration) + " s", "a phase must last longer than 0 s");
    if (const auto wrong = state.find_first_not_of("ryYgGsuoO"); wrong != std::string_view::npos)
        fail("CT-SUMO-010", element.place(), "tlLogic '" + current_->signal + "': unknown letter '" + std::string(1, state[wrong]) + "' in a state", "letters are r y Y g G s u o O");
    if (!program.state.empty() && state.size() != program.state.front().size())
        fail("CT-SUMO-010", element.place(),
             "tlLogic '" + current_->signal + "': a state of " + std::to_string(state.size()) + " letters after one of " + std::to_string(program.state.front().size()),
             "all states of a program have one letter per link");
    program.duration_s.push_back(duration);
    program.min_duration_s.push_back(time_of(element, "minDur", duration));
    program.max_duration_s.push_back(time_of(element, "maxDur", element.find("minDur") ? 50 : duration));
    program.state.emplace_back(state);
}

std::optional<ReadProgram> ProgramReader::take() {
    auto done = std::exchange(current_, std::nullopt);
    if (!done) return done;
    const SourcePlace place{file_, done->line};
    const bool needs_phases = done->program.type == "static" || done->program.type == "actuated";
    if (done->program.state.empty() && needs_phases) {
        diagnostics_.error("CT-SUMO-011", place, "tlLogic '" + done->signal + "' has no phase", "give it at least one <phase>");
        return std::nullopt;
    }
    if (needs_phases && is_all_red(done->program))
        diagnostics_.warning("CT-SUMO-012", place, "tlLogic '" + done->signal + "' program '" + done->program.id + "' is red for every link in every phase", "nobody will pass this signal");
    return done;
}

void check_program_width(const std::string& signal, const RoadNetwork::Program& program, std::size_t links, const SourcePlace& place,
                         DiagnosticList& diagnostics) {
    if (program.state.empty()) return;
    const std::size_t letters = program.state.front().size();
    const std::string what = "tlLogic '" + signal + "' program '" + program.id + "' has states of " + std::to_string(letters) + " letters for " + std::to_string(links) + " links";
    if (letters < links) diagnostics.error("CT-SUMO-010", place, what, "one letter per linkIndex is needed");
    else if (letters > links) diagnostics.warning("CT-SUMO-010", place, what, "the last letters are unused");
}

}  // namespace citytwin::geodata
