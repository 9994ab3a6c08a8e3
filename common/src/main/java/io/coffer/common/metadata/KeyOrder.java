package io.coffer.common.metadata;

/** The order of keys: that of their UTF-8 bytes, which is that of code points. {@code String.compareTo} isn't. */
public final class KeyOrder {
    private KeyOrder() {}

    /** Negative, zero or positive, as {@code a} sorts before, with or behind {@code b}. */
    public static int compare(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        for (int i = 0; i < shorter; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Surrogates stand for code points above every other char.
                boolean surrogateX = Character.isSurrogate(x);
                boolean surrogateY = Character.isSurrogate(y);
                return surrogateX == surrogateY ? Character.compare(x, y) : surrogateX ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
