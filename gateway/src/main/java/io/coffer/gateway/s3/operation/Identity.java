package io.coffer.gateway.s3.operation;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.Account;

/** Who sent a request. */
public sealed interface Identity {
    Identity ANONYMOUS = new Anonymous();

    /** Nobody that is known. */
    record Anonymous() implements Identity {}

    /** The holder of an access key that signed the request. */
    record Signed(Account account, String accessKey) implements Identity {
        public AccountId accountId() {
            return account.id();
        }
    }
}
