package io.coffer.gateway.s3;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.trace.Span;
import io.coffer.common.trace.TraceParent;
import io.coffer.common.trace.Tracing;
import io.coffer.common.trace.Work;
import io.coffer.gateway.auth.AccessRequest;
import io.coffer.gateway.auth.Authentication;
import io.coffer.gateway.auth.Authenticator;
import io.coffer.gateway.auth.Authorizer;
import io.coffer.gateway.auth.SigningRequest;
import io.coffer.gateway.client.BucketCache;
import io.coffer.gateway.client.BucketDocuments;
import io.coffer.gateway.http.Exchange;
import io.coffer.gateway.http.ExchangeHandler;
import io.coffer.gateway.http.RequestHead;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.CopySource;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.operation.Circumstances;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.Permit;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.operation.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of every S3 request: parse, authenticate, route, authorise, run the operation, send its answer. Nothing is told before the
 * request is authenticated but what a bucket says to web sites, nothing of the body is read before it is authorised but the fields of a
 * form, and everything that goes wrong ends in one place. Thread-safe; each request runs on a virtual thread of its own.
 */
public final class S3Service implements ExchangeHandler {
    private static final Logger LOG = LoggerFactory.getLogger(S3Service.class);

    /** UTF-8 bytes of the longest key. */
    private static final int MAX_KEY_BYTES = 1024;

    /** What Amazon once allowed for names; names outside it never were buckets, and are told so. */
    private static final int MAX_NAME_LENGTH = 255;

    private static final int FIRST_SERVER_ERROR = 500;

    /** An object that is replaced more often while it is asked for is for the client to ask for again. */
    private static final int MAX_DECISIONS = 3;

    private static final String CREATE_BUCKET = "s3:CreateBucket";
    private static final String PUT_OBJECT = "s3:PutObject";

    private final RequestIds ids;
    private final RequestParser parser;
    private final Authenticator authenticator;
    private final FormArrivals forms;
    private final RouteTable routes;
    private final Authorizer authorizer;
    private final BucketCache buckets;
    private final Cors cors;
    private final Responder responder;
    private final RequestObserver observer;
    private final Semaphore permits;

    /** What the pipeline stands on. */
    public record Parts(
            RequestIds ids,
            Authenticator authenticator,
            Authorizer authorizer,
            BucketCache buckets,
            BucketDocuments documents,
            RequestObserver observer) {}

    /** @throws IllegalArgumentException if two of the operations could answer the same request */
    public S3Service(S3Settings settings, Parts parts, List<? extends Operation> operations) {
        this.ids = parts.ids();
        this.parser = new RequestParser(settings.baseDomains());
        this.authenticator = parts.authenticator();
        this.forms = new FormArrivals(parts.authenticator());
        this.routes = new RouteTable(operations);
        this.authorizer = parts.authorizer();
        this.buckets = parts.buckets();
        this.cors = new Cors(parts.buckets(), parts.documents());
        this.responder = new Responder(settings);
        this.observer = parts.observer();
        this.permits = new Semaphore(settings.maxInFlight());
    }

    /** Requests that may still begin, for metrics. */
    public int availablePermits() {
        return permits.availablePermits();
    }

    @Override
    public void handle(Exchange exchange) {
        long start = System.nanoTime();
        Call call = new Call(ids.next());
        Span span = Tracing.isOn()
                ? Tracing.begin(
                        "S3", TraceParent.parse(exchange.head().headers().first(TraceParent.HEADER)))
                : Span.NONE;
        try (Work.Scope scope = new Work(call.ids().requestId(), span.link()).enter()) {
            handle(exchange, call, start, span);
        } finally {
            span.end();
        }
    }

    private void handle(Exchange exchange, Call call, long start, Span span) {
        CountedBody body = new CountedBody(exchange.body());
        Responder.Sent sent = new Responder.Sent(0, 0);
        boolean complete = false;
        boolean permitted = permits.tryAcquire();
        try {
            S3Response response = permitted
                    ? answer(exchange, body, call)
                    : ErrorAnswers.of(new S3Exception(S3Error.SLOW_DOWN), call);
            sent = new Responder.Sent(response.status(), 0);
            sent = responder.send(exchange, response, call);
            complete = true;
        } catch (IOException e) {
            LOG.debug("{}: the answer broke off", call.operation(), e);
        } catch (RuntimeException e) {
            LOG.error("{}: the answer broke off", call.operation(), e);
        } finally {
            if (permitted) {
                permits.release();
            }
            observe(exchange.head(), body, call, sent, complete, System.nanoTime() - start);
            if (span.link() != null) {
                describe(span, exchange.head(), body, call, sent, complete);
            }
        }
    }

