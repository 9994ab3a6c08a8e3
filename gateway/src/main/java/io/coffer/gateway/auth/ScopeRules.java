package io.coffer.gateway.auth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the scope of a version 4 signature must be. */
final class ScopeRules {
    private ScopeRules() {}

    /**
     * What is wrong with a scope.
     *
     * @param region the right one, when that is what is wrong
     */
    record Fault(String why, @Nullable String region) {}

    /** Null when nothing is. */
    static @Nullable Fault fault(CredentialScope scope, AuthSettings settings) {
        if (!SignatureTime.isIsoBasicDate(scope.date())) {
            return new Fault(
                    "incorrect date format \"" + scope.date()
                            + "\". This date in the credential must be in the format \"yyyyMMdd\".",
                    null);
        }
        List<String> regions = settings.regions();
        if (scope.region().isEmpty() || !regions.isEmpty() && !regions.contains(scope.region())) {
            String expected = regions.isEmpty() ? "us-east-1" : regions.getFirst();
            return new Fault("the region '" + scope.region() + "' is wrong; expecting '" + expected + "'", expected);
        }
        if (!settings.services().contains(scope.service())) {
            return new Fault(
                    "incorrect service \"" + scope.service() + "\". This endpoint belongs to \""
                            + settings.services().getFirst() + "\".",
                    null);
        }
        if (!scope.terminator().equals(CredentialScope.TERMINATOR)) {
            return new Fault(
                    "incorrect terminator \"" + scope.terminator() + "\". This endpoint uses \""
                            + CredentialScope.TERMINATOR + "\".",
                    null);
        }
        return null;
    }
}
