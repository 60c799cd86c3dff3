#include "tests/e2e/server_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>
#include <utility>

#include "ledger/check.h"

namespace meritbook::e2e {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPoll{2};
constexpr std::chrono::seconds kStartMax{60};
constexpr std::chrono::seconds kStopMax{60};

}  // namespace

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

ServerProcess::ServerProcess(ServerOptions options)
    : options_(std::move(options)), folder_(testing::TempDir() + "/meritbook-e2e-XXXXXX") {
  MB_CHECK(mkdtemp(folder_.data()) != nullptr);
  output_file_ = folder_ + "/output";
  if (options_.data_dir.empty()) options_.data_dir = folder_ + "/data";
  if (!options_.config.empty()) std::ofstream(folder_ + "/meritd.conf") << options_.config;
}

ServerProcess::ServerProcess(Beside beside)
    : options_(beside.first.options_),
      folder_(beside.first.folder_),
      output_file_(folder_ + "/output-of-second"),
      owns_folder_(false) {}

ServerProcess::~ServerProcess() {
  Kill();
  if (testing::Test::HasFailure()) std::cerr << "the server said:\n" << output();
  if (owns_folder_) std::filesystem::remove_all(folder_);
}

void ServerProcess::Spawn(const std::vector<std::string>& arguments) {
  MB_CHECK(!running());
  std::vector<char*> argv;
  std::string program = MERITD_PATH;
  argv.push_back(program.data());
  std::vector<std::string> copies = arguments;
  for (std::string& argument : copies) argv.push_back(argument.data());
  argv.push_back(nullptr);
  std::vector<char*> envp;
  for (char** variable = environ; *variable != nullptr; ++variable) envp.push_back(*variable);
  for (std::string& variable : options_.environment) envp.push_back(variable.data());
  envp.push_back(nullptr);
  const int output = open(output_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  MB_CHECK(output >= 0);
  const pid_t parent = getpid();
  pid_ = fork();
  MB_CHECK(pid_ >= 0);
  if (pid_ == 0) {
    // Only what is safe after a fork of a program with threads.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  close(output);
}

bool ServerProcess::Reap(bool wait) {
  if (pid_ <= 0) return true;
  int status = 0;
  const pid_t ended = waitpid(pid_, &status, wait ? 0 : WNOHANG);
  if (ended != pid_) return false;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  pid_ = 0;
  return true;
}

std::string ServerProcess::PortFile() const {
  return folder_ + (owns_folder_ ? "/port" : "/port-of-second");
}

std::vector<std::string> ServerProcess::Arguments() const {
  std::vector<std::string> arguments = {"--dev",       "--data",      data_dir(), "--listen",
                                        "127.0.0.1:0", "--port-file", PortFile()};
  if (!options_.config.empty()) {
    arguments.insert(arguments.end(), {"--config", folder_ + "/meritd.conf"});
  }
  return arguments;
}

void ServerProcess::StartAndKill(std::chrono::milliseconds after) {
  Spawn(Arguments());
  std::this_thread::sleep_for(after);
  Kill();
}

bool ServerProcess::Start() {
  const std::string port_file = PortFile();
  std::filesystem::remove(port_file);
  Spawn(Arguments());
  const auto deadline = steady_clock::now() + kStartMax;
  while (!std::filesystem::exists(port_file)) {
    if (Reap(false)) return false;
    if (steady_clock::now() > deadline) {
      Kill();
      return false;
    }
    std::this_thread::sleep_for(kPoll);
  }
  port_ = std::stoi(ReadFile(port_file));
  return true;
}

int ServerProcess::Run(const std::vector<std::string>& arguments) {
  Spawn(arguments);
  return WaitForEnd();
}

int ServerProcess::Stop() {
  Terminate();
  return WaitForEnd();
}

void ServerProcess::Terminate() {
  if (running()) kill(pid_, SIGTERM);
}

int ServerProcess::WaitForEnd() {
  const auto deadline = steady_clock::now() + kStopMax;
  while (!Reap(false)) {
    if (steady_clock::now() > deadline) {
      Kill();
      return -1;
    }
    std::this_thread::sleep_for(kPoll);
  }
  return exit_code_;
}

void ServerProcess::Kill() {
  if (!running()) return;
  kill(pid_, SIGKILL);
  Reap(true);
}

std::string ServerProcess::DevKey(const std::string& role) const {
  std::string key = ReadFile(data_dir() + "/dev-keys/" + role + ".key");
  while (!key.empty() && key.back() == '\n') key.pop_back();
  return "Bearer " + key;
}

std::string ServerProcess::output() const { return ReadFile(output_file_); }

}  // namespace meritbook::e2e
