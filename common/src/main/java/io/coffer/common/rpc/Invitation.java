package io.coffer.common.rpc;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a join token, {@code ID.SECRET.FINGERPRINT}, which an operator carries to a new node: with the secret the node shows the
 * cluster that it may join, by the fingerprint it knows the cluster before it says anything. It never shows its secret.
 */
public final class Invitation {
    private static final int ID_BYTES = 6;
    private static final int SECRET_BYTES = 32;
    private static final Pattern FORM = Pattern.compile("([0-9a-f]{12})\\.([A-Za-z0-9_-]{43})\\.([A-Za-z0-9_-]{43})");

    private final String id;
    private final byte[] secret;
    private final byte[] fingerprint;

    private Invitation(String id, byte[] secret, byte[] fingerprint) {
        this.id = id;
        this.secret = secret;
        this.fingerprint = fingerprint;
    }

    /** A new one into the cluster of this authority. */
    public static Invitation make(X509Certificate authority, SecureRandom random) {
        byte[] id = new byte[ID_BYTES];
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(id);
        random.nextBytes(secret);
        return new Invitation(HexFormat.of().formatHex(id), secret, fingerprint(authority));
    }

    /** @throws IllegalArgumentException if it is none; the message doesn't repeat it */
    public static Invitation parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("not a join token: it is ID.SECRET.FINGERPRINT, as it was printed");
        }
        Base64.Decoder base64 = Base64.getUrlDecoder();
        return new Invitation(form.group(1), base64.decode(form.group(2)), base64.decode(form.group(3)));
    }

    /** All of it, the secret too. */
    public String text() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return id + "." + base64.encodeToString(secret) + "." + base64.encodeToString(fingerprint);
    }

    public String id() {
        return id;
    }

    byte[] secret() {
        return secret;
    }

    /** What the cluster keeps in place of the secret. */
    public byte[] secretHash() {
        return sha256(secret);
    }

    /** Whether this is the certificate of the authority that the fingerprint is of; takes constant time. */
    boolean isFrom(X509Certificate authority) {
        return MessageDigest.isEqual(fingerprint, fingerprint(authority));
    }

    private static byte[] fingerprint(X509Certificate authority) {
        try {
            return sha256(authority.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("what was decoded can be encoded", e);
        }
    }

    /** SHA-256, as tokens and keys are compared by. */
    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Invitation[" + id + "]";
    }
}
