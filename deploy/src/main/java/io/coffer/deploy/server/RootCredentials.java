package io.coffer.deploy.server;

import io.coffer.common.io.FileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key pair of the root account: from the environment, or made at the first start and kept where only the owner reads.
 *
 * @param made whether it was made just now, to be printed this once
 */
public record RootCredentials(String accessKey, String secretKey, boolean made) {
    public static final String ACCESS_VARIABLE = "COFFER_ROOT_ACCESS_KEY";
    public static final String SECRET_VARIABLE = "COFFER_ROOT_SECRET_KEY";

    private static final String FILE = "root";
    private static final int MAX_FILE_BYTES = 4096;
    private static final int ACCESS_LENGTH = 20;
    private static final int SECRET_LENGTH = 40;
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String ANY = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final Pattern FORM = Pattern.compile("access-key: (\\S+)\nsecret-key: (\\S+)\n");

    /** What an access key may be, so that it fits into every place a signature puts it. */
    private static final Pattern ACCESS_FORM = Pattern.compile("[A-Za-z0-9_.-]{3,128}");

    private static final int MIN_SECRET_LENGTH = 8;

    /**
     * The pair to use.
     *
     * @param keys the directory of keys
     * @throws StartException if only one of the variables is set, one is unusable, or the file is damaged
     */
    public static RootCredentials find(Map<String, String> environment, FileSystem keys, SecureRandom random)
            throws StartException {
        Optional<RootCredentials> given = given(environment);
        if (given.isPresent()) {
            return given.get();
        }
        try {
            Optional<RootCredentials> kept = read(keys);
            return kept.isPresent() ? kept.get() : make(keys, random);
        } catch (IOException e) {
            throw new StartException("can't keep the root credentials: " + e.getMessage(), e);
        }
    }

    /**
     * The pair in the environment; empty if there is none.
     *
     * @throws StartException if only one of the variables is set, or one is unusable
     */
    public static Optional<RootCredentials> given(Map<String, String> environment) throws StartException {
        String access = environment.getOrDefault(ACCESS_VARIABLE, "");
        String secret = environment.getOrDefault(SECRET_VARIABLE, "");
        if (access.isEmpty() != secret.isEmpty()) {
            throw new StartException(ACCESS_VARIABLE + " and " + SECRET_VARIABLE + " go together");
        }
        if (!access.isEmpty()) {
            if (!ACCESS_FORM.matcher(access).matches()) {
                throw new StartException(ACCESS_VARIABLE + " must have 3 to 128 letters, digits, '_', '.' or '-'");
            }
            if (secret.length() < MIN_SECRET_LENGTH) {
                throw new StartException(SECRET_VARIABLE + " must have at least " + MIN_SECRET_LENGTH + " characters");
            }
            return Optional.of(new RootCredentials(access, secret, false));
        }
        return Optional.empty();
    }

    private static Optional<RootCredentials> read(FileSystem keys) throws IOException, StartException {
        if (!keys.exists(FILE)) {
            return Optional.empty();
        }
        Matcher matcher = FORM.matcher(new String(keys.readSmall(FILE, MAX_FILE_BYTES), StandardCharsets.UTF_8));
        if (!matcher.matches()) {
            throw new StartException("the file with the root credentials (keys/" + FILE + ") is damaged");
        }
        return Optional.of(new RootCredentials(matcher.group(1), matcher.group(2), false));
    }

    private static RootCredentials make(FileSystem keys, SecureRandom random) throws IOException {
        RootCredentials made =
                new RootCredentials(text(UPPER, ACCESS_LENGTH, random), text(ANY, SECRET_LENGTH, random), true);
        String content = "access-key: " + made.accessKey + "\nsecret-key: " + made.secretKey + "\n";
        keys.replace(FILE, content.getBytes(StandardCharsets.UTF_8));
        return made;
    }

    private static String text(String alphabet, int length, SecureRandom random) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "RootCredentials[" + accessKey + "]";
    }
}
