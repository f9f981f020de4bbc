#include "core/base/folder_lock.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;

TEST_CASE("a second writer is refused while the first lives and let in after it left") {
    const std::string folder = testing::scratch_folder("lock_living");
    {
        const FolderLock first(folder);
        CHECK(first.notice().empty());
        CHECK(FolderLock::is_held(folder));
        CHECK_THROWS_AS(FolderLock(folder), RunError);
        CHECK_THROWS_AS(FolderLock(folder, true), RunError);
    }
    CHECK_FALSE(FolderLock::is_held(folder));
    CHECK(FolderLock(folder).notice().empty());
    CHECK_FALSE(std::filesystem::exists(folder + "/lock"));
}

TEST_CASE("the lock of a killed process is taken over with a notice") {
    const std::string folder = testing::scratch_folder("lock_dead");
    const pid_t child = fork();
    if (child == 0) {
        FolderLock lock(folder);
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    waitpid(child, &status, 0);
    REQUIRE(std::filesystem::exists(folder + "/lock"));
    CHECK_FALSE(FolderLock::is_held(folder));
    const FolderLock lock(folder);
    CHECK_THAT(lock.notice(), Catch::Contains(std::to_string(child)));
}

TEST_CASE("a re-used process number is another process") {
    const std::string folder = testing::scratch_folder("lock_reused");
    const LockHolder self = this_process();
    REQUIRE(self.start_ticks != 0);
    write_file(folder + "/lock", fmt::format("host {}\nboot {}\npid {}\nstart {}\n", self.host, self.boot_id, self.pid, 1));
    CHECK_FALSE(FolderLock(folder).notice().empty());
}

TEST_CASE("a holder on another machine is refused, and taken over only by force") {
    const std::string folder = testing::scratch_folder("lock_other_host");
    write_file(folder + "/lock", "host elsewhere\nboot b\npid 1\nstart 5\n");
    CHECK_THROWS_WITH(FolderLock(folder), Catch::Contains("elsewhere") && Catch::Contains("remove the file 'lock'"));
    CHECK_THAT(FolderLock(folder, true).notice(), Catch::Contains("elsewhere"));
}

TEST_CASE("of many simultaneous starts one wins") {
    for (int round = 0; round < 20; ++round) {
        const std::string folder = testing::scratch_folder("lock_race");
        std::atomic<int> winners{0}, refused{0};
        std::vector<std::thread> starters;
        for (int i = 0; i < 16; ++i) {
            starters.emplace_back([&] {
                try {
                    const FolderLock lock(folder);
                    ++winners;
                    while (refused < 15) std::this_thread::yield();
                } catch (const RunError&) {
                    ++refused;
                }
            });
        }
        for (auto& starter : starters) starter.join();
        CHECK(winners == 1);
    }
}
