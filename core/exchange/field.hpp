#pragma once
// Handles through which a module sees its fields. They stay valid for the whole run; the engine points them at this step's values.
#include <cstddef>
#include <span>

#include "core/base/ids.hpp"

namespace citytwin {

/// Where a handle's values are at this step. Owned by the engine, at a fixed address.
struct FieldView {
    double* data = nullptr;
    const std::uint32_t* references = nullptr;   ///< for columns of references in dynamic sets
    std::size_t size = 0;
};

/// Read-only values, one a row of the reader's set.
class Read {
public:
    Read() = default;
    explicit Read(const FieldView* view) : view_(view) {}
    [[nodiscard]] double operator[](std::size_t row) const { return view_->data[row]; }
    [[nodiscard]] std::size_t size() const { return view_->size; }
    [[nodiscard]] std::span<const double> values() const { return {view_->data, view_->size}; }

private:
    const FieldView* view_ = nullptr;
};

/// References into another set, one a row of a dynamic set.
class ReadReference {
public:
    ReadReference() = default;
    explicit ReadReference(const FieldView* view) : view_(view) {}
    [[nodiscard]] Index operator[](std::size_t row) const { return view_->references[row]; }
    [[nodiscard]] std::size_t size() const { return view_->size; }

private:
    const FieldView* view_ = nullptr;
};

/// Values that this module writes; they keep what was written last until it is written again.
class Write {
public:
    Write() = default;
    explicit Write(FieldView* view) : view_(view) {}
    [[nodiscard]] double& operator[](std::size_t row) const { return view_->data[row]; }
    [[nodiscard]] std::size_t size() const { return view_->size; }
    [[nodiscard]] std::span<double> values() const { return {view_->data, view_->size}; }

private:
    FieldView* view_ = nullptr;
};

/// This module's part of a field with many writers; zero at the start of each of its steps.
class Accumulate : public Write {
public:
    using Write::Write;
};

}  // namespace citytwin
