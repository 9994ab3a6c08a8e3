package io.coffer.gateway.form;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.RequestBody;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;

/**
 * A form whose fields have been read and whose file hasn't. What is behind the file doesn't count. Used by one thread.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html">S3: POST object</a>
 */
public final class FormUpload {
    private final FormReader reader;
    private final FormFields fields;
    private final String key;

    private FormUpload(FormReader reader, FormFields fields) throws S3Exception {
        this.reader = reader;
        this.fields = fields;
        this.key = requireKey(fields);
    }

    /** Reads the form up to its file, which is bounded. */
    public static FormUpload open(Headers headers, RequestBody body) throws S3Exception, IOException {
        Boundary boundary = Boundary.of(headers.all("content-type"));
        if (body.length() < 0) {
            throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
        }
        FormReader reader = new FormReader(body, boundary);
        FormFields.Builder fields = new FormFields.Builder();
        reader.begin();
        for (PartHead part = reader.nextPart(); part != null; part = reader.nextPart()) {
            if (part.name().equalsIgnoreCase(FormFields.FILE)) {
                return new FormUpload(reader, fields.build(part.filename()));
            }
            fields.add(part.name(), reader.field());
        }
        throw FormErrors.numberOfFiles(0);
    }

    private static String requireKey(FormFields fields) throws S3Exception {
        String key = fields.value(FormFields.KEY);
        if (key == null) {
            throw FormErrors.missing(FormFields.KEY);
        }
        if (key.isEmpty()) {
            throw FormErrors.invalidField("User key must have a length greater than 0.", FormFields.KEY, "");
        }
        return key;
    }

    public FormFields fields() {
        return fields;
    }

    public String key() {
        return key;
    }

    /** What the form says of its object and of the answer, as PutObject's headers. */
    public Headers headers(Headers request) throws S3Exception {
        return FormHeaders.of(request, fields);
    }

    /** The file of a form that nobody signed. */
    public ObjectBody file() throws S3Exception {
        return new FormFile(reader, SizeRange.ANY);
    }

    /** The file of a form whose policy was signed, if the policy allows the form. */
    public ObjectBody file(String bucket, long nowMillis) throws S3Exception {
        String policy = fields.value(FormFields.POLICY);
        if (policy == null) {
            throw FormErrors.missing(FormFields.POLICY);
        }
        return new FormFile(reader, PostPolicyReader.read(policy).check(fields, bucket, nowMillis));
    }
}
