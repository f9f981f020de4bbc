#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <thread>

#include "core/base/durable_file.hpp"
#include "core/base/folder_lock.hpp"
#include "core/distributed/executor.hpp"
#include "core/run/signals.hpp"

namespace citytwin {
namespace {

using Clock = std::chrono::steady_clock;

struct Child {
    std::size_t number = 0;
    Clock::time_point begin;
};

/// The child's words go nowhere: what it has to say is in its run's folder or in its error file.
pid_t started(const std::vector<std::string>& command, std::size_t number) {
    std::vector<std::string> words = command;
    words.push_back("--index");
    words.push_back(std::to_string(number));
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) throw RunError(ExitCode::out_of_resources, fmt::format("can't start a process: {}", std::strerror(errno)));
    if (child != 0) return child;
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);   // an executor that is killed leaves no runs behind: they write a checkpoint and end
    if (::getppid() != parent) ::_exit(130);
    const int nowhere = ::open("/dev/null", O_WRONLY);
    ::dup2(nowhere, 1);
    ::dup2(nowhere, 2);
    ::execv("/proc/self/exe", arguments.data());
    ::_exit(127);
}

RunReport judged(const SweepFolder& folder, const Child& child, int status) {
    RunReport report{child.number, RunEnd::failed, ExitCode::run_failed, std::chrono::duration<double>(Clock::now() - child.begin).count(), ""};
    const SweepRunStatus seen = folder.status_of(child.number);
    report.message = seen.error;
    if (WIFSIGNALED(status)) {
        report.message = fmt::format("the run's process was ended by signal {} ({}); out of memory if it was 9 and nobody sent it", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
        write_file(folder.error_file_of(child.number), report.message + "\n");
        return report;
    }
    const int exit = WEXITSTATUS(status);
    if (seen.state == SweepState::finished) report.end = RunEnd::finished;
    else if (seen.state == SweepState::running) report.end = RunEnd::held;
    else if (exit == 130) report.end = RunEnd::interrupted;
    report.exit = report.end == RunEnd::finished || report.end == RunEnd::held ? ExitCode::done : exit == 0 ? ExitCode::run_failed : static_cast<ExitCode>(exit);
    return report;
}

}  // namespace

SweepOutcome run_in_processes(const SweepFolder& folder, const ExecutorOptions& options) {
    const auto order = order_of_runs(folder.entries().size(), options.rank, options.ranks);
    const SignalWatch signals;
    SweepOutcome outcome;
    std::map<pid_t, Child> children;
    std::size_t next = 0;
    bool is_full = false, told = false;
    const auto ended = [&](RunReport report) {
        is_full = is_full || report.exit == ExitCode::out_of_resources;
        if (options.on_end) options.on_end(report);
        outcome.reports.push_back(std::move(report));
    };
    const auto begin_some = [&] {
        while (children.size() < options.workers && next < order.size() && !signals.stop_wanted() && !is_full) {
            const std::size_t number = order[next++];
            if (folder.is_finished(number)) ended({number, RunEnd::finished_before, ExitCode::done, 0, ""});
            else if (FolderLock::is_held(folder.folder_of(number))) ended({number, RunEnd::held, ExitCode::done, 0, ""});
            else children.emplace(started(options.child_command, number), Child{number, Clock::now()});
        }
    };
    for (;;) {
        begin_some();
        if (children.empty()) break;
        int status = 0;
        const pid_t gone = ::waitpid(-1, &status, WNOHANG);
        if (const auto found = children.find(gone); gone > 0 && found != children.end()) {
            const Child child = found->second;
            children.erase(found);
            ended(judged(folder, child, status));
            continue;
        }
        if (signals.stop_wanted() && !told) {
            for (const auto& [process, child] : children) ::kill(process, SIGTERM);
            told = true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    outcome.stopped = signals.stop_wanted();
    std::sort(outcome.reports.begin(), outcome.reports.end(), [](const RunReport& a, const RunReport& b) { return a.number < b.number; });
    return outcome;
}

}  // namespace citytwin
