package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

@ExtendWith(StoreExtension.class)
class ListObjectsV2IT {
    /** S3's order, which isn't that of Java's strings: UTF-8 puts U+FFxx before emoji. */
    private static final Comparator<String> BYTES =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private final Store store;
    private final String bucket;

    ListObjectsV2IT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private void put(Stream<String> keys) {
        keys.forEach(key -> store.s3().putObject(object -> object.bucket(bucket).key(key), RequestBody.empty()));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Everything, by pages of a size. */
    private List<String> pages(String prefix, String delimiter, int size) {
        List<String> seen = new ArrayList<>();
        String token = null;
        do {
            String from = token;
            ListObjectsV2Response page = store.s3()
                    .listObjectsV2(list -> list.bucket(bucket)
                            .prefix(prefix)
                            .delimiter(delimiter.isEmpty() ? null : delimiter)
                            .maxKeys(size)
                            .encodingType(EncodingType.URL)
                            .continuationToken(from));
            List<String> entries = new ArrayList<>();
            page.contents().forEach(object -> entries.add(object.key()));
            page.commonPrefixes().forEach(common -> entries.add(common.prefix()));
            entries.sort(BYTES);
            assertThat(page.keyCount()).isEqualTo(entries.size());
            assertThat(entries.size()).isLessThanOrEqualTo(size);
            seen.addAll(entries);
            token = page.nextContinuationToken();
            assertThat(page.isTruncated()).isEqualTo(token != null);
        } while (token != null);
        return seen;
    }

    @Test
    void orderIsThatOfBytes() {
        List<String> keys = List.of("b", "a", "B", "a/b", "a0", "ä", "z", "\uffee", "😀", "a!", "\u0001", "~");
        put(keys.stream());
        assertThat(pages("", "", 1000)).isEqualTo(keys.stream().sorted(BYTES).toList());
        assertThat(pages("", "", 1)).isEqualTo(keys.stream().sorted(BYTES).toList());
    }

    @Test
    void anyPrefixAndDelimiterMeansWhatAModelSays() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        TreeSet<String> keys = new TreeSet<>(BYTES);
        while (keys.size() < 120) {
            StringBuilder key = new StringBuilder();
            for (int length = random.nextInt(1, 7); length > 0; length--) {
                key.append(pick(random));
            }
            keys.add(key.toString());
        }
        put(keys.stream());
        for (String delimiter : new String[] {"", "/", "b", "a/", "ä"}) {
            for (String prefix : new String[] {"", "a", "a/", "b", "ab", "/", "ä", "none"}) {
                List<String> expected = model(keys, prefix, delimiter);
                for (int size : new int[] {1, 3, 1000}) {
                    assertThat(pages(prefix, delimiter, size))
                            .as("seed %d, prefix %s, delimiter %s, pages of %d", seed, prefix, delimiter, size)
                            .isEqualTo(expected);
                }
            }
        }
    }

    private static String pick(Random random) {
        return new String[] {"a", "b", "/", "-", "ä", "😀"}[random.nextInt(6)];
    }

    private static List<String> model(TreeSet<String> keys, String prefix, String delimiter) {
        TreeSet<String> entries = new TreeSet<>(BYTES);
        for (String key : keys) {
            if (key.startsWith(prefix)) {
                int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
                entries.add(end < 0 ? key : key.substring(0, end + delimiter.length()));
            }
        }
        return List.copyOf(entries);
    }

    @Test
    void startsAfterAName() {
        put(Stream.of("a", "b", "c", "d"));
        ListObjectsV2Response page = store.s3()
                .listObjectsV2(list -> list.bucket(bucket).startAfter("b").maxKeys(1));
        assertThat(page.contents()).extracting(S3Object::key).containsExactly("c");
        assertThat(page.startAfter()).isEqualTo("b");
        ListObjectsV2Response rest = store.s3()
                .listObjectsV2(
                        list -> list.bucket(bucket).startAfter("zzz").continuationToken(page.nextContinuationToken()));
        assertThat(rest.contents()).extracting(S3Object::key).containsExactly("d");
        assertThat(store.s3()
                        .listObjectsV2(list -> list.bucket(bucket).startAfter("bb"))
                        .contents())
                .extracting(S3Object::key)
                .containsExactly("c", "d");
    }

