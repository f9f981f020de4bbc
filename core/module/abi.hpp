#pragma once
// The fingerprint that a plug-in carries in its file, so that the loader can compare it before it runs any of the plug-in's code.
#define CITYTWIN_INTERFACE_VERSION "1"
#define CITYTWIN_STRINGIFY_(x) #x
#define CITYTWIN_STRINGIFY(x) CITYTWIN_STRINGIFY_(x)
#if defined(__clang__)
#define CITYTWIN_COMPILER "clang" CITYTWIN_STRINGIFY(__clang_major__)
#else
#define CITYTWIN_COMPILER "gcc" CITYTWIN_STRINGIFY(__GNUC__)
#endif
#if defined(_LIBCPP_VERSION)
#define CITYTWIN_STANDARD_LIBRARY "libc++"
#else
#define CITYTWIN_STANDARD_LIBRARY "libstdc++cxx11"
#endif
#define CITYTWIN_ABI "interface" CITYTWIN_INTERFACE_VERSION "/" CITYTWIN_COMPILER "/" CITYTWIN_STANDARD_LIBRARY
