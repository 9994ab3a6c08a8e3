package io.coffer.gateway.admin;

import io.coffer.common.metadata.GroupRewrap;
import io.coffer.common.metadata.KeyRewrap;
import io.coffer.common.metadata.MasterKey;
import io.coffer.gateway.kms.KeyStore;
import io.coffer.gateway.kms.KeyStoreException;
import io.coffer.gateway.rewrap.KeyRewraps;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The key store in the admin interface. No key leaves it. Thread-safe. */
final class MasterKeyOperations {
    private static final int ID_LENGTH = 36;

    private final KeyStore keys;
    private final KeyRewraps rewraps;

    MasterKeyOperations(AdminService.Parts parts) {
        this.keys = parts.keys();
        this.rewraps = parts.rewraps();
    }

    /** A key, without what it is. */
    record Listed(
            String keyId,
            String arn,
            String alias,
            String description,
            boolean enabled,
            String created,
            int versions,
            String dataVersions,
            String rootKey) {
        static Listed of(MasterKey key) {
            return new Listed(
                    key.id().toString(),
                    key.arn(),
                    key.alias(),
                    key.description(),
                    key.enabled(),
                    ClusterJson.time(key.createdMillis()),
                    key.newest().number(),
                    key.neededFrom() + ".." + key.newest().number(),
                    String.join(
                            " ",
                            key.versions().stream()
                                    .map(MasterKey.Version::root)
                                    .distinct()
                                    .toList()));
        }
    }

    /** How far it is that data keys are wrapped anew; of the pass that runs over each group, or was its last. */
    record Rewrap(
            String keyId,
            int toVersion,
            String state,
            String reason,
            String begun,
            String changed,
            int groups,
            int groupsDone,
            int pass,
            long scanned,
            long rows,
            long rewrapped,
            long left,
            String driver) {
        static Rewrap of(KeyRewrap rewrap) {
            List<GroupRewrap> groups = rewrap.groups();
            return new Rewrap(
                    rewrap.key().toString(),
                    rewrap.below(),
                    rewrap.state().name().toLowerCase(Locale.ROOT),
                    rewrap.reason(),
                    ClusterJson.time(rewrap.begunMillis()),
                    ClusterJson.time(rewrap.changedMillis()),
                    groups.size(),
                    (int) groups.stream().filter(GroupRewrap::clean).count(),
                    groups.stream().mapToInt(GroupRewrap::pass).max().orElse(0),
                    groups.stream().mapToLong(GroupRewrap::scanned).sum(),
                    groups.stream().mapToLong(GroupRewrap::rows).sum(),
                    rewrap.renewed(),
                    groups.stream().mapToLong(GroupRewrap::left).sum(),
                    rewrap.driver() == null ? "" : rewrap.driver().toString());
        }
    }

    /** How many versions of keys were wrapped anew. */
    record Rewrapped(int versions) {}

    Object list(AdminRequest request) throws S3Exception {
        return AdminJson.Page.all(keys.keys().stream().map(Listed::of).toList());
    }

    Object create(AdminRequest request) throws AdminException, S3Exception {
        String alias = request.optional("alias");
        String description = request.optional("description");
        return told(() -> keys.create(request.who().account().id(), alias, description));
    }

    Object rotate(AdminRequest request) throws AdminException, S3Exception {
        UUID id = id(request);
        return told(() -> keys.rotate(id));
    }

    @Nullable
    Object enable(AdminRequest request) throws AdminException, S3Exception {
        UUID id = id(request);
        told(() -> keys.setEnabled(id, true));
        return null;
    }

    @Nullable
    Object disable(AdminRequest request) throws AdminException, S3Exception {
        UUID id = id(request);
        told(() -> keys.setEnabled(id, false));
        return null;
    }

    Object rewrapData(AdminRequest request) throws AdminException, S3Exception {
        try {
            return Rewrap.of(rewraps.begin(id(request)));
        } catch (KeyStoreException e) {
            throw refused(e);
        }
    }

    Object rewraps(AdminRequest request) throws S3Exception {
        return AdminJson.Page.all(rewraps.all().stream().map(Rewrap::of).toList());
    }

    Object rewrap(AdminRequest request) throws AdminException, S3Exception {
        try {
            return new Rewrapped(keys.rewrap());
        } catch (KeyStoreException e) {
            throw refused(e);
        }
    }

    private static UUID id(AdminRequest request) throws AdminException {
        String text = request.path().get(2);
        try {
            if (text.length() == ID_LENGTH) {
                return UUID.fromString(text);
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new AdminException(404, "NoSuchKey", "there is no key '" + text + "'; list shows their ids");
    }

    @FunctionalInterface
    private interface Change {
        MasterKey make() throws S3Exception, KeyStoreException;
    }

    private static Listed told(Change change) throws AdminException, S3Exception {
        try {
            return Listed.of(change.make());
        } catch (KeyStoreException e) {
            throw refused(e);
        }
    }

    private static AdminException refused(KeyStoreException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.reason()) {
            case NO_ROOT_KEY -> new AdminException(409, "NoRootKey", message);
            case NO_SUCH_KEY -> new AdminException(404, "NoSuchKey", message);
            case ALIAS_EXISTS -> new AdminException(409, "AliasExists", message);
            case BUILT_IN -> new AdminException(409, "BuiltInKey", message);
            case FULL -> new AdminException(409, "KeyStoreFull", message);
            case INVALID -> AdminException.invalid(message);
            case UNAVAILABLE -> new AdminException(503, "RootKeyUnavailable", message);
        };
    }
}
