package io.coffer.dataserver.rpc;

/** The contract, over mutual TLS. */
final class RemoteChunksOverTlsTest extends RemoteChunksTest {
    @Override
    TestTls tls() {
        return TestTls.SHARED;
    }
}
