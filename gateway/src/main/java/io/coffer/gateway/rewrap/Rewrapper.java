package io.coffer.gateway.rewrap;

import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.GroupRewrap;
import io.coffer.common.metadata.KeyRewrap;
import io.coffer.common.metadata.MasterKey;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.time.Ticker;
import io.coffer.gateway.kms.KeyStoreException;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does rewraps, one at a time, on a thread of its own: those that it began to do, those that nobody does, and those whose driver is silent.
 * Two at work on one harm nobody, because seals are replaced by compare and set; but the one that finds the other's note in the document
 * leaves it to that one.
 *
 * <p>How far it is is noted after what was done, so that a successor does some of it again. A group is finished when a whole pass has
 * found nothing and nothing was moved meanwhile, and then for good: its fence lets nothing in any more.
 */
public final class Rewrapper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rewrapper.class);

    private final KeyRewraps.Parts parts;
    private final RewrapDocument document;
    private final Self self;
    private final Ticker ticker;
    private final Thread thread;

    /** What others' rewraps were last seen to be at. */
    private final Map<UUID, Seen> seen = new HashMap<>();

    private volatile boolean closed;

    /**
     * Who it is.
     *
     * @param asked released when there is something to do
     */
    record Self(UUID id, Semaphore asked, LongAdder scanned, LongAdder renewed) {}

    private record Seen(UUID driver, long beats, long nanos) {}

    /** Somebody else does it, or began it anew. */
    private static final class LostException extends Exception {
        private static final long serialVersionUID = 1;

        LostException() {
            super("another one does it", null, false, false);
        }
    }

    private Rewrapper(KeyRewraps.Parts parts, RewrapDocument document, Self self, Ticker ticker) {
        this.parts = parts;
        this.document = document;
        this.self = self;
        this.ticker = ticker;
        this.thread = Thread.ofVirtual().name("key-rewrap").unstarted(this::run);
    }

    static Rewrapper start(KeyRewraps.Parts parts, RewrapDocument document, Self self, Ticker ticker) {
        Rewrapper rewrapper = new Rewrapper(parts, document, self, ticker);
        rewrapper.thread.start();
        return rewrapper;
    }

    /** What was done is noted or done again by who goes on. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try {
                look();
                if (self.asked.tryAcquire(Limits.LOOK_PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
                    self.asked.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            } catch (S3Exception e) {
                LOG.debug("can't look for keys to rewrap: {}", e.getMessage());
                pause();
            } catch (RuntimeException e) {
                LOG.error("rewrapping failed", e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(Limits.RETRY_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws S3Exception, InterruptedException {
        Set<UUID> running = new HashSet<>();
        for (KeyRewrap rewrap : document.read()) {
            if (rewrap.isRunning()) {
                running.add(rewrap.key());
                if (isForMe(rewrap)) {
                    drive(rewrap);
                }
            }
        }
        seen.keySet().retainAll(running);
    }

    private boolean isForMe(KeyRewrap rewrap) {
        UUID driver = rewrap.driver();
        if (driver == null || driver.equals(self.id)) {
            return true;
        }
        Seen last = seen.get(rewrap.key());
        if (last == null || !last.driver.equals(driver) || last.beats != rewrap.beats()) {
            seen.put(rewrap.key(), new Seen(driver, rewrap.beats(), ticker.nanos()));
            return false;
        }
        return ticker.nanos() - last.nanos > Limits.LEASE.toNanos();
    }

    private void drive(KeyRewrap rewrap) throws S3Exception, InterruptedException {
        try {
            Drive drive = new Drive(rewrap);
            LOG.info(
                    "data keys that versions before {} of key {} wrapped are wrapped anew",
                    rewrap.below(),
                    rewrap.key());
            drive.run();
        } catch (LostException e) {
            LOG.info("the rewrap of key {} is done elsewhere", rewrap.key());
        } catch (KeyStoreException e) {
            LOG.warn("the rewrap of key {} can't be noted: {}", rewrap.key(), e.getMessage());
            Thread.sleep(Limits.RETRY_PAUSE);
        }
    }

    /** One rewrap, from where it is to its end, or until somebody else does it. */
    private final class Drive {
        private KeyRewrap rewrap;
        private long notedNanos;

        /** Whether every gateway knows the newest version, so that groups that come now need no pass. */
        private boolean settled;

        /** Takes it over. */
        Drive(KeyRewrap found) throws S3Exception, KeyStoreException, LostException {
            this.rewrap = found;
            note();
        }

        void run() throws S3Exception, KeyStoreException, LostException, InterruptedException {
            while (rewrap.isRunning() && !closed) {
                try {
                    MasterKey key = parts.keys().find(rewrap.key());
                    GroupRewrap group = next();
                    if (group == null && !settled) {
                        rest(Limits.SETTLING);
                        settled = true;
                    } else if (group == null) {
                        parts.keys().noteNeeded(rewrap.key(), rewrap.below());
                        end(KeyRewrap.State.DONE, "");
                    } else {
                        step(key, group);
                    }
                } catch (RefusedException e) {
                    retry(String.valueOf(e.getMessage()));
                } catch (S3Exception e) {
                    if (e.error() == S3Error.KMS_DISABLED || e.error() == S3Error.KMS_NOT_FOUND) {
                        end(KeyRewrap.State.STOPPED, String.valueOf(e.getMessage()));
                    } else if (!closed) {
                        retry(e.error().code() + ": " + e.getMessage());
                    }
                }
            }
        }

        private void end(KeyRewrap.State state, String why) throws S3Exception, KeyStoreException, LostException {
            rewrap = rewrap.with(state, why);
            note();
            LOG.info("the rewrap of key {} is over: {} seals replaced {}", rewrap.key(), rewrap.renewed(), why);
        }

        /** What hinders it may pass: a group without a leader, a root key that isn't reached. */
        private void retry(String why) throws InterruptedException, KeyStoreException, LostException {
            LOG.warn("the rewrap of key {} doesn't get on: {}", rewrap.key(), why);
            rewrap = rewrap.with(KeyRewrap.State.RUNNING, why);
            rest(Limits.RETRY_PAUSE);
            rewrap = rewrap.with(KeyRewrap.State.RUNNING, "");
        }

        /** The first group that isn't finished, those included that came meanwhile; null when all are. */
        private @Nullable GroupRewrap next() throws S3Exception {
            for (GroupRewrap group : rewrap.groups()) {
                if (!group.clean()) {
                    return group;
                }
            }
            List<GroupRewrap> all = new ArrayList<>(rewrap.groups());
            for (GroupId id : groups()) {
                if (all.stream().noneMatch(known -> known.group().equals(id))) {
                    all.add(GroupRewrap.none(id));
                }
            }
            if (all.size() == rewrap.groups().size()) {
                return null;
            }
            GroupRewrap first = all.get(rewrap.groups().size());
            rewrap = rewrap.withGroups(all);
            return first;
        }

        private void step(MasterKey key, GroupRewrap at)
                throws S3Exception, RefusedException, KeyStoreException, LostException, InterruptedException {
            long start = ticker.nanos();
            int rows = Math.clamp(parts.rowsPerSecond() / Limits.PAGES_PER_SECOND, 1, BucketQuery.MAX_PAGE);
            GroupPass pass = new GroupPass(parts, key, rewrap.below(), at.group());
            GroupRewrap now;
            try {
                now = pass.step(at, rows);
            } finally {
                rewrap = rewrap.plusRenewed(pass.renewed());
                self.renewed.add(pass.renewed());
                self.scanned.add(pass.scanned());
            }
            rewrap = rewrap.withGroups(rewrap.groups().stream()
                    .map(group -> group.group().equals(now.group()) ? now : group)
                    .toList());
            if (now.fruitless() >= Limits.MAX_FRUITLESS) {
                end(
                        KeyRewrap.State.STOPPED,
                        at.left() + " data keys don't open with the key, in the encryption context of their objects");
                return;
            }
            boolean ended = now.pass() != at.pass() || now.clean();
            if (ended || ticker.nanos() - notedNanos >= Limits.NOTE_PERIOD.toNanos()) {
                note();
            }
            if (ended && now.fruitless() > 0) {
                rest(Limits.FRUITLESS_PAUSE);
            }
            throttle(pass.scanned(), ticker.nanos() - start);
        }

        /** At most so many rows a second, and at least as much rest as work. */
        private void throttle(long scanned, long tookNanos) throws InterruptedException {
            long dueNanos = scanned * Duration.ofSeconds(1).toNanos() / parts.rowsPerSecond();
            TimeUnit.NANOSECONDS.sleep(Math.max(dueNanos - tookNanos, tookNanos));
        }

        /** Waits, alive to the others. */
        private void rest(Duration whole) throws InterruptedException, KeyStoreException, LostException {
            long slice = Math.min(whole.toNanos(), Limits.NOTE_PERIOD.toNanos());
            for (long left = whole.toNanos(); left > 0; left -= slice) {
                try {
                    note();
                } catch (S3Exception e) {
                    LOG.debug("the rewrap of key {} can't be noted now: {}", rewrap.key(), e.getMessage());
                }
                TimeUnit.NANOSECONDS.sleep(Math.min(left, slice));
            }
        }

        private void note() throws S3Exception, KeyStoreException, LostException {
            boolean[] lost = new boolean[1];
            KeyRewrap next = rewrap.beat(self.id, parts.clock().millis());
            document.change(rewraps -> {
                List<KeyRewrap> all = new ArrayList<>(rewraps);
                lost[0] = true;
                for (int i = 0; i < all.size(); i++) {
                    KeyRewrap there = all.get(i);
                    if (there.key().equals(next.key()) && isMine(there)) {
                        all.set(i, next);
                        lost[0] = false;
                    }
                }
                return all;
            });
            if (lost[0]) {
                throw new LostException();
            }
            rewrap = next;
            notedNanos = ticker.nanos();
        }

        /** Whether it is what was last noted, or found: whoever takes it over makes it beat. */
        private boolean isMine(KeyRewrap there) {
            return there.isRunning()
                    && there.below() == rewrap.below()
                    && there.begunMillis() == rewrap.begunMillis()
                    && there.beats() == rewrap.beats()
                    && Objects.equals(there.driver(), rewrap.driver());
        }
    }

    /** Of metadata, but for the system group. A store of one process has none in its map. */
    private List<GroupId> groups() throws S3Exception {
        List<GroupId> groups = parts.maps().refresh().groups().keySet().stream()
                .filter(group -> !group.isSystem())
                .sorted()
                .toList();
        return groups.isEmpty() ? List.of(GroupId.ONLY_BUCKETS) : groups;
    }
}
