package io.coffer.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.rules.Checkout;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Request;

/** The compatibility page has a line for every operation that the newest SDK knows, and no other. */
class OperationCatalogIT {
    @Test
    void thePageKnowsWhatTheSdkKnows() throws Exception {
        List<String> lines = Files.readAllLines(Checkout.directory().resolve("docs/protocol/compatibility.md"));
        Set<String> listed = lines.stream()
                .map(Pattern.compile("\\| ([A-Z]\\w+) \\| .*\\| (yes|partly|no) \\|.*")::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(line -> line.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> known = Arrays.stream(S3Client.class.getMethods())
                .filter(method -> method.getParameterCount() >= 1
                        && S3Request.class.isAssignableFrom(method.getParameterTypes()[0])
                        && !method.getName().endsWith("Paginator"))
                .map(method -> method.getParameterTypes()[0].getSimpleName().replaceAll("Request$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        known.add("SelectObjectContent"); // only the asynchronous client has it
        known.add("PostObject"); // browsers' own
        assertThat(listed).isEqualTo(known);
    }
}
