package io.coffer.gateway.access.policy;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses with a common prefix, {@code 192.0.2.0/24} or {@code 2001:db8::/32}. An IPv4 address that IPv6 wraps is that address. */
final class IpRange {
    private static final Pattern FORM = Pattern.compile("[0-9a-fA-F:.]{2,45}");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
    private static final int IPV4_BYTES = 4;

    /** Shorter prefixes than these are no limit, says Amazon; private addresses can't come from everywhere. */
    private static final int NARROW_IPV4_BITS = 8;

    private static final int NARROW_IPV6_BITS = 32;

    private static final IpRange PRIVATE_172 = new IpRange(new byte[] {(byte) 172, 16, 0, 0}, 12);
    private static final IpRange PRIVATE_192 = new IpRange(new byte[] {(byte) 192, (byte) 168, 0, 0}, 16);
    private static final IpRange PRIVATE_10 = new IpRange(new byte[] {10, 0, 0, 0}, 8);
    private static final IpRange PRIVATE_IPV6 =
            new IpRange(new byte[] {(byte) 0xfc, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 7);

    private final byte[] prefix;
    private final int bits;

    private IpRange(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /** Empty for what is neither an address nor a range. */
    static Optional<IpRange> parse(String text) {
        int slash = text.indexOf('/');
        String start = slash < 0 ? text : text.substring(0, slash);
        byte[] address = address(start);
        if (address == null) {
            return Optional.empty();
        }
        int bits = address.length * Byte.SIZE;
        if (slash >= 0) {
            String length = text.substring(slash + 1);
            if (length.isEmpty() || length.length() > 3 || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Optional.empty();
            }
            bits = Integer.parseInt(length);
            if (address.length == IPV4_BYTES && start.indexOf(':') >= 0) {
                bits -= (16 - IPV4_BYTES) * Byte.SIZE;
            }
            if (bits < 0 || bits > address.length * Byte.SIZE) {
                return Optional.empty();
            }
        }
        return Optional.of(new IpRange(address, bits));
    }

    /** Never looks a name up. */
    private static byte @Nullable [] address(String text) {
        boolean possible = FORM.matcher(text).matches()
                && (text.indexOf(':') >= 0 || IPV4.matcher(text).matches());
        if (!possible) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    boolean contains(String text) {
        byte[] address = address(text);
        return address != null && contains(address);
    }

    private boolean contains(byte[] address) {
        if (address.length != prefix.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (address[i] != prefix[i]) {
                return false;
            }
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || ((address[whole] ^ prefix[whole]) & 0xff) >>> (Byte.SIZE - rest) == 0;
    }

    /** Whether who may come from anywhere in it is still a limited circle. */
    boolean isNarrow() {
        if (bits >= (prefix.length == IPV4_BYTES ? NARROW_IPV4_BITS : NARROW_IPV6_BITS)) {
            return true;
        }
        return isWithin(PRIVATE_10) || isWithin(PRIVATE_172) || isWithin(PRIVATE_192) || isWithin(PRIVATE_IPV6);
    }

    private boolean isWithin(IpRange other) {
        return bits >= other.bits && other.contains(prefix);
    }
}
