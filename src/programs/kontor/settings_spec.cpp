#include "programs/kontor/settings.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace kontor::programs {
namespace {

std::string file_with(std::string const& text) {
    auto const path =
        (std::filesystem::temp_directory_path() / "kontor-settings-spec.toml").string();
    std::ofstream(path) << text;
    return path;
}

TEST(Settings, later_sources_win_and_every_value_names_its_origin) {
    Settings settings;
    EXPECT_EQ(settings.text("data.directory"), "./kontor-data");
    auto const path = file_with("[data]\ndirectory = \"/srv/a\"\n");
    EXPECT_TRUE(settings.read_file(path, true));
    EXPECT_EQ(settings.values().at("data.directory").origin, path + ":2");
    EXPECT_TRUE(settings.read_environment(
        {"HOME=/root", "KONTOR_DATA__DIRECTORY=/srv/b", "KONTOR_SEED=5"}));
    EXPECT_EQ(settings.text("data.directory"), "/srv/b");
    EXPECT_EQ(settings.values().at("data.directory").origin, "KONTOR_DATA__DIRECTORY");
}

TEST(Settings, an_unknown_name_is_refused_with_the_nearest_known_one) {
    Settings settings;
    auto const refused = settings.read_file(file_with("[data]\ndirectroy = \"x\"\n"), true);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().what.find("did you mean `data.directory`"), std::string::npos)
        << refused.error().what;
    EXPECT_NE(refused.error().where.find(":2"), std::string::npos);
}

TEST(Settings, a_value_of_another_type_is_refused) {
    Settings settings;
    EXPECT_FALSE(settings.read_file(file_with("[data]\nrequire_durable = \"yes\"\n"), true));
    EXPECT_FALSE(settings.read_file(file_with("[data]\nrequire_durable = [true]\n"), true));
    EXPECT_FALSE(settings.read_file(file_with("[data\n"), true));
    EXPECT_TRUE(settings.read_file(file_with("[data]\nrequire_durable = true\n"), true));
    EXPECT_TRUE(settings.boolean("data.require_durable"));
}

TEST(Settings, a_file_that_was_asked_for_must_exist) {
    Settings settings;
    EXPECT_EQ(settings.read_file("/nowhere/kontor.toml", true).error().kind,
              FailureKind::not_found);
    EXPECT_TRUE(settings.read_file("/nowhere/kontor.toml", false));
}

TEST(Nearest, finds_slips_and_leaves_strangers_alone) {
    std::vector<std::string> const known{"import", "order", "store"};
    EXPECT_EQ(nearest("improt", known), "import");
    EXPECT_EQ(nearest("ordre", known), "order");
    EXPECT_EQ(nearest("quantum-physics", known), std::nullopt);
    std::vector<std::string> const nouns{"stock", "serve", "store"};
    EXPECT_EQ(nearest("stoer", nouns), "store") << "two letters changed places";
    EXPECT_EQ(nearest("stroe", nouns), "store");
}

} // namespace
} // namespace kontor::programs
