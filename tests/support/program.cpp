#include "tests/support/program.hpp"

#include <fcntl.h>
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
        std::vector<char*> arguments;
        for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ProgramResult result;
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result.out = contents(out);
    result.err = contents(err);
    unlink(out.c_str());
    unlink(err.c_str());
    rmdir(scratch.c_str());
    return result;
}

ProgramResult citytwin(const std::vector<std::string>& arguments, const std::string& folder) {
    std::vector<std::string> command{CITYTWIN_BINARY_DIR "/citytwin"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return program(command, folder);
}

}  // namespace citytwin::testing
