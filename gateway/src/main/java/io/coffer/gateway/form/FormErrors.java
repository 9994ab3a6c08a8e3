package io.coffer.gateway.form;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;

/** What S3 says of forms that it can't take. */
public final class FormErrors {
    private FormErrors() {}

    static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_POST_REQUEST);
    }

    static S3Exception notAForm() {
        return new S3Exception(S3Error.PRECONDITION_FAILED)
                .with("Condition", "Bucket POST must be of the enclosure-type multipart/form-data");
    }

    static S3Exception numberOfFiles(int files) {
        return new S3Exception(S3Error.INCORRECT_NUMBER_OF_FILES)
                .with("ArgumentName", FormFields.FILE)
                .with("ArgumentValue", Integer.toString(files));
    }

    static S3Exception fieldsTooLarge() {
        return new S3Exception(S3Error.MAX_POST_PRE_DATA_LENGTH_EXCEEDED)
                .with("MaxPostPreDataLengthBytes", Integer.toString(FormReader.MAX_BYTES_BESIDE_FILE));
    }

    /** A field that has to be there, by the name that Amazon gives it. */
    public static S3Exception missing(String field) {
        return invalidField(
                "Bucket POST must contain a field named '" + field
                        + "'.  If it is specified, please check the order of the fields.",
                field,
                "");
    }

    static S3Exception invalidField(String message, String name, String value) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message)
                .with("ArgumentName", name)
                .with("ArgumentValue", value);
    }

    /** The policy can't be understood. */
    static S3Exception invalidPolicy(String why) {
        return new S3Exception(S3Error.INVALID_POLICY_DOCUMENT, "Invalid Policy: " + why);
    }

    /** The policy is understood, and doesn't allow the form. */
    static S3Exception refusedByPolicy(String why) {
        return new S3Exception(S3Error.ACCESS_DENIED, "Invalid according to Policy: " + why);
    }
}
