package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

@ExtendWith(StoreExtension.class)
class DeleteObjectsIT {
    private final Store store;
    private final String bucket;

    DeleteObjectsIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private void put(String... keys) {
        for (String key : keys) {
            store.s3().putObject(object -> object.bucket(bucket).key(key), RequestBody.fromString("hello"));
        }
    }

    private List<String> keys() {
        return store.s3().listObjectsV2(list -> list.bucket(bucket)).contents().stream()
                .map(object -> object.key())
                .toList();
    }

    private RawResponse delete(String document) {
        return store.request("POST", "/" + bucket + "?delete")
                .document(document)
                .send();
    }

    @Test
    void deletesManyAndTellsOfEach() {
        put("a", "b&c", "d");
        DeleteObjectsResponse response = store.s3()
                .deleteObjects(delete -> delete.bucket(bucket)
                        .delete(objects -> objects.objects(
                                ObjectIdentifier.builder().key("b&c").build(),
                                ObjectIdentifier.builder().key("never").build(),
                                ObjectIdentifier.builder().key("a").build())));
        assertThat(response.deleted()).extracting(DeletedObject::key).containsExactly("b&c", "never", "a");
        assertThat(response.errors()).isEmpty();
        assertThat(keys()).containsExactly("d");
    }

    @Test
    void quietMeansErrorsOnly() {
        put("a");
        RawResponse response = delete("<Delete><Quiet>true</Quiet><Object><Key>a</Key></Object>"
                + "<Object><Key>b</Key><VersionId>nonsense</VersionId></Object></Delete>");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.elements("Deleted")).isEmpty();
        assertThat(response.text()).doesNotContain("<Deleted>");
        assertThat(response.element("Code")).isEqualTo("NoSuchVersion");
        assertThat(response.element("Key")).isEqualTo("b");
        assertThat(keys()).isEmpty();
    }

    @Test
    void aThousandAreNotTooMany() {
        String objects = IntStream.range(0, 1000)
                .mapToObj(i -> "<Object><Key>k%04d</Key></Object>".formatted(i))
                .collect(Collectors.joining());
        put("k0000", "k0999", "l");
        RawResponse response = delete("<Delete>" + objects + "</Delete>");
        assertThat(response.elements("Key")).hasSize(1000).startsWith("k0000").endsWith("k0999");
        assertThat(keys()).containsExactly("l");
        assertRefused(400, "MalformedXML", delete("<Delete>" + objects + "<Object><Key>l</Key></Object></Delete>"));
        assertThat(keys()).containsExactly("l");
    }

    @Test
    void outcomesOfManyAreInTheOrderOfTheRequest() {
        List<String> all = IntStream.range(0, 100).mapToObj("k%02d"::formatted).toList();
        put(all.toArray(String[]::new));
        List<String> kept = List.of("k00", "k39", "k40", "k41", "k99");
        RawResponse response = delete(all.stream()
                .map(key -> "<Object><Key>" + key + "</Key>"
                        + (kept.contains(key) ? "<ETag>\"other\"</ETag></Object>" : "</Object>"))
                .collect(Collectors.joining("", "<Delete>", "</Delete>")));
        assertThat(response.elements("Key")).isEqualTo(all);
        assertThat(response.elements("Code")).hasSize(kept.size()).containsOnly("PreconditionFailed");
        assertThat(keys()).isEqualTo(kept);
    }

    @Test
    void conditionsHoldForEach() {
        put("a", "b", "c");
        RawResponse response =
                delete("<Delete><Object><Key>a</Key><ETag>\"5d41402abc4b2a76b9719d911017c592\"</ETag></Object>"
                        + "<Object><Key>b</Key><ETag>\"other\"</ETag></Object>"
                        + "<Object><Key>c</Key><Size>6</Size></Object></Delete>");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.elements("Code")).containsExactly("PreconditionFailed", "PreconditionFailed");
        assertThat(keys()).containsExactly("b", "c");
    }

    @Test
    void onesOwnMistakesAreNobodyElses() {
        put("a");
        RawResponse response = delete("<Delete><Object><Key></Key></Object><Object><Key>" + "k".repeat(1025)
                + "</Key></Object><Object><Key>a</Key></Object></Delete>");
        assertThat(response.elements("Code")).containsExactly("UserKeyMustBeSpecified", "KeyTooLongError");
        assertThat(response.text()).contains("<Deleted><Key>a</Key></Deleted>");
        assertThat(keys()).isEmpty();
    }

    @Test
    void theDocumentMustBeVouchedFor() {
        put("a");
        String document = "<Delete><Object><Key>a</Key></Object></Delete>";
        assertRefused(
                400,
                "InvalidRequest",
                store.request("POST", "/" + bucket + "?delete").body(document).send());
        assertRefused(
                400,
                "BadDigest",
                store.request("POST", "/" + bucket + "?delete")
                        .body(document)
                        .header("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==")
                        .send());
        assertThat(keys()).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<Delete/>",
                "<Delete><Object/></Delete>",
                "<Delete><Object><Key>a</Key></Object>",
                "<!DOCTYPE x [<!ENTITY e 'a'>]><Delete><Object><Key>&e;</Key></Object></Delete>",
                "<Delete><Object><Key>a</Key></Object><Extra/></Delete>",
            })
    void anythingElseIsMalformed(String document) {
        put("a");
        assertRefused(400, document.isEmpty() ? "MissingRequestBodyError" : "MalformedXML", delete(document));
        assertThat(keys()).containsExactly("a");
    }
}
