package io.coffer.gateway;

import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.BufferPool;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.time.Ticker;
import io.coffer.gateway.admin.AccountKeys;
import io.coffer.gateway.admin.AdminService;
import io.coffer.gateway.auth.AccessRequest;
import io.coffer.gateway.auth.AccountBlocks;
import io.coffer.gateway.auth.AuthSettings;
import io.coffer.gateway.auth.Authenticator;
import io.coffer.gateway.auth.Authorizer;
import io.coffer.gateway.auth.ClusterCredentials;
import io.coffer.gateway.auth.PublicAccess;
import io.coffer.gateway.auth.ResourceFacts;
import io.coffer.gateway.auth.SecretSealer;
import io.coffer.gateway.auth.StoredFacts;
import io.coffer.gateway.client.BucketCache;
import io.coffer.gateway.client.BucketDocuments;
import io.coffer.gateway.client.ClusterMapCache;
import io.coffer.gateway.client.DegradedWrites;
import io.coffer.gateway.client.MemberHealth;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.kms.KeyStore;
import io.coffer.gateway.kms.RootKeys;
import io.coffer.gateway.object.BucketChanges;
import io.coffer.gateway.object.BucketLifecycle;
import io.coffer.gateway.object.BucketLister;
import io.coffer.gateway.object.ChunkPlaces;
import io.coffer.gateway.object.ObjectReader;
import io.coffer.gateway.object.ObjectWriter;
import io.coffer.gateway.object.RepairRequests;
import io.coffer.gateway.placement.UsableSpace;
import io.coffer.gateway.rewrap.KeyRewraps;
import io.coffer.gateway.s3.ProtocolErrors;
import io.coffer.gateway.s3.RequestIds;
import io.coffer.gateway.s3.RequestObserver;
import io.coffer.gateway.s3.S3Service;
import io.coffer.gateway.s3.S3Settings;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.CustomerKeyRule;
import io.coffer.gateway.s3.operation.ObjectEncryption;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.SystemFiles;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** A gateway, wired: stateless but for caches, between an HTTP server and the metadata groups and chunk stores it is given. */
public final class Gateway {
    private final MetadataService metadata;
    private final ClusterMapCache maps;
    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final DegradedWrites degraded;
    private final AccountKeys accounts;
    private final S3Settings settings;
    private final RequestIds ids;
    private final S3Service s3;
    private final AdminService admin;
    private final KeyStore keys;
    private final KeyRewraps rewraps;

    /**
     * What a gateway stands on.
     *
     * @param random a source for the calling thread
     * @param roots what the key store's keys are wrapped with; none where nothing is encrypted but with customers' keys
     * @param buffers object data on its way out
     * @param readiness why requests can't be served now; empty when they can
     * @param metrics in Prometheus' text format
     * @param map the cluster map as it is pushed to this process; {@link ClusterMap#EMPTY} where it isn't
     * @param authority the cluster's certificate authority; empty in a cluster of one process
     */
    public record Parts(
            MetadataClient metadata,
            ChunkStores stores,
            RepairRequests repairs,
            SecretSealer sealer,
            RootKeys roots,
            BufferPool buffers,
            RequestObserver observer,
            Supplier<Optional<String>> readiness,
            Supplier<String> metrics,
            Supplier<ClusterMap> map,
            Supplier<Optional<X509Certificate>> authority,
            InstantSource clock,
            Supplier<RandomGenerator> random,
            SecureRandom secrets) {}

    /**
     * How it behaves.
     *
     * @param version of this program, for people
     * @param location where it is, {@code site/rack/host}, to read from near copies; empty when all are as near
     */
    public record Settings(
            S3Settings s3,
            AuthSettings auth,
            ObjectWriter.Settings writes,
            Encryption encryption,
            Duration metadataDeadline,
            String version,
            String location) {}

    /**
     * How it encrypts.
     *
     * @param region that keys' ARNs name
     * @param rewrapRate rows of metadata a second that are looked at, at most, when data keys are wrapped anew
     */
    public record Encryption(String region, CustomerKeyRule customerKeys, int rewrapRate) {
        public static final Encryption DEFAULT = new Encryption("us-east-1", CustomerKeyRule.HTTPS, 20_000);
    }

