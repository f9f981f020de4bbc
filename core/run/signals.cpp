#include "core/run/signals.hpp"

#include <atomic>

namespace citytwin {
namespace {

// A signal handler can reach nothing but globals; these are the only ones.
std::atomic<bool> stop_flag{false};
std::atomic<bool> checkpoint_flag{false};

void on_stop(int) { stop_flag.store(true); }
void on_checkpoint(int) { checkpoint_flag.store(true); }

struct sigaction action(void (*handler)(int)) {
    struct sigaction result {};
    result.sa_handler = handler;
    sigemptyset(&result.sa_mask);
    result.sa_flags = SA_RESTART;
    return result;
}

}  // namespace

SignalWatch::SignalWatch() {
    stop_flag = false;
    checkpoint_flag = false;
    const struct sigaction stop = action(on_stop), user = action(on_checkpoint);
    sigaction(SIGINT, &stop, &old_interrupt_);
    sigaction(SIGTERM, &stop, &old_terminate_);
    sigaction(SIGUSR1, &user, &old_user_);
}

SignalWatch::~SignalWatch() {
    sigaction(SIGINT, &old_interrupt_, nullptr);
    sigaction(SIGTERM, &old_terminate_, nullptr);
    sigaction(SIGUSR1, &old_user_, nullptr);
}

bool SignalWatch::stop_wanted() const { return stop_flag.load(); }
bool SignalWatch::take_checkpoint_wanted() { return checkpoint_flag.exchange(false); }

}  // namespace citytwin
