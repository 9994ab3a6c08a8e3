package io.coffer.dataserver.format;

import io.coffer.common.cluster.ProtectionScheme;

/** How a protection scheme is written: a kind and two numbers. */
public record Scheme(int kind, int k, int m) {
    private static final int REPLICATED = 1;
    private static final int ERASURE_CODED = 2;

    public static Scheme of(ProtectionScheme scheme) {
        return switch (scheme) {
            case ProtectionScheme.Replicated replicated -> new Scheme(REPLICATED, replicated.copies(), 0);
            case ProtectionScheme.ErasureCoded coded -> new Scheme(ERASURE_CODED, coded.data(), coded.parity());
        };
    }

    public ProtectionScheme toScheme() throws FormatException {
        try {
            return switch (kind) {
                case REPLICATED -> new ProtectionScheme.Replicated(k);
                case ERASURE_CODED -> new ProtectionScheme.ErasureCoded(k, m);
                default -> throw new FormatException("unknown protection scheme " + kind);
            };
        } catch (IllegalArgumentException e) {
            throw new FormatException(String.valueOf(e.getMessage()));
        }
    }
}
