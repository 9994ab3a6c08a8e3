package io.coffer.gateway.form;

import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.TagSet;
import io.coffer.gateway.s3.header.TaggingHeader;
import io.coffer.gateway.s3.xml.Tagging;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A form in the words of PutObject: its fields as the headers that they stand for, so that all which a write can ask for means the same in
 * both. What a form wants as its answer stays under its own names, which no header has.
 */
final class FormHeaders {
    private static final String AMAZON = "x-amz-";
    private static final String METADATA = "x-amz-meta-";
    private static final String COPY = "x-amz-copy-source";

    /** Fields that aren't Amazon's own and mean what the header does. */
    private static final Set<String> CONTENT = Set.of(
            "cache-control",
            "content-disposition",
            "content-encoding",
            "content-language",
            "content-md5",
            "content-type",
            "expires");

    private static final Set<String> ANSWER =
            Set.of(FormFields.SUCCESS_STATUS, FormFields.SUCCESS_REDIRECT, FormFields.REDIRECT);

    /**
     * What authenticates the form, or describes how a body travels that isn't a form. The algorithm and date of a signature stay:
     * policies of buckets ask for them.
     */
    private static final Set<String> NOT_THE_OBJECTS = Set.of(
            "x-amz-content-sha256",
            "x-amz-credential",
            "x-amz-decoded-content-length",
            "x-amz-security-token",
            "x-amz-signature",
            "x-amz-trailer");

    private static final String TOKEN_SPECIALS = "!#$%&'*+-.^_`|~";

    private FormHeaders() {}

    /** @param request of which only what doesn't describe the object is kept */
    static Headers of(Headers request, FormFields fields) throws S3Exception {
        Map<String, String> object = new LinkedHashMap<>();
        for (Map.Entry<String, String> field : fields.all()) {
            String name = headerName(field.getKey());
            if (name.isEmpty()) {
                continue;
            }
            String value = name.equals(TaggingHeader.HEADER) && field.getKey().equals("tagging")
                    ? tags(field.getValue())
                    : field.getValue();
            check(name, value);
            if (object.putIfAbsent(name, bytes(value)) != null) {
                throw FormErrors.invalidField("The form says it twice.", field.getKey(), field.getValue());
            }
        }
        Headers.Builder headers = new Headers.Builder();
        for (Header line : request) {
            String name = line.name().toLowerCase(Locale.ROOT);
            if (!name.startsWith(AMAZON) && !CONTENT.contains(name) && !ANSWER.contains(name)
                    || name.equals("x-amz-expected-bucket-owner")) {
                headers.add(line.name(), line.value());
            }
        }
        object.forEach(headers::add);
        return headers.build();
    }

    /** Empty for a field that says nothing of the object or the answer. */
    private static String headerName(String field) throws S3Exception {
        if (field.equals("x-amz-write-offset-bytes")) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED).with("Header", field);
        }
        if (field.equals("acl") || field.equals("tagging")) {
            return AMAZON + field;
        }
        boolean objects = field.startsWith(AMAZON) && !field.startsWith(COPY) && !NOT_THE_OBJECTS.contains(field);
        return objects || CONTENT.contains(field) || ANSWER.contains(field) ? field : "";
    }

    private static String tags(String xml) throws S3Exception {
        TagSet tags = Tagging.parse(ByteBuffer.wrap(xml.getBytes(StandardCharsets.UTF_8)), TagSet.Kind.OBJECT)
                .tags();
        return TaggingHeader.format(tags);
    }

    /** A name or value that no header could have must not get into the headers of answers. User metadata may have any value. */
    private static void check(String name, String value) throws S3Exception {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'z') && TOKEN_SPECIALS.indexOf(c) < 0) {
                throw FormErrors.invalidField("A field has a name that no header can have.", name, value);
            }
        }
        if (name.startsWith(METADATA)) {
            return;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' && c != '\t' || c == '\u007f') {
                throw FormErrors.invalidField("A field has a value that no header can have.", name, value);
            }
        }
    }

    /** Header values are bytes, one to a character. */
    private static String bytes(String value) {
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
