#pragma once
// PROJ's handles with owners. A context of its own for each use: PROJ objects must not be shared between threads.
#include <proj.h>

#include <memory>

namespace citytwin::geodata {

class ProjContext {
public:
    ProjContext() : context_(proj_context_create()) {
        proj_context_set_enable_network(context_.get(), 0);
        proj_log_level(context_.get(), PJ_LOG_NONE);
    }
    [[nodiscard]] PJ_CONTEXT* get() const { return context_.get(); }

private:
    struct Closer {
        void operator()(PJ_CONTEXT* context) const { proj_context_destroy(context); }
    };
    std::unique_ptr<PJ_CONTEXT, Closer> context_;
};

struct ProjCloser {
    void operator()(PJ* object) const { proj_destroy(object); }
};
using ProjObject = std::unique_ptr<PJ, ProjCloser>;

}  // namespace citytwin::geodata
