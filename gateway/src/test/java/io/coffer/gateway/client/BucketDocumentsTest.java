package io.coffer.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketSettings;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BucketDocumentsTest {
    private final SystemGroup group = new SystemGroup();
    private long nowMillis = 1_000_000;
    private final MetadataService metadata = new MetadataService(
            group, () -> Instant.ofEpochMilli(nowMillis), () -> new SplittableRandom(1), Duration.ofSeconds(1));
    private final BucketDocuments documents = new BucketDocuments(metadata);
    private int parsed;

    /** Has one bucket with one document. */
    private static final class SystemGroup implements MetadataClient {
        Bucket bucket = bucket(1, BucketSettings.UNSET);
        int asked;

        @Nullable
        String content = "one";

        int length;

        @Override
        public <R extends Reply> CompletableFuture<R> submit(GroupId g, RequestId request, Command<R> command) {
            throw new AssertionError("nothing is changed");
        }

        @Override
        @SuppressWarnings("unchecked")
        public <R extends Reply> CompletableFuture<R> query(GroupId g, Query<R> query) {
            asked++;
            if (query instanceof SystemQuery.GetBucket) {
                return CompletableFuture.completedFuture((R) new Reply.BucketReply(bucket));
            }
            if (content == null) {
                return CompletableFuture.failedFuture(new RefusedException(Refusal.NO_SUCH_DOCUMENT));
            }
            ByteBuffer bytes = length > 0 ? ByteBuffer.allocate(length) : StandardCharsets.UTF_8.encode(content);
            return CompletableFuture.completedFuture(
                    (R) new Reply.BucketDocumentReply(bucket.settings().revisionOf(DocumentKind.CORS), bytes));
        }
    }

    private static Bucket bucket(long id, BucketSettings settings) {
        return new Bucket(
                new BucketId(id),
                "b",
                new AccountId("000000000001"),
                "us-east-1",
                0,
                Bucket.State.ACTIVE,
                "",
                List.of(),
                settings);
    }

    private void store(String content) {
        group.bucket = group.bucket.withSettings(group.bucket.settings().withDocument(DocumentKind.CORS, true));
        group.content = content;
    }

    private @Nullable String find(Bucket bucket) throws S3Exception {
        return documents.find(bucket, DocumentKind.CORS, String.class, content -> {
            parsed++;
            return StandardCharsets.UTF_8.decode(content).toString();
        });
    }

    @Test
    void aBucketWithoutOneCostsNoCall() throws S3Exception {
        assertThat(find(group.bucket)).isNull();
        assertThat(group.asked).isZero();
    }

    @Test
    void aRevisionIsFetchedAndParsedOnce() throws S3Exception {
        store("one");
        assertThat(find(group.bucket)).isEqualTo("one");
        assertThat(find(group.bucket)).isEqualTo("one");
        assertThat(group.asked).isEqualTo(1);
        assertThat(parsed).isEqualTo(1);
        Bucket old = group.bucket;
        store("two");
        assertThat(find(group.bucket)).isEqualTo("two");
        assertThat(find(old)).as("by who knows of an older one").isEqualTo("two");
        assertThat(parsed).isEqualTo(2);
    }

    @Test
    void oneThatWasRemovedMeanwhileIsNone() throws S3Exception {
        store("one");
        group.content = null;
        assertThat(find(group.bucket)).isNull();
    }

    @Test
    void whatIsKeptHasBounds() throws S3Exception {
        store("one");
        group.length = 1 << 20;
        int buckets = (int) (BucketDocuments.MAX_BYTES >> 20) + 8;
        for (int id = 1; id <= buckets; id++) {
            find(bucket(id, group.bucket.settings()));
        }
        for (int id = 1; id <= buckets; id++) {
            find(bucket(id, group.bucket.settings()));
        }
        assertThat(parsed).as("some had to be fetched again, not all").isBetween(buckets + 8, 2 * buckets - 8);
    }

    @Test
    void anAnswerThatAChangeHasOvertakenDoesNotHideTheChange() throws S3Exception {
        BucketCache buckets = new BucketCache(metadata, () -> Instant.ofEpochMilli(nowMillis));
        Bucket before = buckets.find("b");
        store("one");
        buckets.learn(group.bucket);
        group.bucket = before;
        buckets.find("b");
        assertThat(buckets.recall("b").settings().documents()).containsKey(DocumentKind.CORS);
        nowMillis += BucketCache.MAX_AGE_MILLIS;
        group.bucket = bucket(2, BucketSettings.UNSET);
        assertThat(buckets.recall("b").id()).isEqualTo(new BucketId(2));
        assertThat(buckets.recall("b").id())
                .as("a bucket of the same name made anew")
                .isEqualTo(new BucketId(2));
    }
}
