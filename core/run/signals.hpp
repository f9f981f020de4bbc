#pragma once
// SIGINT and SIGTERM: finish the step, write a checkpoint, exit 130. SIGUSR1: write a checkpoint and go on.
#include <csignal>

namespace citytwin {

/// The handlers stand while any watch lives. Runs side by side in one process have one each: all of them see a signal.
class SignalWatch {
public:
    SignalWatch();
    ~SignalWatch();
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;

    /// Since the first of the watches that live.
    [[nodiscard]] bool stop_wanted() const;
    /// True once after each SIGUSR1 since this watch was made.
    bool take_checkpoint_wanted();

private:
    unsigned seen_requests_ = 0;
};

}  // namespace citytwin
