package io.coffer.metaserver.state;

import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.InvariantViolation;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.StoredPiece;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.ContentReader;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Rows;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chains: what versions consist of to which something was appended, or which were composed. A version is as much of a chain as ends with
 * one of its pieces, so that an append adds a row, however many there are, and the version before it keeps its own end of the same chain.
 *
 * <p>Invariants: a chain's pieces lie one behind the other from 0 on; a piece counts the versions and retired ones that end with it; one
 * that nothing ends with has a piece behind it, or its release is queued.
 */
final class ChainRules {
    private ChainRules() {}

    /** How many parts a version was put together of. */
    static int parts(StoredVersion version) {
        return switch (version.content()) {
            case Content.Chain chain -> chain.parts();
            case Content.Assembly assembly -> version.parts();
            case Content.Runs runs -> runs.runs().isEmpty() ? 0 : 1;
        };
    }

    /** A version's bytes and more behind them. The chain it ends goes on; of one that goes on already, the pieces are shared. */
    static Content.Chain append(Scope scope, StoredVersion version, Content.Runs added, int parts)
            throws RefusedException {
        return from(scope, version.content()).add(added, added.length()).build(parts);
    }

    /** The bytes of several versions, in order; of one version the same one may follow. */
    static Content compose(Scope scope, List<StoredVersion> sources, int parts) throws RefusedException {
        Builder builder = from(scope, sources.getFirst().content());
        for (StoredVersion source : sources.subList(1, sources.size())) {
            builder.share(source.content());
        }
        return builder.end == 0 ? Content.EMPTY : builder.build(parts);
    }

    private static Builder from(Scope scope, Content content) throws RefusedException {
        return content instanceof Content.Chain chain && pieceBehind(scope.tx(), chain) == null
                ? new Builder(scope, chain.id(), chain.length())
                : new Builder(scope, scope.stamp().tick(), 0).share(content);
    }

    private static @Nullable StoredPiece pieceBehind(Transaction tx, Content.Chain chain) {
        return tx.first(
                Tables.PIECES, Keys.piece(chain.id(), chain.length() + 1), Keys.successor(Keys.number(chain.id())));
    }

    /** Puts piece behind piece. */
    static final class Builder {
        private final Scope scope;
        private final long chain;
        private long end;
        private int runs;

        private Builder(Scope scope, long chain, long end) {
            this.scope = scope;
            this.chain = chain;
            this.end = end;
        }

        /** All of some content once more. TOO_MANY_PARTS if that is more than one command should count. */
        private Builder share(Content content) throws RefusedException {
            if (content instanceof Content.Chain source) {
                for (StoredPiece piece : pieces(source)) {
                    share(piece.content());
                }
                return this;
            }
            if (content instanceof Content.Runs(var shared)) {
                runs += shared.size();
            }
            if (runs > Limits.MAX_RUNS) {
                throw new RefusedException(Refusal.TOO_MANY_PARTS, "more than " + Limits.MAX_RUNS + " runs");
            }
            return add(ContentRules.share(scope, content), ContentReader.length(scope.tx(), content));
        }

        private List<StoredPiece> pieces(Content.Chain source) {
            List<StoredPiece> pieces = new ArrayList<>();
            try (Rows<StoredPiece> rows = scope.tx()
                    .scan(Tables.PIECES, Keys.piece(source.id(), 1), Keys.piece(source.id(), source.length() + 1))) {
                for (; rows.valid(); rows.next()) {
                    pieces.add(rows.value());
                }
            }
            return pieces;
        }

        private Builder add(Content content, long length) {
            if (length > 0) {
                SealRules.moved(scope.tx(), content);
                scope.tx().put(Tables.PIECES, Keys.piece(chain, end + length), new StoredPiece(end, content, 0));
                end += length;
            }
            return this;
        }

        private Content.Chain build(int parts) {
            Content.Chain content = new Content.Chain(chain, end, parts);
            count(scope.tx(), content, 1);
            return content;
        }
    }

    /** Moves the references of the piece that a version ends with. */
    static void count(Transaction tx, Content.Chain content, int change) {
        byte[] row = Keys.piece(content.id(), content.length());
        StoredPiece piece = tx.get(Tables.PIECES, row);
        if (piece == null) {
            throw new InvariantViolation("chain " + content.id() + " has no piece that ends at " + content.length());
        }
        tx.put(Tables.PIECES, row, piece.withReferences(piece.references() + change));
    }

    /** The piece that ends there, if it is the last of its chain and nothing ends with it. */
    static @Nullable StoredPiece unused(Transaction tx, long chain, long end) {
        StoredPiece piece = tx.get(Tables.PIECES, Keys.piece(chain, end));
        return piece == null
                        || piece.references() > 0
                        || tx.first(Tables.PIECES, Keys.piece(chain, end + 1), Keys.successor(Keys.number(chain)))
                                != null
                ? null
                : piece;
    }
}
