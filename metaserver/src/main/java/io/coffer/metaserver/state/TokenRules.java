package io.coffer.metaserver.state;

import io.coffer.common.metadata.JoinToken;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.CreateToken;
import io.coffer.common.metadata.SystemCommand.DeleteToken;
import io.coffer.common.metadata.SystemCommand.RedeemToken;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;

/** Tokens with which nodes join. Invariant: at most one node has used a token; those that have expired go when a new one comes. */
final class TokenRules {
    private static final int HASH_BYTES = 32;
    private static final ByteBuffer NO_KEY = ByteBuffer.allocate(0);

    private TokenRules() {}

    static Reply create(Transaction tx, Stamp stamp, CreateToken c) throws RefusedException {
        if (c.id().isEmpty() || c.secretHash().remaining() != HASH_BYTES || c.expiresMillis() <= stamp.nowMillis()) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "not a token");
        }
        List<JoinToken> tokens = MapRows.all(tx, Tables.TOKENS, 't');
        int left = tokens.size();
        for (JoinToken token : tokens) {
            if (token.expiresMillis() <= stamp.nowMillis()) {
                tx.delete(Tables.TOKENS, Keys.token(token.id()));
                left--;
            }
        }
        if (left >= Limits.MAX_TOKENS || tx.get(Tables.TOKENS, Keys.token(c.id())) != null) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "too many tokens, or one of that id");
        }
        tx.put(
                Tables.TOKENS,
                Keys.token(c.id()),
                new JoinToken(c.id(), c.role(), c.secretHash(), c.expiresMillis(), null, NO_KEY));
        return Reply.DONE;
    }

    static Reply redeem(Transaction tx, Stamp stamp, RedeemToken c) throws RefusedException {
        JoinToken token = tx.get(Tables.TOKENS, Keys.token(c.id()));
        if (token == null
                || token.expiresMillis() <= stamp.nowMillis()
                || token.role() != c.role()
                || !MessageDigest.isEqual(bytes(token.secretHash()), bytes(c.secretHash()))
                || c.keyHash().remaining() != HASH_BYTES) {
            throw new RefusedException(Refusal.INVALID_TOKEN);
        }
        NodeRules.refuseRemoved(tx, c.node());
        if (token.node() == null) {
            tx.put(
                    Tables.TOKENS,
                    Keys.token(c.id()),
                    new JoinToken(
                            token.id(),
                            token.role(),
                            token.secretHash(),
                            token.expiresMillis(),
                            c.node(),
                            c.keyHash()));
        } else if (!token.node().equals(c.node()) || !token.keyHash().equals(c.keyHash())) {
            throw new RefusedException(Refusal.INVALID_TOKEN);
        }
        return Reply.DONE;
    }

    static Reply delete(Transaction tx, DeleteToken c) {
        tx.delete(Tables.TOKENS, Keys.token(c.id()));
        return Reply.DONE;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
