package io.coffer.gateway.s3.xml;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.Set;

/** Who pays for requests, which here can only be the bucket's owner: no request is billed to anybody. */
public final class RequestPaymentConfiguration {
    private static final String ROOT = "RequestPaymentConfiguration";
    private static final String PAYER = "Payer";
    private static final String OWNER = "BucketOwner";

    private RequestPaymentConfiguration() {}

    /** Checks that a document asks for what holds anyway. */
    public static void check(ByteBuffer document) throws S3Exception {
        switch (XmlElement.parse(document, ROOT).only(Set.of(PAYER)).requiredTextOf(PAYER)) {
            case OWNER -> {}
            case "Requester" ->
                throw new S3Exception(
                        S3Error.NOT_IMPLEMENTED,
                        "This server bills no requests, so that no requester can pay for them");
            default -> throw XmlElement.malformed();
        }
    }

    public static ByteBuffer toXml() {
        return new XmlWriter().root(ROOT).element(PAYER, OWNER).close(ROOT).document();
    }
}
