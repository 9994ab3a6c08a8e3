package io.coffer.gateway.form;

/** How large a file may be, in bytes, both ends included. */
record SizeRange(long min, long max) {
    /** Amazon's limit of one upload: 5 GiB. */
    static final SizeRange ANY = new SizeRange(0, 5L << 30);

    /** What both allow. */
    SizeRange and(SizeRange other) {
        long least = Math.max(min, other.min);
        long most = Math.min(max, other.max);
        return new SizeRange(least, most);
    }
}
