package io.coffer.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Hosts on a switch: network namespaces of this machine, each with an address of its own, whose cables can be pulled, made lossy or slow.
 * The test itself is plugged in too. Needs root and the tools {@code ip}, {@code iptables} and {@code tc};
 * {@link #assumePossible} skips the test without them.
 */
public final class HostNetwork implements Hosts {
    private static final int MAX_HOSTS = 200;
    private static final int OWN_NUMBER = 254;
    private static final List<String> DIRECTORIES = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin");

    private final String name;
    private final String subnet;
    private final int hosts;

    private HostNetwork(String name, String subnet, int hosts) {
        this.name = name;
        this.subnet = subnet;
        this.hosts = hosts;
    }

    /** Skips the test, and says why, where no such network can be made. */
    public static void assumePossible() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        for (String tool : List.of("ip", "iptables", "tc")) {
            assumeTrue(
                    DIRECTORIES.stream().anyMatch(directory -> Files.isExecutable(Path.of(directory, tool))),
                    tool + " is not installed");
        }
        String name = "coffer-try-" + ProcessHandle.current().pid();
        try {
            run("ip", "netns", "add", name);
            run("ip", "netns", "exec", name, "iptables", "-L", "-n");
        } catch (IOException e) {
            assumeTrue(false, "no network namespaces here: " + e.getMessage());
        } finally {
            new ProcessBuilder("ip", "netns", "del", name).start();
        }
    }

    /** @param hosts how many; they are numbered from 1 */
    public static HostNetwork make(int hosts) throws IOException {
        if (hosts > MAX_HOSTS) {
            throw new IllegalArgumentException(hosts + " hosts");
        }
        int number = new Random().nextInt(1 << 16);
        // Of 198.18.0.0/15, which RFC 2544 keeps for tests.
        HostNetwork made = new HostNetwork(
                "cof%04x".formatted(number), "198.%d.%d".formatted(18 + (number & 1), number >> 8), hosts);
        boolean whole = false;
        try {
            made.build();
            whole = true;
        } finally {
            if (!whole) {
                made.close();
            }
        }
        return made;
    }

    private void build() throws IOException {
        // In a namespace too: rules that others made for this machine's bridges don't reach it.
        run("ip", "netns", "add", name);
        in(name, "ip", "link", "add", "switch", "type", "bridge");
        in(name, "ip", "link", "set", "switch", "up");
        plug(OWN_NUMBER, "1");
        for (int host = 1; host <= hosts; host++) {
            run("ip", "netns", "add", namespace(host));
            in(namespace(host), "ip", "link", "set", "lo", "up");
            plug(host, namespace(host));
        }
    }

    private void plug(int host, String where) throws IOException {
        String cable = cable(host);
        run("ip", "link", "add", cable, "type", "veth", "peer", "name", "p" + host, "netns", name);
        in(name, "ip", "link", "set", "p" + host, "master", "switch", "up");
        List<String> there = where.equals("1") ? List.of() : List.of("ip", "netns", "exec", where);
        if (!there.isEmpty()) {
            run("ip", "link", "set", cable, "netns", where);
        }
        run(join(there, "ip", "address", "add", address(host) + "/24", "dev", cable));
        run(join(there, "ip", "link", "set", cable, "up"));
    }

    private static List<String> join(List<String> first, String... more) {
        return Stream.concat(first.stream(), Stream.of(more)).toList();
    }

    private String namespace(int host) {
        return name + "-" + host;
    }

    private String cable(int host) {
        return name + "h" + host;
    }

    @Override
    public String address(int host) {
        return subnet + "." + host;
    }

    @Override
    public List<String> on(int host) {
        return List.of("ip", "netns", "exec", namespace(host));
    }

    /** Pulls the cable. */
    public void cut(int host) throws IOException {
        in(name, "ip", "link", "set", "p" + host, "down");
    }

    /** The host hears nothing any more, but is heard. */
    public void deafen(int host) throws IOException {
        in(namespace(host), "iptables", "-A", "INPUT", "-i", cable(host), "-j", "DROP");
    }

    /** The host isn't heard any more, but hears. */
    public void mute(int host) throws IOException {
        in(namespace(host), "iptables", "-A", "OUTPUT", "-o", cable(host), "-j", "DROP");
    }

    /** Loses some of the packets in both directions. */
    public void lose(int host, double share) throws IOException {
        for (String chain : List.of("INPUT", "OUTPUT")) {
            in(
                    namespace(host),
                    "iptables",
                    "-A",
                    chain,
                    chain.equals("INPUT") ? "-i" : "-o",
                    cable(host),
                    "-m",
                    "statistic",
                    "--mode",
                    "random",
                    "--probability",
                    Double.toString(share),
                    "-j",
                    "DROP");
        }
    }

    /** Makes what the host sends slow. */
    public void slow(int host, int kilobitsPerSecond) throws IOException {
        in(
                namespace(host),
                "tc",
                "qdisc",
                "replace",
                "dev",
                cable(host),
                "root",
                "tbf",
                "rate",
                kilobitsPerSecond + "kbit",
                "burst",
                "16kb",
                "latency",
                "400ms");
    }

    /** Undoes whatever was done to a host's cable. */
    public void heal(int host) throws IOException {
        in(namespace(host), "iptables", "-F");
        new ProcessBuilder(join(on(host), "tc", "qdisc", "del", "dev", cable(host), "root"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        in(name, "ip", "link", "set", "p" + host, "up");
    }

    private static void in(String namespace, String... command) throws IOException {
        run(join(List.of("ip", "netns", "exec", namespace), command));
    }

    private static void run(String... command) throws IOException {
        run(List.of(command));
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + " said: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        List<IOException> failures = new ArrayList<>();
        for (int host = 0; host <= hosts; host++) {
            try {
                run("ip", "netns", "del", host == 0 ? name : namespace(host));
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }
}
