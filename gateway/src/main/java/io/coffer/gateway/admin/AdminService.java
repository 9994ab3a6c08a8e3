package io.coffer.gateway.admin;

import io.coffer.common.metadata.RefusedException;
import io.coffer.common.trace.Work;
import io.coffer.gateway.auth.AccountBlocks;
import io.coffer.gateway.auth.Authentication;
import io.coffer.gateway.auth.Authenticator;
import io.coffer.gateway.auth.SigningRequest;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Exchange;
import io.coffer.gateway.http.ExchangeHandler;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.RequestBodyException;
import io.coffer.gateway.http.RequestHead;
import io.coffer.gateway.http.ResponseHead;
import io.coffer.gateway.kms.KeyStore;
import io.coffer.gateway.payload.ObjectBodies;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.rewrap.KeyRewraps;
import io.coffer.gateway.s3.RequestIds;
import io.coffer.gateway.s3.RequestLine;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Identity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The admin endpoint: {@code /healthz}, {@code /readyz} and {@code /metrics} for anybody who reaches the port, everything under
 * {@code /v1} for keys of the root account. Thread-safe; each request runs on a virtual thread of its own.
 */
public final class AdminService implements ExchangeHandler {
    private static final Logger LOG = LoggerFactory.getLogger(AdminService.class);

    /** Names of the credential scope that the authenticator must accept; the first is preferred. */
    public static final List<String> SIGNING_SERVICES = List.of("coffer-admin", "s3");

    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final String API = "v1";

    private final Parts parts;
    private final HealthService health;
    private final List<Route> routes;

    /** Made when the first document is written: most processes are never asked. */
    private static final class Json {
        static final JsonMapper MAPPER = JsonMapper.shared();
    }

    /**
     * What the endpoint stands on.
     *
     * @param readiness why requests can't be served now; empty when they can
     * @param metrics what {@code /metrics} answers, in Prometheus' text format
     * @param authority the cluster's certificate authority; empty in a cluster of one process
     */
    public record Parts(
            RequestIds ids,
            Authenticator authenticator,
            MetadataService metadata,
            AccountKeys accounts,
            KeyStore keys,
            KeyRewraps rewraps,
            Supplier<Optional<String>> readiness,
            Supplier<String> metrics,
            Supplier<Optional<X509Certificate>> authority,
            String version,
            InstantSource clock,
            SecureRandom secrets) {}

