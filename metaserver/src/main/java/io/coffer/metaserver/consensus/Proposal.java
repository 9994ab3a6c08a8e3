package io.coffer.metaserver.consensus;

import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.metaserver.command.Outcome;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * A batch on its way through the log. It travels inside the process with its entry, so that the outcomes reach the proposer as
 * they are: no reply is encoded, and Ratis' retry cache keeps none.
 */
final class Proposal implements Message {
    private final ByteString content;
    private final CompletableFuture<List<Outcome>> outcomes = new CompletableFuture<>();

    /** @param batch never written again by its owner */
    Proposal(ByteBuffer batch) {
        content = UnsafeByteOperations.unsafeWrap(batch);
    }

    @Override
    public ByteString getContent() {
        return content;
    }

    @Override
    public int size() {
        return content.size();
    }

    CompletableFuture<List<Outcome>> outcomes() {
        return outcomes;
    }

    void applied(List<Outcome> result) {
        outcomes.complete(result);
    }

    /** Has no effect after {@link #applied}. */
    void unavailable(MetadataUnavailableException why) {
        outcomes.completeExceptionally(why);
    }
}
