package io.coffer.gateway.s3.xml;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectPart;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Reply.Entry;
import io.coffer.common.metadata.StoredChecksum;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResponseDocumentsTest {
    private static final AccountId OWNER = new AccountId("123456789012");
    private static final String NS = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
    private static final StoredChecksum COMPOSITE =
            new StoredChecksum(ChecksumAlgorithm.CRC32, StoredChecksum.Type.COMPOSITE, "AAAAAA==");

    private static String text(ByteBuffer document) {
        String text = StandardCharsets.UTF_8.decode(document).toString();
        assertThat(text).startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        return text.substring(text.indexOf('\n') + 1);
    }

    private static ObjectVersion object(String key, boolean deleteMarker) {
        return new ObjectVersion(
                key,
                new VersionId(77),
                !deleteMarker,
                true,
                deleteMarker,
                OWNER,
                deleteMarker ? "" : "d41d8cd98f00b204e9800998ecf8427e",
                deleteMarker ? 0 : 5,
                1_000_000_000_123L,
                0,
                deleteMarker ? null : COMPOSITE,
                new ObjectAttributes(Map.of("x-amz-storage-class", "STANDARD_IA"), Map.of()));
    }

    @Test
    void listsObjects() {
        List<Entry<ObjectVersion>> entries =
                List.of(new Entry.Item<>(object("a b", false)), new Entry.CommonPrefix<>("c d/"));
        ListObjectsResult.Position token = new ListObjectsResult.Position.Token("a", null, "next");
        assertThat(text(new ListObjectsResult("b", "p q", "/", 2, true, true, token, entries, id -> "canonical")
                        .toXml()))
                .isEqualTo("<ListBucketResult" + NS + "><Name>b</Name><Prefix>p+q</Prefix><StartAfter>a</StartAfter>"
                        + "<NextContinuationToken>next</NextContinuationToken><KeyCount>2</KeyCount><MaxKeys>2</MaxKeys>"
                        + "<Delimiter>/</Delimiter><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
                        + "<Contents><Key>a+b</Key><LastModified>2001-09-09T01:46:40.123Z</LastModified>"
                        + "<ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm>"
                        + "<ChecksumType>COMPOSITE</ChecksumType><Size>5</Size><Owner><ID>canonical</ID></Owner>"
                        + "<StorageClass>STANDARD_IA</StorageClass></Contents>"
                        + "<CommonPrefixes><Prefix>c+d/</Prefix></CommonPrefixes></ListBucketResult>");
        ListObjectsResult.Position marker = new ListObjectsResult.Position.Marker("", null);
        assertThat(text(new ListObjectsResult("b", "", null, 1000, false, false, marker, List.of(), null).toXml()))
                .isEqualTo("<ListBucketResult" + NS + "><Name>b</Name><Prefix/><Marker/><MaxKeys>1000</MaxKeys>"
                        + "<IsTruncated>false</IsTruncated></ListBucketResult>");
    }

    @Test
    void listsVersions() {
        List<Entry<ObjectVersion>> entries =
                List.of(new Entry.Item<>(object("a", true)), new Entry.Item<>(object("b", false)));
        assertThat(text(new ListVersionsResult(
                                "b", "", null, "", "", "b", "null", 2, false, true, entries, id -> "canonical")
                        .toXml()))
                .isEqualTo("<ListVersionsResult" + NS + "><Name>b</Name><Prefix/><KeyMarker/><VersionIdMarker/>"
                        + "<NextKeyMarker>b</NextKeyMarker><NextVersionIdMarker>null</NextVersionIdMarker>"
                        + "<MaxKeys>2</MaxKeys><IsTruncated>true</IsTruncated>"
                        + "<DeleteMarker><Key>a</Key><VersionId>" + new VersionId(77) + "</VersionId>"
                        + "<IsLatest>true</IsLatest><LastModified>2001-09-09T01:46:40.123Z</LastModified>"
                        + "<Owner><ID>canonical</ID></Owner></DeleteMarker>"
                        + "<Version><Key>b</Key><VersionId>null</VersionId><IsLatest>true</IsLatest>"
                        + "<LastModified>2001-09-09T01:46:40.123Z</LastModified>"
                        + "<ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm>"
                        + "<ChecksumType>COMPOSITE</ChecksumType><Size>5</Size><Owner><ID>canonical</ID></Owner>"
                        + "<StorageClass>STANDARD_IA</StorageClass></Version></ListVersionsResult>");
    }

    @Test
    void tellsWhatBecameOfDeletes() {
        assertThat(text(new DeleteResult(List.of(
                                new DeleteResult.Outcome.Deleted("a", null, true, "v1"),
                                new DeleteResult.Outcome.Deleted("b", "null", false, null),
                                new DeleteResult.Outcome.Failed("c", "v2", "AccessDenied", "no")))
                        .toXml()))
                .isEqualTo("<DeleteResult" + NS + "><Deleted><Key>a</Key><DeleteMarker>true</DeleteMarker>"
                        + "<DeleteMarkerVersionId>v1</DeleteMarkerVersionId></Deleted>"
                        + "<Deleted><Key>b</Key><VersionId>null</VersionId></Deleted>"
                        + "<Error><Key>c</Key><VersionId>v2</VersionId><Code>AccessDenied</Code><Message>no</Message></Error>"
                        + "</DeleteResult>");
    }

    @Test
    void marksCompositeChecksumsWithTheNumberOfParts() {
        assertThat(text(new CompleteUploadResult("http://h/b/k", "b", "k", "e-3", COMPOSITE, 3).toXml()))
                .isEqualTo(
                        "<CompleteMultipartUploadResult" + NS + "><Location>http://h/b/k</Location><Bucket>b</Bucket>"
                                + "<Key>k</Key><ETag>&quot;e-3&quot;</ETag><ChecksumCRC32>AAAAAA==-3</ChecksumCRC32>"
                                + "<ChecksumType>COMPOSITE</ChecksumType></CompleteMultipartUploadResult>");
    }

    @Test
    void describesAttributesWithoutQuotesOrPartCounts() {
        ObjectPart part = new ObjectPart(
                1, 5, "e", 0, new StoredChecksum(ChecksumAlgorithm.CRC32, StoredChecksum.Type.FULL_OBJECT, "BBBBBB=="));
        var parts = new ObjectAttributesResult.Parts(1, new ObjectAttributesResult.Page(0, 1000, false, List.of(part)));
        assertThat(text(new ObjectAttributesResult("e-1", COMPOSITE, parts, "STANDARD", 5).toXml()))
                .isEqualTo(
                        "<GetObjectAttributesResponse" + NS + "><ETag>e-1</ETag><Checksum><ChecksumCRC32>AAAAAA=="
                                + "</ChecksumCRC32><ChecksumType>COMPOSITE</ChecksumType></Checksum><ObjectParts>"
                                + "<PartsCount>1</PartsCount><PartNumberMarker>0</PartNumberMarker>"
                                + "<NextPartNumberMarker>1</NextPartNumberMarker><MaxParts>1000</MaxParts>"
                                + "<IsTruncated>false</IsTruncated><Part><PartNumber>1</PartNumber><Size>5</Size>"
                                + "<ChecksumCRC32>BBBBBB==</ChecksumCRC32></Part></ObjectParts>"
                                + "<StorageClass>STANDARD</StorageClass><ObjectSize>5</ObjectSize></GetObjectAttributesResponse>");
    }

    @Test
    void rendersErrors() {
        assertThat(text(new ErrorDocument("NoSuchKey", "gone & lost", Map.of("Key", "k"), "R", "H").toXml()))
                .isEqualTo("<Error><Code>NoSuchKey</Code><Message>gone &amp; lost</Message><Key>k</Key>"
                        + "<RequestId>R</RequestId><HostId>H</HostId></Error>");
    }
}
