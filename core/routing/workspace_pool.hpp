#pragma once
// Workspaces that parallel blocks borrow: as many are made as blocks run at once. Which block gets which one must not
// matter for any result, so a workspace holds nothing that outlives a query.
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace citytwin::routing {

template <class Workspace>
class WorkspacePool {
public:
    explicit WorkspacePool(std::function<std::unique_ptr<Workspace>()> make) : make_(std::move(make)) {}

    /// Calls use(workspace) with one that no other block holds meanwhile.
    template <class Use>
    void with(const Use& use) {
        std::unique_ptr<Workspace> workspace = take();
        use(*workspace);
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(workspace));
    }

private:
    std::unique_ptr<Workspace> take() {
        {
            const std::lock_guard lock(mutex_);
            if (!idle_.empty()) {
                std::unique_ptr<Workspace> workspace = std::move(idle_.back());
                idle_.pop_back();
                return workspace;
            }
        }
        return make_();
    }

    std::function<std::unique_ptr<Workspace>()> make_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Workspace>> idle_;
};

}  // namespace citytwin::routing
