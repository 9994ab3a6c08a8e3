package io.coffer.common.checksum;

/** The checksums that have a vector kernel. */
public final class VectorKernels {
    private VectorKernels() {}

    /**
     * Starts to find out, on threads of their own, which kernels are any good here; costs a second or two of CPU each and logs
     * what it found. Without this, the first use of each does it.
     */
    public static void warmUp() {
        Crc64Nvme.PROBE.start();
        Md5Lanes.PROBE.start();
    }
}
