// meritd: the Meritbook server.
#include <signal.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "services/config.h"
#include "services/dev_keys.h"
#include "services/restore_mode.h"
#include "services/service.h"

namespace meritbook {
namespace {

struct Flags {
  std::string config_file;
  std::string data_dir;
  std::string listen;
  std::string port_file;
  bool dev = false;
  bool check_config = false;
};

int Report(const Problems& problems) {
  for (const std::string& problem : problems) std::cerr << "meritd: " << problem << "\n";
  return 2;
}

// A file that appears whole: a script waits for it.
bool WritePort(const std::string& file, int port) {
  const std::string partial = file + ".partial";
  {
    std::ofstream out(partial);
    out << port << "\n";
    if (!out.flush()) return false;
  }
  return std::rename(partial.c_str(), file.c_str()) == 0;
}

int Serve(const Flags& flags, const server::v1::Config& config) {
  // Blocked before any thread starts, so that only this one takes them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  Service service(config, [](const std::string& line) { spdlog::warn("{}", line); });
  if (const absl::Status started = service.Start(); !started.ok()) {
    spdlog::error("can't start: {}", std::string(started.message()));
    return 1;
  }
  spdlog::info("listening on {} (port {}), data in {}", config.listen(), service.port(),
               config.data_dir());
  if (flags.dev) spdlog::info("--dev: API keys in {}/dev-keys", config.data_dir());
  if (!flags.port_file.empty() && !WritePort(flags.port_file, service.port())) {
    spdlog::error("can't write {}", flags.port_file);
    return 1;
  }
  int received = 0;
  sigwait(&signals, &received);
  spdlog::info("stopping");
  if (const absl::Status stopped = service.Stop(); !stopped.ok()) {
    spdlog::error("not stopped cleanly: {}", std::string(stopped.message()));
    return 1;
  }
  spdlog::info("stopped");
  return 0;
}

int Main(int argc, char** argv) {
  CLI::App app("meritd: the ledger behind volunteer points", "meritd");
  Flags flags;
  app.add_option("--config", flags.config_file,
                 "Configuration: meritbook.server.v1.Config in protobuf text format");
  app.add_option("--data", flags.data_dir, "Folder of the log and the state");
  app.add_option("--listen", flags.listen, "Address and port; port 0 takes a free one");
  app.add_option("--port-file", flags.port_file, "Write the port here once it serves");
  app.add_flag("--dev", flags.dev, "Make API keys for trying things out on this machine");
  app.add_flag("--check-config", flags.check_config, "Only say what is wrong with the settings");
  app.set_version_flag("--version", "meritd 0.0.1");
  RestoreFlags restore_flags;
  const CLI::App* const restore = AddRestoreMode(app, restore_flags);
  CLI11_PARSE(app, argc, argv);
  if (restore->parsed()) return RunRestore(restore_flags);
  spdlog::set_default_logger(spdlog::stderr_color_mt("meritd"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");

  server::v1::Config config;
  if (!flags.config_file.empty()) {
    auto read = ReadConfig(flags.config_file);
    if (const auto* problems = std::get_if<Problems>(&read)) return Report(*problems);
    config = std::get<server::v1::Config>(std::move(read));
  }
  if (!flags.data_dir.empty()) config.set_data_dir(flags.data_dir);
  if (!flags.listen.empty()) config.set_listen(flags.listen);
  SetDefaults(config);
  if (const Problems problems = CheckConfig(config, flags.dev); !problems.empty()) {
    return Report(problems);
  }
  if (flags.check_config) return 0;
  if (flags.dev) {
    auto principals = DevPrincipals(config.data_dir());
    if (!principals.ok()) return Report({std::string(principals.status().message())});
    for (auto& principal : *principals) *config.add_principals() = std::move(principal);
  }
  return Serve(flags, config);
}

}  // namespace
}  // namespace meritbook

int main(int argc, char** argv) { return meritbook::Main(argc, argv); }
