#pragma once
// Everything a module author needs. A module is a class and one line:
//     CITYTWIN_MODULE(HeatDemand, "heat_demand", "0.1.0")
#include "core/agents/cell_grid.hpp"
#include "core/agents/dynamic_set.hpp"
#include "core/base/diagnostic.hpp"
#include "core/module/abi.hpp"
#include "core/module/module.hpp"
#include "core/module/registry.hpp"
#include "core/module/setup.hpp"

#define CITYTWIN_JOIN_(a, b) a##b
#define CITYTWIN_JOIN(a, b) CITYTWIN_JOIN_(a, b)
// The note is found by reading the file: it must be there even though nothing refers to it.
#define CITYTWIN_MODULE(Class, name, version)                                                                          \
    [[gnu::used]] static const char CITYTWIN_JOIN(citytwin_abi_note_, __COUNTER__)[] = "CITYTWIN_ABI=" CITYTWIN_ABI;   \
    static const ::citytwin::Registration CITYTWIN_JOIN(citytwin_registration_, __COUNTER__){                          \
        ::citytwin::module_factory<Class>(name, version)};
