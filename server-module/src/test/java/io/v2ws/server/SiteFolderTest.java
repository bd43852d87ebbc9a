package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that lead out of the folder, for containers that let them through to a servlet (S20). */
class SiteFolderTest {
    @TempDir
    private Path temp;

    private SiteFolder folder;

    @BeforeEach
    void make() throws IOException {
        Path site = Files.createDirectories(temp.resolve("site/dir")).getParent();
        Files.writeString(site.resolve("a\\b"), "");
        Files.writeString(site.resolve("file"), "");
        Files.writeString(temp.resolve("outside"), "");
        folder = new SiteFolder(site);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "file",
                "../outside",
                "/../outside",
                "/%2e%2e/outside",
                "/%2E%2e%2foutside",
                "/dir/../../outside",
                "/dir/%2e%2e/%2e%2e/outside",
                "/dir/../file",
                "/./file",
                "/%2e/file",
                "/..%5coutside",
                "/a%5cb",
                "/file%00",
                "/%00",
                "/%",
                "/%f",
                "/%zzfile",
                "/%ff",
                "/%c0%af",
                "/%ed%a0%80",
                "//file",
                "/file\u0000",
            })
    void s20_nothingIsFoundThere(String path) {
        assertThat(folder.find(path)).isNull();
    }

    @Test
    void s20_whatIsInTheFolderIsFound() throws IOException {
        assertThat(folder.find("/file")).isEqualTo(temp.resolve("site/file").toRealPath());
        assertThat(folder.find("/f%69le")).isNotNull();
        assertThat(folder.find("/dir/")).isNotNull();
        assertThat(folder.find("/")).isEqualTo(temp.resolve("site").toRealPath());
    }
}