    @Test
    void ownersAreToldOnRequest() {
        put(Stream.of("a"));
        assertThat(store.s3()
                        .listObjectsV2(list -> list.bucket(bucket))
                        .contents()
                        .getFirst()
                        .owner())
                .isNull();
        assertThat(store.s3()
                        .listObjectsV2(list -> list.bucket(bucket).fetchOwner(true))
                        .contents()
                        .getFirst()
                        .owner()
                        .id())
                .hasSize(64);
    }

    @Test
    void namesAreEncodedOnRequest() {
        List<String> keys = List.of("a b+c", "d&e<f>", "g\u0001h", "i/ä/j");
        put(keys.stream());
        RawResponse encoded = store.request(
                        "GET", "/" + bucket + "?list-type=2&encoding-type=url&delimiter=%3C&prefix=")
                .send();
        assertThat(encoded.element("EncodingType")).isEqualTo("url");
        assertThat(encoded.element("Delimiter")).isEqualTo("%3C");
        assertThat(encoded.elements("Key")).containsExactly("a+b%2Bc", "g%01h", "i/%C3%A4/j");
        assertThat(encoded.text()).contains("<CommonPrefixes><Prefix>d%26e%3C</Prefix></CommonPrefixes>");
        RawResponse plain = store.request("GET", "/" + bucket + "?list-type=2").send();
        assertThat(plain.text())
                .contains("<Key>a b+c</Key>", "<Key>d&amp;e&lt;f&gt;</Key>", "<Key>g&#x1;h</Key>", "<Key>i/ä/j</Key>");
        assertThat(URLDecoder.decode(encoded.elements("Key").getFirst(), StandardCharsets.UTF_8))
                .isEqualTo("a b+c");
    }

    @Test
    void tokensAreOurs() {
        put(Stream.of("a", "b"));
        for (String token : new String[] {"", "nonsense", "AA", "Av8", "%20"}) {
            RawResponse refused = assertRefused(
                    400,
                    "InvalidArgument",
                    store.request("GET", "/" + bucket + "?continuation-token=" + token + "&list-type=2")
                            .send());
            assertThat(refused.element("ArgumentName")).isEqualTo("continuation-token");
        }
    }

    @Test
    void tokensHoldWhateverHappensMeanwhile() {
        put(Stream.of("a", "b", "c", "d"));
        ListObjectsV2Response page =
                store.s3().listObjectsV2(list -> list.bucket(bucket).maxKeys(2));
        store.s3().deleteObject(object -> object.bucket(bucket).key("b"));
        store.s3().deleteObject(object -> object.bucket(bucket).key("c"));
        put(Stream.of("bb"));
        assertThat(store.s3()
                        .listObjectsV2(list -> list.bucket(bucket).continuationToken(page.nextContinuationToken()))
                        .contents())
                .extracting(S3Object::key)
                .containsExactly("bb", "d");
    }

    @Test
    void aThousandAreAPage() {
        put(Stream.iterate(0, i -> i + 1).limit(1001).map("k%04d"::formatted));
        ListObjectsV2Response page = store.s3().listObjectsV2(list -> list.bucket(bucket));
        assertThat(page.contents()).hasSize(1000);
        assertThat(page.isTruncated()).isTrue();
        assertThat(page.maxKeys()).isEqualTo(1000);
        assertThat(store.s3().listObjectsV2Paginator(list -> list.bucket(bucket)).contents().stream())
                .hasSize(1001);
        ListObjectsV2Response exact =
                store.s3().listObjectsV2(list -> list.bucket(bucket).prefix("k0"));
        assertThat(exact.contents()).hasSize(1000);
        assertThat(exact.isTruncated()).isFalse();
    }

    @Test
    void listsWhatWasJustPutAndNotWhatWasJustDeleted() {
        for (int i = 0; i < 50; i++) {
            String key = "k" + i;
            put(Stream.of(key));
            assertThat(pages("k", "", 1000)).containsExactly(key);
            store.request("DELETE", "/" + bucket + "/" + encode(key)).send();
            assertThat(pages("k", "", 1000)).isEmpty();
        }
    }
}
