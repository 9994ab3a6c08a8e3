/** CRC32C, CRC32, CRC64NVME, MD5, SHA-1, SHA-256 behind one streaming interface */
@NullMarked
package io.coffer.common.checksum;

import org.jspecify.annotations.NullMarked;
