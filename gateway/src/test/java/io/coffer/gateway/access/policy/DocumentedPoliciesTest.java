package io.coffer.gateway.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The policies that operators are shown can be stored, and make nothing public. */
class DocumentedPoliciesTest {
    private static final Pattern POLICY = Pattern.compile("(?m)^ {4}\\{\"Version\"(?:.*\n {4,})*.*\\}$");

    @Test
    void eachCanBeStored() throws IOException, S3Exception {
        String page = Files.readString(Path.of("..", "docs", "operations", "access.md"));
        List<String> policies =
                POLICY.matcher(page).results().map(MatchResult::group).toList();
        assertThat(policies).hasSize(3);
        for (String policy : policies) {
            BucketPolicy parsed =
                    BucketPolicy.parse(ByteBuffer.wrap(policy.getBytes(StandardCharsets.UTF_8)), "bucket");
            assertThat(parsed.isPublic()).as(policy).isFalse();
        }
    }
}
