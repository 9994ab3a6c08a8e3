package io.coffer.metaserver.state;

import io.coffer.common.metadata.BucketCommand.RenewSeals;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Seal;
import io.coffer.common.metadata.SealRenewal;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.StoredFence;
import io.coffer.metaserver.model.StoredPart;
import io.coffer.metaserver.model.StoredPiece;
import io.coffer.metaserver.model.StoredRun;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Replacing what has wrapped data keys. The bytes and all that is visible of a version stay what they are, so that no lock hinders it.
 *
 * <p>Invariant: a seal of a version of a key before its fence is there only if it was when the fence was set: nothing brings one in, and
 * whatever puts one into another row counts it. So who goes over all rows one by one, finds none and sees the same count as before has
 * missed none.
 */
final class SealRules {
    private SealRules() {}

    static Reply renew(Transaction tx, RenewSeals c) throws RefusedException {
        check(c);
        StoredFence fence = fence(tx, c.key());
        if (c.below() > fence.below()) {
            fence = new StoredFence(c.below(), fence.moved());
            tx.put(Tables.SEAL_FENCES, Keys.sealFence(c.key()), fence);
        }
        int replaced = 0;
        for (SealRenewal renewal : c.renewals()) {
            replaced += renew(tx, c.key(), fence.below(), renewal);
        }
        return new Reply.SealsReply(replaced, fence.moved());
    }

    private static void check(RenewSeals c) throws RefusedException {
        int seals = 0;
        for (SealRenewal renewal : c.renewals()) {
            seals += renewal.seals().size();
        }
        if (c.below() < 1 || seals > RenewSeals.MAX_RENEWALS || c.renewals().size() > RenewSeals.MAX_RENEWALS) {
            throw new RefusedException(
                    Refusal.INVALID_ARGUMENT, seals + " seals below version " + c.below() + " of a key");
        }
    }

    private static int renew(Transaction tx, UUID key, int below, SealRenewal renewal) throws RefusedException {
        Replacement replacement = new Replacement(renewal, key, below);
        byte[] row = new byte[renewal.row().remaining()];
        renewal.row().duplicate().get(row);
        switch (renewal.table()) {
            case OBJECTS -> {
                StoredVersion found = tx.get(Tables.OBJECTS, row);
                Content.Runs runs = replacement.in(found == null ? null : found.content());
                if (found != null && runs != null) {
                    tx.put(Tables.OBJECTS, row, found.withContent(runs));
                }
            }
            case VERSIONS -> {
                StoredVersion found = tx.get(Tables.VERSIONS, row);
                Content.Runs runs = replacement.in(found == null ? null : found.content());
                if (found != null && runs != null) {
                    tx.put(Tables.VERSIONS, row, found.withContent(runs));
                }
            }
            case PARTS -> {
                StoredPart found = tx.get(Tables.PARTS, row);
                Content.Runs runs = replacement.in(found == null ? null : found.content());
                if (found != null && runs != null) {
                    tx.put(Tables.PARTS, row, found.withContent(runs));
                }
            }
            case PIECES -> {
                StoredPiece found = tx.get(Tables.PIECES, row);
                Content.Runs runs = replacement.in(found == null ? null : found.content());
                if (found != null && runs != null) {
                    tx.put(Tables.PIECES, row, found.withContent(runs));
                }
            }
            case UPLOADS -> throw new RefusedException(Refusal.INVALID_ARGUMENT, "uploads have no seals");
        }
        return replacement.replaced;
    }

    /** The seals of one row that others take the place of. */
    private static final class Replacement {
        private final Map<Seal, Seal> seals = new HashMap<>();
        private int replaced;

        Replacement(SealRenewal renewal, UUID key, int below) throws RefusedException {
            for (SealRenewal.Pair pair : renewal.seals()) {
                Seal.Wrapper now = pair.after().wrapper();
                if (!pair.before().isBefore(key, below)
                        || now == null
                        || !now.key().equals(key)) {
                    throw new RefusedException(Refusal.INVALID_ARGUMENT, "a seal of another key");
                }
                if (now.version() < below) {
                    throw new RefusedException(Refusal.SEAL_TOO_OLD);
                }
                seals.put(pair.before(), pair.after());
            }
        }

        /** The runs with their new seals; null when none of them has one of the seals. */
        Content.@Nullable Runs in(@Nullable Content content) {
            if (!(content instanceof Content.Runs(List<StoredRun> runs))) {
                return null;
            }
            List<StoredRun> now = new ArrayList<>(runs.size());
            for (StoredRun run : runs) {
                Seal seal = seals.get(run.seal());
                now.add(seal == null ? run : run.withSeal(seal));
                replaced += seal == null ? 0 : 1;
            }
            return replaced == 0 ? null : new Content.Runs(now);
        }
    }

    /** SEAL_TOO_OLD for a seal that may not come in any more. */
    static void admit(Transaction tx, Seal seal) throws RefusedException {
        Seal.Wrapper wrapper = seal.wrapper();
        if (wrapper != null && wrapper.version() < fence(tx, wrapper.key()).below()) {
            throw new RefusedException(Refusal.SEAL_TOO_OLD);
        }
    }

    static void admit(Transaction tx, List<ExtentSlice> slices) throws RefusedException {
        for (ExtentSlice slice : slices) {
            admit(tx, slice.seal());
        }
    }

    /** Counts what is put into another row than it was in. */
    static void moved(Transaction tx, Content content) {
        if (content instanceof Content.Runs(List<StoredRun> runs)) {
            for (StoredRun run : runs) {
                moved(tx, run.seal().wrapper());
            }
        }
    }

    private static void moved(Transaction tx, Seal.@Nullable Wrapper wrapper) {
        StoredFence fence = wrapper == null ? StoredFence.NONE : fence(tx, wrapper.key());
        if (wrapper != null && wrapper.version() < fence.below()) {
            tx.put(
                    Tables.SEAL_FENCES,
                    Keys.sealFence(wrapper.key()),
                    new StoredFence(fence.below(), fence.moved() + 1));
        }
    }

    private static StoredFence fence(Transaction tx, UUID key) {
        StoredFence fence = tx.get(Tables.SEAL_FENCES, Keys.sealFence(key));
        return fence == null ? StoredFence.NONE : fence;
    }
}
