package io.coffer.gateway.s3;

import io.coffer.gateway.auth.Authentication;
import io.coffer.gateway.auth.Authenticator;
import io.coffer.gateway.auth.SigningRequest;
import io.coffer.gateway.form.FormUpload;
import io.coffer.gateway.http.RequestBody;
import io.coffer.gateway.http.RequestHead;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.payload.PayloadCheck;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.QueryParameters;
import io.coffer.gateway.s3.operation.Subresources;
import io.coffer.gateway.s3.operation.Target;
import java.io.IOException;

/**
 * Requests whose body says who sends them and for which key: HTML forms. From here on such a request looks like one that writes an object,
 * its fields as headers. Only fields are read before it is authenticated, and they are bounded. Thread-safe.
 */
final class FormArrivals {
    private final Authenticator authenticator;

    FormArrivals(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    /** Whether nothing else can be meant. */
    static boolean isForm(RequestHead head, ParsedRequest parsed) {
        return head.method().equals("POST")
                && parsed.target() instanceof Target.BucketTarget
                && Subresources.in(parsed.query()).isEmpty();
    }

    Arrival open(RequestHead head, ParsedRequest parsed, SigningRequest signing, RequestBody body, Call call)
            throws S3Exception, IOException {
        if (!(parsed.target() instanceof Target.BucketTarget(String bucket))) {
            throw new IllegalArgumentException("no form");
        }
        FormUpload form = FormUpload.open(head.headers(), body);
        ParsedRequest object = new ParsedRequest(
                new Target.ObjectTarget(bucket, form.key()),
                "/" + bucket + "/" + form.key(),
                parsed.rawPath(),
                QueryParameters.EMPTY,
                null);
        call.parsed(object.resource(), bucket);
        long now = call.ids().nowMillis();
        Identity identity = authenticator.authenticateForm(signing, form.fields(), now);
        call.authenticated(identity);
        ObjectBody file = switch (identity) {
            case Identity.Anonymous() -> form.file();
            case Identity.Signed _ -> form.file(bucket, now);
        };
        RequestHead inHeaders = new RequestHead(
                head.method(), head.target(), head.protocol(), form.headers(head.headers()), head.remote(), head.tls());
        return new Arrival(inHeaders, object, new Authentication(identity, PayloadCheck.UNSIGNED), file);
    }
}
