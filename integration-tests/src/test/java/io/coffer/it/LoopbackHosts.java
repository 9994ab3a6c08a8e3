package io.coffer.it;

import java.util.List;
import java.util.Random;

/** Hosts in name only: loopback addresses, one for each, so that every process can have the usual ports. */
public final class LoopbackHosts implements Hosts {
    private final String subnet;

    public LoopbackHosts() {
        Random random = new Random();
        this.subnet = "127." + random.nextInt(1, 255) + "." + random.nextInt(1, 255);
    }

    @Override
    public String address(int host) {
        return subnet + "." + host;
    }

    @Override
    public List<String> on(int host) {
        return List.of();
    }

    @Override
    public void close() {}
}
