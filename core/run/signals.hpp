#pragma once
// SIGINT and SIGTERM: finish the step, write a checkpoint, exit 130. SIGUSR1: write a checkpoint and go on.
#include <csignal>

namespace citytwin {

/// Installs the handlers while it lives; one at a time in a process.
class SignalWatch {
public:
    SignalWatch();
    ~SignalWatch();
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;

    [[nodiscard]] bool stop_wanted() const;
    /// True once for each SIGUSR1.
    bool take_checkpoint_wanted();

private:
    struct sigaction old_interrupt_, old_terminate_, old_user_;
};

}  // namespace citytwin
