package io.coffer.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.JoinToken;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.rpc.Invitation;
import io.coffer.common.rpc.TestAuthority;
import io.coffer.common.seal.ClusterKey;
import io.coffer.gateway.auth.AuthSettings;
import io.coffer.gateway.auth.Authenticator;
import io.coffer.gateway.auth.ClusterCredentials;
import io.coffer.gateway.auth.RequestSigner;
import io.coffer.gateway.auth.Secret;
import io.coffer.gateway.auth.SecretSealer;
import io.coffer.gateway.auth.SigningRequest;
import io.coffer.gateway.client.ClusterMapCache;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.kms.KeyStore;
import io.coffer.gateway.kms.RootKeys;
import io.coffer.gateway.rewrap.KeyRewraps;
import io.coffer.gateway.s3.FakeExchange;
import io.coffer.gateway.s3.RequestIds;
import io.coffer.gateway.s3.RequestLine;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class AdminServiceTest {
    private static final AccountId ROOT = new AccountId("000000000001");
    private static final String ROOT_SECRET = "root-secret";

    private final MemorySystemGroup group = new MemorySystemGroup();
    private long now = 1_700_000_000_000L;
    private final InstantSource clock = () -> Instant.ofEpochMilli(now);
    private final Random random = new Random(1);
    private final MetadataService metadata = new MetadataService(group, clock, () -> random, Duration.ofSeconds(1));
    private final SecretSealer sealer =
            new SecretSealer(ClusterKey.make(new SecureRandom()).sealer(new SecureRandom()));
    private final AccountKeys accounts = new AccountKeys(metadata, sealer, new SecureRandom());
    private Optional<String> notReady = Optional.empty();
    private Optional<X509Certificate> authority = Optional.empty();
    private final KeyStore masterKeys = new KeyStore(metadata, RootKeys.NONE, "us-east-1", clock, new SecureRandom());
    private final AdminService service = new AdminService(new AdminService.Parts(
            new RequestIds(clock, () -> random),
            new Authenticator(
                    AuthSettings.DEFAULT.withServices(AdminService.SIGNING_SERVICES),
                    new ClusterCredentials(metadata, sealer, clock)),
            metadata,
            accounts,
            masterKeys,
            new KeyRewraps(new KeyRewraps.Parts(
                    metadata, new ClusterMapCache(metadata, clock), masterKeys, clock, new SecureRandom(), 1)),
            () -> notReady,
            () -> "coffer_up 1\n",
            () -> authority,
            "1.2.3",
            clock,
            new SecureRandom()));

    private String accessKey = "ROOT";
    private String secretKey = ROOT_SECRET;

    @BeforeEach
    void makeRoot() throws Exception {
        group.accounts.put(ROOT, new Account(ROOT, "f".repeat(64), "root", "", true, true, 0));
        accounts.ensureRootKey(ROOT, "ROOT", ROOT_SECRET);
    }

    private FakeExchange run(String method, String target, String body) {
        return run(method, target, body, "coffer-admin");
    }

    private FakeExchange run(String method, String target, String body, String signingService) {
        RequestLine line;
        try {
            line = RequestLine.parse(target);
        } catch (S3Exception e) {
            throw new AssertionError(e);
        }
        SigningRequest request = new SigningRequest(
                method, line.path(), line.rawPath(), line.query(), Headers.of("Host", "localhost:9001"), null);
        Headers headers = new RequestSigner(accessKey, Secret.of(secretKey), "us-east-1", signingService)
                .sign(request, RequestSigner.UNSIGNED_PAYLOAD, now)
                .headers();
        FakeExchange exchange = new FakeExchange(method, target, headers, body.getBytes(StandardCharsets.UTF_8));
        service.handle(exchange);
        return exchange;
    }

    private JsonNode ok(String method, String target, String body) {
        FakeExchange exchange = run(method, target, body);
        assertThat(exchange.status()).as(exchange.text()).isEqualTo(200);
        assertThat(exchange.headers().first("Content-Type")).isEqualTo("application/json");
        return JsonMapper.shared().readTree(exchange.text());
    }

    private void refused(FakeExchange exchange, int status, String code) {
        assertThat(exchange.status()).as(exchange.text()).isEqualTo(status);
        JsonNode error = JsonMapper.shared().readTree(exchange.text()).get("error");
        assertThat(error.get("code").asString()).isEqualTo(code);
        assertThat(error.get("requestId").asString())
                .isEqualTo(exchange.headers().first("x-amz-request-id"));
        assertThat(exchange.text()).doesNotContain(ROOT_SECRET);
    }

    private void done(FakeExchange exchange) {
        assertThat(exchange.status()).as(exchange.text()).isEqualTo(204);
        assertThat(exchange.text()).isEmpty();
    }

    private static FakeExchange plain(String method, String target) {
        return new FakeExchange(method, target, Headers.of("Host", "localhost:9001"), new byte[0]);
    }

    private FakeExchange unsigned(String method, String target) {
        FakeExchange exchange = plain(method, target);
        service.handle(exchange);
        return exchange;
    }

    @Test
    void healthAndMetricsNeedNoKey() {
        assertThat(unsigned("GET", "/healthz").text()).isEqualTo("ok\n");
        assertThat(unsigned("GET", "/readyz").text()).isEqualTo("ready\n");
        assertThat(unsigned("GET", "/metrics").text()).isEqualTo("coffer_up 1\n");
        assertThat(unsigned("HEAD", "/readyz").announced()).isEqualTo(6);
        notReady = Optional.of("no leader");
        FakeExchange exchange = unsigned("GET", "/readyz");
        assertThat(exchange.status()).isEqualTo(503);
        assertThat(exchange.text()).isEqualTo("no leader\n");
        assertThat(unsigned("GET", "/healthz").status()).isEqualTo(200);
    }

    @Test
    void anAccountLivesFromCreationToDeletion() {
        JsonNode made = ok("POST", "/v1/accounts", "{\"name\":\"alice\",\"email\":\"a@example.com\"}");
        assertThat(made.propertyNames()).containsExactlyInAnyOrder("accountId", "canonicalId", "name", "email");
        assertThat(made.get("accountId").asString()).matches("[0-9]{12}");
        assertThat(made.get("canonicalId").asString()).matches("[0-9a-f]{64}");
        assertThat(made.get("name").asString()).isEqualTo("alice");
        refused(run("POST", "/v1/accounts", "{\"name\":\"alice\"}"), 409, "AccountExists");

        JsonNode listed = ok("GET", "/v1/accounts", "").get("items");
        assertThat(listed).hasSize(2);
        assertThat(listed.get(0).get("name").asString()).isEqualTo("alice");
        assertThat(listed.get(1).get("root").asBoolean()).isTrue();

        String id = made.get("accountId").asString();
        done(run("POST", "/v1/accounts/alice/disable", ""));
        assertThat(ok("GET", "/v1/accounts", "")
                        .get("items")
                        .get(0)
                        .get("enabled")
                        .asBoolean())
                .isFalse();
        done(run("POST", "/v1/accounts/" + id + "/enable", ""));
        group.buckets.put("b", bucket("b", new AccountId(id)));
        refused(run("DELETE", "/v1/accounts/alice", ""), 409, "AccountNotEmpty");
        group.buckets.clear();
        done(run("DELETE", "/v1/accounts/" + id, ""));
        refused(run("DELETE", "/v1/accounts/" + id, ""), 404, "NoSuchAccount");
    }

    @Test
    void theRootAccountCantBeLockedOut() {
        refused(run("POST", "/v1/accounts/root/disable", ""), 409, "RootAccount");
        refused(run("DELETE", "/v1/accounts/000000000001", ""), 409, "RootAccount");
        refused(run("POST", "/v1/keys/ROOT/disable", ""), 409, "KeyInUse");
        refused(run("DELETE", "/v1/keys/ROOT", ""), 409, "KeyInUse");
    }

    @Test
    void aKeyLivesFromCreationToDeletion() throws Exception {
        ok("POST", "/v1/accounts", "{\"name\":\"alice\"}");
        JsonNode key = ok("POST", "/v1/keys", "{\"account\":\"alice\",\"description\":\"laptop\"}");
        assertThat(key.propertyNames()).containsExactly("accessKey", "secretKey");
        String access = key.get("accessKey").asString();
        String secret = key.get("secretKey").asString();
        assertThat(access).matches("[A-Z2-7]{20}");
        assertThat(secret).matches("[A-Za-z0-9]{40}");
        assertThat(sealer.open(access, group.keys.get(access).sealedSecret())).isEqualTo(Secret.of(secret));

        JsonNode listed = ok("GET", "/v1/keys?account=alice", "").get("items");
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).get("description").asString()).isEqualTo("laptop");
        assertThat(listed.toString()).doesNotContain(secret);
        assertThat(ok("GET", "/v1/keys", "").get("items")).hasSize(2);

        done(run("POST", "/v1/keys/" + access + "/disable", ""));
        assertThat(group.keys.get(access).enabled()).isFalse();
        done(run("POST", "/v1/keys/" + access + "/enable", ""));
        assertThat(group.keys.get(access).enabled()).isTrue();
        done(run("DELETE", "/v1/keys/" + access, ""));
        refused(run("POST", "/v1/keys/" + access + "/enable", ""), 404, "NoSuchAccessKey");
        refused(run("POST", "/v1/keys", "{\"account\":\"bob\"}"), 404, "NoSuchAccount");
    }

    @Test
    void onlyKeysOfTheRootAccountGetIn() {
        ok("POST", "/v1/accounts", "{\"name\":\"alice\"}");
        JsonNode key = ok("POST", "/v1/keys", "{\"account\":\"alice\"}");
        assertThat(run("GET", "/v1/status", "", "s3").status()).isEqualTo(200);
        refused(run("GET", "/v1/status", "", "sns"), 400, "AuthorizationHeaderMalformed");
        accessKey = key.get("accessKey").asString();
        secretKey = key.get("secretKey").asString();
        refused(run("GET", "/v1/accounts", ""), 403, "AccessDenied");
        secretKey = "wrong";
        refused(run("GET", "/v1/accounts", ""), 403, "SignatureDoesNotMatch");
        for (String path : List.of("/v1/accounts", "/v1/nothing", "/", "/v1/keys/ROOT/disable", "/healthz/x")) {
            refused(unsigned("GET", path), 403, "AccessDenied");
            refused(unsigned("POST", path), 403, "AccessDenied");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "\"x\"",
                "{",
                "{\"name\":1}",
                "{\"name\":\"\"}",
                "{\"name\":null}",
                "{\"name\":\"a b\"}",
                "{\"name\":\"123456789012\"}",
                "{\"name\":\"-x\"}",
                "{\"name\":\"a\",\"email\":\"none\"}"
            })
    void anAccountNeedsAGoodName(String body) {
        refused(run("POST", "/v1/accounts", body), 400, "InvalidArgument");
        assertThat(group.accounts).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 404, NoSuchPath",
        "GET, /v1, 404, NoSuchPath",
        "GET, /v1/, 404, NoSuchPath",
        "GET, /v2/accounts, 404, NoSuchPath",
        "GET, /v1/accounts/, 405, MethodNotAllowed",
        "PUT, /v1/accounts, 405, MethodNotAllowed",
        "GET, /v1/accounts/a/enable, 405, MethodNotAllowed",
        "POST, /healthz, 404, NoSuchPath",
        "GET, /v1/buckets?limit=0, 400, InvalidArgument",
        "GET, /v1/buckets?limit=x, 400, InvalidArgument",
    })
    void whatIsntThereIsTold(String method, String path, int status, String code) {
        refused(run(method, path, ""), status, code);
    }

    @Test
    void aLargeBodyIsRefused() {
        refused(run("POST", "/v1/accounts", " ".repeat(70_000)), 413, "BodyTooLarge");
    }

    @Test
    void bucketsAndTheirUsageComeInPages() {
        for (String name : List.of("a-bucket", "b-bucket", "c-bucket")) {
            group.buckets.put(name, bucket(name, ROOT));
        }
        JsonNode first = ok("GET", "/v1/buckets?limit=2", "");
        assertThat(first.get("items")).hasSize(2);
        assertThat(first.get("next").asString()).isEqualTo("b-bucket");
        JsonNode second = ok("GET", "/v1/usage?after=b-bucket", "");
        assertThat(second.get("next").isNull()).isTrue();
        JsonNode usage = second.get("items").get(0);
        assertThat(usage.get("bucket").asString()).isEqualTo("c-bucket");
        assertThat(usage.get("bytes").asLong()).as("of both partitions").isEqualTo(2000);
        assertThat(usage.get("objects").asLong()).isEqualTo(6);
    }

    private static Bucket bucket(String name, AccountId owner) {
        return new Bucket(
                new BucketId(1),
                name,
                owner,
                "us-east-1",
                0,
                Bucket.State.ACTIVE,
                Versioning.UNVERSIONED,
                "",
                List.of(
                        new Partition(new PartitionId(1), "", "m", new GroupId(1), 1),
                        new Partition(new PartitionId(2), "m", "", new GroupId(1), 1)));
    }

    @Test
    void theClusterIsShown() {
        NodeId node = new NodeId(new UUID(0, 1));
        DiskId one = new DiskId(new UUID(0, 2));
        DiskId two = new DiskId(new UUID(0, 3));
        group.map = ClusterMap.of(
                1,
                List.of(new Node(node, "site/rack/node", "")),
                List.of(
                        new Disk(one, node, "/b", Disk.State.HEALTHY, 100, 40),
                        new Disk(two, node, "/a", Disk.State.FAILED, 100, 0)),
                List.of(new Volume(
                        new VolumeId(7),
                        3,
                        "replica-2",
                        new ProtectionScheme.Replicated(2),
                        Volume.State.OPEN,
                        List.of(new Member(node, one), new Member(node, two)))));

        JsonNode disks = ok("GET", "/v1/disks", "").get("items");
        assertThat(disks.get(0).get("path").asString()).isEqualTo("/a");
        assertThat(disks.get(0).get("state").asString()).isEqualTo("FAILED");
        JsonNode volume = ok("GET", "/v1/volumes", "").get("items").get(0);
        assertThat(volume.get("scheme").asString()).isEqualTo("replica-2");
        assertThat(volume.get("members")).hasSize(2);
        assertThat(ok("GET", "/v1/nodes", "").get("items")).hasSize(1);
        now += 5000;
        JsonNode status = ok("GET", "/v1/status", "");
        assertThat(status.get("version").asString()).isEqualTo("1.2.3");
        assertThat(status.get("ready").asBoolean()).isTrue();
        assertThat(status.get("uptimeSeconds").asLong()).isEqualTo(5);
        assertThat(status.get("healthyDisks").asInt()).isEqualTo(1);
        assertThat(status.get("failedDisks").asInt()).isEqualTo(1);
        assertThat(status.get("freeBytes").asLong()).isEqualTo(40);
        assertThat(status.get("redundancy").asString()).isEqualTo("AT_RISK");
    }

    private static NodeId node(int number) {
        return new NodeId(new UUID(0, number));
    }

    private static DiskId disk(int number) {
        return new DiskId(new UUID(1, number));
    }

    private static Volume volume(long id, Member... members) {
        return new Volume(
                new VolumeId(id),
                1,
                "replica-3",
                new ProtectionScheme.Replicated(members.length),
                Volume.State.OPEN,
                List.of(members));
    }

    /** Four dataservers and three metaservers; the numbered one is in another state. */
    private void cluster(int other, Node.State state, Volume... volumes) {
        List<Node> nodes = new ArrayList<>();
        List<Disk> disks = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            Node.Role role = i <= 4 ? Node.Role.DATASERVER : Node.Role.METASERVER;
            nodes.add(new Node(
                    node(i), role, "n" + i, "s/r/h" + i, "h:1", "", i == other ? state : Node.State.UP, false));
            disks.add(new Disk(disk(i), node(i), "/d" + i, Disk.State.HEALTHY, 100, 40));
        }
        group.map = ClusterMap.of(
                1,
                nodes,
                disks,
                List.of(volumes),
                List.of(
                        new MetadataGroup(GroupId.SYSTEM, List.of(node(5), node(6), node(7))),
                        new MetadataGroup(new GroupId(1), List.of(node(6), node(7), node(5)))));
    }

    private String redundancy() {
        return ok("GET", "/v1/status", "").get("redundancy").asString();
    }

    @Test
    void aMetadataGroupThatDoesNotAnswerIsToldWhateverTheMapSays() {
        cluster(0, Node.State.UP);
        assertThat(redundancy()).isEqualTo("WHOLE");
        group.silent.add(new GroupId(1));
        assertThat(redundancy()).isEqualTo("UNAVAILABLE");
    }

    @Test
    void aMetadataGroupWithMembersBehindIsNotWhole() {
        cluster(0, Node.State.UP);
        behind(node(6));
        assertThat(redundancy()).isEqualTo("DEGRADED");
        behind(node(6), node(7));
        assertThat(redundancy()).as("nobody is away").isEqualTo("DEGRADED");
        behind();
        assertThat(redundancy()).isEqualTo("WHOLE");
    }

    private void behind(NodeId... nodes) {
        ClusterMap map = group.map;
        group.map = ClusterMap.of(
                map.revision(),
                List.copyOf(map.nodes().values()),
                List.copyOf(map.disks().values()),
                List.copyOf(map.volumes().values()),
                map.groups().values().stream()
                        .map(one -> one.withBehind(List.of(nodes)))
                        .toList());
    }

    @Test
    void whatIsBeingRepairedIsToldMostExposedFirst() {
        now = 60_000;
        Member one = new Member(node(1), disk(1));
        Member two = new Member(node(2), disk(2));
        Member three = new Member(node(3), disk(3));
        Member late = three.behindSince(20_000);
        Member moved = new Member(node(2), disk(2), 1, new Member.Place(node(4), disk(4)), false);
        cluster(4, Node.State.LOST, volume(1, one, two, three), volume(2, one, two, late), volume(3, one, moved, late));

        JsonNode repair = ok("GET", "/v1/repair", "");
        assertThat(repair.get("redundancy").asString()).isEqualTo("AT_RISK");
        assertThat(repair.get("volumes").asInt()).isEqualTo(3);
        assertThat(repair.get("whole").asInt()).isEqualTo(1);
        assertThat(repair.get("degraded").asInt()).isEqualTo(1);
        assertThat(repair.get("atRisk").asInt()).isEqualTo(1);
        assertThat(repair.get("unavailable").asInt()).isZero();
        assertThat(repair.get("exposure").toString())
                .isEqualTo("[{\"spare\":0,\"missing\":2,\"volumes\":1},"
                        + "{\"spare\":1,\"missing\":1,\"volumes\":1},{\"spare\":2,\"missing\":0,\"volumes\":1}]");
        assertThat(repair.get("membersBehind").asInt()).isEqualTo(3);
        assertThat(repair.get("members")).hasSize(3);
        JsonNode first = repair.get("members").get(0);
        assertThat(first.get("volumeId").asString()).isEqualTo("3");
        assertThat(first.get("state").asString()).isEqualTo("REBUILDING");
        assertThat(first.get("node").asString()).isEqualTo("n2");
        assertThat(first.get("path").asString()).isEqualTo("/d2");
        assertThat(first.get("from").asString()).isEqualTo("n4");
        assertThat(first.get("behindSeconds").asLong()).isEqualTo(-1);
        JsonNode last = repair.get("members").get(2);
        assertThat(last.get("volumeId").asString()).isEqualTo("2");
        assertThat(last.get("state").asString()).isEqualTo("CATCHING_UP");
        assertThat(last.get("behindSince").asString()).isEqualTo("1970-01-01T00:00:20Z");
        assertThat(last.get("behindSeconds").asLong()).isEqualTo(40);
        assertThat(repair.get("moreMembers").asInt()).isZero();
    }

    @Test
    void theStatusSaysWhetherRedundancyIsWhole() {
        Volume whole =
                volume(1, new Member(node(1), disk(1)), new Member(node(2), disk(2)), new Member(node(3), disk(3)));
        cluster(4, Node.State.DOWN, whole);
        assertThat(redundancy()).as("nothing is on node 4").isEqualTo("WHOLE");
        cluster(3, Node.State.DOWN, whole);
        assertThat(redundancy()).isEqualTo("DEGRADED");
        cluster(6, Node.State.DOWN, whole);
        assertThat(redundancy()).as("a metadata group lacks a member").isEqualTo("DEGRADED");
        cluster(3, Node.State.LOST, volume(1, new Member(node(3), disk(3))));
        assertThat(redundancy()).isEqualTo("UNAVAILABLE");
    }

    @Test
    void aTokenLivesFromCreationToDeletion() {
        X509Certificate issuer = new TestAuthority().authority().certificate();
        authority = Optional.of(issuer);
        JsonNode made = ok("POST", "/v1/tokens", "{\"role\":\"dataserver\",\"ttl\":\"2h\"}");

        assertThat(made.propertyNames()).containsExactly("token", "id", "role", "expires");
        Invitation invitation = Invitation.parse(made.get("token").asString());
        String id = made.get("id").asString();
        assertThat(id).isEqualTo(invitation.id());
        assertThat(made.get("role").asString()).isEqualTo("dataserver");
        assertThat(Instant.parse(made.get("expires").asString()))
                .isEqualTo(clock.instant().plus(Duration.ofHours(2)));
        JoinToken kept = group.tokens.get(id);
        assertThat(kept.role()).isEqualTo(Node.Role.DATASERVER);
        assertThat(kept.secretHash()).isEqualTo(ByteBuffer.wrap(invitation.secretHash()));

        JsonNode listed = ok("GET", "/v1/tokens", "").get("items").get(0);
        assertThat(listed.propertyNames()).containsExactly("id", "role", "state", "nodeId", "expires");
        assertThat(listed.get("state").asString()).isEqualTo("OPEN");
        now += 7_200_000;
        assertThat(ok("GET", "/v1/tokens", "").get("items").get(0).get("state").asString())
                .isEqualTo("EXPIRED");
        done(run("DELETE", "/v1/tokens/" + id, ""));
        refused(run("DELETE", "/v1/tokens/" + id, ""), 404, "NoSuchToken");
        assertThat(run("DELETE", "/v1/tokens/" + invitation.text(), "").text()).doesNotContain(invitation.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"role\":\"root\"}",
                "{\"role\":\"GATEWAY\"}",
                "{\"role\":\"gateway\",\"ttl\":\"1\"}",
                "{\"role\":\"gateway\",\"ttl\":\"59 s\"}",
                "{\"role\":\"gateway\",\"ttl\":\"31 d\"}",
            })
    void aTokenNeedsARoleAndALife(String body) {
        authority = Optional.of(new TestAuthority().authority().certificate());
        refused(run("POST", "/v1/tokens", body), 400, "InvalidArgument");
        assertThat(group.tokens).isEmpty();
    }

    @Test
    void nothingJoinsAStoreOfOneProcess() {
        refused(run("POST", "/v1/tokens", "{\"role\":\"gateway\"}"), 409, "OneProcess");
    }

    @Test
    void anOperatorsKeyIsMadeEnabledOrGivenItsNewSecret() throws Exception {
        accounts.setKeyEnabled("ROOT", false);
        accounts.ensureRootKey(ROOT, "ROOT", ROOT_SECRET);
        assertThat(group.keys.get("ROOT").enabled()).isTrue();
        accounts.ensureRootKey(ROOT, "ROOT", "another");
        assertThat(sealer.open("ROOT", group.keys.get("ROOT").sealedSecret())).isEqualTo(Secret.of("another"));
        AccountId other = accounts.createAccount("other", "").id();
        assertThatThrownBy(() -> accounts.ensureRootKey(other, "ROOT", "x")).isInstanceOf(RefusedException.class);
    }
}
