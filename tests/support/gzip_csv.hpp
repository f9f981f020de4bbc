#pragma once
// Reference tables of the shared folder: a CSV packed with gzip, as columns of numbers.
#include <zlib.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/base/csv.hpp"

namespace citytwin::testing {

inline std::string gunzip(const std::string& path) {
    gzFile file = gzopen(path.c_str(), "rb");
    if (file == nullptr) throw std::runtime_error("can't open " + path);
    std::string text;
    char block[1 << 16];
    for (int n = 0; (n = gzread(file, block, sizeof block)) > 0;) text.append(block, static_cast<std::size_t>(n));
    gzclose(file);
    return text;
}

inline std::map<std::string, std::vector<double>> gzip_table(const std::string& path) {
    CsvReader reader = CsvReader::from_text(gunzip(path), path);
    std::map<std::string, std::vector<double>> table;
    while (reader.next()) {
        for (std::size_t c = 0; c < reader.header().size(); ++c) table[reader.header()[c]].push_back(reader.number(c));
    }
    return table;
}

}  // namespace citytwin::testing
