#include "tests/support/program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "tests/support/shared_data.hpp"

namespace citytwin::testing {
namespace {

std::string contents(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

int exit_code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

[[noreturn]] void become(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    _exit(127);
}

std::vector<std::string> citytwin_command(const std::vector<std::string>& arguments) {
    std::vector<std::string> command{CITYTWIN_BINARY_DIR "/citytwin"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

}  // namespace

ProgramResult program(const std::vector<std::string>& command, const std::string& folder) {
    char base[] = "/tmp/citytwin_test_XXXXXX";
    const std::string scratch = mkdtemp(base);
    const std::string out = scratch + "/out", err = scratch + "/err";
    const pid_t child = fork();
    if (child == 0) {
        if (!folder.empty() && chdir(folder.c_str()) != 0) _exit(126);
        dup2(open(out.c_str(), O_CREAT | O_WRONLY, 0600), 1);
        dup2(open(err.c_str(), O_CREAT | O_WRONLY, 0600), 2);
        become(command);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ProgramResult result;
    result.exit_code = exit_code_of(status);
    result.out = contents(out);
    result.err = contents(err);
    unlink(out.c_str());
    unlink(err.c_str());
    rmdir(scratch.c_str());
    return result;
}

ProgramResult citytwin(const std::vector<std::string>& arguments, const std::string& folder) {
    return program(citytwin_command(arguments), folder);
}

RunningProgram::RunningProgram(const std::vector<std::string>& arguments, const std::vector<std::string>& environment) {
    process_ = fork();
    if (process_ != 0) return;
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, 1);
    dup2(nowhere, 2);
    for (const auto& word : environment) putenv(const_cast<char*>(word.c_str()));
    become(citytwin_command(arguments));
}

RunningProgram::~RunningProgram() {
    if (!runs()) return;
    send(SIGKILL);
    wait();
}

bool RunningProgram::runs() {
    if (process_ < 0) return false;
    int status = 0;
    if (waitpid(process_, &status, WNOHANG) != process_) return true;
    exit_code_ = exit_code_of(status);
    process_ = -1;
    return false;
}

void RunningProgram::send(int signal) const {
    if (process_ > 0) kill(process_, signal);
}

int RunningProgram::wait() {
    if (process_ < 0) return exit_code_;
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = -1;
    return exit_code_ = exit_code_of(status);
}

}  // namespace citytwin::testing
