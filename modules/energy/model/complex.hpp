#pragma once
// Complex arithmetic without the library's treatment of NaN (which costs a branch per product). Same operations in the same
// order on every machine.
#include <cmath>

namespace citytwin::energy {

struct Complex {
    double re = 0, im = 0;
};

inline Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
inline Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
inline Complex operator-(Complex a) { return {-a.re, -a.im}; }
inline Complex operator*(Complex a, Complex b) { return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }
inline Complex operator*(double s, Complex a) { return {s * a.re, s * a.im}; }
inline Complex& operator+=(Complex& a, Complex b) { return a = a + b; }
inline Complex& operator-=(Complex& a, Complex b) { return a = a - b; }
inline Complex conj(Complex a) { return {a.re, -a.im}; }
inline double squared(Complex a) { return a.re * a.re + a.im * a.im; }
inline double magnitude(Complex a) { return std::sqrt(squared(a)); }
inline Complex inverse(Complex a) {
    const double d = 1 / squared(a);
    return {a.re * d, -a.im * d};
}
inline Complex operator/(Complex a, Complex b) { return a * inverse(b); }
inline bool is_zero(Complex a) { return a.re == 0 && a.im == 0; }

}  // namespace citytwin::energy
