package io.coffer.gateway.kms;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

/** The key that wraps the key store's keys, wherever it is kept. Thread-safe. */
public interface RootKey {
    /** Which key it is: kept beside what it has wrapped, and no secret. */
    String name();

    /**
     * @param of what the key belongs to, which must be told again to unwrap it
     * @throws IOException if whoever keeps the root key can't be asked
     */
    ByteBuffer wrap(String of, byte[] key) throws IOException;

    /**
     * @throws IOException if whoever keeps the root key can't be asked
     * @throws GeneralSecurityException if it was wrapped with another root key or for something else, or was changed
     */
    byte[] unwrap(String of, ByteBuffer wrapped) throws IOException, GeneralSecurityException;
}
