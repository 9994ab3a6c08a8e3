package io.coffer.gateway.s3.operation.object;

import io.coffer.gateway.form.FormFields;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.Keys;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.PostResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores the file of an HTML form. The pipeline has turned the form's fields into the headers of a write, and its file into the body; what
 * is left is the answer, which a browser shows or follows.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html">S3: POST object</a>
 */
public final class PostObject implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PostObject", Route.of("POST", Route.Kind.BUCKET), Set.of("s3:PutObject"), BodyPolicy.DATA);

    private static final int REDIRECTED = 303;

    private final Operation write;

    /** @param write how an object is stored */
    public PostObject(Operation write) {
        this.write = write;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        Headers stored = write.handle(request).headers();
        String etag = String.valueOf(stored.first("ETag"));
        String redirect = redirect(request.headers());
        if (redirect != null) {
            String separator = redirect.indexOf('?') < 0 ? "?" : "&";
            String target = redirect + separator + "bucket=" + Keys.urlComponent(request.bucket()) + "&key="
                    + Keys.urlComponent(request.key()) + "&etag=" + Keys.urlComponent(etag);
            return S3Response.empty(REDIRECTED, with(stored, target));
        }
        String location = location(request);
        int status = status(request.headers().first(FormFields.SUCCESS_STATUS));
        Headers headers = with(stored, location);
        return status == 201
                ? S3Response.xml(
                        status, headers, new PostResponse(location, request.bucket(), request.key(), etag).toXml())
                : S3Response.empty(status, headers);
    }

    private static Headers with(Headers stored, String location) {
        return new Headers.Builder().addAll(stored).add("Location", location).build();
    }

    /** Where the client wants to be sent; null for nowhere, and for what is no URL of the web. */
    private static @Nullable String redirect(Headers form) {
        String text = form.first(FormFields.SUCCESS_REDIRECT);
        if (text == null) {
            text = form.first(FormFields.REDIRECT);
        }
        if (text == null) {
            return null;
        }
        try {
            URI uri = new URI(text.replace(" ", "%20"));
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return web && uri.getRawAuthority() != null ? text : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static int status(@Nullable String wanted) {
        return switch (wanted == null ? "" : wanted) {
            case "200" -> 200;
            case "201" -> 201;
            default -> 204;
        };
    }

    /** The object's URL in the form in which the client addressed the bucket; the key is one component, as Amazon writes it here. */
    private static String location(S3Request request) {
        int authority = request.host().indexOf("//") + 2;
        boolean virtualHost = request.host().startsWith(request.bucket() + ".", authority);
        return request.host() + (virtualHost ? "" : "/" + request.bucket()) + "/" + Keys.urlComponent(request.key());
    }
}
