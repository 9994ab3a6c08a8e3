package io.coffer.gateway.access.acl;

import io.coffer.common.metadata.Account;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.List;

/** Finds the accounts that grants name. May block. */
public interface Accounts {
    /** Accounts with that canonical id: one or none. */
    List<Account> withCanonicalId(String id) throws S3Exception;

    List<Account> withEmail(String address) throws S3Exception;
}
