package io.coffer.gateway.payload;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random bodies, cuts and damage: what isn't damaged decodes exactly; what is, is refused or decodes exactly, never else. */
class ChunkedBodySeededTest {
    private static final String SEED_SIGNATURE = "ab".repeat(32);
    private static final int ROUNDS = 3000;

    private final long seed = Long.getLong("seed", System.nanoTime());

    private record Case(byte[] data, byte[] framed, PayloadCheck check, Headers headers) {}

    private static Case random(SplittableRandom random) {
        byte[] data = new byte[random.nextInt(4) == 0 ? random.nextInt(40_000) : random.nextInt(60)];
        random.nextBytes(data);
        int chunk = 8192 + random.nextInt(20_000);
        boolean signed = random.nextBoolean();
        boolean trailer = random.nextBoolean();
        ChunkSigner signer = signed ? new ExampleSigner(SEED_SIGNATURE) : null;
        ChunkedEncoder encoder = new ChunkedEncoder(signer).chunks(data, chunk);
        Headers.Builder headers =
                new Headers.Builder().add("x-amz-decoded-content-length", Integer.toString(data.length));
        if (trailer) {
            headers.add("x-amz-trailer", "x-amz-checksum-crc32");
            encoder.trailer("x-amz-checksum-crc32", "NhCmhg==", random.nextBoolean() ? "\r\n" : "\n\r\n");
            if (signed) {
                encoder.trailerSignature();
            }
        }
        PayloadCheck check = signer == null
                ? PayloadCheck.UNSIGNED_TRAILER
                : new PayloadCheck.SignedChunks(new ExampleSigner(SEED_SIGNATURE), trailer);
        return new Case(data, encoder.raw("\r\n").bytes(), check, headers.build());
    }

    private static byte[] decode(Case input, byte[] framed, SplittableRandom random) throws Exception {
        int[] cuts =
                random.ints(random.nextInt(20), 0, framed.length + 1).sorted().toArray();
        ObjectBody body = ObjectBodies.open(ScriptedBody.cut(framed, cuts), input.check(), input.headers());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer piece = body.read(); piece != null; piece = body.read()) {
            while (piece.hasRemaining()) {
                all.write(piece.get());
            }
        }
        return all.toByteArray();
    }

    @Test
    void randomBodiesDecode() throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Case input = random(random);
            assertThat(decode(input, input.framed(), random))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(input.data());
        }
    }

    @Test
    void damagedFramingIsRefusedWithAnS3Error() throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Case input = random(random);
            byte[] damaged = damage(input.framed(), random);
            try {
                byte[] decoded = decode(input, damaged, random);
                if (input.check() instanceof PayloadCheck.SignedChunks) {
                    assertThat(decoded).as("seed %d, round %d", seed, round).isEqualTo(input.data());
                } else {
                    assertThat(decoded).as("seed %d, round %d", seed, round).hasSameSizeAs(input.data());
                }
            } catch (S3Exception e) {
                assertThat(e.error().status())
                        .as("seed %d, round %d", seed, round)
                        .isBetween(400, 499);
                refused++;
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(ROUNDS / 3);
    }

    private static byte[] damage(byte[] framed, SplittableRandom random) {
        byte[] bytes = framed.clone();
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(4)) {
            case 0 -> {
                bytes[at] = (byte) random.nextInt(256);
                yield bytes;
            }
            case 1 -> Arrays.copyOf(bytes, at);
            case 2 -> {
                byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
                System.arraycopy(bytes, at + 1, shorter, at, bytes.length - at - 1);
                yield shorter;
            }
            default -> {
                byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
                System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
                longer[at] = "\r\n0;:a".getBytes(java.nio.charset.StandardCharsets.US_ASCII)[random.nextInt(6)];
                yield longer;
            }
        };
    }
}
