package io.coffer.gateway.kms;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.MasterKey;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.kms.KeyStoreException.Reason;
import io.coffer.gateway.payload.DataKey;
import io.coffer.gateway.payload.DataSeal;
import io.coffer.gateway.payload.WrappingKey;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that wrap data keys: made, rotated, disabled, and used. They are kept wrapped with the root key, and unwrapped once by each process
 * that uses them. Thread-safe.
 */
public final class KeyStore {
    private static final Logger LOG = LoggerFactory.getLogger(KeyStore.class);

    /** Whose the built-in keys are: nobody's. */
    private static final AccountId NOBODY = new AccountId("000000000000");

    private static final int MAX_DESCRIPTION = 200;

    private final KeyDocument document;
    private final RootKeys roots;
    private final String region;
    private final InstantSource clock;
    private final SecureRandom random;
    /** Unwrapped keys, as many as the store has versions. */
    private final ConcurrentHashMap<DataSeal.Wrapper, byte[]> open = new ConcurrentHashMap<>();

    /** @param region that keys' ARNs name */
    public KeyStore(MetadataService metadata, RootKeys roots, String region, InstantSource clock, SecureRandom random) {
        this.document = new KeyDocument(metadata, clock);
        this.roots = roots;
        this.region = region;
        this.clock = clock;
        this.random = random;
    }

    /** Whether there is a root key, without which there are no keys. */
    public boolean isOffered() {
        return !roots.keys().isEmpty();
    }

    /** Whether what nobody asked to be encrypted is. */
    public boolean encryptsByDefault() {
        return isOffered() && roots.given();
    }

    // Use

    /** The key that a request names, by its id, its alias, or the ARN of either. KMS.NotFoundException, KMS.DisabledException. */
    public MasterKey named(String name) throws S3Exception {
        MasterKey key;
        try {
            key = KeyNames.find(document.recall(), name);
        } catch (S3Exception e) {
            key = KeyNames.find(document.find(), name);
        }
        requireEnabled(key);
        return key;
    }

    public MasterKey builtIn(BuiltInKey which) throws S3Exception {
        Optional<MasterKey> known = builtIn(document.recall(), which);
        if (known.isPresent()) {
            return known.get();
        }
        try {
            MasterKey made = make(NOBODY, which.alias(), which.description());
            return builtIn(document.change(keys -> builtIn(keys, which).isPresent() ? keys : with(keys, made)), which)
                    .orElseThrow();
        } catch (KeyStoreException e) {
            LOG.error("the key {} can't be made: {}", which.alias(), e.getMessage());
            throw new S3Exception(S3Error.SERVICE_UNAVAILABLE);
        }
    }

    private static Optional<MasterKey> builtIn(List<MasterKey> keys, BuiltInKey which) {
        return keys.stream().filter(which::is).findFirst();
    }

    /**
     * What wraps new data keys.
     *
     * @param context the encryption context; empty for none
     */
    public WrappingKey wrapping(MasterKey key, String context) throws S3Exception {
        return unwrap(key, key.newest(), context);
    }

    /** What wraps new data keys as of this moment. KMS.NotFoundException, KMS.DisabledException. */
    public WrappingKey newest(UUID id, String context) throws S3Exception {
        MasterKey key = find(id);
        return unwrap(key, key.newest(), context);
    }

    /** A key that may be used, as of this moment. KMS.NotFoundException, KMS.DisabledException. */
    public MasterKey find(UUID id) throws S3Exception {
        for (MasterKey key : document.find()) {
            if (key.id().equals(id)) {
                requireEnabled(key);
                return key;
            }
        }
        throw new S3Exception(S3Error.KMS_NOT_FOUND, "Key '" + id + "' does not exist");
    }

