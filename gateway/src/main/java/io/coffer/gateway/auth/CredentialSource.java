package io.coffer.gateway.auth;

import io.coffer.gateway.s3.error.S3Exception;
import java.util.Optional;

/** Knows access keys. Thread-safe; may block. */
@FunctionalInterface
public interface CredentialSource {
    /**
     * The credential of that access key, disabled ones included; empty when there is none.
     *
     * @throws S3Exception if it can't be told now
     */
    Optional<Credential> find(String accessKey) throws S3Exception;
}
