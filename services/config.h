// Owns: the settings of meritd: configuration file, flags over it, defaults under it.
// Promises: all problems are reported at once, each with the setting's name.
// Thread: any.
#ifndef MERITBOOK_SERVICES_CONFIG_H_
#define MERITBOOK_SERVICES_CONFIG_H_

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "meritbook/server/v1/config.pb.h"

namespace meritbook {

using Problems = std::vector<std::string>;

// Reads protobuf text format; problems name line and column.
std::variant<server::v1::Config, Problems> ReadConfig(const std::string& file);

// The same of a file's text.
std::variant<server::v1::Config, Problems> ParseConfig(const std::string& file,
                                                       std::string_view text);

// Fills in defaults. `dev` stands for principals that --dev makes.
void SetDefaults(server::v1::Config& config);

// Everything that is wrong with it; empty if it can be served.
Problems CheckConfig(const server::v1::Config& config, bool dev);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_CONFIG_H_
