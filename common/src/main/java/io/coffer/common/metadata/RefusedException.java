package io.coffer.common.metadata;

/** The rules refused a command or query; nothing changed. Carries no stack trace. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;
    private final String detail;

    public RefusedException(Refusal refusal) {
        this(refusal, "");
    }

    /** @param detail what it was about (a part number, a current ETag); may be empty */
    public RefusedException(Refusal refusal, String detail) {
        super(detail.isEmpty() ? refusal.name() : refusal + ": " + detail, null, false, false);
        this.refusal = refusal;
        this.detail = detail;
    }

    public Refusal refusal() {
        return refusal;
    }

    public String detail() {
        return detail;
    }
}
