#include "core/run/signals.hpp"

#include <atomic>
#include <mutex>

namespace citytwin {
namespace {

// A signal handler can reach nothing but globals; these are the only ones.
std::atomic<bool> stop_flag{false};
std::atomic<unsigned> checkpoint_requests{0};

void on_stop(int) { stop_flag.store(true); }
void on_checkpoint(int) { checkpoint_requests.fetch_add(1); }

struct sigaction action(void (*handler)(int)) {
    struct sigaction result {};
    result.sa_handler = handler;
    sigemptyset(&result.sa_mask);
    result.sa_flags = SA_RESTART;
    return result;
}

/// What stood before the first watch; several watches live side by side where a sweep runs in threads.
struct Installation {
    std::mutex mutex;
    int watches = 0;
    struct sigaction old_interrupt {}, old_terminate {}, old_user {};
};

Installation& installation() {
    static Installation one;
    return one;
}

}  // namespace

SignalWatch::SignalWatch() {
    Installation& all = installation();
    const std::lock_guard guard(all.mutex);
    if (all.watches++ == 0) {
        stop_flag = false;
        const struct sigaction stop = action(on_stop), user = action(on_checkpoint);
        sigaction(SIGINT, &stop, &all.old_interrupt);
        sigaction(SIGTERM, &stop, &all.old_terminate);
        sigaction(SIGUSR1, &user, &all.old_user);
    }
    seen_requests_ = checkpoint_requests.load();
}

SignalWatch::~SignalWatch() {
    Installation& all = installation();
    const std::lock_guard guard(all.mutex);
    if (--all.watches != 0) return;
    sigaction(SIGINT, &all.old_interrupt, nullptr);
    sigaction(SIGTERM, &all.old_terminate, nullptr);
    sigaction(SIGUSR1, &all.old_user, nullptr);
}

bool SignalWatch::stop_wanted() const { return stop_flag.load(); }

bool SignalWatch::take_checkpoint_wanted() {
    const unsigned requests = checkpoint_requests.load();
    const bool wanted = requests != seen_requests_;
    seen_requests_ = requests;
    return wanted;
}

}  // namespace citytwin