    /** @param pattern segments behind {@code /v1}; {@code *} is any one */
    private record Route(String method, List<String> pattern, AdminOperations.Operation operation) {
        boolean isAt(List<String> path) {
            if (pattern.size() != path.size()) {
                return false;
            }
            for (int i = 0; i < pattern.size(); i++) {
                if (!pattern.get(i).equals("*") && !pattern.get(i).equals(path.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    public AdminService(Parts parts) {
        this.parts = parts;
        this.health = new HealthService(parts.readiness(), parts.metrics());
        AdminOperations operations = new AdminOperations(parts);
        AccountBlockOperations blocks =
                new AccountBlockOperations(operations, new AccountBlocks(parts.metadata(), parts.clock()));
        ClusterOperations cluster = new ClusterOperations(parts);
        TokenOperations tokens = new TokenOperations(parts);
        MasterKeyOperations masterKeys = new MasterKeyOperations(parts);
        this.routes = List.of(
                route("GET", "accounts", operations::listAccounts),
                route("POST", "accounts", operations::createAccount),
                route("POST", "accounts/*/enable", operations::enableAccount),
                route("POST", "accounts/*/disable", operations::disableAccount),
                route("DELETE", "accounts/*", operations::deleteAccount),
                route("GET", "accounts/*/public-access-block", blocks::get),
                route("PUT", "accounts/*/public-access-block", blocks::put),
                route("DELETE", "accounts/*/public-access-block", blocks::delete),
                route("GET", "keys", operations::listKeys),
                route("POST", "keys", operations::createKey),
                route("POST", "keys/*/enable", operations::enableKey),
                route("POST", "keys/*/disable", operations::disableKey),
                route("DELETE", "keys/*", operations::deleteKey),
                route("GET", "buckets", operations::listBuckets),
                route("GET", "purges", operations::purges),
                route("GET", "usage", operations::usage),
                route("GET", "nodes", cluster::listNodes),
                route("POST", "nodes/*/drain", cluster::drainNode),
                route("POST", "nodes/*/undrain", cluster::undrainNode),
                route("DELETE", "nodes/*", cluster::removeNode),
                route("GET", "metaservers", cluster::listGroups),
                route("POST", "metaservers/*", cluster::addMetaserver),
                route("DELETE", "metaservers/*", cluster::removeMetaserver),
                route("GET", "tokens", tokens::list),
                route("POST", "tokens", tokens::create),
                route("DELETE", "tokens/*", tokens::delete),
                route("GET", "disks", cluster::listDisks),
                route("DELETE", "disks/*", cluster::removeDisk),
                route("GET", "volumes", cluster::listVolumes),
                route("GET", "repair", cluster::repairStatus),
                route("GET", "kms/keys", masterKeys::list),
                route("POST", "kms/keys", masterKeys::create),
                route("POST", "kms/keys/*/rotate", masterKeys::rotate),
                route("POST", "kms/keys/*/enable", masterKeys::enable),
                route("POST", "kms/keys/*/disable", masterKeys::disable),
                route("POST", "kms/keys/*/rewrap", masterKeys::rewrapData),
                route("GET", "kms/rewraps", masterKeys::rewraps),
                route("POST", "kms/rewrap", masterKeys::rewrap),
                route("GET", "status", cluster::status));
    }

    private static Route route(String method, String pattern, AdminOperations.Operation operation) {
        return new Route(method, List.of(pattern.split("/", -1)), operation);
    }

    /** A whole answer. */
    private record Answer(int status, String type, ByteBuffer body) {
        static Answer json(int status, Object document) {
            return new Answer(status, "application/json", ByteBuffer.wrap(Json.MAPPER.writeValueAsBytes(document)));
        }
    }

    @Override
    public void handle(Exchange exchange) {
        String requestId = parts.ids().nextId();
        try (Work.Scope scope = new Work(requestId).enter()) {
            handle(exchange, requestId);
        }
    }

    private void handle(Exchange exchange, String requestId) {
        Answer answer;
        try {
            answer = answer(exchange);
        } catch (AdminException e) {
            answer = failure(e, requestId);
        } catch (S3Exception e) {
            answer = failure(
                    new AdminException(e.error().status(), e.error().code(), String.valueOf(e.getMessage())),
                    requestId);
        } catch (RefusedException e) {
            answer = failure(AdminException.of(e), requestId);
        } catch (RequestBodyException e) {
            answer = failure(AdminException.invalid("the body didn't arrive: " + e.getMessage()), requestId);
        } catch (IOException | RuntimeException e) {
            LOG.error("an admin request failed", e);
            answer = failure(new AdminException(500, "InternalError", "an internal error, see the log"), requestId);
        }
        try {
            send(exchange, answer, requestId);
        } catch (IOException e) {
            LOG.debug("an admin request: the answer broke off", e);
        }
    }

    private static Answer failure(AdminException e, String requestId) {
        return Answer.json(
                e.status(),
                new AdminJson.Failure(
                        new AdminJson.Failure.Detail(e.code(), String.valueOf(e.getMessage()), requestId)));
    }

    private static void send(Exchange exchange, Answer answer, String requestId) throws IOException {
        Headers.Builder headers =
                new Headers.Builder().add("x-amz-request-id", requestId).add("Cache-Control", "no-store");
        if (answer.body().hasRemaining()) {
            headers.add("Content-Type", answer.type());
        }
        ResponseHead head = new ResponseHead(answer.status(), headers.build());
        if (exchange.head().method().equals("HEAD")) {
            exchange.respondHead(head, answer.body().remaining());
        } else {
            exchange.respond(head, answer.body());
        }
    }

    private Answer answer(Exchange exchange) throws AdminException, RefusedException, S3Exception, IOException {
        RequestHead head = exchange.head();
        RequestLine line = RequestLine.parse(head.target());
        boolean reads = head.method().equals("GET") || head.method().equals("HEAD");
        if (reads) {
            Optional<HealthService.Answer> said = health.at(line.path());
            if (said.isPresent()) {
                return new Answer(
                        said.get().status(),
                        said.get().type(),
                        StandardCharsets.UTF_8.encode(said.get().text()));
            }
        }
        return api(exchange, line);
    }

    private Answer api(Exchange exchange, RequestLine line)
            throws AdminException, RefusedException, S3Exception, IOException {
        RequestHead head = exchange.head();
        Authentication authentication = parts.authenticator()
                .authenticate(
                        new SigningRequest(
                                head.method(), line.path(), line.rawPath(), line.query(), head.headers(), null),
                        parts.clock().millis());
        if (!(authentication.identity() instanceof Identity.Signed who)
                || !who.account().root()) {
            throw new AdminException(403, "AccessDenied", "the admin interface wants a key of the root account");
        }
        List<String> segments = Arrays.asList(line.path().substring(1).split("/", -1));
        List<String> path = segments.subList(1, segments.size());
        AdminOperations.Operation operation = find(head.method(), segments.getFirst(), path);
        String body = read(ObjectBodies.open(exchange.body(), authentication.payload(), head.headers()));
        Object document = operation.run(new AdminRequest(who, path, line.query(), body, Json.MAPPER));
        if (document == null) {
            return new Answer(204, "", ByteBuffer.allocate(0));
        }
        return Answer.json(200, document);
    }

    private AdminOperations.Operation find(String method, String api, List<String> path) throws AdminException {
        TreeSet<String> methods = new TreeSet<>();
        if (api.equals(API)) {
            for (Route route : routes) {
                if (route.isAt(path)) {
                    if (route.method.equals(method)) {
                        return route.operation;
                    }
                    methods.add(route.method);
                }
            }
        }
        throw methods.isEmpty()
                ? new AdminException(404, "NoSuchPath", "there is nothing here; see docs/operations/admin-api.md")
                : new AdminException(405, "MethodNotAllowed", "this takes " + String.join(", ", methods));
    }

    private static String read(ObjectBody body) throws AdminException, S3Exception, IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer piece = body.read(); piece != null; piece = body.read()) {
            if (all.size() + piece.remaining() > MAX_BODY_BYTES) {
                throw new AdminException(413, "BodyTooLarge", "a body has at most " + MAX_BODY_BYTES + " bytes");
            }
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            all.write(bytes);
        }
        return all.toString(StandardCharsets.UTF_8);
    }
}
