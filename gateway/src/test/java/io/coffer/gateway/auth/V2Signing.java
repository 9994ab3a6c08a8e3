package io.coffer.gateway.auth;

import io.coffer.gateway.s3.operation.QueryParameters;
import io.coffer.gateway.s3.operation.QueryParameters.Parameter;
import java.util.ArrayList;
import java.util.List;

/** The client's side of version 2, with the example key. */
public final class V2Signing {
    private V2Signing() {}

    /** The header of a request that carries {@code x-amz-date}. */
    public static String authorization(SigningRequest request) {
        return "AWS " + AuthFixture.ACCESS_KEY + ":" + sign(request, "");
    }

    public static QueryParameters link(SigningRequest request, long expiresSeconds) {
        String expires = Long.toString(expiresSeconds);
        List<Parameter> parameters = new ArrayList<>(request.query().list());
        parameters.add(new Parameter("AWSAccessKeyId", AuthFixture.ACCESS_KEY));
        parameters.add(new Parameter("Expires", expires));
        parameters.add(new Parameter("Signature", sign(request, expires)));
        return new QueryParameters(parameters);
    }

    private static String sign(SigningRequest request, String date) {
        return V2Signature.sign(Secret.of(AuthFixture.SECRET), V2Signature.stringToSign(request, date));
    }
}