    /** What has wrapped a data key. KMS.NotFoundException, KMS.DisabledException. */
    public WrappingKey wrapping(DataSeal.Wrapper name, String context) throws S3Exception {
        MasterKey key = byId(document.recall(), name).orElse(null);
        if (key == null) {
            key = byId(document.find(), name)
                    .orElseThrow(
                            () -> new S3Exception(S3Error.KMS_NOT_FOUND, "Key '" + name.id() + "' does not exist"));
        }
        requireEnabled(key);
        for (MasterKey.Version version : key.versions()) {
            if (version.number() == name.version()) {
                return unwrap(key, version, context);
            }
        }
        throw new S3Exception(S3Error.KMS_NOT_FOUND, "Key '" + key.arn() + "' does not exist");
    }

    /** A key that has the version: one that was rotated a moment ago may not be known yet with it. */
    private static Optional<MasterKey> byId(List<MasterKey> keys, DataSeal.Wrapper name) {
        return keys.stream()
                .filter(key -> key.id().equals(name.id()) && key.newest().number() >= name.version())
                .findFirst();
    }

    private static void requireEnabled(MasterKey key) throws S3Exception {
        if (!key.enabled()) {
            throw new S3Exception(S3Error.KMS_DISABLED, key.arn() + " is disabled.");
        }
    }

    private WrappingKey unwrap(MasterKey key, MasterKey.Version version, String context) throws S3Exception {
        DataSeal.Wrapper name = new DataSeal.Wrapper(key.id(), version.number());
        byte[] bytes = open.get(name);
        if (bytes == null) {
            try {
                bytes = unwrap(key.id(), version);
            } catch (IOException | GeneralSecurityException e) {
                LOG.error("key {} of the key store can't be used: {}", key.id(), e.getMessage());
                throw new S3Exception(S3Error.SERVICE_UNAVAILABLE);
            }
            open.put(name, bytes);
        }
        return new WrappingKey(name, bytes, context);
    }

    private byte[] unwrap(UUID id, MasterKey.Version version) throws IOException, GeneralSecurityException {
        for (RootKey root : roots.keys()) {
            if (root.name().equals(version.root())) {
                return root.unwrap(of(id, version.number()), version.wrapped());
            }
        }
        throw new GeneralSecurityException("it was wrapped with the root key " + version.root() + ", which isn't here");
    }

    private static String of(UUID id, int version) {
        return "key-store:" + id + "/" + version;
    }

    // Changes

    /** All keys, the built-in ones included. */
    public List<MasterKey> keys() throws S3Exception {
        return document.find();
    }

    /** @param alias without {@code alias/}; empty for none */
    public MasterKey create(AccountId account, String alias, String description) throws S3Exception, KeyStoreException {
        String full = alias.isEmpty() ? "" : KeyNames.ALIAS + alias;
        if (!full.isEmpty() && (!KeyNames.isAlias(full) || BuiltInKey.reserves(full))) {
            throw new KeyStoreException(
                    Reason.INVALID,
                    "an alias has 1 to 250 letters, digits and /_-, and doesn't begin with aws/ or coffer/");
        }
        if (description.length() > MAX_DESCRIPTION) {
            throw new KeyStoreException(Reason.INVALID, "a description has at most " + MAX_DESCRIPTION + " characters");
        }
        MasterKey made = make(account, full, description);
        document.change(keys -> {
            if (!full.isEmpty() && keys.stream().anyMatch(key -> key.alias().equals(full))) {
                throw new KeyStoreException(Reason.ALIAS_EXISTS, "there is a key with the alias " + alias);
            }
            return with(keys, made);
        });
        return made;
    }

    private MasterKey make(AccountId account, String alias, String description) throws KeyStoreException {
        UUID id = randomId();
        long now = clock.millis();
        return new MasterKey(id, account, region, description, alias, true, now, List.of(version(id, 1, now)), 1);
    }

