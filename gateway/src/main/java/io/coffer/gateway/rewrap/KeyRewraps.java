package io.coffer.gateway.rewrap;

import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.KeyRewrap;
import io.coffer.common.metadata.MasterKey;
import io.coffer.common.time.Ticker;
import io.coffer.gateway.client.ClusterMapCache;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.kms.KeyStore;
import io.coffer.gateway.kms.KeyStoreException;
import io.coffer.gateway.kms.KeyStoreException.Reason;
import io.coffer.gateway.s3.error.S3Exception;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/**
 * What is asked of rewraps, by operators and by whoever watches them. Any gateway can be asked, and one of them does the work ({@link
 * Rewrapper}). Thread-safe.
 */
public final class KeyRewraps {
    private final Parts parts;
    private final RewrapDocument document;

    /** Released when there is something to do. */
    private final Semaphore asked = new Semaphore(0);

    private final LongAdder scanned = new LongAdder();
    private final LongAdder renewed = new LongAdder();

    /**
     * What it stands on.
     *
     * @param rowsPerSecond of metadata that are looked at, at most
     */
    public record Parts(
            MetadataService metadata,
            ClusterMapCache maps,
            KeyStore keys,
            InstantSource clock,
            SecureRandom random,
            int rowsPerSecond) {}

    public KeyRewraps(Parts parts) {
        this.parts = parts;
        this.document = new RewrapDocument(parts.metadata());
    }

    /** All that run, and those that were the last of their key. */
    public List<KeyRewrap> all() throws S3Exception {
        return document.read();
    }

    /**
     * Has the data keys that earlier versions of a key have wrapped wrapped with its newest one. One that runs to the same version goes on;
     * one that is over begins again.
     */
    public KeyRewrap begin(UUID id) throws S3Exception, KeyStoreException {
        MasterKey key = parts.keys().keys().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new KeyStoreException(Reason.NO_SUCH_KEY, "there is no key " + id));
        if (!key.enabled()) {
            throw new KeyStoreException(
                    Reason.INVALID, "the key is disabled, so that nothing can be unwrapped with it");
        }
        int below = key.newest().number();
        if (below == 1) {
            throw new KeyStoreException(
                    Reason.INVALID, "the key has one version, and all data has that: rotate it first");
        }
        KeyRewrap begun = KeyRewrap.begun(id, below, parts.clock().millis());
        List<KeyRewrap> told = new ArrayList<>();
        document.change(rewraps -> {
            told.clear();
            List<KeyRewrap> all = new ArrayList<>(rewraps);
            KeyRewrap known =
                    all.stream().filter(one -> one.key().equals(id)).findFirst().orElse(null);
            if (known != null && known.isRunning() && known.below() == below) {
                told.add(known);
                return rewraps;
            }
            all.remove(known);
            makeRoom(all);
            all.add(begun);
            told.add(begun);
            return all;
        });
        asked.release();
        return told.getFirst();
    }

    private static void makeRoom(List<KeyRewrap> all) throws KeyStoreException {
        if (all.size() < Limits.MAX_REWRAPS) {
            return;
        }
        KeyRewrap oldest = all.stream()
                .filter(one -> !one.isRunning())
                .findFirst()
                .orElseThrow(() -> new KeyStoreException(
                        Reason.FULL, Limits.MAX_REWRAPS + " keys are being rewrapped; wait until one is done"));
        all.remove(oldest);
    }

    /**
     * Does what is asked here or elsewhere from now on, until it is closed.
     *
     * @param self who takes up again what it did before it was started anew
     */
    public Rewrapper start(NodeId self) {
        return Rewrapper.start(
                parts, document, new Rewrapper.Self(self.value(), asked, scanned, renewed), Ticker.SYSTEM);
    }

    /** Rows that were looked at here, since the start. */
    public long scanned() {
        return scanned.sum();
    }

    /** Seals that were replaced from here, since the start. */
    public long renewed() {
        return renewed.sum();
    }
}
