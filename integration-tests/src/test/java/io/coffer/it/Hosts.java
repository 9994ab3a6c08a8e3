package io.coffer.it;

import java.io.IOException;
import java.util.List;

/** Where the processes of a cluster run: places with an address each, numbered from 1. */
public interface Hosts extends AutoCloseable {
    /** The address of a host, which only this machine knows. */
    String address(int host);

    /** What to write before a command that is to run on a host. */
    List<String> on(int host);

    @Override
    void close() throws IOException;
}
