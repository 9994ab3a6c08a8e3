package io.coffer.gateway.s3.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.TagSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDocumentsTest {
    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertError(S3Error error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"",
                " xmlns='http://s3.amazonaws.com/doc/2006-03-01' other=\"attribute\""
            })
    void readsDeletesWithAndWithoutNamespace(String namespace) throws S3Exception {
        DeleteRequest delete = DeleteRequest.parse(bytes("<?xml version=\"1.0\"?><!-- c --><Delete" + namespace
                + "><Quiet>true</Quiet>\n <Object><Key>a&amp;b &lt;</Key><VersionId>null</VersionId></Object>"
                + "<Object><Key> </Key><ETag>\"x\"</ETag><Size>3</Size></Object></Delete>"));
        assertThat(delete.quiet()).isTrue();
        assertThat(delete.objects())
                .containsExactly(
                        new DeleteRequest.Item("a&b <", "null", null, null, null),
                        new DeleteRequest.Item(" ", null, "\"x\"", null, "3"));
    }

    @Test
    void takesAtMostAThousandDeletes() throws S3Exception {
        String one = "<Object><Key>k</Key></Object>";
        assertThat(DeleteRequest.parse(bytes("<Delete>" + one.repeat(1000) + "</Delete>"))
                        .objects())
                .hasSize(1000);
        assertError(
                S3Error.MALFORMED_XML, () -> DeleteRequest.parse(bytes("<Delete>" + one.repeat(1001) + "</Delete>")));
        assertError(S3Error.MALFORMED_XML, () -> DeleteRequest.parse(bytes("<Delete><Quiet>true</Quiet></Delete>")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<",
                "no xml",
                "<Delete>",
                "<Delete><Object><Key>k</Key></Object></Delete><More/>",
                "<Other><Object><Key>k</Key></Object></Other>",
                "<Delete><Object></Object></Delete>",
                "<Delete><Object><Key>k</Key><Key>l</Key></Object></Delete>",
                "<Delete><Object><Key><b/></Key></Object></Delete>",
                "<Delete><Object><Key>k</Key></Object><Unknown/></Delete>",
                "<Delete><Object><Key>k</Key></Object>text</Delete>",
                "<Delete><Quiet>perhaps</Quiet><Object><Key>k</Key></Object></Delete>",
                "<Delete xmlns=\"http://example.com/\"><Object><Key>k</Key></Object></Delete>",
                "<!DOCTYPE Delete [<!ENTITY e \"x\">]><Delete><Object><Key>&e;</Key></Object></Delete>",
                "<!DOCTYPE Delete SYSTEM \"file:///etc/passwd\"><Delete><Object><Key>k</Key></Object></Delete>",
                "<Delete><Object><Key>&undefined;</Key></Object></Delete>",
                "<Delete><Object><Key>\u0001</Key></Object></Delete>",
                "<Delete><Object><Key>&#x1;</Key></Object></Delete>",
            })
    void refusesWhatIsNotTheDocument(String document) {
        assertError(S3Error.MALFORMED_XML, () -> DeleteRequest.parse(bytes(document)));
    }

    @Test
    void boundsDepthAndElements() {
        assertError(
                S3Error.MALFORMED_XML,
                () -> DeleteRequest.parse(bytes("<a>".repeat(100_000) + "</a>".repeat(100_000))));
        assertError(
                S3Error.MALFORMED_XML,
                () -> DeleteRequest.parse(bytes("<Delete>" + "<a/>".repeat(200_000) + "</Delete>")));
    }

    @Test
    void survivesMutatedDocuments() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] valid =
                ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                                + "<Quiet>true</Quiet><Object><Key>a&amp;&#x41;</Key><VersionId>null</VersionId></Object></Delete>")
                        .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = valid.clone();
            for (int flips = random.nextInt(1, 5); flips > 0; flips--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            try {
                DeleteRequest.parse(ByteBuffer.wrap(mutated, 0, random.nextInt(mutated.length + 1)));
            } catch (S3Exception e) {
                assertThat(e.error()).as("seed %d", seed).isEqualTo(S3Error.MALFORMED_XML);
            }
        }
    }

    @Test
    void readsPartsToComplete() throws S3Exception {
        CompleteRequest complete = CompleteRequest.parse(
                bytes("<CompleteMultipartUpload><Part><PartNumber> 2 </PartNumber><ETag>&quot;abc&quot;</ETag>"
                        + "<ChecksumCRC32C>AAAAAA==</ChecksumCRC32C></Part><Part><ETag>def</ETag><PartNumber>3</PartNumber></Part>"
                        + "</CompleteMultipartUpload>"));
        assertThat(complete.parts())
                .containsExactly(
                        new CompleteRequest.Part(2, "abc", Map.of(ChecksumAlgorithm.CRC32C, "AAAAAA==")),
                        new CompleteRequest.Part(3, "def", Map.of()));
    }

    @Test
    void refusesPartsThatCannotBe() {
        String around = "<CompleteMultipartUpload>%s</CompleteMultipartUpload>";
        assertError(S3Error.INVALID_REQUEST, () -> CompleteRequest.parse(bytes(around.formatted(""))));
        assertError(
                S3Error.INVALID_ARGUMENT,
                () -> CompleteRequest.parse(
                        bytes(around.formatted("<Part><PartNumber>0</PartNumber><ETag>e</ETag></Part>"))));
        assertError(
                S3Error.MALFORMED_XML,
                () -> CompleteRequest.parse(
                        bytes(around.formatted("<Part><PartNumber>x</PartNumber><ETag>e</ETag></Part>"))));
        assertError(
                S3Error.MALFORMED_XML,
                () -> CompleteRequest.parse(bytes(around.formatted("<Part><PartNumber>1</PartNumber></Part>"))));
        assertError(
                S3Error.NOT_IMPLEMENTED,
                () -> CompleteRequest.parse(bytes(around.formatted(
                        "<Part><PartNumber>1</PartNumber><ETag>e</ETag><ChecksumSHA512>x</ChecksumSHA512></Part>"))));
    }

    @Test
    void readsWhereABucketIsToBe() throws S3Exception {
        String around = "<CreateBucketConfiguration>%s</CreateBucketConfiguration>";
        assertThat(CreateBucketConfiguration.parse(bytes("")).locationConstraint())
                .isNull();
        assertThat(CreateBucketConfiguration.parse(bytes(around.formatted(""))).locationConstraint())
                .isNull();
        assertThat(CreateBucketConfiguration.parse(
                                bytes(around.formatted("<LocationConstraint>eu-west-1</LocationConstraint>")))
                        .locationConstraint())
                .isEqualTo("eu-west-1");
        assertError(
                S3Error.NOT_IMPLEMENTED, () -> CreateBucketConfiguration.parse(bytes(around.formatted("<Location/>"))));
    }

    @Test
    void readsTagsOfANewBucket() throws S3Exception {
        String around = "<CreateBucketConfiguration><Tags>%s</Tags></CreateBucketConfiguration>";
        String tag = "<Tag><Key>k</Key><Value>v</Value></Tag>";
        assertThat(CreateBucketConfiguration.parse(bytes(around.formatted(""))).tags())
                .isEqualTo(TagSet.EMPTY);
        assertThat(CreateBucketConfiguration.parse(bytes(around.formatted(tag)))
                        .tags()
                        .tags())
                .isEqualTo(Map.of("k", "v"));
        assertError(S3Error.INVALID_TAG, () -> CreateBucketConfiguration.parse(bytes(around.formatted(tag + tag))));
        assertError(
                S3Error.MALFORMED_XML,
                () -> CreateBucketConfiguration.parse(bytes(around.formatted("<Tag><Key>k</Key></Tag>"))));
        assertError(
                S3Error.BAD_REQUEST, () -> CreateBucketConfiguration.parse(bytes(around.formatted(tag.repeat(51)))));
    }
}
