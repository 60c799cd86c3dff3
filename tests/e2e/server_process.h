// Owns: a meritd of its own as a child process, with a folder of its own.
// Promises: it is ended when this object goes, and by the kernel should the test die before; the
//           folder is removed. After a failed test what the server said is printed.
// Thread: one; the thread that starts a server must outlive it, for PR_SET_PDEATHSIG is per thread.
//
//   ServerProcess server;
//   ASSERT_TRUE(server.Start());
//   ... server.port() ...
//   EXPECT_EQ(server.Stop(), 0);
#ifndef MERITBOOK_TESTS_E2E_SERVER_PROCESS_H_
#define MERITBOOK_TESTS_E2E_SERVER_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace meritbook::e2e {

struct ServerOptions {
  // Where the data goes; `data` in the server's folder when empty.
  std::string data_dir = {};
  // A configuration file's text; none is given to the server when empty.
  std::string config = {};
  // "NAME=value", beside the test's own environment.
  std::vector<std::string> environment = {};
};

class ServerProcess {
 public:
  // Its folder is made anew, empty.
  ServerProcess() : ServerProcess(ServerOptions{}) {}
  explicit ServerProcess(ServerOptions options);
  // A second server on the folder of another one, which keeps it.
  struct Beside {
    const ServerProcess& first;
  };
  explicit ServerProcess(Beside beside);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // Starts `meritd --dev` on a free port and waits until it serves; false if it ended instead.
  bool Start();
  // Starts it and kills it so soon; it may not serve yet.
  void StartAndKill(std::chrono::milliseconds after);
  // Runs it with exactly these arguments until it ends; returns its exit code.
  int Run(const std::vector<std::string>& arguments);

  // SIGTERM; returns the exit code, or -1 if a signal ended it or it took more than 60 s.
  int Stop();
  // As Stop, in two steps.
  void Terminate();
  int WaitForEnd();
  // kill -9.
  void Kill();

  bool running() const { return pid_ > 0; }
  // The exit code of the last one that ended by itself, -1 for a signal.
  int exit_code() const { return exit_code_; }
  int port() const { return port_; }
  // Holds what the server wrote, `data` unless that lies elsewhere, and what a test puts there.
  const std::string& folder() const { return folder_; }
  const std::string& data_dir() const { return options_.data_dir; }
  // The value of `authorization` for one of --dev's keys, such as "platform".
  std::string DevKey(const std::string& role) const;
  // All that every server of this object wrote to standard output and error.
  std::string output() const;

 private:
  std::string PortFile() const;
  std::vector<std::string> Arguments() const;
  void Spawn(const std::vector<std::string>& arguments);
  // True once it has ended and was taken note of.
  bool Reap(bool wait);

  ServerOptions options_;
  std::string folder_;
  std::string output_file_;
  bool owns_folder_ = true;
  pid_t pid_ = 0;
  int exit_code_ = -1;
  int port_ = 0;
};

// The whole file; empty if there is none.
std::string ReadFile(const std::string& path);

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_SERVER_PROCESS_H_
