package io.coffer.common.rpc;

import io.coffer.common.time.WallClock;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Whether a certificate is valid at the time that a process takes for right, which need not be its host's. */
final class Validity {
    private Validity() {}

    /**
     * @return the time that was looked at
     * @throws CertificateException for a certificate that isn't valid then; the message says how far the clocks are apart, if it is them
     */
    static Instant check(X509Certificate certificate, WallClock clock) throws CertificateException {
        Instant now = clock.now();
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isBefore(from)) {
            throw new CertificateException("the certificate of " + subject(certificate) + " is valid from " + from
                    + " on, and the clock here shows " + shown(now) + ": it is behind by "
                    + atLeast(Duration.between(now, from)));
        }
        if (!now.isBefore(until)) {
            throw new CertificateException("the certificate of " + subject(certificate) + " was valid until " + until
                    + ", and the clock here shows " + shown(now) + ": unless that is right, it is ahead by "
                    + atLeast(Duration.between(until, now)));
        }
        return now;
    }

    private static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName().replaceFirst("^CN=", "");
    }

    private static Instant shown(Instant now) {
        return now.truncatedTo(ChronoUnit.SECONDS);
    }

    private static String atLeast(Duration apart) {
        long days = apart.toDays();
        return days > 0 ? "at least " + days + " days" : "at least " + Math.max(1, apart.toMinutes()) + " minutes";
    }
}