    public Gateway(Settings settings, Parts parts) {
        InstantSource clock = parts.clock();
        this.metadata = new MetadataService(parts.metadata(), clock, parts.random(), settings.metadataDeadline());
        this.maps = new ClusterMapCache(metadata, clock, parts.map());
        ChunkPlaces places = new ChunkPlaces(
                maps, parts.stores(), new MemberHealth(Ticker.SYSTEM), parts.repairs(), settings.location());
        this.degraded = new DegradedWrites(metadata);
        this.writer = new ObjectWriter(places, degraded, metadata.births(), parts.random(), settings.writes());
        this.reader = new ObjectReader(metadata, places, parts.buffers());
        BucketCache buckets = new BucketCache(metadata, clock);
        BucketDocuments documents = new BucketDocuments(metadata);
        AccountBlocks blocks = new AccountBlocks(metadata, clock);
        ResourceFacts facts = new StoredFacts(metadata, documents, blocks);
        Authorizer authorizer = new Authorizer(facts, settings.s3().acls());
        this.keys = new KeyStore(metadata, parts.roots(), settings.encryption().region(), clock, parts.secrets());
        this.rewraps = new KeyRewraps(new KeyRewraps.Parts(
                metadata,
                maps,
                keys,
                clock,
                parts.secrets(),
                settings.encryption().rewrapRate()));
        OperationCatalog catalog = new OperationCatalog(new OperationCatalog.Parts(
                metadata,
                reader,
                writer,
                new BucketLister(metadata),
                new BucketLifecycle(metadata),
                new BucketChanges(metadata, buckets),
                documents,
                (request, question) -> authorizer.ask(new AccessRequest(
                        request.identity(),
                        question.actions(),
                        question.resource(),
                        question.bucket(),
                        request.circumstances(),
                        question.versionId(),
                        question.change())),
                new PublicAccess(facts),
                settings.s3().acls(),
                new ObjectEncryption(keys, settings.encryption().customerKeys(), parts.secrets()),
                parts.random()));
        this.settings = settings.s3();
        this.ids = new RequestIds(clock, parts.random());
        ClusterCredentials credentials = new ClusterCredentials(metadata, parts.sealer(), clock);
        this.accounts = new AccountKeys(metadata, parts.sealer(), parts.secrets());
        this.admin = new AdminService(new AdminService.Parts(
                ids,
                new Authenticator(settings.auth().withServices(AdminService.SIGNING_SERVICES), credentials),
                metadata,
                accounts,
                keys,
                rewraps,
                parts.readiness(),
                parts.metrics(),
                parts.authority(),
                settings.version(),
                clock,
                parts.secrets()));
        this.s3 = new S3Service(
                settings.s3(),
                new S3Service.Parts(
                        ids,
                        new Authenticator(settings.auth(), credentials),
                        authorizer,
                        buckets,
                        documents,
                        parts.observer()),
                settings.s3().systemFiles() ? withSystemFiles(catalog.operations()) : catalog.operations());
    }

    private List<Operation> withSystemFiles(List<Operation> operations) {
        SystemFiles files =
                new SystemFiles(new Buckets(metadata), bucket -> UsableSpace.of(maps.get(), writer.policyOf(bucket)));
        return operations.stream().map(files::around).toList();
    }

    /** What answers S3 requests. */
    public S3Service s3() {
        return s3;
    }

    public AccountKeys accounts() {
        return accounts;
    }

    /** What answers the admin interface, metrics and health. */
    public AdminService admin() {
        return admin;
    }

    /** Wraps data keys anew where that is asked for. Where no root key is given nothing could be unwrapped, and others do it. */
    public AutoCloseable startRewraps(NodeId self) {
        return keys.isOffered() ? rewraps.start(self) : () -> {};
    }

    /** What tells S3 clients that their request isn't HTTP. */
    public ProtocolErrors protocolErrors() {
        return new ProtocolErrors(ids, settings);
    }

    /**
     * What it has done since the start, for metrics.
     *
     * @param hedgedReads of which another copy was asked because the first was slow
     * @param failedCopies that could not be read
     * @param degradedWrites that count without a member
     * @param reroutedWrites that went to another volume because a member failed
     * @param metadataRepeats calls to metadata groups that were made again
     * @param metadataUnanswered calls to metadata groups that were given up
     * @param rewrapScanned rows that were looked at for data keys to be wrapped anew
     * @param rewrapRenewed data keys' seals that were replaced
     * @param availableRequests S3 requests that may still begin
     */
    public record Figures(
            long hedgedReads,
            long failedCopies,
            long degradedWrites,
            long reroutedWrites,
            long metadataRepeats,
            long metadataUnanswered,
            long rewrapScanned,
            long rewrapRenewed,
            int availableRequests) {}

    public Figures figures() {
        return new Figures(
                reader.hedges(),
                reader.failedCopies(),
                degraded.writes(),
                writer.reroutes(),
                metadata.repeats(),
                metadata.unanswered(),
                rewraps.scanned(),
                rewraps.renewed(),
                s3.availablePermits());
    }

    /** The cluster map as this gateway sees it. */
    public ClusterMap map() throws S3Exception {
        return maps.get();
    }
}
