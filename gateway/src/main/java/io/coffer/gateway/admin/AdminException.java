package io.coffer.gateway.admin;

import io.coffer.common.metadata.RefusedException;

/** A refused admin request. Carries no stack trace. */
final class AdminException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    AdminException(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static AdminException invalid(String message) {
        return new AdminException(400, "InvalidArgument", message);
    }

    static AdminException noSuchAccount(String named) {
        return new AdminException(404, "NoSuchAccount", "there is no account '" + named + "'");
    }

    static AdminException noSuchKey(String accessKey) {
        return new AdminException(404, "NoSuchAccessKey", "there is no access key '" + accessKey + "'");
    }

    static AdminException of(RefusedException refused) {
        return switch (refused.refusal()) {
            case NO_SUCH_ACCOUNT -> new AdminException(404, "NoSuchAccount", "there is no such account");
            case NO_SUCH_ACCESS_KEY -> new AdminException(404, "NoSuchAccessKey", "there is no such access key");
            case ACCOUNT_EXISTS -> new AdminException(409, "AccountExists", "the account's name is taken");
            case ACCOUNT_NOT_EMPTY ->
                new AdminException(409, "AccountNotEmpty", "the account owns buckets: delete them first");
            case ACCESS_KEY_EXISTS -> new AdminException(409, "AccessKeyExists", "the access key is taken");
            case NO_SUCH_NODE -> new AdminException(404, "NoSuchNode", "there is no such node");
            case NO_SUCH_DISK -> new AdminException(404, "NoSuchDisk", "there is no such disk");
            case NODE_IN_USE -> new AdminException(409, "InUse", "it is still used by " + refused.detail());
            case STALE_EPOCH -> new AdminException(409, "Conflict", "it was changed meanwhile: try again");
            case INVALID_ARGUMENT -> invalid(refused.detail());
            default -> throw new IllegalStateException("not an answer to an admin request: " + refused.getMessage());
        };
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