    private void observe(
            RequestHead head, CountedBody body, Call call, Responder.Sent sent, boolean complete, long nanos) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "{} {} ({}): {}{}, {} bytes in, {} out, {} us",
                    head.method(),
                    withoutQuery(head.target()),
                    call.operation(),
                    sent.status(),
                    call.error() == null ? "" : " " + call.error().code(),
                    body.bytes(),
                    sent.bytes(),
                    nanos / 1000);
        }
        observer.answered(new RequestObserver.Answered(
                call.ids().requestId(),
                call.operation(),
                head.method(),
                call.resource(),
                call.identity(),
                head.remote(),
                sent.status(),
                call.error(),
                body.bytes(),
                sent.bytes(),
                nanos,
                complete));
    }

    private static void describe(
            Span span, RequestHead head, CountedBody body, Call call, Responder.Sent sent, boolean complete) {
        span.rename("S3 " + call.operation());
        span.put("rpc.method", call.operation());
        span.put("http.request.method", head.method());
        span.put("http.response.status_code", sent.status());
        span.put("http.request.body.size", body.bytes());
        span.put("http.response.body.size", sent.bytes());
        span.put("aws.request_id", call.ids().requestId());
        String bucket = call.bucket();
        if (bucket != null) {
            span.put("aws.s3.bucket", bucket);
        }
        S3Error error = call.error();
        if (error != null) {
            span.put("error.type", error.code());
        }
        if (!complete || sent.status() >= FIRST_SERVER_ERROR) {
            span.fail(error == null ? "the answer broke off" : error.code());
        }
    }

    /** As it was sent, so on one line; a query may hold a signature. */
    private static String withoutQuery(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** The one place where what an operation throws becomes an answer. */
    private S3Response answer(Exchange exchange, CountedBody body, Call call) {
        try {
            return run(exchange.head(), body, call);
        } catch (S3Exception | IOException | RuntimeException e) {
            return ErrorAnswers.of(e, call);
        }
    }

    private S3Response run(RequestHead head, CountedBody body, Call call) throws S3Exception, IOException {
        ParsedRequest parsed = parser.parse(head);
        call.parsed(parsed.resource(), bucketName(parsed.target()));
        if (head.method().equals("OPTIONS")) {
            // Browsers sign no preflight, not even that of a presigned request.
            return cors.preflight(head.headers(), parsed.target());
        }
        call.answeredWith(cors.headers(head.method(), head.headers(), parsed.target()));
        Arrival arrival = authenticate(head, parsed, body, call);
        Operation operation = route(head, parsed);
        OperationSpec spec = operation.spec();
        call.routed(spec.name());
        Target target = arrival.parsed().target();
        requirePossibleNames(target, spec);

        Routed work = new Routed(operation, arrival, body, call);
        String name = bucketName(target);
        if (name == null || spec.actions().contains(CREATE_BUCKET)) {
            return perform(work, null);
        }
        if (!(target instanceof Target.ObjectTarget)) {
            return perform(work, buckets.find(name));
        }
        // The partition of an object notices a bucket that is no more; what is asked of a bucket itself has no such
        // guard.
        Bucket recalled = buckets.recall(name);
        try {
            return perform(work, recalled);
        } catch (S3Exception e) {
            if (e.error() != S3Error.NO_SUCH_BUCKET) {
                throw e;
            }
            Bucket found = buckets.find(name);
            if (found.id().equals(recalled.id())) {
                throw e;
            }
            if (body.touched()) {
                throw new S3Exception(S3Error.SERVICE_UNAVAILABLE);
            }
            return perform(work, found);
        }
    }

    private Arrival authenticate(RequestHead head, ParsedRequest parsed, CountedBody body, Call call)
            throws S3Exception, IOException {
        SigningRequest signing = new SigningRequest(
                head.method(), parsed.path(), parsed.rawPath(), parsed.query(), head.headers(), parsed.hostBucket());
        if (FormArrivals.isForm(head, parsed)) {
            return forms.open(head, parsed, signing, body, call);
        }
        Authentication authentication =
                authenticator.authenticate(signing, call.ids().nowMillis());
        call.authenticated(authentication.identity());
        return new Arrival(head, parsed, authentication, null);
    }

    /** An authenticated request that found its operation. */
    private record Routed(Operation operation, Arrival arrival, CountedBody body, Call call) {}

    /** Authorises and runs the operation, both with the same view of the bucket. */
    private S3Response perform(Routed work, @Nullable Bucket bucket) throws S3Exception, IOException {
        OperationSpec spec = work.operation.spec();
        Arrival arrival = work.arrival;
        RequestHead head = arrival.head();
        ParsedRequest parsed = arrival.parsed();
        String host = head.headers().first("host");
        Identity identity = arrival.authentication().identity();
        long now = work.call.ids().nowMillis();
        AccessRequest access = new AccessRequest(
                identity,
                spec.actions(),
                parsed.target(),
                bucket,
                new Circumstances(head.method(), parsed.query(), head.headers(), head.remote(), head.tls(), now),
                parsed.query().first(VersionIds.PARAMETER));
        Permit permit = spec.decidesItself() ? authorizer.requirePossible(access) : authorizer.require(access);
        ObjectBody opened = arrival.opened();
        ObjectBody body = opened != null
                ? opened
                : BodyPolicies.open(
                        spec.body(), work.body, arrival.authentication().payload(), head.headers());
        S3Request request = new S3Request(
                work.call.ids().requestId(),
                head.method(),
                parsed.target(),
                parsed.query(),
                head.headers(),
                identity,
                body,
                (head.secure() ? "https://" : "http://") + (host == null ? "" : host),
                head.tls(),
                head.remote(),
                now,
                bucket,
                permit);
        return operate(work, request, access);
    }

    /** A decision that rests on a version is for that alone. Where another one came in between, it is taken again. */
    private S3Response operate(Routed work, S3Request decided, AccessRequest access) throws S3Exception, IOException {
        S3Request request = decided;
        for (int decisions = 1; ; decisions++) {
            try {
                return work.operation.handle(request);
            } catch (S3Exception e) {
                boolean again = e.error() == S3Error.SERVICE_UNAVAILABLE
                        && !request.permit().equals(Permit.ANY)
                        && !work.body.touched()
                        && decisions < MAX_DECISIONS;
                Permit now = again ? authorizer.require(access) : request.permit();
                if (now.equals(request.permit())) {
                    throw mayBeTold(e, work.operation.spec(), access) ? e : new S3Exception(S3Error.ACCESS_DENIED);
                }
                request = request.with(now);
            }
        }
    }

    /**
     * Who asks for what isn't there, or wants something done with it, learns that only if it may list the bucket. For the source of a
     * copy, which may be in another one, the copy has asked.
     */
    private boolean mayBeTold(S3Exception e, OperationSpec spec, AccessRequest access) throws S3Exception {
        boolean missing = e.error() == S3Error.NO_SUCH_KEY || e.error() == S3Error.NO_SUCH_VERSION;
        boolean copies = spec.actions().contains(PUT_OBJECT)
                && access.circumstances().headers().contains(CopySource.HEADER);
        return !missing || copies || authorizer.mayKnowWhatIsMissing(access);
    }

    private Operation route(RequestHead head, ParsedRequest parsed) throws S3Exception {
        return switch (routes.match(head.method(), parsed.target(), parsed.query(), head.headers())) {
            case RouteTable.Match.Found(Operation operation) -> operation;
            case RouteTable.Match.NotOffered(String name) ->
                throw new S3Exception(S3Error.NOT_IMPLEMENTED, name + " is not offered by this server")
                        .with("Operation", name);
            case RouteTable.Match.NotAllowed(String resourceType, var allowed) -> {
                S3Exception refusal = new S3Exception(S3Error.METHOD_NOT_ALLOWED)
                        .with("Method", head.method())
                        .with("ResourceType", resourceType);
                throw allowed.isEmpty() ? refusal : refusal.withHeader("Allow", String.join(", ", allowed));
            }
        };
    }

    private static void requirePossibleNames(Target target, OperationSpec spec) throws S3Exception {
        if (target instanceof Target.ObjectTarget(String bucket, String key)) {
            // A UTF-16 unit is three bytes of UTF-8 at most.
            if (key.length() > MAX_KEY_BYTES / 3) {
                int bytes = key.getBytes(StandardCharsets.UTF_8).length;
                if (bytes > MAX_KEY_BYTES) {
                    throw new S3Exception(S3Error.KEY_TOO_LONG)
                            .with("Size", Integer.toString(bytes))
                            .with("MaxSizeAllowed", Integer.toString(MAX_KEY_BYTES));
                }
            }
        }
        String name = bucketName(target);
        if (name != null && !spec.actions().contains(CREATE_BUCKET) && !mayBeBucketName(name)) {
            throw new S3Exception(S3Error.INVALID_BUCKET_NAME).with("BucketName", name);
        }
    }

    private static boolean mayBeBucketName(String name) {
        if (name.length() < 3 || name.length() > MAX_NAME_LENGTH) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean possible = c >= 'a' && c <= 'z'
                    || c >= '0' && c <= '9'
                    || c >= 'A' && c <= 'Z'
                    || c == '-'
                    || c == '.'
                    || c == '_';
            if (!possible) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String bucketName(Target target) {
        return switch (target) {
            case Target.Service() -> null;
            case Target.BucketTarget(String bucket) -> bucket;
            case Target.ObjectTarget(String bucket, String _) -> bucket;
        };
    }
}