    /** Version 4, as ids of keys are at Amazon. */
    private UUID randomId() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        bytes[6] = (byte) (bytes[6] & 0x0f | 0x40);
        bytes[8] = (byte) (bytes[8] & 0x3f | 0x80);
        ByteBuffer words = ByteBuffer.wrap(bytes);
        return new UUID(words.getLong(), words.getLong());
    }

    private MasterKey.Version version(UUID id, int number, long now) throws KeyStoreException {
        byte[] key = new byte[DataKey.BYTES];
        random.nextBytes(key);
        return wrapped(id, number, now, key);
    }

    private MasterKey.Version wrapped(UUID id, int number, long created, byte[] key) throws KeyStoreException {
        if (!isOffered()) {
            throw new KeyStoreException(
                    Reason.NO_ROOT_KEY, "no root key is configured here, without which no key can be kept");
        }
        RootKey root = roots.keys().getFirst();
        try {
            return new MasterKey.Version(number, created, root.name(), root.wrap(of(id, number), key));
        } catch (IOException e) {
            throw new KeyStoreException(Reason.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    private static List<MasterKey> with(List<MasterKey> keys, MasterKey made) {
        List<MasterKey> all = new ArrayList<>(keys);
        all.add(made);
        return all;
    }

    /** Gives a key another version, which wraps from now on. Those before it go on to open what they have wrapped. */
    public MasterKey rotate(UUID id) throws S3Exception, KeyStoreException {
        long now = clock.millis();
        return replace(id, key -> {
            List<MasterKey.Version> versions = new ArrayList<>(key.versions());
            versions.add(version(id, key.newest().number() + 1, now));
            return key.withVersions(versions);
        });
    }

    public MasterKey setEnabled(UUID id, boolean enabled) throws S3Exception, KeyStoreException {
        return replace(id, key -> {
            if (!enabled && BuiltInKey.isOne(key)) {
                throw new KeyStoreException(Reason.BUILT_IN, "a built-in key can't be disabled");
            }
            return key.withEnabled(enabled);
        });
    }

    /** No data is wrapped with earlier versions, and none will be. */
    public MasterKey noteNeeded(UUID id, int from) throws S3Exception, KeyStoreException {
        return replace(id, key -> key.withNeededFrom(from));
    }

    /** One key, changed. */
    @FunctionalInterface
    private interface KeyChange {
        MasterKey of(MasterKey key) throws KeyStoreException;
    }

    private MasterKey replace(UUID id, KeyChange change) throws S3Exception, KeyStoreException {
        List<MasterKey> changed = document.change(keys -> {
            List<MasterKey> all = new ArrayList<>(keys.size());
            boolean found = false;
            for (MasterKey key : keys) {
                boolean isIt = key.id().equals(id);
                all.add(isIt ? change.of(key) : key);
                found |= isIt;
            }
            if (!found) {
                throw new KeyStoreException(Reason.NO_SUCH_KEY, "there is no key " + id);
            }
            return all;
        });
        return changed.stream().filter(key -> key.id().equals(id)).findFirst().orElseThrow();
    }

    /**
     * Wraps every key anew with the root key of today, so that those before it can be forgotten. Data and its keys stay as they are.
     *
     * @return versions of keys that were wrapped
     */
    public int rewrap() throws S3Exception, KeyStoreException {
        Set<String> done = new HashSet<>();
        document.change(keys -> {
            done.clear();
            List<MasterKey> all = new ArrayList<>(keys.size());
            for (MasterKey key : keys) {
                List<MasterKey.Version> versions = new ArrayList<>();
                for (MasterKey.Version version : key.versions()) {
                    versions.add(rewrapped(key.id(), version));
                    done.add(of(key.id(), version.number()));
                }
                all.add(key.withVersions(versions));
            }
            return all;
        });
        return done.size();
    }

    private MasterKey.Version rewrapped(UUID id, MasterKey.Version version) throws KeyStoreException {
        try {
            return wrapped(id, version.number(), version.createdMillis(), unwrap(id, version));
        } catch (IOException | GeneralSecurityException e) {
            throw new KeyStoreException(Reason.UNAVAILABLE, "key " + id + ": " + e.getMessage());
        }
    }
}
