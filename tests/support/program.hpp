#pragma once
// Runs the real program: exit code, output, errors.
#include <string>
#include <vector>

namespace citytwin::testing {

struct ProgramResult {
    int exit_code = -1;  ///< 128 + signal if a signal ended it
    std::string out, err;
};
/// `citytwin ARGS…` from the build folder, in `folder` (empty: the current one).
ProgramResult citytwin(const std::vector<std::string>& arguments, const std::string& folder = {});
/// Any program, by name.
ProgramResult program(const std::vector<std::string>& command, const std::string& folder = {});

/// A program that goes on beside the test, its output thrown away: to send it signals.
class RunningProgram {
public:
    /// `citytwin ARGS…` with NAME=VALUE words added to its environment.
    RunningProgram(const std::vector<std::string>& arguments, const std::vector<std::string>& environment);
    /// Ends it if it still runs.
    ~RunningProgram();
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;
    [[nodiscard]] bool runs();
    void send(int signal) const;
    /// Waits for its end: exit code, 128 + signal if a signal ended it.
    int wait();

private:
    int process_ = -1, exit_code_ = -1;
};

}  // namespace citytwin::testing
