// Starting and refusing to start, health, and what a stop looks like from outside.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "ledger/text.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

void WriteFile(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++count;
  return count;
}

TEST(Start, HealthAnswersWithoutAKey) {
  Town town;
  const Client client(town.server().port(), std::nullopt);
  std::string response;
  EXPECT_EQ(client.CallPath("/grpc.health.v1.Health/Check", "", &response), "OK");
  EXPECT_EQ(response, "\x08\x01") << "status: SERVING";
  // `service`, the request's field 1.
  EXPECT_EQ(client.CallPath("/grpc.health.v1.Health/Check", "\x0a\x07nothing", &response),
            "NOT_FOUND");
}

TEST(Start, AnUnknownMethodIsUnimplemented) {
  Town town;
  std::string response;
  EXPECT_EQ(town.operators().CallPath("/meritbook.v1.HoursService/Nothing", "", &response),
            "UNIMPLEMENTED");
  // gRPC says the same of bytes that are no message.
  EXPECT_EQ(town.operators().CallPath("/meritbook.v1.AuditService/GetLedger", "\xff", &response),
            "UNIMPLEMENTED");
  EXPECT_EQ(town.operators().Call(Parse<v1::GetLedgerRequest>("")), "OK");
}

TEST(Start, ASecondServerOnTheSameFolderIsRefused) {
  Town town;
  ServerProcess second(ServerProcess::Beside{town.server()});
  EXPECT_FALSE(second.Start());
  EXPECT_EQ(second.exit_code(), 1);
  EXPECT_NE(second.output().find("can't start"), std::string::npos) << second.output();
  EXPECT_NE(second.output().find("open elsewhere"), std::string::npos) << second.output();
  // The first one doesn't mind.
  EXPECT_EQ(town.platform().Call(Credit("r1", "ann", 3, 60)), "OK");
  EXPECT_EQ(town.Stop(), 0);
  town.Start();
  EXPECT_EQ(town.BalanceOf("ann").available_units(), kUnitsPerHour);
}

TEST(Start, KeysAreMadeOnceAndForTheirOwnerOnly) {
  ServerProcess server;
  ASSERT_TRUE(server.Start());
  const std::string key = server.DevKey("operator");
  const auto mode =
      std::filesystem::status(server.data_dir() + "/dev-keys/operator.key").permissions();
  EXPECT_EQ(static_cast<int>(mode), 0600);
  EXPECT_EQ(server.Stop(), 0);
  ASSERT_TRUE(server.Start());
  EXPECT_EQ(server.DevKey("operator"), key);
  EXPECT_EQ(server.output().find(key.substr(key.rfind('.') + 1)), std::string::npos)
      << "a secret in the server's log";
}

TEST(CheckConfig, ReportsAllMistakesAtOnce) {
  ServerProcess server;
  const std::string file = server.folder() + "/meritd.conf";
  WriteFile(file,
            "listen: '0.0.0.0:99999999'\n"
            "free_bytes_floor: 1\n"
            "queue_commands_max: 5\n"
            "principals { principal_id: '13800138000' roles: ROLE_PLATFORM key_sha256_hex: 'x' }\n"
            "principals { principal_id: 'till' roles: ROLE_MERCHANT }\n"
            "principals { principal_id: 'till' }\n");
  EXPECT_EQ(server.Run({"--check-config", "--config", file}), 2);
  const std::string output = server.output();
  for (const char* want :
       {"listen:", "free_bytes_floor:", "queue_commands_max:", "principals[0].principal_id:",
        "principals[0].source:", "principals[0].key_sha256_hex:", "principals[1].roles:",
        "principals[1].key_sha256_hex:", "principals[2].principal_id: till stands twice",
        "principals[2].roles:", "principals[2].key_sha256_hex:", "ROLE_OPERATOR"}) {
    EXPECT_EQ(Count(output, want), 1) << want << " in:\n" << output;
  }
  EXPECT_FALSE(std::filesystem::exists(server.data_dir())) << "it only looks";
}

TEST(CheckConfig, NamesLineAndColumnOfWhatItCantRead) {
  ServerProcess server;
  const std::string file = server.folder() + "/meritd.conf";
  WriteFile(file, "listen: '127.0.0.1:0'\nno_such_setting: 1\n");
  EXPECT_EQ(server.Run({"--check-config", "--config", file}), 2);
  EXPECT_NE(server.output().find(file + ":2:"), std::string::npos) << server.output();
  EXPECT_EQ(server.Run({"--check-config", "--config", server.folder() + "/none"}), 2);
  EXPECT_NE(server.output().find("No such file"), std::string::npos) << server.output();
}

TEST(CheckConfig, TakesASoundOne) {
  ServerProcess server;
  const std::string file = server.folder() + "/meritd.conf";
  WriteFile(file, Text("listen: '[::1]:7117'\nprincipals { principal_id: 'root' roles: "
                       "ROLE_OPERATOR key_sha256_hex: '",
                       std::string(64, 'a'), "' }\n"));
  EXPECT_EQ(server.Run({"--check-config", "--config", file}), 0) << server.output();
  EXPECT_EQ(server.output(), "");
}

TEST(CheckConfig, ServesOnLoopbackOnly) {
  for (const char* listen : {"0.0.0.0:0", "[::]:0", "192.168.1.1:7117", "7117", "127.0.0.1:x",
                             "127.0.0.1:65536", "127.0.0.1:-1"}) {
    ServerProcess server;
    EXPECT_EQ(server.Run({"--dev", "--listen", listen, "--data", server.data_dir()}), 2) << listen;
  }
}

}  // namespace
}  // namespace meritbook::e2e
